import { beforeEach, expect, it } from 'vitest';
import type { Payment } from '../../src/contracts/payment.js';
import type { PaymentQuery } from '../../src/contracts/store.js';
import { nextRevision, SAMPLE_TIME, sampleAttempt, sampleCommit, samplePayment } from './samples.js';
import type { StoreUnderTest } from './store_under_test.js';

const OURS = { merchant: 'mer_sample', mode: 'test' } as const;

/** Lists of payments: newest first, page by page, by each filter, never across a wall. */
export function proveLists(under: StoreUnderTest): void {
  let stored: Payment[];

  beforeEach(async () => {
    const kinds = [
      { status: 'requires_payment_method' },
      { status: 'succeeded', channel: 'web', attempts: [sampleAttempt()] },
      { status: 'succeeded', channel: 'tv', attempts: [sampleAttempt({ instrument: 'purse' })] },
      { status: 'processing', channel: 'tv', attempts: [sampleAttempt({ instrument: 'purse' }), sampleAttempt()] },
    ] as const;
    // Three of each kind, two at a time within the same millisecond.
    stored = Array.from({ length: 12 }, (_, index) =>
      samplePayment({
        ...(kinds[index % 4] as Partial<Payment>),
        reference: `ORDER-${Math.floor(index / 4)}`,
        payer: { ...samplePayment().payer, account: index % 3 === 0 ? null : `cust-${index % 3}` },
        openReference: null,
        createdAt: SAMPLE_TIME + Math.floor(index / 2),
      }),
    );
    const walls = [{ merchant: 'mer_other' }, { mode: 'live' }] as const;
    const strangers = walls.map((wall) => samplePayment({ ...wall, reference: 'ORDER-1' }));
    for (const payment of [...stored, ...strangers]) await under.store.payments.commit(sampleCommit(payment));
  });

  const idsOf = async (query: Partial<PaymentQuery>): Promise<string[]> => {
    const { data } = await under.store.payments.list({ ...OURS, limit: 100, ...query });
    return data.map(({ id }) => id);
  };
  const expected = (fits: (payment: Payment) => boolean): string[] =>
    stored
      .filter(fits)
      .map(({ id }) => id)
      .sort();

  it('answers newest first', async () => {
    const { data, next } = await under.store.payments.list({ ...OURS, limit: 100 });
    expect(next).toBeNull();
    expect(data.map(({ createdAt }) => createdAt)).toEqual(stored.map(({ createdAt }) => createdAt).reverse());
    expect(data).toContainEqual(stored[5]);
  });

  it.each([1, 2, 5, 11, 12, 13])('pages by %i without leaving out or repeating any', async (limit) => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await under.store.payments.list({ ...OURS, limit, ...(after === undefined ? {} : { after }) });
      expect(page.data.length).toBeLessThanOrEqual(limit);
      seen.push(...page.data.map(({ id }) => id));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(seen).toEqual(await idsOf({}));
    expect(seen).toHaveLength(12);
  });

  it('keeps its place while newer payments come', async () => {
    const first = await under.store.payments.list({ ...OURS, limit: 6 });
    await under.store.payments.commit(sampleCommit(samplePayment({ createdAt: SAMPLE_TIME + 1_000 })));
    const second = await under.store.payments.list({ ...OURS, limit: 6, after: first.next ?? '' });
    expect(new Set([...first.data, ...second.data].map(({ id }) => id))).toEqual(new Set(expected(() => true)));
    expect(second.next).toBeNull();
  });

  it.each<[string, Partial<PaymentQuery>, (payment: Payment) => boolean]>([
    ['status', { status: 'succeeded' }, ({ status }) => status === 'succeeded'],
    ['reference', { reference: 'ORDER-1' }, ({ reference }) => reference === 'ORDER-1'],
    ['channel', { channel: 'tv' }, ({ channel }) => channel === 'tv'],
    [
      'instrument, the last attempt’s',
      { instrument: 'purse' },
      ({ attempts }) => attempts.length === 1 && attempts[0]?.instrument === 'purse',
    ],
    ['the account', { account: 'cust-1' }, ({ payer }) => payer.account === 'cust-1'],
    [
      'the account and more',
      { account: 'cust-2', status: 'succeeded' },
      ({ payer, status }) => payer.account === 'cust-2' && status === 'succeeded',
    ],
    ['an account that no payment names', { account: 'cust-9' }, () => false],
    ['the beginning of a time', { createdFrom: SAMPLE_TIME + 2 }, ({ createdAt }) => createdAt >= SAMPLE_TIME + 2],
    ['the end of a time', { createdBefore: SAMPLE_TIME + 2 }, ({ createdAt }) => createdAt < SAMPLE_TIME + 2],
    [
      'all of it at once',
      {
        status: 'succeeded',
        channel: 'tv',
        instrument: 'purse',
        reference: 'ORDER-1',
        createdFrom: SAMPLE_TIME + 3,
        createdBefore: SAMPLE_TIME + 4,
      },
      ({ id }) => id === stored[6]?.id,
    ],
    ['what nothing fits', { status: 'failed' }, () => false],
  ])('filters by %s', async (_what, query, fits) => {
    expect((await idsOf(query)).sort()).toEqual(expected(fits));
  });

  it('pages a filtered list', async () => {
    const query = { ...OURS, status: 'succeeded' as const, limit: 4 };
    const first = await under.store.payments.list(query);
    const second = await under.store.payments.list({ ...query, after: first.next ?? '' });
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(await idsOf({ status: 'succeeded' }));
    expect(second.next).toBeNull();
  });

  it('follows a payment whose status, channel or instrument changes', async () => {
    const payment = stored[0] as Payment;
    const changes = {
      status: 'failed' as const,
      channel: 'ivr' as const,
      attempts: [sampleAttempt({ instrument: 'cheque' })],
    };
    await under.store.payments.commit(sampleCommit(nextRevision(payment, changes)));
    for (const query of [{ status: 'failed' }, { channel: 'ivr' }, { instrument: 'cheque' }] as const) {
      expect(await idsOf(query)).toEqual([payment.id]);
    }
    expect(await idsOf({ status: 'requires_payment_method' })).not.toContain(payment.id);
  });

  it.each([
    ['another merchant', { merchant: 'mer_other' }],
    ['the other mode', { mode: 'live' }],
  ] as const)('never shows the payments of %s, nor takes them for a place', async (_whose, wall) => {
    const [theirs] = await idsOf(wall);
    expect(await idsOf({})).not.toContain(theirs);
    expect(await idsOf({ after: theirs as string })).toEqual([]);
    expect(await idsOf({ ...wall, after: stored[11]?.id as string })).toEqual([]);
  });

  it('answers an empty page to a merchant who has nothing, and after a payment that is not there', async () => {
    expect(await under.store.payments.list({ merchant: 'mer_none', mode: 'test', limit: 5 })).toEqual({
      data: [],
      next: null,
    });
    expect(await idsOf({ after: 'pay_none' })).toEqual([]);
  });
}
