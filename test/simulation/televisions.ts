import type { Engine } from '../../src/contracts/engine.js';
import type { Ids } from '../../src/contracts/ids.js';
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
  engine(): Engine;
}

/** The counter window on television as one process of the house has it: the real thing, with the real counter of codes. */
export function openTelevisions({ home, store, boundary, time: clock, ids, digits, engine }: TelevisionPorts): TvDesk {
  const guarded = guardedBy(boundary);
  const unused = async (): Promise<never> => Promise.reject(new Error('no television asks for this'));
  const payers = createPayers({
    ...{ store, clock, ids, log, tell: unused },
    cards: { keep: unused, destroy: unused },
    codes: {
      hash: unused,
      check: guarded(async (_payer, code, hash) => hash === HASH && home.compare(code)),
      keyOf: () => ({ id: 'k', is: 'first' as const }),
    },
  });
  return createTvDesk({
    ...{ payers, signing, clock, say, isPurchaseCodeEnough, openPromptOf, live: null },
    store: { ...store, operators: { load: guarded(async (id) => (id === home.operator.id ? home.operator : null)) } },
    engine: {
      load: (id) => engine().load(id),
      reply: (...given) => engine().reply(...given),
      cancel: (...given) => engine().cancel(...given),
      met: (...given) => engine().met(...given),
      listen: (...given) => engine().listen(...given),
    },
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
    isDeviceKeyGood: unused,
    readPaymentCode: () => null,
    groupCode: (code) => code,
    telephoneOf: () => '+33100000000',
    publicUrl: 'https://pay.example',
  });
}
