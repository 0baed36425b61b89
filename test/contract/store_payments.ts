import { expect, it } from 'vitest';
import type { Payment, PaymentStatus } from '../../src/contracts/payment.js';
import {
  nextRevision,
  SAMPLE_TIME,
  sampleAttempt,
  sampleCommit,
  samplePaidPayment,
  samplePayment,
  sampleRefund,
  sampleRequest,
  sampleVaultRecord,
} from './samples.js';
import type { StoreUnderTest } from './store_under_test.js';

/** Payments: the compare-and-swap, and what is due. */
export function provePayments(under: StoreUnderTest): void {
  const commit = (payment: Payment) => under.store.payments.commit(sampleCommit(payment));
  proveCommits(under, commit);
  proveDueWork(under, commit);
}

type Commit = (payment: Payment) => Promise<boolean>;

function proveCommits(under: StoreUnderTest, commit: Commit): void {
  it('gives back what was committed, whole', async () => {
    const payment = samplePaidPayment({ description: 'é€😀 "\\ \u2028', metadata: { __proto__x: '1', 'a.b': '$' } });
    expect(await commit(payment)).toBe(true);
    expect(await under.store.payments.load(payment.id)).toEqual(payment);
    expect(await under.store.payments.load('pay_other')).toBeNull();
  });

  it('takes a payment as it is at the call, whatever happens to the object afterwards', async () => {
    const payment = samplePayment();
    const written = commit(payment);
    payment.status = 'canceled';
    payment.revision = 9;
    payment.requests.push(sampleRequest());
    await written;
    expect(await under.store.payments.load(payment.id)).toMatchObject({
      revision: 1,
      status: 'requires_payment_method',
      requests: [],
    });
  });

  it('answers a new object at each load', async () => {
    const payment = samplePayment();
    await commit(payment);
    const first = await under.store.payments.load(payment.id);
    if (first) first.status = 'failed';
    expect((await under.store.payments.load(payment.id))?.status).toBe('requires_payment_method');
  });

  it.each([
    ['the first again', 1],
    ['a revision that was left out', 3],
    ['the beginning', 0],
    ['an earlier one', -1],
  ])('refuses %s after the first', async (_what, revision) => {
    const payment = samplePayment();
    await commit(payment);
    expect(await commit({ ...payment, revision, status: 'processing' })).toBe(false);
    expect(await under.store.payments.load(payment.id)).toEqual(payment);
  });

  it.each([0, 2, 7])('refuses revision %i of a payment that is not there', async (revision) => {
    const payment = samplePayment({ revision });
    expect(await commit(payment)).toBe(false);
    expect(await under.store.payments.load(payment.id)).toBeNull();
  });

  it('lets exactly one of many win each revision, and keeps only the winner', async () => {
    const payment = samplePayment();
    await commit(payment);
    let standing = payment;
    for (let round = 0; round < 5; round++) {
      const rivals = Array.from({ length: 40 }, (_, index) =>
        nextRevision(standing, { channel: index % 2 ? 'web' : 'tv', extensions: index }),
      );
      const won = await Promise.all(rivals.map(commit));
      expect(won.filter(Boolean)).toHaveLength(1);
      standing = rivals[won.indexOf(true)] as Payment;
      expect(await under.store.payments.load(payment.id)).toEqual(standing);
    }
    // Losers left nothing in the feed either: one event for each of the six commits.
    expect(await under.store.feed.ofPayment(payment.id)).toHaveLength(6);
  });

  it('shows the winner to whoever lost, at once', async () => {
    const payment = samplePayment();
    await commit(payment);
    for (let round = 0; round < 10; round++) {
      const at = (await under.store.payments.load(payment.id)) ?? payment;
      const seen = Array.from({ length: 6 }, async (_, extensions) => {
        const won = await commit(nextRevision(at, { extensions }));
        return won || ((await under.store.payments.load(payment.id))?.revision ?? 0) > at.revision;
      });
      expect(await Promise.all(seen)).toEqual([true, true, true, true, true, true]);
    }
  });

  it('lets exactly one of many begin a payment', async () => {
    const payment = samplePayment();
    const won = await Promise.all(Array.from({ length: 20 }, (_, extensions) => commit({ ...payment, extensions })));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect((await under.store.payments.load(payment.id))?.extensions).toBe(won.indexOf(true));
  });

  it('writes nothing of a commit that lost: no feed, no claim, no release, no refund, no key, no code', async () => {
    const { store } = under;
    const [kept, unclaimed] = [sampleVaultRecord(), sampleVaultRecord()];
    await store.vault.put(kept);
    await store.vault.put(unclaimed);
    const payment = samplePayment({ code: '4821093756' });
    await store.codes.claim('4821093756', payment.id, SAMPLE_TIME);
    await commit(payment);
    const refund = sampleRefund();
    const request = sampleRequest();
    const stale = {
      ...payment,
      status: 'canceled' as const,
      refunds: [refund],
      requests: [request],
      openReference: null,
    };
    const lost = sampleCommit(stale, { claims: [unclaimed.token], releases: [kept.token], codeFreeAt: 1 });
    expect(await store.payments.commit(lost)).toBe(false);
    expect(await store.feed.head(payment.merchant, 'test')).toBe(1);
    expect(await store.vault.get(kept.token)).not.toBeNull();
    expect((await store.vault.get(unclaimed.token))?.diesAt).toBe(unclaimed.diesAt);
    expect(await store.payments.byRefund(refund.id)).toBeNull();
    expect(await store.payments.byRequest(payment.merchant, 'test', request.key)).toBeNull();
    expect(await store.payments.holderOf(payment.merchant, 'test', payment.reference)).toBe(payment.id);
    expect(await store.codes.sweep(SAMPLE_TIME)).toBe(0);
  });

  it('finds the payment of a refund, from the commit on that made the refund', async () => {
    const [first, second, third] = [sampleRefund(), sampleRefund(), sampleRefund()];
    const payment = samplePaidPayment({ refunds: [first] });
    await commit(payment);
    expect(await under.store.payments.byRefund(second.id)).toBeNull();
    await commit(nextRevision(payment, { refunds: [first, second, third] }));
    for (const { id } of [first, second, third]) expect(await under.store.payments.byRefund(id)).toBe(payment.id);
    expect(await under.store.payments.byRefund('rfd_none')).toBeNull();
  });
}

function proveDueWork(under: StoreUnderTest, commit: Commit): void {
  it('answers what is due, earliest first, and when the next is', async () => {
    const { payments } = under.store;
    expect(await payments.nextDue()).toBeNull();
    const at = [50, 10, 30, 20, 40].map((after) => samplePayment({ dueAt: SAMPLE_TIME + after }));
    for (const payment of at) await commit(payment);
    await commit(samplePaidPayment());
    const [fifth, first, third, second] = at.map(({ id }) => id);
    expect(await payments.nextDue()).toBe(SAMPLE_TIME + 10);
    expect(await payments.due(SAMPLE_TIME + 9, 10)).toEqual([]);
    expect(await payments.due(SAMPLE_TIME + 30, 10)).toEqual([first, second, third]);
    expect(await payments.due(SAMPLE_TIME + 99, 2)).toEqual([first, second]);
    expect((await payments.due(SAMPLE_TIME + 99, 99)).at(-1)).toBe(fifth);
  });

  it('forgets what is settled and follows what is moved', async () => {
    const { payments } = under.store;
    const payment = samplePayment({ dueAt: SAMPLE_TIME + 10 });
    await commit(payment);
    const later = nextRevision(payment, { dueAt: SAMPLE_TIME + 500 });
    await commit(later);
    expect(await payments.due(SAMPLE_TIME + 100, 9)).toEqual([]);
    expect(await payments.nextDue()).toBe(SAMPLE_TIME + 500);
    await commit(nextRevision(later, { status: 'canceled', openReference: null, dueAt: null }));
    expect(await payments.nextDue()).toBeNull();
  });

  it.each([
    'requires_payment_method',
    'requires_action',
    'processing',
    'requires_capture',
    'partially_captured',
  ] satisfies PaymentStatus[])('refuses %s without a due time: it would be forgotten', async (status) => {
    await expect(commit(samplePayment({ status, dueAt: null }))).rejects.toThrow();
    const payment = samplePayment();
    await commit(payment);
    await expect(commit(nextRevision(payment, { status, dueAt: null }))).rejects.toThrow();
    expect(await under.store.payments.load(payment.id)).toEqual(payment);
  });

  it.each(['succeeded', 'canceled', 'failed', 'expired', 'requires_review'] satisfies PaymentStatus[])(
    'takes %s without a due time',
    async (status) => {
      expect(await commit(samplePayment({ status, dueAt: null }))).toBe(true);
    },
  );

  it('counts strikes until the next commit', async () => {
    const { payments } = under.store;
    const payment = samplePayment();
    const other = samplePayment({ attempts: [sampleAttempt()] });
    await commit(payment);
    await commit(other);
    expect(await payments.strike(payment.id)).toBe(1);
    expect(await payments.strike(payment.id)).toBe(2);
    expect(await payments.strike(other.id)).toBe(1);
    expect(await payments.load(payment.id)).toEqual(payment);
    expect(await commit({ ...payment, revision: 5 })).toBe(false);
    expect(await payments.strike(payment.id)).toBe(3);
    await commit(nextRevision(payment));
    expect(await payments.strike(payment.id)).toBe(1);
    expect((await Promise.all([1, 2, 3].map(() => payments.strike(other.id)))).sort()).toEqual([2, 3, 4]);
  });
}
