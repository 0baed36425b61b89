import type { Mail } from '../../contracts/mail.js';
import type { Merchant } from '../../contracts/merchant.js';
import { nameOf, ownerOf } from '../../contracts/owner.js';
import type { Payer, PayerSession } from '../../contracts/payer.js';
import type { Payment } from '../../contracts/payment.js';
import type { Store } from '../../contracts/store.js';
import { isMailable } from './addresses.js';
import { lastDecline, waitsForPayer } from './outcomes.js';

/** What a mail is about, as it is now, and where it goes. */
export interface Occasion {
  readonly mail: Mail;
  readonly to: string;
  readonly merchant: Sender;
  /** Null for mails about a payer's account. */
  readonly payment: Payment | null;
  readonly account: Account | null;
}

/** In whose name a mail is: a merchant, or a television operator, of whom only the name is known. */
export interface Sender {
  readonly profile: Pick<
    Merchant['profile'],
    'displayName' | 'language' | 'accentColour' | 'support' | 'notificationEmail'
  >;
}

/** A payer with the session that a link leads to; null where the mail tells of a change. */
export interface Account {
  readonly payer: Payer;
  readonly session: PayerSession | null;
}

/** `drop`: not needed any more, and why. */
export type Finding = { readonly drop: string } | { readonly occasion: Occasion };

export interface OccasionPorts {
  readonly store: Pick<Store, 'mails' | 'payments' | 'merchants' | 'operators' | 'payers'>;
  /** What was authorized, captured and refunded, in minor units. */
  readonly sums: (payment: Payment) => Sums;
}

export interface Sums {
  readonly authorized: number;
  readonly captured: number;
  readonly refunded: number;
}

/** Whether a mail is still true and needed at `now`, and all that it is written from. @throws StoreFailure */
export async function occasionOf(mail: Mail, now: number, ports: OccasionPorts): Promise<Finding> {
  const { store } = ports;
  const merchant = await senderOf(mail.merchant, ports);
  if (merchant === null) return { drop: 'no_merchant' };
  if (mail.payment === null) return accountOccasion(mail, merchant, now, ports);
  const payment = await store.payments.load(mail.payment);
  if (payment === null) return { drop: 'no_payment' };
  if (!isTrue(mail, payment, now, ports.sums(payment))) return { drop: 'moved_on' };
  if (await wasToldBefore(mail, ports)) return { drop: 'told_already' };
  return addressed({ mail, merchant, payment, account: null }, addressOf(mail, payment, merchant));
}

async function senderOf(id: string, { store }: OccasionPorts): Promise<Sender | null> {
  const owner = await ownerOf(store, id);
  if (owner === null || owner.merchant !== null) return owner?.merchant ?? null;
  const profile = { accentColour: null, support: NO_SUPPORT, notificationEmail: null, language: 'en' } as const;
  return { profile: { ...profile, displayName: nameOf(owner) } };
}

const NO_SUPPORT = { email: null, phone: null, url: null };

async function accountOccasion(mail: Mail, merchant: Sender, now: number, { store }: OccasionPorts) {
  const payer = mail.payer === null ? null : await store.payers.load(mail.payer);
  if (payer === null || payer.erasedAt !== null) return { drop: 'erased' };
  if (mail.kind !== 'account_link') {
    const account = { payer, session: null };
    return addressed({ mail, merchant, payment: null, account }, mail.to ?? payer.email);
  }
  const session = payer.sessions.find(({ id }) => id === mail.about);
  if (session === undefined || session.expiresAt <= now) return { drop: 'moved_on' };
  return addressed({ mail, merchant, payment: null, account: { payer, session } }, payer.email);
}

function addressed(occasion: Omit<Occasion, 'to'>, to: string | null): Finding {
  if (to === null) return { drop: 'no_address' };
  return isMailable(to) ? { occasion: { ...occasion, to } } : { drop: 'address_unusable' };
}

/** Whether what the mail tells is so, as the payment stands. */
function isTrue({ kind, about }: Mail, payment: Payment, now: number, sums: Sums): boolean {
  const { status } = payment;
  switch (kind) {
    case 'paid':
      return sums.captured > 0;
    case 'reserved':
      return status === 'requires_capture' && sums.authorized > 0;
    case 'refused':
      return status === 'failed';
    case 'canceled':
      return status === 'canceled';
    case 'expired':
      return status === 'expired';
    case 'review':
      return payment.review !== null;
    case 'declined':
      return isOpen(payment, now) && lastDecline(payment)?.id === about;
    case 'link':
      return isOpen(payment, now);
    case 'refunded':
      return refundOf(payment, about)?.status === 'succeeded';
    case 'refund_failed':
      return ['failed', 'requires_review'].includes(refundOf(payment, about)?.status ?? '');
    default:
      return false;
  }
}

const isOpen = (payment: Payment, now: number): boolean => waitsForPayer(payment) && now < payment.expiresAt;

export function refundOf(payment: Payment, id: string | null): Payment['refunds'][number] | undefined {
  return payment.refunds.find((refund) => refund.id === id);
}

/**
 * A status may come a second time, after a review for instance; it is told once. Only what events cause is compared: what
 * somebody asked for has a key of its own.
 */
async function wasToldBefore(mail: Mail, { store }: OccasionPorts): Promise<boolean> {
  if (mail.payment === null || mail.kind === 'review' || !isCausedByEvent(mail)) return false;
  for (const other of await store.mails.ofPayment(mail.payment)) {
    if (other.id === mail.id) return false;
    if (other.kind !== mail.kind || other.audience !== mail.audience || !isCausedByEvent(other)) continue;
    if (other.about === mail.about && (other.status === 'sent' || other.status === 'waiting')) return true;
    // A payer hears once that the payment is open still, however often a card is declined.
    if (mail.kind === 'declined' && mail.audience === 'payer' && other.status === 'sent') return true;
  }
  return false;
}

const isCausedByEvent = ({ key }: Mail): boolean => key.startsWith('evt_');

/** An address given for this mail alone; else the merchant's, the reach's, or the order's own. */
function addressOf(mail: Mail, payment: Payment, merchant: Sender): string | null {
  if (mail.to !== null) return mail.to;
  if (mail.audience === 'merchant') return merchant.profile.notificationEmail;
  if (mail.kind === 'link') return payment.reaches.find(({ id }) => id === mail.about)?.to ?? null;
  // What was blanked stays blank: a receipt's address is not replaced by another one.
  return isCausedByEvent(mail) ? payment.payer.email : null;
}
