import type { Mail, MailKind } from '../../contracts/mail.js';
import type { Merchant } from '../../contracts/merchant.js';
import type { Attempt, Payment } from '../../contracts/payment.js';
import type { FeedEvent } from '../../contracts/store.js';

/** For how long a payer may try again before the decline is told to them. */
export const DECLINE_REST_MS = 10 * 60_000;

export type Audience = Mail['audience'];

/** A mail that an event causes, before it is known whether it will still be needed. */
export interface Planned {
  readonly kind: MailKind;
  readonly audience: Audience;
  /** The attempt, refund or reach it tells of; null for the payment itself. */
  readonly about: string | null;
  readonly delayMs: number;
}

interface Cause {
  readonly kind: MailKind;
  readonly tells: readonly Audience[];
  readonly delayMs?: number;
  readonly onlyIf?: (payment: Payment) => boolean;
  /** When the payer is told too. */
  readonly payerIf?: (payment: Payment) => boolean;
}

const BOTH: readonly Audience[] = ['payer', 'merchant'];

/** Which events cause mails. All others cost nobody a look at their payment. */
const CAUSES: Readonly<Record<string, Cause>> = {
  'payment.succeeded': { kind: 'paid', tells: BOTH },
  'payment.requires_capture': { kind: 'reserved', tells: BOTH },
  'payment.failed': { kind: 'refused', tells: BOTH },
  // Nobody is written to because somebody else has named them in an order and canceled it.
  'payment.canceled': { kind: 'canceled', tells: BOTH, payerIf: wasTried },
  'payment.expired': { kind: 'expired', tells: BOTH, onlyIf: wasDeclined },
  'payment.requires_review': { kind: 'review', tells: ['merchant'] },
  'attempt.declined': { kind: 'declined', tells: BOTH, delayMs: DECLINE_REST_MS, onlyIf: waitsForPayer },
  'refund.succeeded': { kind: 'refunded', tells: BOTH },
  'refund.failed': { kind: 'refund_failed', tells: ['merchant'] },
  // Where the whole payment is in a person's hands, that is told already.
  'refund.requires_review': { kind: 'refund_failed', tells: ['merchant'], onlyIf: ({ review }) => review === null },
  'channel.email_requested': { kind: 'link', tells: ['payer'] },
};

export function mayCauseMail(type: string): boolean {
  return Object.hasOwn(CAUSES, type);
}

/** The mails that an event causes, for those who have an address now. */
export function causedBy({ type, object }: FeedEvent, payment: Payment, merchant: Merchant | null): Planned[] {
  const cause = CAUSES[type];
  if (cause === undefined || cause.onlyIf?.(payment) === false) return [];
  const { kind, delayMs = 0 } = cause;
  const about = object === payment.id ? null : object;
  return cause.tells
    .filter((audience) => audience === 'merchant' || cause.payerIf?.(payment) !== false)
    .filter((audience) => isTold(kind, audience, payment) && mayHaveAddress(kind, audience, payment, merchant))
    .map((audience) => ({ kind, audience, about, delayMs }));
}

/**
 * Nothing is bought with an amount of 0: its payer hears of the card from the account that keeps it, its merchant what needs
 * a person.
 */
function isTold(kind: MailKind, audience: Audience, { amount }: Payment): boolean {
  if (amount > 0) return true;
  return audience === 'payer' ? kind === 'link' : kind === 'review';
}

function mayHaveAddress(kind: MailKind, audience: Audience, { payer }: Payment, merchant: Merchant | null) {
  if (audience === 'merchant') return merchant !== null && merchant.profile.notificationEmail !== null;
  if (kind === 'link') return true;
  return payer.email !== null;
}

/** The last decline of a payment, if it was not followed by another try. */
export function lastDecline({ attempts }: Payment): Attempt | null {
  const last = attempts.at(-1);
  return last !== undefined && last.decline !== null && last.status === 'declined' ? last : null;
}

function wasTried({ attempts }: Payment): boolean {
  return attempts.length > 0;
}

function wasDeclined({ attempts }: Payment): boolean {
  return attempts.some(({ status }) => status === 'declined');
}

/** Whether the payer could go on now. */
export function waitsForPayer({ status, wish, generation }: Payment): boolean {
  const isOpen = status === 'requires_payment_method' || status === 'requires_action';
  return isOpen && wish === null && generation !== null;
}
