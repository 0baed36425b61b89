import type { Parties, Visit } from '../contracts/channel.js';
import { asksForCard, isPaid, isWaitedFor, mayTakeOver } from '../contracts/open_payment.js';
import type { Attempt, Payment, PaymentStatus } from '../contracts/payment.js';
import type { OpenPrompt } from '../contracts/prompt.js';
import type { WaysBack } from './return_link.js';

/** For how long after its end a payment's page still tells the outcome. */
const OUTCOME_SHOWN_MS = 90 * 86_400_000;

/** Statuses in which the payer is still expected, or their money still under way. */
const OPEN: readonly PaymentStatus[] = ['requires_payment_method', 'requires_action', 'processing'];
const ENDED: readonly PaymentStatus[] = ['succeeded', 'canceled', 'failed', 'expired'];

/** False once the outcome has been shown long enough. */
export function isShown(payment: Payment, now: number): boolean {
  return !ENDED.includes(payment.status) || now < endedAt(payment) + OUTCOME_SHOWN_MS;
}

/** When the payment reached the status it has; a refund months later does not count as its end. */
function endedAt(payment: Payment): number {
  const end = payment.events.findLast(({ type }) => type === `payment.${payment.status}`);
  return end?.at ?? payment.updatedAt;
}

/** Whether a television shows the payment and waits for its payer. */
export function isOnTelevision(payment: Payment, now: number): boolean {
  return isWaitedFor(payment, now) && payment.events.some(({ type }) => type === 'channel.device_paired');
}

export interface Seen {
  readonly payment: Payment;
  readonly parties: Parties;
  readonly prompt: OpenPrompt | null;
  /** The keyed name of the device that looks; null when it has none yet. */
  readonly device: string | null;
  readonly ways: WaysBack;
  readonly account: Visit['account'];
  readonly television: Visit['television'];
  readonly receipt: Visit['receipt'];
  readonly extensionsMax: number;
  readonly now: number;
}

/** What this device may see. Once the payer is no longer needed the page names nobody and no card: links are passed on. */
export function visitOf(seen: Seen): Visit {
  const { payment, parties, prompt, device, ways, extensionsMax, now } = seen;
  const { status } = payment;
  const isOpen = OPEN.includes(status);
  const last = payment.attempts.at(-1);
  const active = last !== undefined && last.flow !== null ? last : undefined;
  const mayWait = status === 'processing' || prompt?.prompt.kind === 'wait';
  const awaitsPayer = isOpen && !mayWait && payment.wish === null && now < payment.expiresAt;
  const { face } = active ?? { face: null };
  return {
    payment: payment.id,
    version: payment.events.length,
    mode: payment.mode,
    ...parties,
    purpose: payment.amount === 0 ? 'save_card' : 'pay',
    account: isOpen ? seen.account : null,
    receipt: seen.receipt,
    cardKept: cardKept(last),
    money: { amount: payment.amount, currency: payment.currency },
    description: isOpen ? payment.description : null,
    reference: payment.reference,
    language: payment.payer.language,
    status,
    prompt,
    follow: active === undefined ? null : followOf(active, device),
    card: face === null ? null : { brand: face.brand, last4: face.last4 },
    elsewhere: elsewhere(payment, device),
    takesOver: mayTakeOver(payment, device),
    decline: active === undefined && last !== undefined ? declineOf(last, status) : null,
    expiresAt: payment.expiresAt,
    onTelevision: isOnTelevision(payment, now),
    television: awaitsPayer && asksForCard(prompt) ? seen.television : null,
    extendable: awaitsPayer && payment.extensions < extensionsMax,
    cancelable: awaitsPayer,
    ...ways,
  };
}

const HELD: ReadonlySet<Attempt['status']> = new Set(['authorized', 'captured']);

/** The attempt that pays, by whom and where: told to every other device, which else would try to pay as well. */
function elsewhere(payment: Payment, device: string | null): Visit['elsewhere'] {
  const { attempts, status } = payment;
  const last = attempts.at(-1);
  const isUnderWay = last !== undefined && (last.flow !== null || status === 'processing');
  const paying = isUnderWay ? last : isPaid(payment) ? attempts.find((attempt) => HELD.has(attempt.status)) : undefined;
  return paying === undefined || paying.device?.id === device ? null : paying.channel;
}

function cardKept(last: Attempt | undefined): boolean | null {
  const state = last?.save?.state;
  return state === 'kept' || state === 'dropped' ? state === 'kept' : null;
}

/** A device check or challenge belongs to the device that began it. */
function followOf({ prompt, authentication, device: owner }: Attempt, device: string | null): Visit['follow'] {
  const isOwn = device !== null && owner?.id === device;
  return isOwn && prompt?.prompt.kind === 'follow' ? (authentication?.follow ?? null) : null;
}

function declineOf(last: Attempt, status: PaymentStatus): Visit['decline'] {
  if (status !== 'failed' && status !== 'requires_payment_method' && status !== 'requires_action') return null;
  if (last.decline !== null) return { code: last.decline.code, advice: last.decline.advice };
  return last.status === 'reversed' ? { code: 'reversed', advice: 'retry' } : null;
}
