import type { NewRequest } from '../contracts/engine.js';
import { Impossible, Problem } from '../contracts/errors.js';
import type { Ids } from '../contracts/ids.js';
import type { Payer, PayerSession, SessionPurpose } from '../contracts/payer.js';
import { type AccountOf, answering, living, type PayerChanges } from './account.js';
import { presentSession } from './present.js';

export interface NewSession {
  readonly purpose: SessionPurpose;
  readonly returnUrl: string | null;
  readonly language: string | null;
  readonly reach: 'email' | null;
}

export interface Sessions {
  /**
   * Opens a session for a day, and makes the payer if there is none. For `add_instrument` it names a payment that is still
   * to be made.
   * @throws Problem 409 `payer_erased`, `payer_without_email`, `too_many_sessions`; DuplicateKey for a request's key
   */
  open(of: AccountOf, wanted: NewSession, request: NewRequest | null): Promise<OpenedSession>;
}

export interface OpenedSession {
  readonly payer: Payer;
  readonly session: PayerSession;
}

const SESSION_MS = 86_400_000;
const SESSIONS_MAX = 20;

export function createSessions({ findOrMake, change, ids }: PayerChanges & { readonly ids: Ids }): Sessions {
  return {
    async open(of, wanted, request) {
      const { id } = living(await findOrMake(of));
      const [session, payment] = [ids.next('pss'), wanted.purpose === 'add_instrument' ? ids.next('pay') : null];
      let opened: PayerSession | undefined;
      const payer = await change(id, (stored, now) => {
        const { email } = living(stored);
        if (wanted.reach !== null && email === null) {
          throw new Problem(409, 'payer_without_email', 'The account keeps no e-mail address: set one first.');
        }
        const open = stored.sessions.filter(({ expiresAt }) => now < expiresAt);
        if (open.length >= SESSIONS_MAX) {
          throw new Problem(409, 'too_many_sessions', `A payer has at most ${SESSIONS_MAX} open sessions.`);
        }
        opened = { id: session, payment, ...wanted, createdAt: now, expiresAt: now + SESSION_MS };
        const answer = { status: 201, body: presentSession(stored, opened, null) };
        return answering({ ...stored, sessions: [...open, opened] }, request, answer, session);
      });
      if (opened === undefined) throw new Impossible('a session was committed that nobody decided');
      return { payer, session: opened };
    },
  };
}
