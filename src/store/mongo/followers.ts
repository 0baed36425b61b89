import type { Collections } from './collections.js';
import type { OutboxEntry } from './drain.js';

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
