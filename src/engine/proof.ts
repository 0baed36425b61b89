import type { Reply } from '../contracts/engine.js';
import type { RequiredProof } from '../contracts/flow.js';
import type { Payment, Source } from '../contracts/payment.js';
import { type CardFace, mayBeSameCard } from '../contracts/vault.js';

/** What must show that the holder agrees. The one home of the rule that moving to another channel never lowers it. */

export type ProofBearing = Pick<Extract<Reply, { type: 'card' }>, 'channel' | 'proof' | 'face' | 'stored'>;

/** Where a purchase code may be given: it never leaves the household, or the call. */
const TAKES_PURCHASE_CODE: ReadonlySet<Source> = new Set(['ivr', 'tv']);
/** Where nobody can be sent to their bank. */
const CANNOT_AUTHENTICATE: ReadonlySet<Source> = new Set(['ivr', 'sms', 'tv']);

/**
 * A channel may ask for more, never for less; a card whose authentication was refused, failed or left unfinished on this
 * payment is taken only with authentication, wherever it returns.
 */
export function requiredProof(payment: Payment, reply: ProofBearing): RequiredProof {
  if (isSuspect(payment, reply.face) || reply.proof === 'authentication') return 'authentication';
  // Whoever has the number of the account has sent its digits back: for a card that is stored already, and no other.
  if (reply.channel === 'sms' && reply.stored) return 'sms_code';
  // Claimed anywhere else, digits are worth nothing.
  if (reply.proof === 'sms_code') return 'authentication';
  if (reply.channel === 'api') return 'merchant_agreement';
  if (reply.stored && reply.proof === 'purchase_code' && TAKES_PURCHASE_CODE.has(reply.channel)) return 'purchase_code';
  if (reply.channel !== 'ivr' || reply.stored) return 'authentication';
  return takesTelephoneOrders(payment) ? 'telephone_order' : 'authentication';
}

/** Whether the card can be taken on the channel that it comes by, or has to be given where its holder can be authenticated. */
export function isTakenHere(payment: Payment, reply: ProofBearing): boolean {
  return !CANNOT_AUTHENTICATE.has(reply.channel) || requiredProof(payment, reply) !== 'authentication';
}

/**
 * Whether a card keyed on a telephone may pay this payment as a telephone order, without its holder being authenticated:
 * as the merchant's terms say for payments of this origin; in test mode always. `card` is one in hand.
 */
export function isTelephoneOrder(payment: Payment, card: CardFace | null): boolean {
  return takesTelephoneOrders(payment) && (card === null || !isSuspect(payment, card));
}

/** Whether digits that came back by text are enough for this stored card. */
export function isTextEnough(payment: Payment, card: CardFace): boolean {
  return isTakenHere(payment, { channel: 'sms', stored: true, proof: 'sms_code', face: card });
}

/** Whether the household's purchase code, given on its television, is enough for this stored card. */
export function isPurchaseCodeEnough(payment: Payment, card: CardFace): boolean {
  return isTakenHere(payment, { channel: 'tv', stored: true, proof: 'purchase_code', face: card });
}

function takesTelephoneOrders({ mode, origin, terms: { telephoneOrders = 'never' } }: Payment): boolean {
  if (mode === 'test' || telephoneOrders === 'any') return true;
  return telephoneOrders === 'begun_by_phone' && origin === 'telephone';
}

/**
 * Whether the card, or one that cannot be told from it, was tried on this payment without its holder being authenticated
 * in the end, or the issuer has asked for that.
 */
function isSuspect({ attempts }: Payment, card: CardFace): boolean {
  return attempts.some(
    ({ face, authentication, decline }) =>
      face !== null &&
      mayBeSameCard(face, card) &&
      ((authentication !== null && authentication.state !== 'passed') || decline?.code === 'authentication_required'),
  );
}
