import { expect, it } from 'vitest';
import { SAMPLE_TIME } from './samples.js';
import type { StoreUnderTest } from './store_under_test.js';

/** Public keys of workers: those of the living, and of nobody else. */
export function proveWorkers(under: StoreUnderTest): void {
  const now = SAMPLE_TIME;
  const key = (id: string, endsAt: number) => ({ id, publicKey: `key-of-${id}`, endsAt });

  it('knows the living, renews them, and forgets who withdraws', async () => {
    const { workers } = under.store;
    await workers.announce(key('one', now + 1_000));
    await workers.announce(key('two', now + 2_000));
    expect((await workers.live(now)).map(({ id }) => id).sort()).toEqual(['one', 'two']);
    expect(await workers.live(now + 1_000)).toEqual([key('two', now + 2_000)]);
    await workers.announce(key('one', now + 9_000));
    expect(await workers.live(now + 3_000)).toEqual([key('one', now + 9_000)]);
    await workers.withdraw('one');
    await workers.withdraw('nobody');
    expect(await workers.live(now)).toEqual([key('two', now + 2_000)]);
  });

  it('sweeps the silent alone', async () => {
    const { workers } = under.store;
    await workers.announce(key('silent', now));
    await workers.announce(key('alive', now + 1));
    expect(await workers.sweep(now)).toBe(1);
    expect(await workers.live(0)).toEqual([key('alive', now + 1)]);
  });
}
