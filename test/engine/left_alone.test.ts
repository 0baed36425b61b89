/** What another release has begun in a way this one does not know is left alone: not failed, not set aside, not called for. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { flows } from '../../flows/index.js';
import type { Payment } from '../../src/contracts/payment.js';
import { lackFor } from '../../src/engine/left_alone.js';
import { createSweep } from '../../src/engine/sweep.js';
import { flowsOf } from '../../src/engine/world.js';
import { openSqliteStore } from '../../src/store/sqlite/index.js';
import { sampleAttempt, sampleCommit, samplePayment } from '../contract/samples.js';
import { type Sketch, START, sketch } from './sketch.js';
import { cancel, capture, play } from './story.js';

type Change = (payment: Payment) => void;

const NEWER: readonly (readonly [string, Change])[] = [
  ['flow card@9', ({ attempts }) => Object.assign(attempts[0]?.flow ?? {}, { version: 9 })],
  ['flow wallet@1', ({ attempts }) => Object.assign(attempts[0]?.flow ?? {}, { name: 'wallet' })],
  ['schema 2', (payment) => Object.assign(payment, { schema: 2 })],
  ['acquirer elsewhere', ({ attempts }) => Object.assign(attempts[0] ?? {}, { acquirer: 'elsewhere' })],
  ['operation increment', ({ attempts }) => attempts[0]?.operations.push({ type: 'increment' } as never)],
];

function newer(change: Change): Sketch {
  const story = sketch();
  play(story, 'card');
  change(story.payment);
  story.calls.length = 0;
  return story;
}

describe.each(NEWER)('a payment that needs %s', (lack, change) => {
  const abilities = { flows: flowsOf(flows), acquirers: new Map([['model', {} as never]]) };

  it('says what it needs', () => {
    expect(lackFor(newer(change).payment, abilities)).toBe(lack);
    expect(lackFor(newer(() => undefined).payment, abilities)).toBeNull();
  });

  it('takes no reply, no time, no claim and no call', () => {
    const story = newer(change);
    const before = structuredClone(story.payment);
    const { attempts } = story.payment;
    const reply = { prompt: attempts[0]?.prompt?.id ?? '', channel: 'web', device: 'device-1', browser: null } as const;
    expect(story.tell({ type: 'reply', reply: { ...reply, type: 'leave' } })).toBe(false);
    story.now += 86_400_000;
    expect(story.tell({ type: 'time', timer: 'expiry:0' })).toBe(false);
    expect(story.tell({ type: 'claim' })).toBe(false);
    expect(story.tell({ type: 'called', reach: null })).toBe(false);
    // A page or a television shows it all the same.
    expect(story.tell({ type: 'met', how: 'page_opened' })).toBe(false);
    expect(story.payment).toEqual(before);
    expect(story.calls).toEqual([]);
  });

  it('refuses whoever must know, and is not set aside', () => {
    const story = newer(change);
    const before = structuredClone(story.payment);
    for (const incoming of [cancel(), capture(), { type: 'quarantine', detail: 'x' } as const]) {
      expect(() => story.tell(incoming)).toThrow(expect.objectContaining({ status: 503, code: 'another_release' }));
    }
    expect(() => story.authenticate()).toThrow(expect.objectContaining({ code: 'another_release' }));
    expect(story.payment).toEqual(before);
  });
});

describe('the sweeper', () => {
  const own = samplePayment({ dueAt: START, attempts: [] });
  /** More than one batch, and due before ours. */
  const others = Array.from({ length: 150 }, (_, index) =>
    samplePayment({ dueAt: START - 1_000 + index, attempts: [sampleAttempt({ acquirer: 'elsewhere' })] }),
  );

  async function swept(sealed: readonly Payment[] = []) {
    const store = openSqliteStore({ path: ':memory:' });
    onTestFinished(() => store.close());
    for (const payment of [...others, own, ...sealed]) await store.payments.commit(sampleCommit(payment));
    const time = { now: START };
    const seen = { loaded: [] as string[], tried: [] as string[], told: [] as unknown[], takenUp: [] as string[] };
    const sweep = createSweep({
      store: {
        payments: {
          ...store.payments,
          strike: (id) => {
            seen.tried.push(id);
            return store.payments.strike(id);
          },
        },
      },
      vault: { isHeldElsewhere: async () => time.now < START + 15_000 },
      clock: { now: () => time.now },
      strikesMax: 5,
      async mustLoad(id) {
        seen.loaded.push(id);
        return (await store.payments.load(id)) as Payment;
      },
      lackOf: ({ attempts }) => (attempts[0]?.acquirer === 'elsewhere' ? 'acquirer elsewhere' : null),
      deliver: async (payment) => ({ payment }),
      setAside: () => Promise.reject(new Error('nothing is set aside')),
      troubled: (_, error) => Promise.reject(error),
      async takesUp(id) {
        seen.takenUp.push(id);
        return true;
      },
      leftAlone: (lacking) => void seen.told.push(Object.fromEntries(lacking)),
    });
    return { sweep, seen, time };
  }

  it('takes up what lies behind them, counts no try and keeps nobody else from them', async () => {
    const { sweep, seen } = await swept();
    await sweep();
    expect(seen.tried).toEqual([own.id]);
    expect(seen.takenUp).toEqual([own.id]);
    expect(seen.told).toEqual([{ 'acquirer elsewhere': 150 }]);
  });

  it('is in no hurry for their sake, and reads them again only after a while', async () => {
    const { sweep, seen, time } = await swept();
    expect(await sweep()).toBe(START + 1_000);
    seen.loaded.length = 0;
    time.now += 1_000;
    await sweep();
    expect(seen.loaded).toEqual([own.id]);
    time.now += 10_000;
    await sweep();
    expect(seen.loaded).toHaveLength(152);
    expect(seen.told.at(-1)).toEqual({ 'acquirer elsewhere': 150 });
  });

  it('leaves a code that another process can open to it, as long as that one lives', async () => {
    const operations = [{ type: 'authorize', status: 'waiting', settledAt: null, nextAt: START + 10_000 } as never];
    const sealed = samplePayment({ dueAt: START, attempts: [sampleAttempt({ card: 'tok_1', operations })] });
    const { sweep, seen, time } = await swept([sealed]);
    expect(await sweep()).toBe(START + 1_000);
    expect(seen.takenUp).toEqual([own.id]);
    time.now += 15_000;
    await sweep();
    expect(seen.takenUp).toEqual([own.id, ...[own.id, sealed.id].sort()]);
  });
});
