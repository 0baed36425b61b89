import type { Engine } from '../../src/contracts/engine.js';
import type { Ids } from '../../src/contracts/ids.js';
import type { Live } from '../../src/contracts/live.js';
import type { Store } from '../../src/contracts/store.js';
import type { TvDesk } from '../../src/contracts/television.js';
import { createTvDesk } from '../../src/counter/tv.js';
import { openPromptOf } from '../../src/engine/prompts.js';
import { isPurchaseCodeEnough } from '../../src/engine/proof.js';
import { createPayers } from '../../src/payers/service.js';
import { televisionSessionId } from '../../src/television_tokens.js';
import { HASH, type Home } from './home.js';
import { type Boundary, guardedBy, SILENT as log } from './process.js';
import { say, signing } from './telephones.js';
import type { Time } from './time.js';

export interface TelevisionPorts {
  readonly home: Home;
  readonly store: Store;
  readonly boundary: Boundary;
  readonly time: Time;
  readonly ids: Ids;
  /** Digits keyed one by one, as they lie in the vault for all processes: by token. */
  readonly digits: Map<string, string>;
  readonly engine: Engine;
  /** False where other processes move payments and sessions beside this one. */
  readonly isAlone: boolean;
}

/** No word passes between processes: what another has done is found by looking. */
const DEAF: Live = { isUp: () => false, tell: () => undefined, listen: () => undefined };

/** The counter window on television as one process of the house has it: the real thing, with the real counter of codes. */
export function openTelevisions(ports: TelevisionPorts): TvDesk {
  const { home, store, boundary, time: clock, ids, digits, engine, isAlone } = ports;
  const guarded = guardedBy(boundary);
  const unused = async (): Promise<never> => Promise.reject(new Error('no television asks for this'));
  const payers = createPayers({
    ...{ store, clock, ids, log, tell: unused },
    cards: { keep: unused, destroy: unused },
    // Hashed to no purpose where another box locked the code meanwhile: the answer takes as long as a comparison.
    codes: {
      hash: guarded(async () => HASH),
      check: guarded(async (_payer, code, hash) => hash === HASH && home.compare(code)),
    },
  });
  return createTvDesk({
    ...{ payers, signing, clock, say, isPurchaseCodeEnough, openPromptOf, live: isAlone ? null : DEAF },
    store: { ...store, operators: { load: guarded(async (id) => (id === home.operator.id ? home.operator : null)) } },
    engine,
    vault: {
      keepSecret: guarded(async (_purpose, digit) => {
        const token = `tok_${digits.size + 1}`;
        digits.set(token, digit);
        return token;
      }),
      takeSecret: guarded(async (_purpose, token) => {
        const digit = digits.get(token) ?? null;
        // Its place stays taken, so that no other digit gets its name.
        digits.set(token, '');
        return digit === '' ? null : digit;
      }),
    },
    sessionIdOf: televisionSessionId,
    readPaymentCode: () => null,
    groupCode: (code) => code,
    telephoneOf: () => '+33100000000',
    publicUrl: 'https://pay.example',
  });
}
