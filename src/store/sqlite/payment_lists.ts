import type { Payment } from '../../contracts/payment.js';
import type { Page, PaymentQuery } from '../../contracts/store.js';
import { pageOf } from '../pages.js';
import type { Value } from './database.js';
import { documentsOf } from './documents.js';
import type { Session } from './session.js';
import type { Walls } from './walls.js';

/**
 * Answers pages of payments, newest first. A page begins after the payment `after`; one that is not in this list's wall
 * gives an empty page.
 */
export function createPaymentLists(
  { database, read }: Session,
  walls: Walls,
): (query: PaymentQuery) => Promise<Page<Payment>> {
  const placeOf = database.prepare('SELECT created_at, seq FROM payments WHERE id = ? AND wall = ?');

  return (query) =>
    read(() => {
      const wall = walls.find(query.merchant, query.mode);
      if (wall === null) return { data: [], next: null };
      const { conditions, values } = filtersOf(query, wall);
      if (query.after !== undefined) {
        const place = placeOf.get(query.after, wall) as { created_at: number; seq: number } | undefined;
        if (place === undefined) return { data: [], next: null };
        conditions.push('(created_at, seq) < (?, ?)');
        values.push(place.created_at, place.seq);
      }
      const rows = database.prepare(listSql(conditions)).all(...values, query.limit + 1);
      return pageOf(documentsOf<Payment>(rows), query.limit);
    });
}

/** The statement for a set of conditions: there are few, so each is compiled once. */
function listSql(conditions: readonly string[]): string {
  return `SELECT body FROM payments WHERE ${conditions.join(' AND ')} ORDER BY created_at DESC, seq DESC LIMIT ?`;
}

/** The conditions of a query in a fixed order, beginning with the wall, and the values they bind. */
function filtersOf(query: PaymentQuery, wall: number): { conditions: string[]; values: Value[] } {
  const filters: readonly (readonly [condition: string, value: Value | undefined])[] = [
    ['wall = ?', wall],
    ['status = ?', query.status],
    ['reference = ?', query.reference],
    ['channel = ?', query.channel],
    ['instrument = ?', query.instrument],
    ['account = ?', query.account],
    ['created_at >= ?', query.createdFrom],
    ['created_at < ?', query.createdBefore],
  ];
  const given = filters.filter(([, value]) => value !== undefined);
  return { conditions: given.map(([condition]) => condition), values: given.map(([, value]) => value as Value) };
}
