import type { Clock } from '../contracts/clock.js';
import type { NewRequest } from '../contracts/engine.js';
import { DuplicateKey, Problem, StoreFailure } from '../contracts/errors.js';
import type { Ids } from '../contracts/ids.js';
import type { Log } from '../contracts/log.js';
import type { MailDesk } from '../contracts/mail.js';
import type { Payer } from '../contracts/payer.js';
import type { Store } from '../contracts/store.js';
import { type AccountOf, answeringPayer, blankPayer, living } from './account.js';
import type { CardKeeper } from './card_keeper.js';
import { erasePayments, withoutPerson } from './erase.js';
import { createIdentifications, type Identifications } from './identifications.js';
import { createInstruments, type Instruments } from './instruments.js';
import { type CodeAnswer, type CodeHashes, createPurchaseCodes } from './purchase_code.js';
import { createSessions, type Sessions } from './sessions.js';
import { andTell, createFinishing } from './unfinished.js';

export type { AccountOf } from './account.js';

export interface PayerPorts {
  readonly store: Pick<Store, 'payers' | 'payments' | 'mails' | 'texts'>;
  readonly cards: CardKeeper;
  readonly codes: CodeHashes;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  readonly log: Log;
  /** Tells the account's own contact of a change: see `MailDesk`. */
  readonly tell: MailDesk['accountChanged'];
}

export interface Contacts {
  readonly email: string | null;
  readonly phone: string | null;
  readonly name: string | null;
  readonly language: string | null;
  /** Undefined leaves what the payer last said. */
  readonly smsConsent?: boolean;
}

export interface PayerService extends Instruments {
  find(of: AccountOf): Promise<Payer | null>;
  /**
   * Sets the contacts, and makes the payer if there is none. Another address or telephone in the place of the one before ends
   * what the one before opened: sessions, awaited codes and known devices.
   * @throws Problem 409 `payer_erased`
   */
  put(of: AccountOf, contacts: Contacts): Promise<Payer>;
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
  /** Ends what changes left undone when their process died: cards to destroy, contacts to tell. */
  sweep(): Promise<void>;
}

const RACES_MAX = 20;

export function createPayers(ports: PayerPorts): PayerService {
  const { store, cards, clock, ids } = ports;
  const finishing = createFinishing({ store, cards, tell: ports.tell, clock, log: ports.log, replace });
  const accounts = { findOrMake, mustFind, change };
  const purchaseCodes = createPurchaseCodes({ ...ports, load: (id) => store.payers.load(id), change });

  const find = ({ owner, mode, account }: AccountOf): Promise<Payer | null> =>
    store.payers.byAccount(owner, mode, account);

  async function mustFind(of: AccountOf): Promise<Payer> {
    const payer = await find(of);
    if (payer === null) throw new Problem(404, 'payer_not_found', 'There is no such payer.');
    return payer;
  }

  async function replace(id: string, decide: (payer: Payer) => Payer | null): Promise<Payer> {
    for (let race = 0; race < RACES_MAX; race += 1) {
      const stored = await store.payers.load(id);
      if (stored === null) throw new Problem(404, 'payer_not_found', 'There is no such payer.');
      const wanted = decide(stored);
      if (wanted === null) return stored;
      const next = { ...wanted, revision: stored.revision + 1 };
      if (await store.payers.commit(next)) return next;
    }
    throw new StoreFailure(`payer ${id} could not be changed: too many races lost`);
  }

  function change(id: string, decide: (payer: Payer, now: number) => Payer | null): Promise<Payer> {
    return replace(id, (stored) => {
      const now = clock.now();
      const wanted = decide(stored, now);
      return wanted === null ? null : { ...wanted, updatedAt: now };
    });
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
    const payer = await change(id, (stored, now) => {
      const agreed = consentOf(stored, smsConsent, now);
      return withContacts(living(stored), { ...rest, smsConsent: agreed }, now);
    });
    await finishing.finish(payer);
    return payer;
  }

  async function setPurchaseCode(of: AccountOf, code: string): Promise<Payer> {
    const payer = await purchaseCodes.set((await mustFind(of)).id, code);
    await finishing.finish(payer);
    return payer;
  }

  /** The payer of an account that a payment may have been the only one to name. */
  async function findNamed(of: AccountOf): Promise<Payer> {
    const { owner: merchant, mode, account } = of;
    const { data } = await store.payments.list({ merchant, mode, account, limit: 1 });
    return data.length === 0 ? mustFind(of) : findOrMake(of);
  }

  async function erase(of: AccountOf, request: NewRequest | null): Promise<Payer> {
    const { id } = await findNamed(of);
    // Payments first: should this break off, erasing again ends it.
    await erasePayments(store, { merchant: of.owner, mode: of.mode, account: of.account });
    const payer = await change(id, (stored, now) => answeringPayer(withoutPerson(stored, now), request, now));
    await finishing.finish(payer);
    return payer;
  }

  return {
    find,
    put,
    ...createInstruments(accounts, { cards, ids, finish: finishing.finish }),
    setPurchaseCode,
    checkPurchaseCode: purchaseCodes.check,
    sessions: createSessions({ findOrMake, change, ids }),
    identifications: createIdentifications({ change, clock }),
    erase,
    sweep: finishing.sweep,
  };
}

type SetContacts = Pick<Payer, 'email' | 'phone' | 'name' | 'language' | 'smsConsent'>;

/** A way to the payer that was given up opens nothing any more, and both ends of the change hear of it. */
function withContacts(stored: Payer, contacts: SetContacts, now: number): Payer {
  const isOtherOf = (way: 'email' | 'phone'): boolean => stored[way] !== contacts[way] && stored.instruments.length > 0;
  const changed = {
    ...(isOtherOf('phone') && { phoneChangedAt: now }),
    ...(isOtherOf('email') && { emailChangedAt: now }),
  };
  const next = { ...stored, ...contacts, ...changed };
  const isGivenUp = (way: 'email' | 'phone'): boolean => stored[way] !== null && stored[way] !== contacts[way];
  const isOther = stored.email !== contacts.email || stored.phone !== contacts.phone;
  const isFirst = stored.email === null && stored.phone === null;
  const shut = isGivenUp('email') || isGivenUp('phone') ? { ...next, sessions: [], identifications: [] } : next;
  if (!isOther || isFirst) return shut;
  const told = isGivenUp('email') ? andTell(shut, { what: 'contact_changed', to: stored.email }, now) : shut;
  return contacts.email === null ? told : andTell(told, { what: 'contact_changed' }, now);
}

function consentOf({ smsConsent }: Payer, given: boolean | undefined, now: number): Payer['smsConsent'] {
  return given === undefined || given === smsConsent?.given ? smsConsent : { given, at: now };
}
