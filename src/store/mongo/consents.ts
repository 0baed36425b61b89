import type { Documents } from '../../contracts/store.js';
import type { Consent } from '../../contracts/text.js';
import { createAggregates } from './aggregates.js';
import type { Collections } from './collections.js';
import type { Session } from './session.js';

export function createConsents(session: Session, { consents }: Collections): Documents<Consent> {
  const aggregates = createAggregates<Consent>(session, { collection: consents });
  return { load: aggregates.load, commit: (consent) => aggregates.commit(consent) };
}
