import { describe, expect, it } from 'vitest';
import type { Live } from '../../src/contracts/live.js';
import type { Store } from '../../src/contracts/store.js';
import { createTvWaiting } from '../../src/counter/tv_waiting.js';
import { createWatchers } from '../../src/engine/watchers.js';
import { virtualClock } from '../clock.js';
import { sketch } from '../engine/sketch.js';

const NAMED = { payment: 'pay_1', session: 'tvs_1' };

/** Word between two processes, which may be cut. */
function openBus() {
  const heard: ((id: string) => void)[] = [];
  const line = { isUp: true };
  const live: Live = {
    tell: (id) => {
      if (line.isUp) for (const hear of heard) hear(id);
    },
    listen: (hear) => void heard.push(hear),
    isUp: () => line.isUp,
  };
  return { live, line };
}

function openProcess(live: Live | null, clock = virtualClock(0)) {
  const store = { payments: { load: async () => sketch().payment } } as unknown as Pick<Store, 'payments'>;
  const watchers = createWatchers(store, clock, live);
  const waiting = createTvWaiting({ live, clock });
  const over = new AbortController();
  const wait = (deadline = 25_000) => {
    const state = { woken: false };
    const change = waiting.next(watchers, NAMED, deadline, over.signal);
    const come = change.come.then(() => {
      state.woken = true;
    });
    return { state, change, come };
  };
  return { clock, watchers, waiting, over, wait };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a box that waits', () => {
  it('is woken by a key that another process has taken, and by what happened to the payment there', async () => {
    const { live } = openBus();
    const [here, there] = [openProcess(live), openProcess(live)];
    const first = here.wait();
    there.waiting.changed('tvs_2');
    await turn();
    expect(first.state.woken).toBe(false);
    there.waiting.changed('tvs_1');
    await first.come;
    first.change.stop();
    const second = here.wait();
    there.watchers.tell({ ...sketch().payment, revision: 2 });
    await second.come;
  });

  it.each([
    ['where no word comes, within two seconds', true, false, 1_500],
    ['now and then where it does, for word may be lost', true, true, 5_000],
    ['at its end where there is nobody else', false, false, 25_000],
  ])('looks by itself %s', async (_, isCluster, isUp, afterMs) => {
    const { live, line } = openBus();
    line.isUp = isUp;
    const { clock, wait } = openProcess(isCluster ? live : null);
    const { state, come } = wait();
    clock.advance(afterMs - 1);
    await turn();
    expect(state.woken).toBe(false);
    clock.advance(1);
    await come;
  });

  it('waits no more once nobody wants the answer', async () => {
    const { over, wait, clock } = openProcess(null);
    const { come, change } = wait();
    over.abort();
    await come;
    change.stop();
    expect(clock.nextAt()).toBeNull();
  });

  it('is one of four on its session, and leaves room when it goes', () => {
    const { waiting, wait } = openProcess(null);
    const four = [wait(), wait(), wait(), wait()];
    expect(waiting.hasRoom('tvs_1')).toBe(false);
    expect(waiting.hasRoom('tvs_2')).toBe(true);
    four[0]?.change.stop();
    expect(waiting.hasRoom('tvs_1')).toBe(true);
  });
});
