import type { WorkerKeys } from '../../contracts/store.js';
import type { Collections } from './collections.js';
import type { Session } from './session.js';

interface Row {
  readonly _id: string;
  readonly publicKey: string;
  readonly endsAt: number;
}

export function createWorkerKeys({ run }: Session, { workers }: Collections): WorkerKeys {
  return {
    announce: ({ id, publicKey, endsAt }) =>
      run(async () => {
        await workers.updateOne(
          { _id: String(id) },
          { $set: { publicKey, endsAt } },
          { upsert: true, runValidators: true },
        );
      }),
    live: (now) =>
      run(async () => {
        const rows = await workers
          .find({ endsAt: { $gt: now } })
          .sort({ endsAt: -1 })
          .lean();
        return (rows as unknown as Row[]).map(({ _id, publicKey, endsAt }) => ({ id: _id, publicKey, endsAt }));
      }),
    withdraw: (id) =>
      run(async () => {
        await workers.deleteOne({ _id: String(id) });
      }),
    sweep: (now) => run(async () => (await workers.deleteMany({ endsAt: { $lte: now } })).deletedCount),
  };
}
