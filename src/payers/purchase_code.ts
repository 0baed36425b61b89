import type { Clock } from '../contracts/clock.js';
import { KeyMissing, Problem } from '../contracts/errors.js';
import type { Log } from '../contracts/log.js';
import type { Payer, PurchaseCode } from '../contracts/payer.js';
import { andTell } from './unfinished.js';

/** Four to eight digits: what can be keyed on a telephone and kept in mind. */
export const PURCHASE_CODE = /^\d{4,8}$/;

/** Errors before the first pause, and how long pauses are: doubling with each further error, to a day. */
const ERRORS_BEFORE_PAUSE = 5;
const FIRST_PAUSE_MS = 15 * 60_000;
const LONGEST_PAUSE_MS = 24 * 3_600_000;
/** Hashed where there is nothing to compare with. */
const NO_CODE = '';

export type CodeAnswer =
  | { readonly answer: 'verified' }
  | { readonly answer: 'refused' }
  /** No purchase code is set. */
  | { readonly answer: 'not_set' }
  /** It cannot be checked, for the key that it was hashed with is gone. Costs nobody a try. */
  | { readonly answer: 'unavailable' }
  /** Milliseconds since the epoch. */
  | { readonly answer: 'locked'; readonly until: number };

/** The versioned, peppered slow hash of src/signing.ts. */
export interface CodeHashes {
  hash(payer: string, code: string): Promise<string>;
  /** @throws KeyMissing */
  check(payer: string, code: string, hash: string): Promise<boolean>;
  keyOf(hash: string): { readonly id: string; readonly is: 'first' | 'other' | 'missing' };
}

interface Ports {
  readonly codes: CodeHashes;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'error'>;
  load(id: string): Promise<Payer | null>;
  /** Compare-and-swap, decided again when a race is lost; null from `decide` leaves the payer as it is. */
  change(id: string, decide: (payer: Payer) => Payer | null): Promise<Payer>;
}

export interface PurchaseCodes {
  /** @throws Problem 422 `purchase_code_invalid` */
  set(payer: string, code: string): Promise<Payer>;
  /**
   * Whether `code` is the payer's. The error is counted, durably, before the compare and taken back afterwards: who kills
   * the process between the two has used up a try. Every answer is as slow as a comparison, so that how long it takes tells
   * nobody whether there is a code, or such a payer at all.
   */
  check(payer: string, code: string): Promise<CodeAnswer>;
}

export function createPurchaseCodes({ codes, clock, log, load, change }: Ports): PurchaseCodes {
  async function check(id: string, code: string): Promise<CodeAnswer> {
    const now = clock.now();
    const payer = await load(id);
    if (payer === null || payer.purchaseCode === null) return asSlowly(id, { answer: 'not_set' });
    let lockedUntil: number | null = null;
    const counted = await change(id, (stored) => {
      const { purchaseCode } = stored;
      lockedUntil = purchaseCode?.lockedUntil ?? null;
      if (purchaseCode === null || (lockedUntil !== null && now < lockedUntil)) return null;
      lockedUntil = null;
      const errors = purchaseCode.errors + 1;
      return { ...stored, purchaseCode: { ...purchaseCode, errors, lockedUntil: lockAfter(errors, now) } };
    });
    if (lockedUntil !== null) return asSlowly(id, { answer: 'locked', until: lockedUntil });
    const { purchaseCode } = counted;
    if (purchaseCode === null) return asSlowly(id, { answer: 'not_set' });
    if (!PURCHASE_CODE.test(code)) return asSlowly(id, { answer: 'refused' });
    const isRight = await compare(id, code, purchaseCode);
    if (isRight === null) return { answer: 'unavailable' };
    if (!isRight) return { answer: 'refused' };
    await forgive(id, code, purchaseCode.hash);
    return { answer: 'verified' };
  }

  /** Null, with the try given back, where the key of the hash is gone. */
  async function compare(id: string, code: string, counted: PurchaseCode): Promise<boolean | null> {
    try {
      return await codes.check(id, code, counted.hash);
    } catch (error) {
      if (!(error instanceof KeyMissing)) throw error;
      log.error('a purchase code cannot be checked', { payer: id, error });
      await change(id, (stored) => {
        const { purchaseCode } = stored;
        if (purchaseCode?.hash !== counted.hash) return null;
        const { errors, lockedUntil } = purchaseCode;
        const isOurs = lockedUntil === counted.lockedUntil;
        const givenBack = { errors: Math.max(0, errors - 1), lockedUntil: isOurs ? null : lockedUntil };
        return { ...stored, purchaseCode: { ...purchaseCode, ...givenBack } };
      });
      return null;
    }
  }

  /** An answer for which nothing was compared. Making a hash costs what comparing with one does. */
  async function asSlowly(id: string, answer: CodeAnswer): Promise<CodeAnswer> {
    await codes.hash(id, NO_CODE);
    return answer;
  }

  /**
   * A right code clears the errors, unless another code was set meanwhile. It is the only moment in which a code can move to
   * the key that hashes now, so that an older one may be taken away in time.
   */
  async function forgive(id: string, code: string, hash: string): Promise<void> {
    const fresh = codes.keyOf(hash).is === 'first' ? hash : await codes.hash(id, code);
    await change(id, (stored) => {
      if (stored.purchaseCode?.hash !== hash) return null;
      return { ...stored, purchaseCode: { ...stored.purchaseCode, hash: fresh, errors: 0, lockedUntil: null } };
    });
  }

  return {
    async set(id, code) {
      if (!PURCHASE_CODE.test(code)) {
        throw new Problem(422, 'purchase_code_invalid', 'A purchase code has four to eight digits.');
      }
      const hash = await codes.hash(id, code);
      const setAt = clock.now();
      return change(id, (stored) => {
        const set = { ...stored, purchaseCode: { hash, setAt, errors: 0, lockedUntil: null } };
        return andTell(set, { what: 'purchase_code_set' }, setAt);
      });
    },
    check,
  };
}

/** From the fifth error on each one locks, for twice as long as the one before. */
function lockAfter(errors: number, now: number): number | null {
  if (errors < ERRORS_BEFORE_PAUSE) return null;
  const doublings = Math.min(errors - ERRORS_BEFORE_PAUSE, 10);
  return now + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** doublings);
}
