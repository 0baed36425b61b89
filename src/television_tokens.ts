import { createHash } from 'node:crypto';
import type { Mode } from './contracts/payment.js';

/** Makes and checks `keyId.mac` for one purpose, as `src/signing.ts` does. */
interface Stamps {
  make(parts: readonly (string | number)[]): string;
  isMade(stamp: string, parts: readonly (string | number)[]): boolean;
}

/** What a television's session is reached by: derived from its id, and so stored nowhere. */
export interface TelevisionTokens {
  /** The bearer secret of a session, 128 bits. */
  sessionToken(session: string): string;
  /** The session of a token we made; null for anything else. */
  readSessionToken(token: string): string | null;
  /** The token of the payment's page as its television leads there, for this generation of the payment's links. */
  televisionPageToken(session: string, generation: number): string;
  readTelevisionPageToken(token: string): { readonly session: string; readonly generation: number } | null;
}

export interface BoxAndPayment {
  readonly operator: string;
  readonly mode: Mode;
  readonly device: string;
  readonly payment: string;
  /** The key of a box that signs for itself. */
  readonly deviceKey?: string | null;
  /** Of the operator: raised when a secret of it has leaked. */
  readonly generation?: number;
}

const PREFIX = 'tvs_';
const TOKEN_LENGTH_MAX = 120;
/** Key id, mac, and the session's id without its prefix. */
const SESSION_TOKEN = /^([\w-]{1,32}\.[\w-]{22})\.([\w-]{22})$/;
/** The same, and the generation in base 36, which ends the link in a letter or digit. */
const PAGE_TOKEN = /^([\w-]{1,32}\.[\w-]{22})\.([\w-]{22})\.(0|[1-9a-z][0-9a-z]{0,5})$/;
const ID_BYTES = 16;

/**
 * One box and one payment have one session; a box that signs for itself has one for each key it was given, and all have another
 * once a secret has leaked, so that what was opened before never comes to life again. The id is no secret: whoever opens again finds it.
 */
export function televisionSessionId({
  operator,
  mode,
  device,
  payment,
  deviceKey = null,
  generation = 0,
}: BoxAndPayment): string {
  const names = [
    operator,
    mode,
    device,
    payment,
    ...(deviceKey === null ? [] : [deviceKey]),
    ...(generation === 0 ? [] : [generation]),
  ];
  const hash = createHash('sha256').update(JSON.stringify(names)).digest();
  return PREFIX + hash.toString('base64url', 0, ID_BYTES);
}

export function createTelevisionTokens(sessions: Stamps, pages: Stamps): TelevisionTokens {
  return {
    sessionToken: (session) => `${sessions.make([session])}.${session.slice(PREFIX.length)}`,
    readSessionToken(token) {
      const [, stamp = '', rest = ''] = SESSION_TOKEN.exec(token.slice(0, TOKEN_LENGTH_MAX)) ?? [];
      return sessions.isMade(stamp, [PREFIX + rest]) ? PREFIX + rest : null;
    },
    televisionPageToken(session, generation) {
      return [pages.make([session, generation]), session.slice(PREFIX.length), generation.toString(36)].join('.');
    },
    readTelevisionPageToken(token) {
      const [, stamp = '', rest = '', digits = ''] = PAGE_TOKEN.exec(token.slice(0, TOKEN_LENGTH_MAX)) ?? [];
      const [session, generation] = [PREFIX + rest, Number.parseInt(digits, 36)];
      return pages.isMade(stamp, [session, generation]) ? { session, generation } : null;
    },
  };
}
