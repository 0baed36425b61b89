import { expect, it } from 'vitest';
import type { FeedEntry } from '../../src/contracts/store.js';
import { nextRevision, sampleBatch, sampleCommit, samplePayment } from './samples.js';
import type { StoreUnderTest } from './store_under_test.js';

/** The feed: one per merchant and mode, without holes, in the order in which commits became visible. */
export function proveFeed(under: StoreUnderTest): void {
  it('gives each event its place, its payment and its own object', async () => {
    const { store } = under;
    const payment = samplePayment();
    const objects = { [payment.id]: { id: payment.id, note: 'é€"\\' }, att_1: { id: 'att_1', amount: 99_999_999 } };
    const base = { at: 5, object: payment.id };
    const events = [
      { ...base, id: 'evt_1', type: 'payment.created', sequence: 1 },
      { ...base, id: 'evt_2', type: 'attempt.processing', sequence: 2, object: 'att_1' },
      { ...base, id: 'evt_3', type: 'payment.processing', sequence: 3 },
    ];
    const feed = { ...sampleBatch(payment), events, data: JSON.stringify(objects) };
    await store.payments.commit(sampleCommit(payment, { feed }));
    const entries = await store.feed.after(payment.merchant, 'test', 0, 10);
    const wall = { merchant: payment.merchant, mode: 'test', payment: payment.id };
    expect(entries).toEqual(
      events.map((event, index) => {
        const data = JSON.stringify(objects[event.object]);
        return { ...wall, position: index + 1, event, data };
      }),
    );
  });

  it('begins anywhere, also amid what one commit told, and takes no more than asked', async () => {
    const { store } = under;
    for (const count of [3, 1, 4, 2]) {
      const payment = samplePayment();
      await store.payments.commit(sampleCommit(payment, { feed: sampleBatch(payment, count) }));
    }
    const all = await store.feed.after('mer_sample', 'test', 0, 100);
    expect(all.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (let position = 0; position <= 10; position++) {
      for (const limit of [1, 2, 3, 7, 10]) {
        const entries = await store.feed.after('mer_sample', 'test', position, limit);
        expect(entries).toEqual(all.slice(position, position + limit));
      }
    }
    expect(await store.feed.after('mer_sample', 'test', 99, 5)).toEqual([]);
  });

  it('is empty where nothing happened, and stands still at a commit that tells nothing', async () => {
    const { store } = under;
    expect(await store.feed.head('mer_none', 'test')).toBe(0);
    expect(await store.feed.after('mer_none', 'test', 0, 5)).toEqual([]);
    const payment = samplePayment();
    await store.payments.commit(sampleCommit(payment, { feed: null }));
    await store.payments.commit(sampleCommit(nextRevision(payment), { feed: sampleBatch(payment, 0) }));
    const third = nextRevision(nextRevision(payment));
    expect(await store.payments.commit(sampleCommit(third, { feed: sampleBatch(payment, 0) }))).toBe(true);
    expect(await store.feed.head(payment.merchant, 'test')).toBe(0);
    expect(await store.feed.ofPayment(payment.id)).toEqual([]);
  });

  it('has no hole and no double under many commits at once, of many merchants, modes and payments', async () => {
    const { store } = under;
    const walls = ['mer_1', 'mer_2', 'mer_3'].flatMap((merchant) =>
      (['test', 'live'] as const).map((mode) => ({ merchant, mode })),
    );
    const payments = walls.flatMap((wall) => Array.from({ length: 8 }, () => samplePayment(wall)));
    await Promise.all(
      payments.map(async (first, index) => {
        let payment = first;
        for (let round = 0; round < 4; round++) {
          const feed = sampleBatch(payment, 1 + ((index + round) % 3));
          // Every other one loses its race: it must leave no hole.
          await store.payments.commit(sampleCommit({ ...payment, revision: payment.revision + 7 }));
          await store.payments.commit(sampleCommit(payment, { feed }));
          payment = nextRevision(payment);
        }
      }),
    );
    for (const { merchant, mode } of walls) {
      const entries = await store.feed.after(merchant, mode, 0, 1_000);
      expect(entries.map(({ position }) => position)).toEqual(entries.map((_, index) => index + 1));
      expect(await store.feed.head(merchant, mode)).toBe(entries.length);
      expect(entries.every((entry) => entry.merchant === merchant && entry.mode === mode)).toBe(true);
      expect(new Set(entries.map(({ event }) => event.id)).size).toBe(entries.length);
      for (const { id } of payments.filter((payment) => payment.merchant === merchant && payment.mode === mode)) {
        const own = await store.feed.ofPayment(id);
        expect(own).toEqual(entries.filter((entry) => entry.payment === id));
        expect(sequencesOf(own)).toEqual(sequencesOf(own).toSorted((a, b) => a - b));
      }
    }
  });

  it('shows a reader only what is there to stay: what was read once is read again', async () => {
    const { store } = under;
    const read: FeedEntry[] = [];
    const writing = Promise.all(Array.from({ length: 60 }, () => store.payments.commit(sampleCommit(samplePayment()))));
    while (read.length < 60) {
      read.push(...(await store.feed.after('mer_sample', 'test', read.length, 7)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writing;
    expect(await store.feed.after('mer_sample', 'test', 0, 100)).toEqual(read);
  });
}

function sequencesOf(entries: readonly FeedEntry[]): number[] {
  return entries.map(({ event }) => event.sequence);
}
