import type { Money } from './money.js';
import type { Mode, PaymentStatus } from './payment.js';
import type { OpenPrompt } from './prompt.js';

/**
 * The counter window by telephone: all that a call may do about a payment. Who calls is nobody we know: a code that was
 * guessed tells merchant and amount, and nothing of the payer.
 */
export interface CallDesk {
  /**
   * Counts a webhook of a call. `serial` numbers them within it, `begunAt` says when its first one came, null for that one.
   */
  arrive(call: string, serial: number, begunAt: number | null): Promise<Arrival>;
  /** How far the call has come since webhook `serial`, that number where it stands there still; null for too far to look. */
  stands(call: string, serial: number): Promise<number | null>;
  /** Whose number was called: one merchant's own, or everybody's. */
  line(number: string): Promise<CallLine>;
  /** The payment under a code as it was keyed. Counted in the store before the look-up, once per webhook. */
  enter(typed: string, caller: Caller, merchant: string | null): Promise<Entered>;
  /** Notes that the call is about this payment; `reach` is the wish that it was placed for. */
  began(payment: string, caller: Caller, reach: string | null): Promise<void>;
  /** The payment as this call may hear of it; null for one that leads nowhere. */
  view(payment: string, call: string): Promise<CallView | null>;
  /** Pays with the card behind a pass of `KeyedCards`, given for this payment in this call. */
  takeKeyedCard(payment: string, prompt: string, pass: string, caller: Caller): Promise<CallTaken>;
  /**
   * Pays with the card that the payer's account keeps, for who has its purchase code. `refused`: or there is none. `unclear`:
   * the webhook came before, and nobody knows yet what that came to.
   */
  takeSavedCard(
    payment: string,
    prompt: string,
    purchaseCode: string,
    caller: Caller,
  ): Promise<CallTaken | 'refused' | 'too_many' | 'unclear'>;
  /** Leaves what was begun, if nothing was sent; what another device has begun only a few times. */
  leave(payment: string, prompt: string, caller: Caller): Promise<void>;
  /**
   * Sends the payment's link to the number of the order; false where none takes texts. The number that an account keeps is
   * not the order's: a code that was guessed must not reach it. Nothing of the number is told to who has not paid.
   */
  textLink(payment: string): Promise<boolean>;
  /** Sends the receipt of what this call has paid, likewise; null where none takes texts. */
  textReceipt(payment: string, call: string): Promise<SentText | null>;
  /** Resolves when the view's version is above `version`, or after `timeoutMs`. */
  watch(payment: string, version: number, timeoutMs: number): Promise<void>;
}

/** What a webhook is: a `new` one, one that came before and is answered `again`, one `behind` what the call has come to. */
export interface Arrival {
  readonly state: 'new' | 'again' | 'behind';
  /** When the call's first webhook came, milliseconds since the epoch. */
  readonly begunAt: number;
}

export interface Caller {
  /** The provider's name of the call. */
  readonly call: string;
  /** Who seems to call, E.164; null when withheld. Anybody may send any number: it only counts. */
  readonly number: string | null;
  readonly language: 'fr' | 'en';
  /** Which webhook of the call it is. */
  readonly serial: number;
  /** False for a webhook that came before: what was counted then is not counted again. */
  readonly isNew: boolean;
}

export interface CallLine {
  readonly operator: string;
  /** Null on a number that is everybody's. */
  readonly merchant: SpokenMerchant | null;
}

export interface SpokenMerchant {
  readonly id: string;
  readonly spokenName: Readonly<Record<'fr' | 'en', string>>;
  readonly language: 'fr' | 'en';
  /** Where callers reach a person, E.164; null where they cannot. */
  readonly agent: string | null;
}

export type Entered = { readonly payment: string } | { readonly refused: 'mistyped' | 'unknown' | 'too_many' };

export interface CallView {
  readonly payment: string;
  /** Rises with everything that happens. */
  readonly version: number;
  readonly mode: Mode;
  readonly merchant: SpokenMerchant;
  readonly money: Money;
  readonly status: PaymentStatus;
  readonly prompt: OpenPrompt | null;
  /** Whether a card may be keyed for it now: a telephone order, as the merchant takes them, and nothing that must not be left. */
  readonly takesCard: boolean;
  /** In which the payer is written to, where we call them; null when nobody knows. */
  readonly language: 'fr' | 'en' | null;
  /** The code that leads a caller here, and the page `/link` too. */
  readonly code: string | null;
  /** Whether there is a page to go to. */
  readonly hasPage: boolean;
  /** What this very call has tried or paid; null while it has done neither. */
  readonly own: {
    readonly isPaid: boolean;
    /** Whether nobody has tried since. */
    readonly isLatest: boolean;
    readonly decline: { readonly code: string; readonly advice: string } | null;
    /** The merchant's reference; null until it is paid. */
    readonly reference: string | null;
  } | null;
}

export type CallTaken =
  | 'taken'
  /** Somebody was faster, or it has ended: look again. */
  | 'stale'
  /** This card's holder must be authenticated, which a telephone cannot do. */
  | 'needs_authentication'
  /** The card was given for another payment or call, or too long ago. */
  | 'lost';

/** A text that will go, and the last two digits of where to. */
export interface SentText {
  readonly ending: string;
}

/** Tells callers who wait before keys that another device pays, or has paid, without waiting for their next webhook. */
export interface CallNews {
  /** A webhook of the call has come: what it waited in before is over. What happens to `payment` from now on is heard. */
  arrived(call: string, payment: string | null): void;
  /** The call waits. It is taken to `url` once there is news, unless it has gone on by itself, or ended. */
  follow(waiting: WaitingCall): void;
  /** The call waits for nothing, or has ended. */
  forget(call: string): void;
}

export interface WaitingCall {
  readonly call: string;
  readonly payment: string;
  /** The webhook whose answer it waits in. */
  readonly serial: number;
  /** Where the news is told. */
  readonly url: string;
  /** Whether that is worth breaking in for. */
  isNews(view: CallView): boolean;
}

/** Where cards come in that the telephone's provider has collected. */
export interface KeyedCards {
  /**
   * Keeps the card in the vault, once per transaction however often it is told of it, for a payment that waits for it.
   * What it answers is of use in that call alone.
   */
  keep(card: KeyedCard): Promise<{ readonly pass: string } | { readonly refused: KeyedCardRefusal }>;
}

export interface KeyedCard {
  /** The provider's identity of this hand-over, the same at each retry. */
  readonly transaction: string;
  readonly call: string;
  readonly payment: string;
  readonly prompt: string;
  readonly number: string;
  readonly expiryMonth: string;
  readonly expiryYear: string;
  readonly securityCode: string;
}

export type KeyedCardRefusal =
  | 'invalid_card_number'
  | 'invalid_expiry_date'
  | 'invalid_security_code'
  /** Nobody waits for a card any more. */
  | 'payment_closed'
  | 'too_many_tries';

/** What became of a call that we had placed. */
export type CallReport =
  | 'answered'
  | 'answered_by_machine'
  | 'completed'
  | 'busy'
  | 'no_answer'
  | 'failed'
  | 'canceled';

/** Who is told what becomes of calls placed for a wish to reach the payer. Told twice it is the same. */
export interface CallReports {
  reachReported(payment: string, reach: string, report: CallReport): Promise<void>;
}

/** What the provider is to be given with a call that is to be placed. */
export interface CallAddresses {
  readonly url: string;
  readonly statusUrl: string;
}
