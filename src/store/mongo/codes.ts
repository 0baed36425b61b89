import type { PaymentCodes } from '../../contracts/store.js';
import type { Collections } from './collections.js';
import { duplicatedIn } from './failures.js';
import type { Session } from './session.js';

/** How long a code may wait for its payment before it counts as an orphan. */
const ORPHAN_AFTER_MS = 3_600_000;
const SWEEP_MAX = 1_000;

interface Held {
  readonly _id: string;
  readonly payment: string;
  /** Null once the payment was seen to hold it. */
  readonly claimedAt: number | null;
  readonly freeAt: number | null;
}

export function createCodes({ run }: Session, { codes, payments }: Collections): PaymentCodes {
  /** Claimed long ago for a payment that was never stored, or went without it. */
  async function isOrphan({ _id, payment, claimedAt }: Held, now: number): Promise<boolean> {
    if (claimedAt === null || claimedAt > now - ORPHAN_AFTER_MS) return false;
    const holder = await payments.findOne({ _id: payment }, { code: 1 }).lean();
    return holder?.['code'] !== _id;
  }

  async function insert(code: string, payment: string, now: number): Promise<boolean> {
    try {
      await codes.insertMany([{ _id: code, payment, claimedAt: now, freeAt: null }]);
      return true;
    } catch (error) {
      if (duplicatedIn(error) === null) throw error;
      return false;
    }
  }

  /** Exactly as it was seen, so that of two who see it one acts. */
  const asSeen = ({ _id, payment, claimedAt, freeAt }: Held) => ({ _id, payment, claimedAt, freeAt });

  return {
    claim: (code, payment, now) =>
      run(async () => {
        if (await insert(String(code), payment, now)) return true;
        const held = (await codes.findOne({ _id: String(code) }).lean()) as Held | null;
        if (held === null) return false;
        const isFree = held.freeAt !== null && held.freeAt <= now;
        if (!isFree && !(await isOrphan(held, now))) return false;
        const taken = { $set: { payment, claimedAt: now, freeAt: null } };
        return (await codes.updateOne(asSeen(held), taken)).matchedCount === 1;
      }),
    find: (code) =>
      run(async () => {
        const held = (await codes.findOne({ _id: String(code) }).lean()) as Held | null;
        return held?.payment ?? null;
      }),
    sweep: (now) =>
      run(async () => {
        const free = await codes
          .find({ freeAt: { $gt: 0, $lte: now } })
          .sort({ freeAt: 1 })
          .limit(SWEEP_MAX)
          .lean();
        const unsettled = await codes
          .find({ claimedAt: { $gt: 0, $lte: now - ORPHAN_AFTER_MS } })
          .sort({ claimedAt: 1 })
          .limit(SWEEP_MAX)
          .lean();
        let removed = 0;
        for (const held of free as unknown as Held[]) removed += (await codes.deleteOne(asSeen(held))).deletedCount;
        for (const held of unsettled as unknown as Held[]) {
          if (await isOrphan(held, now)) removed += (await codes.deleteOne(asSeen(held))).deletedCount;
          else await codes.updateOne(asSeen(held), { $set: { claimedAt: null } });
        }
        return removed;
      }),
  };
}
