/** Keys that are missing at the start, of what is found in the database. */
import { expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config.js';
import { layFoundation } from '../../src/house/foundation.js';
import { createIds } from '../../src/ids.js';
import { createMetrics } from '../../src/metrics.js';
import { virtualClock } from '../clock.js';
import { emptyStore } from '../support/empty_store.js';

const keyed = (id: string) => ({ id, bytes: Buffer.alloc(32, id) });

async function scene() {
  const store = await emptyStore();
  onTestFinished(() => store.close());
  const clock = virtualClock(Date.UTC(2030, 0, 1));
  const logged: string[] = [];
  const write = (message: string, fields?: unknown): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log = { debug: () => undefined, info: () => undefined, warn: write, error: write };
  const parts = { clock, ids: createIds({ clock }), log, metrics: createMetrics() };
  const open = (vault: string[], signing: string[]) =>
    layFoundation(
      { ...readConfig({}), lab: false, vaultKeys: vault.map(keyed), signingKeys: signing.map(keyed) },
      parts,
      store,
    );
  return { open, store, logged };
}

it('of a box: the start is refused, until the key is there or the box has lost its own', async () => {
  const { open, store } = await scene();
  const { deviceKeys } = await open(['v1'], ['s1']);
  const of = { operator: 'op_1', mode: 'test' } as const;
  const { key } = await deviceKeys.issue(of, { device: 'box-1', account: null });
  for (let box = 0; box < 5; box += 1) {
    await (await open(['v2', 'v1'], ['s1'])).deviceKeys.issue(of, { device: `other-${box}`, account: null });
  }
  await expect(open(['v2'], ['s1'])).rejects.toThrow('VAULT_KEYS lacks v1');
  await deviceKeys.revoke(of, key.id);
  await expect(open(['v2'], ['s1'])).resolves.toHaveProperty('store', store);
});

it('of a purchase code: it is told, and the start goes on, for a key that leaked must go', async () => {
  const { open, logged } = await scene();
  for (const [account, ...keys] of [
    ['a', 's1'],
    ['b', 's1'],
    ['c', 's2', 's1'],
    ['d', 's3'],
  ] as const) {
    const payers = (await open(['v1'], [...keys])).openPayers(async () => undefined);
    const of = { owner: 'op_1', mode: 'test', account } as const;
    await payers.put(of, { email: null, phone: null, name: null, language: null });
    await payers.setPurchaseCode(of, '8362');
  }
  logged.length = 0;
  await open(['v1'], ['s3', 's2', 's1']);
  expect(logged).toEqual([]);
  await open(['v1'], ['s2']);
  expect(logged).toEqual([expect.stringMatching(/SIGNING_KEYS.*"keys":\["s1","s3"\]/)]);
});
