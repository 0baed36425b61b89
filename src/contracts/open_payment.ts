import type { Attempt, Payment, PaymentStatus } from './payment.js';
import type { OpenPrompt } from './prompt.js';

/** Plain questions about a payment that every way to it asks. */

/** True while the payment still waits for its payer. */
export function isWaitedFor({ status, wish, expiresAt }: Payment, now: number): boolean {
  const isOpen = status === 'requires_payment_method' || status === 'requires_action';
  return isOpen && wish === null && now < expiresAt;
}

const PAID: ReadonlySet<PaymentStatus> = new Set(['succeeded', 'requires_capture', 'partially_captured']);

/** True once the money is taken, or held for the merchant. */
export function isPaid({ status }: Payment): boolean {
  return PAID.has(status);
}

/** How often other devices than the one that gave a card may go on with it. */
const TAKE_OVERS_MAX = 2;
/** Each of them may be taken back once. */
const MOVES_MAX = 2 * TAKE_OVERS_MAX;

/**
 * Whether this device, null for one that has no name yet, may go on with the card in hand that another one is at the issuer
 * with. Not with a card of the payer's account: on each device that is for who has given back the account's code. Whoever has
 * the link may be a stranger who has photographed it: others take a card over a few times and never on the last try, so that
 * the device which gave it can always take it back.
 */
export function mayTakeOver(payment: Payment, device: string | null): boolean {
  const { attempts, terms } = payment;
  const last = attempts.at(-1);
  if (last?.prompt?.prompt.kind !== 'follow' || last.card === null || last.stored) return false;
  if (last.device?.id === device || triesOf(payment) >= terms.attemptsMax) return false;
  if (device !== null && giverOf(attempts, last) === device) return true;
  const takenByOthers = attempts.filter((attempt) => isMoved(attempts, attempt) && !isGivenThere(attempts, attempt));
  return takenByOthers.length < TAKE_OVERS_MAX;
}

/** How often the payer has tried. To go on with the same card elsewhere is no further try. */
export function triesOf({ attempts }: Pick<Payment, 'attempts'>): number {
  const moves = attempts.filter((attempt) => isMoved(attempts, attempt)).length;
  return attempts.length - Math.min(moves, MOVES_MAX);
}

/** Whether an attempt is the payer's own on its device: not that of a device that went on with what another one gave. */
export function isOwnCard(attempts: readonly Attempt[], attempt: Attempt): boolean {
  return !isMoved(attempts, attempt) || isGivenThere(attempts, attempt);
}

const isGivenThere = (attempts: readonly Attempt[], attempt: Attempt): boolean =>
  giverOf(attempts, attempt) === attempt.device?.id;

/** The device that gave a card first. A stored one is nobody's gift. */
export function giverOf(attempts: readonly Attempt[], { face }: Attempt): string | null {
  const first = attempts.find(
    (attempt) => !attempt.stored && attempt.face !== null && attempt.face.fingerprint === face?.fingerprint,
  );
  return first?.device?.id ?? null;
}

/** It goes on with the card that another device was at the issuer with. */
function isMoved(attempts: readonly Attempt[], attempt: Attempt): boolean {
  const before = attempts[attempts.indexOf(attempt) - 1];
  const isSame = before !== undefined && before.face !== null && before.face.fingerprint === attempt.face?.fingerprint;
  return isSame && before.end === 'abandoned' && !attempt.stored && before.device?.id !== attempt.device?.id;
}

/** Whether a card is what is asked for now. */
export function asksForCard(open: OpenPrompt | null): boolean {
  if (open === null) return false;
  const { prompt } = open;
  if (prompt.kind === 'card') return prompt.ask === 'all';
  return prompt.kind === 'choose' && prompt.options.some(({ value }) => value === 'card');
}
