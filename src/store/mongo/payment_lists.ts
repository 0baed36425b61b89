import type { Payment } from '../../contracts/payment.js';
import type { Page, PaymentQuery } from '../../contracts/store.js';
import { pageOf } from '../pages.js';
import type { Aggregates } from './aggregates.js';
import type { Collection, Stored } from './collections.js';
import type { Session } from './session.js';

const DIGITS_OF_TIME = 9;

/** Where a payment stands in a list: by its time, then by its identity. One text, so that one index keeps the order. */
export function placeOf({ createdAt, id }: Pick<Payment, 'createdAt' | 'id'>): string {
  return timePlace(createdAt) + id;
}

/** Places of this time and later ones are not below it. */
function timePlace(at: number): string {
  return Math.max(0, at).toString(36).padStart(DIGITS_OF_TIME, '0');
}

/**
 * Answers pages of payments, newest first. A page begins after the payment `after`; one that is not in this list's wall
 * gives an empty page.
 */
export function createPaymentLists(
  { run }: Session,
  payments: Collection,
  { projection, read }: Aggregates<Payment>,
): (query: PaymentQuery) => Promise<Page<Payment>> {
  return (query) =>
    run(async () => {
      const { after, limit } = query;
      const filter = filterOf(query);
      if (after !== undefined) {
        const { mode, merchant } = filter;
        const place = (await payments
          .findOne({ _id: String(after), mode, merchant }, { found: 1 })
          .lean()) as Stored | null;
        if (place === null) return { data: [], next: null };
        filter['found.place']['$lt'] = least(filter['found.place']['$lt'], (place['found'] as { place: string }).place);
      }
      const rows = await payments
        .find(filter, projection)
        .sort({ 'found.place': -1 })
        .limit(limit + 1)
        .lean();
      return pageOf((rows as Stored[]).map(read), limit);
    });
}

interface Filter {
  [name: string]: unknown;
  'found.place': { $gte: string; $lt?: string };
}

function filterOf(query: PaymentQuery): Filter {
  const { status, reference, channel, instrument, account, createdFrom, createdBefore } = query;
  const wanted: readonly (readonly [field: string, value: string | undefined])[] = [
    ['mode', query.mode],
    ['merchant', query.merchant],
    ['status', status],
    ['reference', reference],
    ['channel', channel],
    ['found.instrument', instrument],
    ['payer.account', account],
  ];
  const fields = wanted.flatMap(([field, value]) => (value === undefined ? [] : [[field, String(value)] as const]));
  const before = createdBefore === undefined ? {} : { $lt: timePlace(createdBefore) };
  return { ...Object.fromEntries(fields), 'found.place': { $gte: timePlace(createdFrom ?? 0), ...before } };
}

function least(one: string | undefined, other: string): string {
  return one !== undefined && one < other ? one : other;
}
