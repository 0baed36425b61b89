import type { Reply } from '../contracts/engine.js';
import type { RequiredProof } from '../contracts/flow.js';
import type { Payment } from '../contracts/payment.js';
import type { CardFace } from '../contracts/vault.js';

/**
 * What must show that the holder agrees. A channel may ask for more, never for less; a card whose authentication was
 * refused, failed or left unfinished on this payment is taken only with authentication, wherever it returns.
 */
export function requiredProof(payment: Payment, reply: ProofBearing): RequiredProof {
  if (isSuspect(payment, reply.face.fingerprint) || reply.proof === 'authentication') return 'authentication';
  // Whoever has the number of the account has sent its digits back: for a card that is stored already, and no other.
  if (reply.channel === 'sms' && reply.stored) return 'sms_code';
  // Claimed anywhere else, digits are worth nothing.
  if (reply.proof === 'sms_code') return 'authentication';
  if (reply.channel === 'api') return 'merchant_agreement';
  if (CANNOT_AUTHENTICATE.has(reply.channel) && reply.stored && reply.proof === 'purchase_code') return 'purchase_code';
  if (reply.channel !== 'ivr') return 'authentication';
  return !reply.stored && takesTelephoneOrders(payment) ? 'telephone_order' : 'authentication';
}

/** Where nobody can be sent to their bank, and a stored card is paid with by a purchase code. */
const CANNOT_AUTHENTICATE: ReadonlySet<string> = new Set(['ivr', 'tv']);

/** Whether the card can be taken on the channel it comes by, or must be given where its holder can be authenticated. */
export function isTakenHere(payment: Payment, reply: ProofBearing): boolean {
  return !CANNOT_AUTHENTICATE.has(reply.channel) || requiredProof(payment, reply) !== 'authentication';
}

/** Whether the household's purchase code, given on its television, is enough for this stored card. */
export function isPurchaseCodeEnough(payment: Payment, face: CardFace): boolean {
  return isTakenHere(payment, { channel: 'tv', stored: true, proof: 'purchase_code', face });
}

type ProofBearing = Pick<Extract<Reply, { type: 'card' }>, 'channel' | 'proof' | 'face' | 'stored'>;

/**
 * Whether a card keyed on a telephone may pay this payment as a telephone order, without its holder being authenticated:
 * as the merchant's terms say for payments of this origin; in test mode always. `fingerprint` names a card in hand.
 */
export function isTelephoneOrder(payment: Payment, fingerprint: string | null): boolean {
  return takesTelephoneOrders(payment) && (fingerprint === null || !isSuspect(payment, fingerprint));
}

function takesTelephoneOrders({ mode, origin, terms: { telephoneOrders = 'never' } }: Payment): boolean {
  if (mode === 'test' || telephoneOrders === 'any') return true;
  return telephoneOrders === 'begun_by_phone' && origin === 'telephone';
}

function isSuspect({ attempts }: Payment, fingerprint: string): boolean {
  return attempts.some(
    ({ face, authentication, decline }) =>
      face?.fingerprint === fingerprint &&
      ((authentication !== null && authentication.state !== 'passed') || decline?.code === 'authentication_required'),
  );
}
