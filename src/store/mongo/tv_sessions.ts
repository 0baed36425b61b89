import type { TvSessions } from '../../contracts/store.js';
import type { TvSession } from '../../contracts/television.js';
import { createAggregates } from './aggregates.js';
import type { Collections } from './collections.js';
import { removeEnded } from './ended.js';
import type { Session } from './session.js';

export function createTvSessions(session: Session, { tv_sessions: sessions }: Collections): TvSessions {
  const aggregates = createAggregates<TvSession>(session, { collection: sessions });
  return {
    load: aggregates.load,
    commit: (tvSession) => aggregates.commit(tvSession),
    sweep: (now) => session.run(() => removeEnded(sessions, now)),
  };
}
