import type { Payment, PaymentStatus } from './payment.js';
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

/**
 * Whether this device, null for one that has no name yet, may go on with the card in hand that another one is at the issuer with. Not with a card of the payer's
 * account: on each device that is for who has given back the account's code.
 */
export function mayTakeOver({ attempts, terms }: Payment, device: string | null): boolean {
  const last = attempts.at(-1);
  if (last?.prompt?.prompt.kind !== 'follow' || last.card === null || last.stored) return false;
  return last.device?.id !== device && attempts.length < terms.attemptsMax;
}

/** Whether a card is what is asked for now. */
export function asksForCard(open: OpenPrompt | null): boolean {
  if (open === null) return false;
  const { prompt } = open;
  if (prompt.kind === 'card') return prompt.ask === 'all';
  return prompt.kind === 'choose' && prompt.options.some(({ value }) => value === 'card');
}
