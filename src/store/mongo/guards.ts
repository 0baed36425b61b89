import type { Guards } from '../../contracts/store.js';
import type { Collections } from './collections.js';
import { removeEnded } from './ended.js';
import { duplicatedIn } from './failures.js';
import type { Session } from './session.js';

/** Two that begin a counter at once meet: the second finds it there when it tries again. */
const TRIES = 5;

interface Counter {
  readonly count: number;
  readonly endsAt: number;
}

export function createGuards({ run }: Session, { counters, used }: Collections): Guards {
  async function raise(key: string, windowMs: number, now: number): Promise<Counter> {
    const counts = { $gt: ['$endsAt', now] };
    const update = [
      {
        $set: {
          count: { $cond: [counts, { $add: ['$count', 1] }, 1] },
          endsAt: { $cond: [counts, '$endsAt', now + windowMs] },
        },
      },
    ];
    const options = { upsert: true, returnDocument: 'after', updatePipeline: true } as const;
    for (let attempt = 1; ; attempt++) {
      try {
        return (await counters.findOneAndUpdate({ _id: key }, update, options).lean()) as unknown as Counter;
      } catch (error) {
        if (duplicatedIn(error) === null || attempt === TRIES) throw error;
      }
    }
  }

  return {
    raise: (key, windowMs, now) =>
      run(async () => {
        const { count, endsAt } = await raise(String(key), windowMs, now);
        return { count, resetsAt: endsAt };
      }),
    read: (key, now) =>
      run(async () => {
        const counter = (await counters.findOne({ _id: String(key), endsAt: { $gt: now } }).lean()) as Counter | null;
        return counter?.count ?? 0;
      }),
    lower: (key, now) =>
      run(async () => {
        await counters.updateOne(
          { _id: String(key), endsAt: { $gt: now }, count: { $gt: 0 } },
          { $inc: { count: -1 } },
        );
      }),
    clear: (key) =>
      run(async () => {
        await counters.deleteOne({ _id: String(key) });
      }),
    useOnce: (key, until, now) =>
      run(async () => {
        try {
          // What is there and has not ended does not match: adding it then meets its identity.
          const ended = { _id: String(key), endsAt: { $lte: now } };
          await used.updateOne(ended, { $set: { endsAt: until } }, { upsert: true });
          return true;
        } catch (error) {
          if (duplicatedIn(error) === null) throw error;
          return false;
        }
      }),
    sweep: (now) => run(async () => (await removeEnded(counters, now)) + (await removeEnded(used, now))),
  };
}
