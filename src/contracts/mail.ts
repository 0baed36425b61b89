import type { AccountChange, Payer, PayerSession } from './payer.js';
import type { Mode, Payment } from './payment.js';

/** What a mail tells. Each is told to a payer, to a merchant, or to both: see `audience`. */
export const MAIL_KINDS = [
  /** The money was taken, or is held for the merchant. */
  'paid',
  'reserved',
  /** The payment has ended without money. */
  'refused',
  'canceled',
  'expired',
  /** A decline that nobody has followed with another try: with the link to go on. */
  'declined',
  'refunded',
  /** For the merchant alone: the refund did not come through, a person must decide. */
  'refund_failed',
  'review',
  /** The link of a payment, or of a session of the payer's account. */
  'link',
  'account_link',
  /** For the payer alone: what was changed in their account, see `AccountChange`. */
  'card_saved',
  'card_removed',
  'purchase_code_set',
  'contact_changed',
] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/**
 * One mail to one address. It holds no text and, but where nobody else does, no address: it is written from the payment
 * when it is sent, so a person who is erased is written to no more. Sent at least once, always under the same Message-ID.
 */
export interface Mail {
  /** `eml_…`, which the Message-ID is made of. */
  readonly id: string;
  revision: number;
  readonly schema: 1;
  readonly merchant: string;
  readonly mode: Mode;
  /** What caused it and to whom it goes, unique: `evt_….payer`. A mail planned twice is one. */
  readonly key: string;
  readonly kind: MailKind;
  readonly audience: 'payer' | 'merchant';
  readonly payment: string | null;
  /** The attempt, refund, reach, payer session or stored instrument it tells of. */
  readonly about: string | null;
  /** The payer whose account it is about, for its links and its changes. */
  readonly payer: string | null;
  /** An address that was given for this mail alone; null: the order's, the account's or the merchant's own. */
  to: string | null;
  status: 'waiting' | 'sent' | 'parked' | 'dropped';
  tries: number;
  /** How often the mail server has refused this address or this mail for good, since it last said something else. */
  refusals: number;
  /** When the next try is due, or when the lease of the one under way ends; null when settled. */
  dueAt: number | null;
  /** Why the last try failed, a stable word; for `dropped`, why it was not needed any more. */
  lastError: string | null;
  readonly createdAt: number;
  /** Tries stop after it. */
  readonly giveUpAt: number;
  sentAt: number | null;
}

/** What others may have written, beside what events cause by themselves. */
export interface MailDesk {
  /** The receipt of a paid payment, to an address that was given for it alone. Asked twice for one address it is sent once. */
  receipt(payment: Payment, to: string): Promise<void>;
  /**
   * The link of a session, to the address that the account keeps. Asked twice it is sent once.
   * @throws Problem 409 `payer_without_email`
   */
  accountLink(payer: Payer, session: PayerSession): Promise<void>;
  /**
   * Tells the account's own contact what was changed in it, so that nobody changes it unseen. `payer` has the revision of
   * that change, `about` names the stored instrument; `to` is the address the account had before, null the one it has now,
   * which may be none. Asked twice for one payer, revision, `what` and `about`, each of the two addresses is told once.
   */
  accountChanged(payer: Payer, what: AccountChange, about: string | null, to: string | null): Promise<void>;
  /** A one-time code, at once or not at all: it stands nowhere but in this mail. True when the mail server has taken it. */
  code(mail: CodeMail): Promise<boolean>;
}

export interface CodeMail {
  readonly to: string;
  readonly code: string;
  /** For how long it works, in whole minutes. */
  readonly minutes: number;
  /** BCP 47; null: English. */
  readonly language: string | null;
  readonly merchantName: string;
  readonly mode: Mode;
  /** Until when the caller waits, milliseconds since the epoch. */
  readonly deadline: number;
}

/** `c•••@example.org`: enough to recognise an address of one's own, too little to learn one. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, 1)}•••${address.slice(Math.max(at, 1))}`;
}
