import type { TvSessions } from '../../contracts/store.js';
import type { TvSession } from '../../contracts/television.js';
import { createDocumentTable } from './documents.js';
import type { Session } from './session.js';

const SWEEP_MAX = 5_000;

export function createTvSessions({ database, read, write }: Session): TvSessions {
  const table = createDocumentTable<TvSession>(database, 'tv_sessions', ['ends_at']);
  const removal = database.prepare(
    'DELETE FROM tv_sessions WHERE seq IN (SELECT seq FROM tv_sessions WHERE ends_at <= ? ORDER BY ends_at LIMIT ?)',
  );
  return {
    load: (id) => read(() => table.find(id)),
    commit: async (session) => write(table.change(session, { ends_at: session.endsAt })),
    sweep: (now) => write(() => removal.run(now, SWEEP_MAX).changes),
  };
}
