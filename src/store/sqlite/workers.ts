import type { WorkerKey, WorkerKeys } from '../../contracts/store.js';
import type { Session } from './session.js';

export function createWorkerKeys({ database, read, write }: Session): WorkerKeys {
  const announce = database.prepare(
    `INSERT INTO workers (id, public_key, ends_at) VALUES (?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET public_key = excluded.public_key, ends_at = excluded.ends_at`,
  );
  const live = database.prepare(
    'SELECT id, public_key AS publicKey, ends_at AS endsAt FROM workers WHERE ends_at > ? ORDER BY ends_at DESC',
  );
  const withdraw = database.prepare('DELETE FROM workers WHERE id = ?');
  const sweep = database.prepare('DELETE FROM workers WHERE ends_at <= ?');
  return {
    async announce({ id, publicKey, endsAt }) {
      await write(() => announce.run(id, publicKey, endsAt));
    },
    live: (now) => read(() => live.all(now) as WorkerKey[]),
    async withdraw(id) {
      await write(() => withdraw.run(id));
    },
    sweep: (now) => write(() => Number(sweep.run(now).changes)),
  };
}
