import type { Collection } from './collections.js';

const SWEEP_MAX = 5_000;

/** Removes what has an `endsAt` that has passed, the oldest first and a bounded number at once; answers how many. */
export async function removeEnded(collection: Collection, now: number): Promise<number> {
  const ended = await collection
    .find({ endsAt: { $lte: now } }, { _id: 1 })
    .sort({ endsAt: 1 })
    .limit(SWEEP_MAX)
    .lean();
  const ids = ended.map(({ _id }) => _id);
  if (ids.length === 0) return 0;
  return (await collection.deleteMany({ _id: { $in: ids }, endsAt: { $lte: now } })).deletedCount;
}
