import { createHmac } from 'node:crypto';
import type { DeclineCode } from '../../acquirers/sandbox/declines.js';
import { sameSecret, type WireAuthorization, type WireFollowUp } from '../../acquirers/sandbox/protocol.js';
import type { OperationType } from '../../contracts/payment.js';
import { type Behaviour, findCard } from './cards.js';
import { type Entry, standingOf } from './entry.js';

/** What the card's issuer says: pure decisions on requests and rows. */

/**
 * The cryptogram that proves an authentication (CAVV or AAV): 20 bytes in base64, 28 characters, bound to the
 * transaction, the card, the money and the result, so that the issuer recognises it again without a list.
 */
export function authenticationValueOf(
  key: string,
  about: { transaction: string; account: string; amount: number; currency: string },
): string {
  const text = JSON.stringify([about.transaction, about.account, about.amount, about.currency]);
  return createHmac('sha256', key).update(text).digest().subarray(0, 20).toString('base64');
}

/** The number of a card, or the token that stands for one. */
export function accountOf(card: WireAuthorization['card']): string {
  return 'token' in card ? card.token : card.number;
}

export function maskOf(card: WireAuthorization['card']): string {
  return 'token' in card ? card.token : `${card.number.slice(0, 6)}…${card.number.slice(-4)}`;
}

export interface Decision {
  /** Null: approved. */
  readonly decline: DeclineCode | null;
  readonly behaviour: Behaviour;
}

/** Approves or declines an authorization. `key` is the one the issuer's authentication values were made with. */
export function decideAuthorization(request: WireAuthorization, key: string, now: number): Decision {
  const known = findCard(accountOf(request.card));
  if (known === undefined) return { decline: 'invalid_card_number', behaviour: {} };
  return { decline: declineOf(request, known.behaviour, key, now), behaviour: known.behaviour };
}

function declineOf(request: WireAuthorization, behaviour: Behaviour, key: string, now: number): DeclineCode | null {
  const { card, authentication } = request;
  if ('number' in card) {
    if (isExpired(card, now)) return 'expired_card';
    const isAmex = /^3[47]/.test(card.number);
    if (card.security_code !== null && card.security_code.length !== (isAmex ? 4 : 3)) return 'incorrect_security_code';
  }
  const claimsProof = authentication?.method === 'three_d_secure' && authentication.value !== null;
  const proven = claimsProof && isProof(request, key);
  if (claimsProof && !proven) return 'authentication_failed';
  if (behaviour.proofRequired && !proven) return 'authentication_required';
  return behaviour.decline ?? null;
}

/** A card is good to the end of its month, wherever that is on earth. */
function isExpired(card: { expiry_month: number; expiry_year: number }, now: number): boolean {
  const oneDay = 24 * 3_600_000;
  return now >= Date.UTC(card.expiry_year, card.expiry_month, 1) + oneDay;
}

function isProof(request: WireAuthorization, key: string): boolean {
  const proof = request.authentication;
  if (proof === null || proof.value === null || proof.directory_server_transaction === null) return false;
  if (proof.result !== 'Y' && proof.result !== 'A') return false;
  const expected = authenticationValueOf(key, {
    transaction: proof.directory_server_transaction,
    account: accountOf(request.card),
    amount: request.amount,
    currency: request.currency,
  });
  return sameSecret(proof.value, expected);
}

/**
 * Why an operation on an authorization is refused; null when it is not. Captured and voided never exceed what was
 * authorized, refunded never what was captured.
 */
export function decideFollowUp(
  type: Exclude<OperationType, 'authorize' | 'reverse'>,
  request: WireFollowUp,
  original: Entry | null,
  now: number,
): DeclineCode | null {
  if (original === null || original.type !== 'authorize' || original.payment !== request.payment) {
    return 'original_not_found';
  }
  if (standingOf(original, now) !== 'approved' || original.currency !== request.currency)
    return 'original_not_approved';
  if (original.refuses === type) return `${type}_refused`;
  const held = original.amount - original.captured - original.voided;
  const most = type === 'refund' ? original.captured - original.refunded : held;
  if (request.amount > most) return 'amount_too_large';
  if (type === 'capture' && original.holdUntil !== null && now >= original.holdUntil) return 'authorization_expired';
  return null;
}
