import type { Payment } from '../../contracts/payment.js';
import type { PaymentCommit, Payments } from '../../contracts/store.js';
import { createAggregates } from './aggregates.js';
import type { Collections, Stored } from './collections.js';
import type { Drain } from './drain.js';
import type { OutboxEntry } from './outbox.js';
import { createPaymentLists, placeOf } from './payment_lists.js';
import { PAYMENT_FREE_FORMS } from './payment_shape.js';
import type { Session } from './session.js';

export interface PaymentPorts {
  readonly session: Session;
  readonly collections: Collections;
  readonly drain: Drain;
}

/** Payments: everything that one commit says is in one document, and what must follow elsewhere rides in its outbox. */
export function createPayments({ session, collections: { payments }, drain }: PaymentPorts): Payments {
  const aggregates = createAggregates<Payment>(session, {
    collection: payments,
    freeForms: PAYMENT_FREE_FORMS,
    beside: ['outbox', 'strikes'],
    found: (payment) => ({ place: placeOf(payment), instrument: payment.attempts.at(-1)?.instrument ?? null }),
    promise: (fields) => ('openReference' in fields ? 'reference' : 'id'),
    family: ({ mode, merchant, requests }) => ({ filter: { mode, merchant }, keys: requests.map(({ key }) => key) }),
  });
  const { run } = session;

  async function commit(commit: PaymentCommit): Promise<boolean> {
    const { merchant, mode } = commit.payment;
    const entry = outboxEntryOf(commit);
    const push = entry === null ? {} : { push: { outbox: entry } };
    const won = await aggregates.commit(commit.payment, {
      begin: entry === null ? { outbox: [] } : {},
      set: { strikes: 0 },
      ...push,
    });
    // From here on it is committed, whatever becomes of what follows: another process will see to it.
    if (won && entry !== null) await drain.follow(merchant, mode, entry);
    return won;
  }

  async function idOf(filter: Readonly<Record<string, unknown>>): Promise<string | null> {
    const found = await payments.findOne(filter, { _id: 1 }).lean();
    return found?._id ?? null;
  }

  return {
    load: aggregates.load,
    commit,
    due: (now, limit) =>
      run(async () => {
        const filter = { dueAt: { $gt: 0, $lte: now } };
        const rows = await payments.find(filter, { _id: 1 }).sort({ dueAt: 1 }).limit(limit).lean();
        return rows.map(({ _id }) => _id);
      }),
    nextDue: () =>
      run(async () => {
        const first = (await payments
          .findOne({ dueAt: { $gt: 0 } }, { dueAt: 1 })
          .sort({ dueAt: 1 })
          .lean()) as Stored | null;
        return (first?.['dueAt'] as number | undefined) ?? null;
      }),
    strike: (id) =>
      run(async () => {
        const options = { returnDocument: 'after', projection: { strikes: 1 } } as const;
        const row = (await payments
          .findOneAndUpdate({ _id: String(id) }, { $inc: { strikes: 1 } }, options)
          .lean()) as Stored | null;
        return (row?.['strikes'] as number | undefined) ?? 0;
      }),
    list: createPaymentLists(session, payments, aggregates),
    holderOf: (merchant, mode, reference) =>
      run(() => idOf({ mode: String(mode), merchant: String(merchant), openReference: String(reference) })),
    byRequest: (merchant, mode, key) =>
      run(() => idOf({ mode: String(mode), merchant: String(merchant), 'requests.key': String(key) })),
    byRefund: (refund) => run(() => idOf({ 'refunds.id': String(refund) })),
  };
}

/** What a commit leaves to be done elsewhere, taken as it is now; null when nothing is. */
function outboxEntryOf({ payment, feed, claims, releases, codeFreeAt }: PaymentCommit): OutboxEntry | null {
  const { id, revision, updatedAt, code } = payment;
  const freed = code === null || codeFreeAt === null ? null : { code, freeAt: codeFreeAt };
  const events = (feed?.events ?? []).map((event) => ({ ...event }));
  if (events.length + claims.length + releases.length === 0 && freed === null) return null;
  return {
    id: `${id}.${revision}`,
    at: updatedAt,
    events,
    data: feed?.data ?? '',
    claims: [...claims],
    releases: [...releases],
    code: freed,
  };
}
