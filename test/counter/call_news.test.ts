/** When a caller who waits before keys is taken to the news of a payment, and when not. */
import { describe, expect, it } from 'vitest';
import type { CallView, WaitingCall } from '../../src/contracts/calls.js';
import type { Payment } from '../../src/contracts/payment.js';
import type { Begun } from '../../src/contracts/telephone.js';
import { createCallNews } from '../../src/counter/call_news.js';
import { createWatchers } from '../../src/engine/watchers.js';
import { type VirtualClock, virtualClock } from '../clock.js';
import { silentLog } from '../support/silent_log.js';

const CALL = `CA${'1'.repeat(32)}`;
const TAKEN: Begun = { outcome: 'taken', sid: CALL };
const MINUTE_MS = 60_000;

/** Payments that are open or not, calls that stand somewhere, and the provider. */
function openNews(clock: VirtualClock = virtualClock(0)) {
  const closing = new AbortController();
  const over = new Set<string>();
  const stood = new Map<string, number>();
  const redirected: { sid: string; url: string; deadline: number }[] = [];
  const answers: (Begun | Promise<Begun>)[] = [];
  const reads = { count: 0, fail: false };
  const read = <T>(value: T): Promise<T> => {
    reads.count += 1;
    return reads.fail ? Promise.reject(new Error('no store')) : Promise.resolve(value);
  };
  const watchers = createWatchers({ payments: { load: () => read(null) } } as never, clock, null);
  const news = createCallNews({
    engine: { listen: watchers.listen },
    desk: {
      view: (payment) => read({ payment, status: over.has(payment) ? 'succeeded' : 'processing' } as CallView),
      stands: (call, serial) => read(Math.max(serial, stood.get(call) ?? 0)),
    },
    calls: {
      async redirect(asked) {
        redirected.push(asked);
        return answers.shift() ?? TAKEN;
      },
    },
    ...{ clock, log: silentLog(), closing: closing.signal },
  });
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  };
  return {
    ...{ news, clock, redirected, answers, reads, stood, closing, settled },
    waits(change: Partial<WaitingCall> = {}): void {
      const waiting = { call: CALL, payment: 'pay_1', serial: 3, url: 'https://pay.example/ivr/news?n=4', ...change };
      news.arrived(waiting.call, waiting.payment);
      news.follow({ ...waiting, isNews: ({ status }) => status === 'succeeded' });
    },
    /** Something happens to a payment; `ends` it, or does not. */
    async happens(payment = 'pay_1', ends = true): Promise<void> {
      if (ends) over.add(payment);
      watchers.tell({ id: payment, revision: 2 } as Payment);
      await settled();
    },
  };
}

describe('a caller who waits before keys', () => {
  it('is taken to the news once, and not after that', async () => {
    const { waits, happens, redirected, clock } = openNews();
    waits();
    await happens();
    await happens();
    expect(redirected).toEqual([{ sid: CALL, url: 'https://pay.example/ivr/news?n=4', deadline: 1_500 }]);
    expect(clock.nextAt()).toBeNull();
  });

  it('is left alone by what is no news, of which each is looked at once, and told of what comes after', async () => {
    const { waits, happens, redirected, reads } = openNews();
    waits();
    await happens('pay_1', false);
    await happens('pay_1', false);
    await happens('pay_2');
    expect([redirected, reads.count]).toEqual([[], 2]);
    await happens();
    expect(redirected).toHaveLength(1);
  });

  it('costs no read of the store while nothing happens', async () => {
    const { waits, clock, reads, settled } = openNews();
    waits();
    await settled();
    clock.advance(4 * MINUTE_MS);
    await settled();
    expect(reads.count).toBe(0);
  });

  it('hears of what happened while the answer was made', async () => {
    const { news, happens, redirected, settled, waits } = openNews();
    news.arrived(CALL, 'pay_1');
    await happens();
    news.follow({ call: CALL, payment: 'pay_1', serial: 3, url: 'https://pay.example/', isNews: () => true });
    await settled();
    expect(redirected).toHaveLength(1);
    // The payment was not known when the webhook came: a code was keyed in it.
    news.arrived(CALL, null);
    news.follow({ call: CALL, payment: 'pay_1', serial: 4, url: 'https://pay.example/', isNews: () => true });
    await settled();
    expect(redirected).toHaveLength(2);
    waits();
    await settled();
    expect(redirected).toHaveLength(2);
  });

  it('that has gone on in this process is not taken back', async () => {
    const { news, waits, happens, redirected, clock } = openNews();
    waits();
    news.arrived(CALL, 'pay_1');
    news.forget(CALL);
    await happens();
    waits({ call: 'CA2' });
    news.forget('CA2');
    await happens();
    expect([redirected, clock.nextAt()]).toEqual([[], null]);
  });

  it('that has gone on in another process is not taken back: so its own attempt breaks in on nothing', async () => {
    const { waits, happens, redirected, stood } = openNews();
    waits();
    stood.set(CALL, 4);
    await happens();
    expect(redirected).toEqual([]);
  });

  it('is forgotten after some minutes', async () => {
    const { waits, happens, redirected, clock, settled } = openNews();
    waits();
    clock.advance(5 * MINUTE_MS);
    await settled();
    await happens();
    expect([redirected, clock.nextAt()]).toEqual([[], null]);
  });

  it('is one of at most two thousand: those beyond are told at their next webhook', async () => {
    const { waits, happens, redirected } = openNews();
    for (let call = 1; call <= 2_001; call += 1) waits({ call: `CA${call}` });
    await happens();
    expect(redirected).toHaveLength(2_000);
    waits({ call: 'CA2001', payment: 'pay_2' });
    await happens('pay_2');
    expect(redirected).toHaveLength(2_001);
  });

  it('is left where it is when the process closes', async () => {
    const { waits, happens, redirected, closing, clock } = openNews();
    waits();
    closing.abort();
    waits({ call: 'CA2' });
    await happens();
    expect([redirected, clock.nextAt()]).toEqual([[], null]);
  });
});

describe('a provider', () => {
  it.each([
    ['that nobody reached', { outcome: 'not_sent', reason: 'busy' }],
    ['that did not answer', { outcome: 'unknown', reason: 'ETIMEDOUT' }],
  ] as const)('%s is asked once more, and never again', async (_, answer) => {
    const { waits, happens, redirected, answers, clock, settled } = openNews();
    answers.push(answer, answer, answer);
    waits();
    await happens();
    expect(redirected).toHaveLength(1);
    clock.advance(200);
    await settled();
    clock.advance(MINUTE_MS);
    await settled();
    expect([redirected.length, clock.nextAt()]).toEqual([2, null]);
  });

  it('that did what nobody heard of is not asked again', async () => {
    const { waits, happens, redirected, answers, clock, settled, stood } = openNews();
    answers.push({ outcome: 'unknown', reason: 'ETIMEDOUT' });
    waits();
    await happens();
    stood.set(CALL, 4);
    clock.advance(MINUTE_MS);
    await settled();
    expect(redirected).toHaveLength(1);
  });

  it('whose call is over is not asked again', async () => {
    const { waits, happens, redirected, answers, clock, settled } = openNews();
    answers.push({ outcome: 'refused', why: 'refused', code: 21220 });
    waits();
    await happens();
    clock.advance(MINUTE_MS);
    await settled();
    expect(redirected).toHaveLength(1);
  });

  it('is not asked where the store does not answer, and nothing else comes of it', async () => {
    const { waits, happens, redirected, reads, clock } = openNews();
    waits();
    reads.fail = true;
    await happens();
    expect([redirected, clock.nextAt()]).toEqual([[], null]);
  });
});
