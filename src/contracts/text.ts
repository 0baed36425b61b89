import type { Mode, Payment } from './payment.js';
import type { ReachStep } from './reach.js';

/** What a text is sent for. */
export const TEXT_KINDS = [
  /** A reach: six digits for a payer with a stored card, else the link. */
  'offer',
  /** The link, asked for on another channel. */
  'link',
  'receipt',
  /** What came of the digits that a payer sent back. */
  'outcome',
] as const;
export type TextKind = (typeof TEXT_KINDS)[number];

/**
 * One text to one number. It holds no words: it is written from the payment when it is sent. Sent under one `key` and with
 * the same words however often it is tried, for the provider knows no idempotency key.
 */
export interface Text {
  /** `txt_…` */
  readonly id: string;
  revision: number;
  readonly schema: 1;
  readonly merchant: string;
  readonly mode: Mode;
  /** What caused it, unique: `rch_….0.sms`. A text planned twice is one. */
  readonly key: string;
  readonly kind: TextKind;
  readonly payment: string;
  /** The way of a reach that it serves. */
  readonly reach: ReachStep | null;
  /** For an outcome: the text whose digits came back. */
  readonly about: string | null;
  /** E.164; blanked once it is no longer needed, and when the person is erased. */
  to: string | null;
  /** What stands for the number where it is not kept, a keyed hash; null once the person is erased. */
  number: string | null;
  status: 'waiting' | 'sent' | 'delivered' | 'failed' | 'dropped';
  /** Why it was not sent or not delivered, a stable word. */
  why: string | null;
  tries: number;
  /** Requests that may have had it sent. */
  sends: number;
  /** The provider's name for it, once it is known. */
  sid: string | null;
  challenge: TextChallenge | null;
  /** What the reach still is to be told. */
  untold: boolean;
  /** When the next try or look is due, or when the lease of the one under way ends; null when nothing is left to do. */
  dueAt: number | null;
  readonly createdAt: number;
  /** Tries stop after it. */
  readonly giveUpAt: number;
  sentAt: number | null;
  /** How often handling it failed since it last got somewhere; absent while it never did. */
  setbacks?: number;
}

/**
 * Six digits that consent to one payment with one stored card. They are derived and stored nowhere; the keyed hash binds
 * them to text, number, payment, amount and card.
 */
export interface TextChallenge {
  readonly hash: string;
  /** The stored instrument, `ins_…`. */
  readonly instrument: string;
  /** What the payer was shown: the payment may cost no more. */
  readonly amount: number;
  readonly expiresAt: number;
  /** The messages that tried it, right or wrong, each counted before its digits are compared. */
  readonly tried: readonly string[];
  /** `answered`: the card is being charged. `over`: refused, or all that it led to is done. */
  readonly state: 'open' | 'answered' | 'over';
  /** The prompt that the digits answer, and when they came; stored before anything is charged. */
  readonly answer: { readonly message: string; readonly prompt: string; readonly at: number } | null;
}

/** Messages that may try one text's digits; after the last one they are dead. */
export const TEXT_TRIES_MAX = 5;

/** What a text's digits are bound to. */
export interface TextBinding {
  readonly text: string;
  readonly number: string;
  readonly payment: string;
  readonly amount: number;
  readonly currency: string;
  readonly instrument: string;
  readonly expiresAt: number;
}

/** The digits of texts: derived under the signing keys. */
export interface TextCodes {
  /** Names the key that the digits are derived with, and says which they are. */
  hashOf(binding: TextBinding): string;
  /** The digits behind a hash of ours; null when its key is gone, or it is bound to something else. */
  codeOf(hash: string, binding: TextBinding): string | null;
  isCode(hash: string, typed: string, binding: TextBinding): boolean;
}

/** What somebody says about texts to their number, for good: it is house-wide, for both modes. */
export interface Consent {
  /** A keyed hash of the number. */
  readonly id: string;
  revision: number;
  readonly schema: 1;
  /** For each purpose what holds now, and since when; what nobody spoke of is absent. */
  purposes: Partial<Record<ConsentPurpose, { readonly given: boolean; readonly at: number; readonly by: ConsentBy }>>;
  /** What was said, oldest first; the oldest make room. */
  log: { readonly given: boolean; readonly at: number; readonly by: ConsentBy; readonly purposes: ConsentPurpose[] }[];
}

/** Payments to confirm and links; receipts and outcomes. */
export const CONSENT_PURPOSES = ['payment', 'receipt'] as const;
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];
/** The payer's own word, or the provider's, which had it from the payer. */
export type ConsentBy = 'payer' | 'provider';

/** What is known of the wishes behind a number. */
export interface Consents {
  /** Since when the number wants no texts for this purpose; null while nothing is known against it. */
  optedOutAt(number: string, purpose: ConsentPurpose): Promise<number | null>;
  /** Writes down a word; false when it was known already. */
  say(
    number: string,
    word: { readonly given: boolean; readonly by: ConsentBy; readonly purposes: readonly ConsentPurpose[] },
  ): Promise<boolean>;
}

/**
 * What others may have texted, beside what a payment's reaches ask for. Asked twice for one payment and number it is sent
 * once; a number that has opted out is sent nothing. Each answers whether a text will go.
 */
export interface TextDesk {
  /**
   * The link of an open payment. `to` is a number of the order or of the payer's account, E.164; never one that only the
   * caller has named.
   */
  link(payment: Payment, to: string): Promise<boolean>;
  /** The receipt of a paid payment, asked for by the payer. */
  receipt(payment: Payment, to: string): Promise<boolean>;
}

/** What the provider reports of a text that it took. */
export interface TextReport {
  /** Ours, from the address that it was given. */
  readonly text: string;
  readonly sid: string;
  readonly status: 'under_way' | 'delivered' | 'failed';
  readonly code: number | null;
}

/** A text that came in, read: its words themselves are kept and passed on by nobody. */
export interface TextReply {
  /** The provider's name for the message, the same at every retry. */
  readonly message: string;
  /** E.164. */
  readonly from: string;
  readonly says:
    | { readonly word: 'digits'; readonly digits: string }
    /** `optsIn`: where a number wanted no texts, the provider takes this word for the wish to get them again. */
    | { readonly word: 'yes'; readonly optsIn: boolean }
    /** Digits beside a word that may refuse: they are not tried. */
    | { readonly word: 'doubtful' }
    | { readonly word: 'no' | 'stop' | 'start' | 'help' | 'card_number' | 'other' };
}

/** What is said back, at once. `link` where there is a page to go to. */
export interface TextAnswer {
  /** Of the catalogue. */
  readonly key: string;
  readonly language: string | null;
  readonly mode: Mode;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What asking for the money came to: the payment tells what came of it, or the card is taken only where its holder can be authenticated. */
export type TextCharged = 'asked' | 'needs_authentication';

/** The counter window for texts that come in. */
export interface TextCounter {
  /**
   * Does what the text asks for, once, however often and however late it comes again; null where there is nothing to say, or
   * it is said by a text of its own.
   */
  answer(reply: TextReply): Promise<TextAnswer | null>;
}
