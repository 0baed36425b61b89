import type { FeedEvent } from '../../contracts/store.js';
import type { Collections } from './collections.js';

/** What one commit of a payment leaves to be done elsewhere. It stays in the payment's own document until all of it is done. */
export interface OutboxEntry {
  /** Names payment and revision, so never given twice. */
  readonly id: string;
  readonly at: number;
  readonly events: readonly FeedEvent[];
  /** The objects of the events, rendered once, in the commit. */
  readonly data: string;
  readonly claims: readonly string[];
  readonly releases: readonly string[];
  readonly code: { readonly code: string; readonly freeAt: number } | null;
}

/**
 * What commits want done to vault records and payment codes. Every step may be repeated at any time: a record that is claimed
 * stays so, one that was released is gone, and a code is freed only while it leads to this payment.
 */
export async function applyFollowers(
  { vault, codes }: Pick<Collections, 'vault' | 'codes'>,
  entries: readonly OutboxEntry[],
): Promise<void> {
  const released = entries.flatMap(({ releases }) => releases);
  const claimed = entries.flatMap(({ claims }) => claims).filter((token) => !released.includes(token));
  const freed = entries.flatMap(({ id, code }) => (code === null ? [] : [{ ...code, payment: paymentOf(id) }]));
  await Promise.all([
    claimed.length > 0 && vault.updateMany({ _id: { $in: claimed } }, { $set: { diesAt: null } }),
    released.length > 0 && vault.deleteMany({ _id: { $in: released } }),
    ...freed.map(({ code, payment, freeAt }) => codes.updateOne({ _id: code, payment }, { $set: { freeAt } })),
  ]);
}

/** The payment of an entry, whose id names it with its revision. */
function paymentOf(id: string): string {
  return id.slice(0, id.lastIndexOf('.'));
}
