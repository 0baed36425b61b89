import type { NewRequest } from '../contracts/engine.js';
import { DuplicateKey, Problem } from '../contracts/errors.js';
import type { Payer } from '../contracts/payer.js';
import type { KeptRequest, Mode } from '../contracts/payment.js';
import { presentPayer } from './present.js';

/** Whose customer, in which mode, under the owner's own reference. */
export interface AccountOf {
  readonly owner: string;
  readonly mode: Mode;
  readonly account: string;
}

export interface PayerChanges {
  /** The payer of the account, made if need be. */
  findOrMake(of: AccountOf): Promise<Payer>;
  /** Compare-and-swap, decided again when a race is lost; null from `decide` leaves the payer as it is. */
  change(id: string, decide: (payer: Payer, now: number) => Payer | null): Promise<Payer>;
}

/** What of the account does not change. */
export interface Accounts extends PayerChanges {
  /** @throws Problem 404 `payer_not_found` */
  mustFind(of: AccountOf): Promise<Payer>;
}

export function blankPayer({ owner, mode, account }: AccountOf, id: string, now: number): Payer {
  return {
    id,
    revision: 1,
    schema: 1,
    owner,
    mode,
    account,
    email: null,
    phone: null,
    name: null,
    language: null,
    smsConsent: null,
    instruments: [],
    defaultInstrument: null,
    purchaseCode: null,
    sessions: [],
    identifications: [],
    unfinished: null,
    erasedAt: null,
    requests: [],
    createdAt: now,
    updatedAt: now,
  };
}

/** @throws Problem 409 `payer_erased`: what was forgotten is not filled again under the same account. */
export function living(payer: Payer): Payer {
  if (payer.erasedAt === null) return payer;
  throw new Problem(409, 'payer_erased', 'This payer was erased: use another account.');
}

/** Beyond these the oldest requests keep their key but no answer: a repeat gets the payer as it is now. */
const ANSWERS_MAX = 64;

/**
 * Keeps the request with its answer in the commit that does what it asks for; `target` is what it made, else the payer.
 * @throws DuplicateKey when its twin under the same key was first
 */
export function answering(
  payer: Payer,
  request: NewRequest | null,
  answer: NonNullable<KeptRequest['answer']>,
  target = payer.id,
): Payer {
  if (request === null) return payer;
  if (payer.requests.some(({ key }) => key === request.key)) throw new DuplicateKey('request');
  const kept: KeptRequest = { ...request, target, answer };
  const earlier = payer.requests.map((other, index) => {
    // What was made is short and is gone in a day: its answer is all that is left of it.
    const isSpare = other.target === payer.id && index < payer.requests.length + 1 - ANSWERS_MAX;
    return isSpare ? { ...other, answer: null } : other;
  });
  return { ...payer, requests: [...earlier, kept] };
}

/** Keeps the request with the payer as its answer. */
export function answeringPayer(payer: Payer, request: NewRequest | null, now: number): Payer {
  return answering(payer, request, { status: 200, body: presentPayer({ ...payer, updatedAt: now }) });
}
