import type { SignedBy } from './operator.js';
import type { Mode, PaymentStatus } from './payment.js';

/** What a box in a living room knows of one payment. Opened twice for the same box and payment it is the same. */
export interface TvSession {
  /** `tvs_…`, derived from operator, mode, device and payment: who opens again finds it. */
  readonly id: string;
  revision: number;
  readonly schema: 1;
  readonly operator: string;
  readonly mode: Mode;
  readonly device: { readonly id: string; readonly model: string | null };
  readonly payment: string;
  /** The household that pays here, as its operator names it; null: whoever sits there goes on with a telephone. */
  account: string | null;
  /** The box's own language; null: the household's, else the payment's. */
  language: TvLanguage | null;
  /** Where the viewer has got to among the screens; the rest is read off the payment. */
  place: TvPlace;
  /** Raised whenever `place` changes, but for single digits of an entry: a screen that comes again is another one. */
  step: number;
  readonly createdAt: number;
  updatedAt: number;
  /** The key of the box that signed for itself when it opened this; null for its operator's middleware, as where it is absent. */
  readonly deviceKey?: string | null;
  /** Of its operator when it was opened; absent: before any secret leaked. */
  readonly generation?: number;
  /** Since when the payment's story tells of the box; absent or null where the process that opened this may have died first. */
  toldAt?: number | null;
  /** When it may be forgotten. */
  endsAt: number;
}

export type TvLanguage = 'fr' | 'en';

export interface TvPlace {
  /** `checking`: a purchase code was taken, and nobody knows yet what it is worth. */
  readonly screen: 'start' | 'purchase_code' | 'checking' | 'choose_card' | 'handover' | 'confirm_cancel';
  /** Index of the option that has the focus; -1 while the entry has it. */
  readonly focus: number;
  /** What went wrong with the last purchase code, told on the screen that asks for it again; null for nothing. */
  readonly notice: TvNotice | null;
  /** Tokens of the vault, one for each digit of an entry that a box without its own entry sends one by one; null for none. */
  readonly keyed: string | null;
  /** The `seq` of the last key that was taken from such a box. */
  readonly seq: number | null;
  /** The version of the screen that `keyed` and `seq` were begun on: on another one they are nothing. */
  readonly keyedOn: number | null;
  /** When the purchase code was right, while one of several cards is still to be chosen. */
  readonly provenAt: number | null;
}

export type TvNotice = 'wrong' | 'form' | 'too_many' | 'unavailable';

export type TvKey = 'OK' | 'BACK' | 'UP' | 'DOWN' | 'LEFT' | 'RIGHT' | 'RED' | 'GREEN' | 'YELLOW' | 'BLUE' | TvDigit;
export type TvDigit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';

/** What screens there are, for tests and styles: stable words. */
export const TV_SCREENS = [
  ...(['start', 'declined', 'nowhere', 'purchase_code', 'checking', 'choose_card', 'code_missing', 'locked'] as const),
  ...(['handover', 'opened', 'elsewhere', 'confirm_cancel', 'paying', 'paying_elsewhere', 'ending'] as const),
  ...(['paid', 'reserved', 'canceled', 'expired', 'failed', 'review'] as const),
] as const;
export type TvScreenName = (typeof TV_SCREENS)[number];

/** One screen as plain data. */
export interface Screen {
  readonly id: TvScreenName;
  readonly kind: 'choose' | 'confirm' | 'enter' | 'handover' | 'wait' | 'result';
  readonly title: string;
  readonly text: string;
  /** What a box reads aloud. */
  readonly speech: string;
  readonly language: TvLanguage;
  readonly merchant: string;
  readonly amount_text: string;
  /** `key` takes the option at once; `OK` for one that has no key of its own and is taken when it has the focus. */
  readonly options: readonly { readonly key: TvKey; readonly label: string }[];
  /** Index of the option with the focus; null without options, and while the entry has it. */
  readonly focus: number | null;
  /** `digits`: how many at most. `entered`: how many a box has sent one by one. */
  readonly entry: { readonly digits: number; readonly secret: boolean; readonly entered: number } | null;
  readonly handover: {
    readonly code: string | null;
    readonly url: string;
    /** The text to encode. */
    readonly qr: string;
    readonly telephone: string | null;
  } | null;
  /** Seconds; null once nothing expires. */
  readonly expires_in: number | null;
  readonly status: PaymentStatus;
  /** Changes only when the screen does; every post names the one it answers. */
  readonly version: number;
}

export interface Shown {
  /** The bearer secret of the session, as it was given. */
  readonly session: string;
  readonly screen: Screen;
  /** Seconds until a box that does not wait looks again. */
  readonly pollInterval: number;
}

/** What a box wants opened: `payment` or `code`, and never an amount. */
export interface TvOpening {
  readonly device: { readonly id: string; readonly model: string | null };
  readonly payment: string | null;
  readonly code: string | null;
  readonly account: string | null;
  /** The box's own, BCP 47; null for the payer's. */
  readonly language: string | null;
  /** Where codes are counted against guessing. */
  readonly address: string;
}

export interface TvPress {
  /** The screen's version that is answered. */
  readonly version: number;
  readonly key: TvKey | null;
  /** A whole entry, collected on the box. */
  readonly value: string | null;
  /** Numbers the keys of a box that cannot collect an entry, from 1 on each screen. */
  readonly seq: number | null;
}

/** `not_bound`: a box that signs for itself named another box, or an account that its operator has not bound it to. */
export type TvRefusal = 'unknown' | 'mistyped' | 'too_many' | 'not_bound';

export interface TvWait {
  /** Of the screen that the box shows; null: the present one. */
  readonly version: number | null;
  readonly ms: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly over: AbortSignal;
}

/** The counter window on television. */
export interface TvDesk {
  open(
    by: SignedBy,
    opening: TvOpening,
  ): Promise<(Shown & { readonly isNew: boolean }) | { readonly refused: TvRefusal }>;
  /** Null for a session that leads nowhere. Answers once the screen's version is no longer `version`, or after `ms`. */
  look(session: string, wait: TvWait): Promise<Shown | null>;
  /** What no longer answers the screen that is shown changes nothing: the present screen is answered. */
  press(session: string, press: TvPress): Promise<Shown | null>;
}

/** A key code of some make of boxes, beside those that all of them share. */
export interface TvKeyCode {
  /** A word of the User-Agent by which the make is known; null for every box. */
  readonly make: string | null;
  readonly key: TvKey;
  readonly code: number;
}
