import { expect, it } from 'vitest';
import type { Payment } from '../../src/contracts/payment.js';
import { nextRevision, sampleCommit, samplePayment, sampleRequest } from './samples.js';
import type { StoreUnderTest } from './store_under_test.js';

/** What only one payment may have: an open reference, an idempotency key; each within its wall. */
export function proveUniqueness(under: StoreUnderTest): void {
  const commit = (payment: Payment) => under.store.payments.commit(sampleCommit(payment));

  it('refuses a reference that an open payment holds, and writes nothing of it', async () => {
    const first = samplePayment({ reference: 'ORDER-1' });
    const second = samplePayment({ reference: 'ORDER-1' });
    await commit(first);
    await expect(commit(second)).rejects.toMatchObject({ name: 'DuplicateKey', index: 'reference' });
    expect(await under.store.payments.load(second.id)).toBeNull();
    expect(await under.store.feed.head('mer_sample', 'test')).toBe(1);
    expect(await under.store.payments.holderOf('mer_sample', 'test', 'ORDER-1')).toBe(first.id);
  });

  it('lets exactly one of many at once hold a reference', async () => {
    const rivals = Array.from({ length: 30 }, () => samplePayment({ reference: 'ORDER-1' }));
    const results = await Promise.allSettled(rivals.map(commit));
    const won = rivals.filter((_, index) => results[index]?.status === 'fulfilled');
    expect(won).toHaveLength(1);
    expect(await under.store.payments.holderOf('mer_sample', 'test', 'ORDER-1')).toBe(won[0]?.id);
  });

  it('gives a reference away again once it is unset, and refuses to take it back from its new holder', async () => {
    const first = samplePayment({ reference: 'ORDER-1' });
    await commit(first);
    const ended = nextRevision(first, { status: 'expired', openReference: null, dueAt: null });
    await commit(ended);
    expect(await under.store.payments.holderOf('mer_sample', 'test', 'ORDER-1')).toBeNull();
    const second = samplePayment({ reference: 'ORDER-1' });
    expect(await commit(second)).toBe(true);
    const late = nextRevision(ended, { status: 'succeeded', openReference: 'ORDER-1' });
    await expect(commit(late)).rejects.toMatchObject({ name: 'DuplicateKey', index: 'reference' });
    expect(await under.store.payments.load(first.id)).toEqual(ended);
    await commit(nextRevision(second, { status: 'canceled', openReference: null, dueAt: null }));
    expect(await commit(late)).toBe(true);
    expect(await under.store.payments.holderOf('mer_sample', 'test', 'ORDER-1')).toBe(first.id);
  });

  it.each([
    ['another merchant', { merchant: 'mer_other' }],
    ['the other mode', { mode: 'live' }],
  ] as const)('keeps references and idempotency keys of %s apart', async (_whose, wall) => {
    const request = sampleRequest();
    const ours = samplePayment({ reference: 'ORDER-1', requests: [request] });
    const theirs = samplePayment({ reference: 'ORDER-1', requests: [request], ...wall });
    await commit(ours);
    expect(await commit(theirs)).toBe(true);
    const { payments } = under.store;
    expect(await payments.holderOf('mer_sample', 'test', 'ORDER-1')).toBe(ours.id);
    expect(await payments.holderOf(theirs.merchant, theirs.mode, 'ORDER-1')).toBe(theirs.id);
    expect(await payments.byRequest('mer_sample', 'test', request.key)).toBe(ours.id);
    expect(await payments.byRequest(theirs.merchant, theirs.mode, request.key)).toBe(theirs.id);
    expect(await payments.byRequest('mer_none', 'test', request.key)).toBeNull();
    expect(await payments.holderOf('mer_none', 'live', 'ORDER-1')).toBeNull();
  });

  it('refuses an idempotency key that another payment keeps, in any commit of its life', async () => {
    const [taken, own, more] = [sampleRequest(), sampleRequest(), sampleRequest()];
    await commit(samplePayment({ requests: [taken] }));
    await expect(commit(samplePayment({ requests: [taken] }))).rejects.toMatchObject({ index: 'request' });
    const payment = samplePayment({ requests: [own] });
    await commit(payment);
    const repeated = nextRevision(payment, { requests: [own, more, taken] });
    await expect(commit(repeated)).rejects.toMatchObject({ name: 'DuplicateKey', index: 'request' });
    expect(await under.store.payments.load(payment.id)).toEqual(payment);
    expect(await under.store.payments.byRequest('mer_sample', 'test', more.key)).toBeNull();
    expect(await commit({ ...repeated, requests: [own, more] })).toBe(true);
    expect(await under.store.payments.byRequest('mer_sample', 'test', more.key)).toBe(payment.id);
  });

  it.each([
    ['a NUL', 'A\u0000x', 'A\u0000y'],
    ['case', 'order', 'ORDER'],
    ['an accent composed or not', '\u00e9', 'e\u0301'],
    ['a blank at the end', 'A', 'A '],
    ['looking like a number', '1', '01'],
  ])('tells references and keys apart that differ by %s', async (_what, one, other) => {
    const { payments } = under.store;
    const [first, second] = [one, other].map((text) =>
      samplePayment({ reference: text, requests: [sampleRequest({ key: text })] }),
    ) as [Payment, Payment];
    await commit(first);
    expect(await commit(second)).toBe(true);
    for (const payment of [first, second]) {
      expect(await payments.load(payment.id)).toEqual(payment);
      expect(await payments.holderOf('mer_sample', 'test', payment.reference)).toBe(payment.id);
      expect(await payments.byRequest('mer_sample', 'test', payment.reference)).toBe(payment.id);
      expect(await commit(nextRevision(payment))).toBe(true);
    }
  });

  it('names the idempotency key first when key and reference are both taken', async () => {
    const requests = [sampleRequest()];
    const payment = samplePayment({ reference: 'ORDER-1', requests });
    await commit(payment);
    await expect(commit(samplePayment({ reference: 'ORDER-1', requests }))).rejects.toMatchObject({ index: 'request' });
  });

  it('names the key, and shows its holder, to each of many equal requests at once, whatever else they share', async () => {
    for (let round = 0; round < 5; round++) {
      const request = sampleRequest();
      const reference = `ORDER-${round}`;
      const rivals = Array.from({ length: 10 }, () => samplePayment({ reference, requests: [request] }));
      const causes = await Promise.all(
        rivals.map(async (rival) => {
          const cause = await commit(rival).catch((error: { index?: string }) => error.index);
          // Whoever is told that the key is taken looks for its holder next.
          const holder = await under.store.payments.byRequest('mer_sample', 'test', request.key);
          return { cause, isHeld: holder !== null };
        }),
      );
      expect(causes.filter(({ cause }) => cause === true)).toHaveLength(1);
      expect(causes.filter(({ cause }) => cause === 'request')).toHaveLength(9);
      expect(causes.every(({ isHeld }) => isHeld)).toBe(true);
    }
  });

  it('lets exactly one of ten equal requests at once begin its payment', async () => {
    const request = sampleRequest();
    const rivals = Array.from({ length: 10 }, () => samplePayment({ requests: [request] }));
    const results = await Promise.allSettled(rivals.map(commit));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const winner = rivals[results.findIndex(({ status }) => status === 'fulfilled')];
    expect(await under.store.payments.byRequest('mer_sample', 'test', request.key)).toBe(winner?.id);
  });
}
