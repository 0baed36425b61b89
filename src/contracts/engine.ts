import type { AuthenticationAnswer, BrowserData } from './authentication.js';
import type { Instrument, RequiredProof } from './flow.js';
import type {
  CanceledBy,
  ChannelName,
  JournalEvent,
  Mode,
  Origin,
  PayerDetails,
  Payment,
  PayWith,
  Refund,
  Source,
  Terms,
} from './payment.js';
import type { Reach, ReachReport, ReachStep, ReachWay } from './reach.js';
import type { FeedBatch } from './store.js';
import type { CardFace } from './vault.js';

/**
 * The heart, as the rest of the house sees it. Every command is one compare-and-swap, decided again when a race is lost.
 * Commands that send wait for the outcome until `deadline`, then answer the payment as it stands.
 */
export interface Engine {
  /**
   * Makes the payment; with `payWith` starts its attempt at once.
   * @throws DuplicateKey for a reference or idempotency key that is taken.
   */
  create(payment: NewPayment): Promise<Payment>;
  /** Null for an id that does not exist. */
  load(id: string): Promise<Payment | null>;
  /** False for a payment that only processes of another release can go on with: it is shown, and otherwise left alone. */
  goesOnHere(payment: Payment): boolean;
  /** What the payer answered. Dropped (`applied: false`) when the prompt it names no longer waits. */
  reply(id: string, reply: Reply): Promise<Delivered>;
  /** @throws Problem 409 `payment_not_cancelable`, `operation_in_progress` */
  cancel(id: string, command: CancelCommand): Promise<Payment>;
  /** @throws Problem 409 `payment_not_capturable`, `multiple_captures_not_supported`, `operation_in_progress`; 422 `amount_too_large` */
  capture(id: string, command: CaptureCommand): Promise<Payment>;
  /** @throws Problem 409 `payment_not_refundable`; 422 `amount_too_large` */
  refund(id: string, command: RefundCommand): Promise<{ payment: Payment; refund: Refund }>;
  /** Ends `requires_review`. @throws Problem 409 `payment_not_in_review`, `reference_in_use` */
  resolve(id: string, command: ResolveCommand): Promise<Payment>;
  /** Has the payer sent the link of an open payment. @throws Problem 409 `payment_not_open` */
  reach(id: string, command: ReachCommand): Promise<{ payment: Payment; reach: Reach }>;
  /** Notes that a call about the payment began; `reach` is the wish that it was placed for, null when the payer dialled. */
  called(id: string, reach: string | null): Promise<void>;
  /** Notes in the payment's story that it was met, where merchants and those who wait on another device want to know. */
  met(id: string, how: Meeting): Promise<void>;
  /** How far a way of reaching has got. False when nobody waits for it any more. */
  reached(id: string, of: ReachStep, report: ReachReport): Promise<boolean>;
  /** Tells in the payment's story that its payer wants texts no more, or again; once, however often it is asked. */
  consented(id: string, given: boolean): Promise<boolean>;
  /** Tells in the payment's story that its caller is sent the link, or the receipt, by text; each once. */
  texted(id: string, what: 'link' | 'receipt'): Promise<boolean>;
  /** Ten more minutes for the payer, at most ten times; answers whether they were given. */
  extend(id: string): Promise<boolean>;
  /** Revokes all page links of the payment and makes new ones valid. */
  revokeLinks(id: string): Promise<Payment>;
  /** A result of an authentication that arrived by itself (RReq). False when it is no longer awaited. */
  authenticated(authentication: string, payment: string, answer: AuthenticationAnswer): Promise<boolean>;
  /** The acquirer says that something happened to an operation: a hint to inquire now. False when nothing is open about it. */
  notified(payment: string, operation: string): Promise<boolean>;
  /** Sends what waits for a worker, if it still does. Resolves when all that it led to is done. */
  claim(payment: string): Promise<void>;
  /** Does what is due now; answers when something is due next, null for never. */
  sweep(): Promise<number | null>;
  /** Resolves when the payment's version is above `version`, or at `deadline`. */
  watch(id: string, version: number, deadline: number): Promise<void>;
  /**
   * Listens from now on for word that something happened to the payment: `woken` resolves at the first, or at `until`. Word
   * of other processes may be lost: who waits looks now and then. `stop` ends it early.
   */
  listen(id: string, until: number): { readonly woken: Promise<void>; stop(): void };
  /**
   * Has `changed` told, from now on and before anybody else, of each payment that something happened to; and of whatever
   * else other processes send word of. Word of theirs may be lost.
   */
  onChange(changed: (id: string) => void): void;
  /** Resolves when nothing this process has begun is under way any more. */
  idle(): Promise<void>;
}

/** A television was opened for it, or its page on another device while a television shows it. */
export type Meeting = 'device_paired' | 'page_opened';

export interface NewPayment {
  /** Drawn by the caller (`pay_…`). */
  readonly id: string;
  readonly mode: Mode;
  readonly merchant: string;
  readonly amount: number;
  readonly currency: string;
  readonly reference: string;
  readonly description: string | null;
  readonly capture: 'automatic' | 'manual';
  readonly instruments: readonly Instrument[];
  readonly channels: readonly ChannelName[];
  readonly payer: PayerDetails;
  readonly origin: Origin;
  readonly returnUrl: string | null;
  readonly cancelUrl: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly terms: Terms;
  readonly expiresAt: number;
  /** Where the payer is sent the link at once. */
  readonly reach?: ReachWish;
  readonly payWith: (PayWith & { readonly token: string; readonly face: CardFace }) | null;
  readonly request: NewRequest | null;
  /** Until when the caller waits for the outcome of `payWith`, milliseconds since the epoch. */
  readonly deadline: number;
}

/** A request with an idempotency key, before it has an answer. */
export interface NewRequest {
  readonly key: string;
  readonly fingerprint: string;
  /** Until when its first execution may be going, milliseconds since the epoch. */
  readonly deadline: number;
}

export interface Delivered {
  readonly payment: Payment;
  readonly applied: boolean;
}

/** What a payer answers, and on what. `prompt` is the id it answers. */
export type Reply = {
  readonly prompt: string;
  readonly channel: Source;
  readonly device: string;
  readonly browser: BrowserData | null;
  /** What the payer reads or hears just now: from here on they are told everything in it. */
  readonly language?: string;
} & (
  | {
      readonly type: 'card';
      readonly token: string;
      readonly face: CardFace;
      /** True for an instrument that is kept for the payer: its vault record outlives the attempt. */
      readonly stored: boolean;
      /** Null asks the engine to decide; a channel may only ask for more, never for less. */
      readonly proof: RequiredProof | null;
      /** The words of consent with which the payer wants the card kept in their account. */
      readonly save?: string;
    }
  | { readonly type: 'security_code' }
  | { readonly type: 'device_check'; readonly completed: 'Y' | 'N' | 'U' }
  | { readonly type: 'returned' }
  /** Leaves the instrument in hand for another: ends the attempt if nothing was sent. */
  | { readonly type: 'leave' }
  /** Goes on here with the card in hand: what another device has begun with the issuer is left, and begun anew. */
  | { readonly type: 'take_over' }
);

interface Command {
  readonly request: NewRequest | null;
  /** Until when the caller waits for the outcome. */
  readonly deadline: number;
}
export interface CancelCommand extends Command {
  readonly by: CanceledBy;
  /** The payer's own, as in a reply. */
  readonly language?: string;
}
export interface CaptureCommand extends Command {
  /** Null: all that is left. */
  readonly amount: number | null;
  readonly final: boolean;
}
export interface RefundCommand extends Command {
  /** Null: all that is left. */
  readonly amount: number | null;
  readonly reason: string | null;
  readonly reference: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}
export interface ResolveCommand extends Command {
  readonly decision: 'keep' | 'return';
}

export interface ReachWish extends ReachWay {
  readonly to: string;
  /** What is tried next, in this order, each with its address. */
  readonly fallback?: readonly ReachWay[];
}
export interface ReachCommand extends ReachWish {
  readonly request: NewRequest | null;
}

/**
 * Where cards that their payers want kept are handed over. Asked again under the same token until it answers: then the
 * record of that token is the account's, or destroyed, and the attempt names it no more.
 */
export interface CardStorage {
  /**
   * `kept` says that the account has the card, not under which token or in which record: one that was there already stays.
   * `refused` for an account that takes no card any more; then the card is forgotten.
   * @throws StoreFailure when nobody knows
   */
  store(card: {
    readonly merchant: string;
    readonly mode: Mode;
    readonly account: string;
    readonly token: string;
    readonly face: CardFace;
    readonly authenticated: boolean;
    readonly consent: { readonly words: string; readonly at: number };
  }): Promise<'kept' | 'refused'>;
}

/** Renders public shapes; given to the engine because answers and feed enter the commit that they tell of. */
export interface Presenter {
  payment(payment: Payment): Record<string, unknown>;
  refund(payment: Payment, refund: Refund): Record<string, unknown>;
  reach(payment: Payment, reach: Reach): Record<string, unknown>;
  /** The batch for the feed: the objects that `events` tell of, without anything that names a person. */
  feed(payment: Payment, events: readonly JournalEvent[]): FeedBatch;
}
