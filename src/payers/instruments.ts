import type { NewRequest } from '../contracts/engine.js';
import { Impossible, Problem } from '../contracts/errors.js';
import type { Ids } from '../contracts/ids.js';
import { type Payer, recordOf, type StoredInstrument } from '../contracts/payer.js';
import type { CardFace } from '../contracts/vault.js';
import { type AccountOf, type Accounts, answeringPayer, living } from './account.js';
import type { CardKeeper } from './card_keeper.js';
import { andDestroy, andTell, type Finishing } from './unfinished.js';

export interface NewInstrument {
  /** The vault record of the card. */
  readonly token: string;
  readonly face: CardFace;
  readonly authenticated: boolean;
  /** The words the payer agreed to, and when. */
  readonly consent: { readonly words: string; readonly at: number } | null;
}

export interface Instruments {
  /**
   * Stores a card of the vault for the payer, and makes the payer if there is none. A card that is stored already keeps its
   * id and the token that `pay_with` names; the record given takes the place of the stored one when the card was renewed,
   * and is destroyed otherwise: afterwards it is the payer's either way. Until this answers the record belongs to whoever
   * gives it, who asks again.
   * @throws Problem 409 `payer_erased`, `too_many_instruments`, `card_not_kept`: then the record is destroyed
   */
  storeInstrument(of: AccountOf, given: NewInstrument): Promise<{ payer: Payer; instrument: StoredInstrument }>;
  /** @throws Problem 404 `payer_not_found`, `stored_instrument_not_found`; DuplicateKey for a request's key */
  setDefault(of: AccountOf, instrument: string, request: NewRequest | null): Promise<Payer>;
  /**
   * Also while an attempt pays with it: one that has not sent it yet then fails for want of the card, and charges nothing.
   * @throws Problem 404 `payer_not_found`, `stored_instrument_not_found`
   */
  removeInstrument(of: AccountOf, instrument: string): Promise<Payer>;
}

/** Stored cards of the sandbox acquirer, which keeps them itself: there is no record of ours. */
const SANDBOX_PREFIX = 'tok_sandbox_';
const INSTRUMENTS_MAX = 20;

export function createInstruments(
  { findOrMake, mustFind, change }: Accounts,
  { cards, ids, finish }: { readonly cards: CardKeeper; readonly ids: Ids } & Pick<Finishing, 'finish'>,
): Instruments {
  async function nameCard(id: string, given: NewInstrument, isKept: boolean) {
    let instrument: StoredInstrument | undefined;
    const payer = await change(id, (stored, now) => {
      // Taken out of the account while this was asked for again: it does not come back.
      const isAlive = isKept && !stored.unfinished?.destroy.includes(given.token);
      const known = living(stored).instruments.find((one) => isSameCard(one, given));
      const isToStay = known !== undefined && !isRenewed(known, given);
      if (!isAlive && !isToStay) {
        throw new Problem(409, 'card_not_kept', 'The card is no longer in the vault: ask for it again.');
      }
      instrument = known === undefined ? made(given, ids.next('ins'), now) : stamped(known, given, isToStay);
      // Asked a second time, after an answer that was lost.
      if (isToStay && recordOf(known) === given.token) return null;
      const spare = known === undefined ? [] : [isToStay ? given.token : recordOf(known)];
      const next = andDestroy(withInstrument(stored, instrument), spare, now);
      return isToStay ? next : andTell(next, { what: 'card_saved', about: instrument.id }, now);
    });
    if (instrument === undefined) throw new Impossible('an instrument was committed that nobody decided');
    return { payer, instrument };
  }

  async function storeInstrument(of: AccountOf, given: NewInstrument) {
    const { id } = await findOrMake(of);
    const { token } = given;
    const isKept = (await cards.keep(token)) || token.startsWith(SANDBOX_PREFIX);
    try {
      const stored = await nameCard(id, given, isKept);
      await finish(stored.payer);
      return stored;
    } catch (error) {
      if (error instanceof Problem) await cards.destroy(token);
      throw error;
    }
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
    const payer = await change(id, (stored, now) => {
      const gone = mustHave(stored, instrument);
      const instruments = stored.instruments.filter((known) => known.id !== instrument);
      const isDefault = stored.defaultInstrument === instrument;
      const defaultInstrument = isDefault ? (instruments[0]?.id ?? null) : stored.defaultInstrument;
      const left = andDestroy({ ...stored, instruments, defaultInstrument }, [recordOf(gone)], now);
      return andTell(left, { what: 'card_removed', about: instrument }, now);
    });
    await finish(payer);
    return payer;
  }

  return { storeInstrument, setDefault, removeInstrument };
}

function made({ token, face, authenticated, consent }: NewInstrument, id: string, now: number): StoredInstrument {
  return { id, token, instrument: 'card', face, authenticated, consent, createdAt: now };
}

/** The stored card with what it is saved with now. That its holder was authenticated once is never taken back. */
function stamped(known: StoredInstrument, given: NewInstrument, isToStay: boolean): StoredInstrument {
  const authenticated = known.authenticated || given.authenticated;
  const isNewer = given.consent !== null && given.consent.at >= (known.consent?.at ?? 0);
  const stored = { ...known, authenticated, consent: isNewer ? given.consent : known.consent };
  return isToStay ? stored : { ...stored, record: given.token, face: given.face };
}

/** With the instrument as its newest, in the place of what it was before. */
function withInstrument(payer: Payer, instrument: StoredInstrument): Payer {
  const others = payer.instruments.filter(({ id }) => id !== instrument.id);
  if (others.length >= INSTRUMENTS_MAX) {
    throw new Problem(409, 'too_many_instruments', `A payer has at most ${INSTRUMENTS_MAX} stored instruments.`);
  }
  return {
    ...payer,
    instruments: [...others, instrument],
    defaultInstrument: others.length === 0 ? instrument.id : (payer.defaultInstrument ?? instrument.id),
  };
}

function mustHave({ instruments }: Payer, id: string): StoredInstrument {
  const found = instruments.find((instrument) => instrument.id === id);
  if (found === undefined) throw new Problem(404, 'stored_instrument_not_found', 'The payer has no such instrument.');
  return found;
}

function isSameCard(known: StoredInstrument, { face }: NewInstrument): boolean {
  return known.face.fingerprint === face.fingerprint;
}

/** Whether the card was given with another end than the stored one, and not by a payer who agreed earlier. */
function isRenewed({ face: known, consent: earlier }: StoredInstrument, { face, consent }: NewInstrument): boolean {
  const isSameEnd = known.expMonth === face.expMonth && known.expYear === face.expYear;
  return !isSameEnd && (consent === null || earlier === null || consent.at >= earlier.at);
}
