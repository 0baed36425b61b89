import type { Clock } from '../contracts/clock.js';
import type { NewRequest } from '../contracts/engine.js';
import { DuplicateKey, Problem, StoreFailure } from '../contracts/errors.js';
import type { Ids } from '../contracts/ids.js';
import type { Payer, StoredInstrument } from '../contracts/payer.js';
import type { Store } from '../contracts/store.js';
import type { CardFace } from '../contracts/vault.js';
import { type AccountOf, answering, blankPayer, living } from './account.js';
import { erasePayments, withoutPerson } from './erase.js';
import { createIdentifications, type Identifications } from './identifications.js';
import { presentPayer } from './present.js';
import { type CodeAnswer, type CodeHashes, createPurchaseCodes } from './purchase_code.js';
import { createSessions, type Sessions } from './sessions.js';

export type { AccountOf } from './account.js';

export interface PayerPorts {
  readonly store: Pick<Store, 'payers' | 'payments' | 'mails'>;
  /** The vault records of stored instruments: kept for good, or destroyed. */
  readonly cards: CardKeeper;
  readonly codes: CodeHashes;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
}

export interface CardKeeper {
  /** The record no longer dies by itself. False when it is dead already. */
  keep(token: string): Promise<boolean>;
  destroy(token: string): Promise<void>;
}

export interface Contacts {
  readonly email: string | null;
  readonly phone: string | null;
  readonly name: string | null;
  readonly language: string | null;
  /** Undefined leaves what the payer last said. */
  readonly smsConsent?: boolean;
}

export interface NewInstrument {
  readonly token: string;
  readonly face: CardFace;
  readonly authenticated: boolean;
  /** The words the payer agreed to, and when. */
  readonly consent: { readonly words: string; readonly at: number } | null;
}

export interface PayerService {
  find(of: AccountOf): Promise<Payer | null>;
  /** Sets the contacts, and makes the payer if there is none. @throws Problem 409 `payer_erased` */
  put(of: AccountOf, contacts: Contacts): Promise<Payer>;
  /**
   * Stores a card of the vault for the payer, and makes the payer if there is none.
   * @throws Problem 409 `payer_erased`, `too_many_instruments`, `card_not_kept`
   */
  storeInstrument(of: AccountOf, given: NewInstrument): Promise<{ payer: Payer; instrument: StoredInstrument }>;
  /** @throws Problem 404 `payer_not_found`, `stored_instrument_not_found`; DuplicateKey for a request's key */
  setDefault(of: AccountOf, instrument: string, request: NewRequest | null): Promise<Payer>;
  /** @throws Problem 404 `payer_not_found`, `stored_instrument_not_found` */
  removeInstrument(of: AccountOf, instrument: string): Promise<Payer>;
  /** @throws Problem 404 `payer_not_found`, 422 `purchase_code_invalid` */
  setPurchaseCode(of: AccountOf, code: string): Promise<Payer>;
  checkPurchaseCode(payer: string, code: string): Promise<CodeAnswer>;
  readonly sessions: Sessions;
  readonly identifications: Identifications;
  /**
   * Forgets the person, here and in the account's payments; an account known from payments only gets a tombstone. Again
   * does no harm, and ends what an attempt under way kept from being forgotten.
   * @throws Problem 404 `payer_not_found` for an account that is named nowhere; DuplicateKey for a request's key
   */
  erase(of: AccountOf, request: NewRequest | null): Promise<Payer>;
}

/** Stored cards of the sandbox acquirer, which keeps them itself: there is no record of ours. */
const SANDBOX_PREFIX = 'tok_sandbox_';
const RACES_MAX = 20;
const INSTRUMENTS_MAX = 20;

export function createPayers(ports: PayerPorts): PayerService {
  const { store, cards, clock, ids } = ports;
  const purchaseCodes = createPurchaseCodes({ ...ports, load: (id) => store.payers.load(id), change });

  const find = ({ owner, mode, account }: AccountOf): Promise<Payer | null> =>
    store.payers.byAccount(owner, mode, account);

  async function mustFind(of: AccountOf): Promise<Payer> {
    const payer = await find(of);
    if (payer === null) throw new Problem(404, 'payer_not_found', 'There is no such payer.');
    return payer;
  }

  async function change(id: string, decide: (payer: Payer, now: number) => Payer | null): Promise<Payer> {
    for (let race = 0; race < RACES_MAX; race += 1) {
      const stored = await store.payers.load(id);
      if (stored === null) throw new Problem(404, 'payer_not_found', 'There is no such payer.');
      const now = clock.now();
      const wanted = decide(stored, now);
      if (wanted === null) return stored;
      const next = { ...wanted, revision: stored.revision + 1, updatedAt: now };
      if (await store.payers.commit(next)) return next;
    }
    throw new StoreFailure(`payer ${id} could not be changed: too many races lost`);
  }

  /** The payer of the account, made if need be; whoever loses the race takes the winner's. */
  async function findOrMake(of: AccountOf): Promise<Payer> {
    const there = await find(of);
    if (there !== null) return there;
    const payer = blankPayer(of, ids.next('pyr'), clock.now());
    try {
      if (await store.payers.commit(payer)) return payer;
    } catch (error) {
      if (!(error instanceof DuplicateKey)) throw error;
    }
    return mustFind(of);
  }

  async function put(of: AccountOf, contacts: Contacts): Promise<Payer> {
    const { smsConsent, ...rest } = contacts;
    const { id } = await findOrMake(of);
    return change(id, (stored) => {
      const agreed = consentOf(stored, smsConsent, clock.now());
      return { ...living(stored), ...rest, smsConsent: agreed };
    });
  }

  async function storeInstrument(of: AccountOf, given: NewInstrument) {
    const now = clock.now();
    const { id } = await findOrMake(of);
    const { token, face, authenticated, consent } = given;
    const made: StoredInstrument = {
      id: ids.next('ins'),
      token,
      instrument: 'card',
      face,
      authenticated,
      consent,
      createdAt: now,
    };
    let replaced: StoredInstrument[] = [];
    const payer = await change(id, (stored) => {
      replaced = living(stored).instruments.filter((known) => isSameCard(known.face, face));
      // Asked a second time, after an answer that was lost.
      if (replaced.some((known) => known.token === token)) return null;
      const others = stored.instruments.filter((known) => !replaced.includes(known));
      if (others.length >= INSTRUMENTS_MAX) {
        throw new Problem(409, 'too_many_instruments', `A payer has at most ${INSTRUMENTS_MAX} stored instruments.`);
      }
      const isDefaultGone = !others.some((known) => known.id === stored.defaultInstrument);
      const defaultInstrument = isDefaultGone ? made.id : stored.defaultInstrument;
      return { ...stored, instruments: [...others, made], defaultInstrument };
    });
    // Named first, kept second: a crash between the two leaves a card that dies, never one that nobody owns.
    if (!(await cards.keep(token)) && !token.startsWith(SANDBOX_PREFIX)) {
      const left = await change(id, (stored) => (stored.erasedAt === null ? without(stored, made, replaced) : null));
      // Erased meanwhile: nobody names the cards any more that this one took the place of.
      if (left.erasedAt !== null) await destroyAll(replaced);
      throw new Problem(409, 'card_not_kept', 'The card is no longer in the vault: ask for it again.');
    }
    await destroyAll(replaced.filter(({ token: old }) => old !== token));
    return { payer, instrument: made };
  }

  async function destroyAll(instruments: readonly StoredInstrument[]): Promise<void> {
    for (const { token } of instruments) await cards.destroy(token);
  }

  async function setDefault(of: AccountOf, instrument: string, request: NewRequest | null): Promise<Payer> {
    const { id } = await mustFind(of);
    return change(id, (stored, now) => {
      mustHave(stored, instrument);
      return answeringPayer({ ...stored, defaultInstrument: instrument }, request, now);
    });
  }

  async function removeInstrument(of: AccountOf, instrument: string): Promise<Payer> {
    const { id } = await mustFind(of);
    let token = '';
    const payer = await change(id, (stored) => {
      token = mustHave(stored, instrument).token;
      const instruments = stored.instruments.filter((known) => known.id !== instrument);
      const isDefault = stored.defaultInstrument === instrument;
      return {
        ...stored,
        instruments,
        defaultInstrument: isDefault ? (instruments[0]?.id ?? null) : stored.defaultInstrument,
      };
    });
    await cards.destroy(token);
    return payer;
  }

  /** The payer of an account that a payment may have been the only one to name. */
  async function findNamed(of: AccountOf): Promise<Payer> {
    const { owner: merchant, mode, account } = of;
    const { data } = await store.payments.list({ merchant, mode, account, limit: 1 });
    return data.length === 0 ? mustFind(of) : findOrMake(of);
  }

  async function erase(of: AccountOf, request: NewRequest | null): Promise<Payer> {
    const { id, instruments } = await findNamed(of);
    // Cards and payments first: should this break off, the payer still names what is left, and erasing again ends it.
    await destroyAll(instruments);
    await erasePayments(store, { merchant: of.owner, mode: of.mode, account: of.account });
    let storedMeanwhile: StoredInstrument[] = [];
    const payer = await change(id, (stored, now) => {
      storedMeanwhile = stored.instruments.filter((known) => !instruments.some(({ token }) => token === known.token));
      return answeringPayer(withoutPerson(stored, now), request, now);
    });
    await destroyAll(storedMeanwhile);
    return payer;
  }

  return {
    find,
    put,
    storeInstrument,
    setDefault,
    removeInstrument,
    setPurchaseCode: async (of, code) => purchaseCodes.set((await mustFind(of)).id, code),
    checkPurchaseCode: purchaseCodes.check,
    sessions: createSessions({ findOrMake, change, ids }),
    identifications: createIdentifications({ change, clock }),
    erase,
  };
}

/** As it was before a card was named that turned out to be gone. */
function without(payer: Payer, gone: StoredInstrument, replaced: readonly StoredInstrument[]): Payer {
  const instruments = [...replaced, ...payer.instruments.filter(({ id }) => id !== gone.id)];
  const isDefault = payer.defaultInstrument === gone.id;
  return {
    ...payer,
    instruments,
    defaultInstrument: isDefault ? (instruments[0]?.id ?? null) : payer.defaultInstrument,
  };
}

function consentOf({ smsConsent }: Payer, given: boolean | undefined, now: number): Payer['smsConsent'] {
  return given === undefined || given === smsConsent?.given ? smsConsent : { given, at: now };
}

function mustHave({ instruments }: Payer, id: string): StoredInstrument {
  const found = instruments.find((instrument) => instrument.id === id);
  if (found === undefined) throw new Problem(404, 'stored_instrument_not_found', 'The payer has no such instrument.');
  return found;
}

/** The same card again takes the place of the one before. */
function isSameCard(one: CardFace, other: CardFace): boolean {
  return one.fingerprint === other.fingerprint;
}

/** Keeps the request with the payer as its answer. */
function answeringPayer(payer: Payer, request: NewRequest | null, now: number): Payer {
  return answering(payer, request, { status: 200, body: presentPayer({ ...payer, updatedAt: now }) });
}
