import type { Advice, AuthenticationProof, Initiator } from './acquirer.js';
import type { BrowserData } from './authentication.js';
import type { Capture, Refund } from './captures.js';
import type { FlowEnd, FlowSnapshot, Instrument } from './flow.js';
import type { OpenPrompt } from './prompt.js';
import type { Reach } from './reach.js';
import type { CardFace } from './vault.js';

export type { Capture, Part, PartsStatus, Refund } from './captures.js';

export type Mode = 'test' | 'live';
export const CHANNELS = ['web', 'ivr', 'sms', 'tv'] as const;
export type ChannelName = (typeof CHANNELS)[number];
export type Origin = 'web' | 'telephone' | 'mail' | 'tv';
/** Where something came from: a channel, or the merchant's own server. */
export type Source = ChannelName | 'api';

export const PAYMENT_STATUSES = [
  'requires_payment_method',
  'requires_action',
  'processing',
  'requires_capture',
  'partially_captured',
  'succeeded',
  'canceled',
  'failed',
  'expired',
  'requires_review',
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];
export type AttemptStatus =
  | 'requires_action'
  | 'processing'
  | 'authorized'
  | 'captured'
  | 'declined'
  | 'voided'
  | 'reversed'
  | 'canceled';

/** The aggregate: everything about one payment, changed only as a whole, by compare-and-swap on `revision`. */
export interface Payment {
  readonly id: string;
  /** Raised by one at each commit; 0 before the first. */
  revision: number;
  readonly schema: 1;
  readonly mode: Mode;
  readonly merchant: string;
  /** Minor units, with `currency`; 0 only to store an instrument. */
  readonly amount: number;
  readonly currency: string;
  readonly reference: string;
  readonly description: string | null;
  readonly capture: 'automatic' | 'manual';
  readonly instruments: readonly Instrument[];
  readonly channels: readonly ChannelName[];
  payer: PayerDetails;
  readonly origin: Origin;
  readonly returnUrl: string | null;
  readonly cancelUrl: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Null for a payment that a payer settles; otherwise why the merchant charges a stored instrument. */
  readonly payWith: PayWith | null;
  /** The merchant's terms as they were when the payment was made. */
  readonly terms: Terms;
  status: PaymentStatus;
  /** The reference while the payment is open or paid; null once it is free again. Unique with merchant and mode. */
  openReference: string | null;
  /** Ten digits that lead a payer here; null until one may come. */
  code: string | null;
  /** Page tokens derive from it; raised to revoke them; null until a payer may come. */
  generation: number | null;
  expiresAt: number;
  extensions: number;
  /** What somebody wants and money may still delay. */
  wish: Wish | null;
  canceledBy: CanceledBy | null;
  /** The channel that acted last. */
  channel: ChannelName | null;
  attempts: Attempt[];
  captures: Capture[];
  refunds: Refund[];
  /** Each wish to bring the payer here. */
  reaches: Reach[];
  /** Kept for ever: the answers to requests with an idempotency key. */
  requests: KeptRequest[];
  /** The journal: thin, in order, complete. The last sequence is the public version. */
  events: JournalEvent[];
  review: Review | null;
  /**
   * Drawn anew with each decision that makes calls: two processes that decide alike in the same moment cannot take one
   * commit for both of theirs. Absent before the first such decision, and in payments of earlier releases.
   */
  sender?: string;
  /** The earliest time at which something here is due; null only when nothing ever will be. */
  dueAt: number | null;
  readonly createdAt: number;
  updatedAt: number;
}

export interface PayerDetails {
  readonly account: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly name: string | null;
  readonly language: string | null;
}

export interface PayWith {
  readonly reason: 'unscheduled' | 'recurring' | 'payer_present';
}

export interface Terms {
  readonly lateMoney: 'return' | 'keep' | 'review';
  readonly merchantName: string;
  readonly statementDescriptor: string | null;
  /** Attempts that may be begun before the payment fails. */
  readonly attemptsMax: number;
  /** Which payments may be paid with a card keyed on a telephone, in live mode; absent in earlier releases: none. */
  readonly telephoneOrders?: 'begun_by_phone' | 'any' | 'never';
  /** The merchant's own number for payers to call, E.164; null or absent: the shared one. */
  readonly telephone?: string | null;
}

export type CanceledBy = 'payer' | 'merchant' | 'system';

export interface Wish {
  readonly to: 'cancel' | 'expire';
  readonly by: CanceledBy;
  /** Where the payer said so; absent where nobody did. */
  readonly channel?: ChannelName;
  readonly at: number;
}

/** Why a person must look; `late` names the attempt whose money waits for a decision. */
export interface Review {
  readonly reason: 'late_money' | 'quarantine';
  readonly detail: string;
  readonly attempt: string | null;
  readonly at: number;
}

/** One try with one instrument: a flow while the payer is needed, then a ledger of operations. */
export interface Attempt {
  readonly id: string;
  readonly instrument: Instrument;
  readonly channel: Source;
  readonly amount: number;
  readonly createdAt: number;
  /** Null when the flow has ended: what follows is operations. */
  flow: { readonly name: string; readonly version: number; readonly snapshot: FlowSnapshot } | null;
  /** Raised at each step of the flow: names prompts and deadlines. */
  step: number;
  prompt: OpenPrompt | null;
  deadlineAt: number | null;
  status: AttemptStatus;
  /** How the flow ended; null while it waits. */
  end: FlowEnd | null;
  /** What became of money that came too late: it waits for a decision, was kept, or is returned. */
  late: 'review' | 'kept' | 'returned' | null;
  acquirer: string;
  initiator: Initiator;
  /** Vault token of the card in use; null once it is no longer needed. */
  card: string | null;
  /** True for a stored instrument: its record belongs to the payer, not to this attempt. */
  readonly stored: boolean;
  /** The payer wants this card kept in their account once it is approved; null when nobody asked for it. */
  save: Save | null;
  face: CardFace | null;
  device: Device | null;
  authentication: Authentication | null;
  decline: Decline | null;
  operations: Operation[];
  /** What the acquirer's approval said. */
  authorizationCode: string | null;
  /** End of the hold while something is capturable. */
  captureBefore: number | null;
}

/** A card on its way into the payer's account: handed over after the approval, and asked again until somebody answers. */
export interface Save {
  /** The words the payer agreed to, as they were shown, and when. */
  readonly consent: { readonly words: string; readonly at: number };
  /** `wanted` until the approval, `due` until the account has answered. */
  state: 'wanted' | 'due' | 'kept' | 'dropped';
  tries: number;
  /** When the account is asked, again; null unless due. */
  nextAt: number | null;
}

/** The payer's device: a move to another one abandons an authentication. */
export interface Device {
  /** A keyed hash of the page's cookie, or of the call. */
  readonly id: string;
  readonly browser: BrowserData | null;
}

export interface Decline {
  readonly code: string;
  readonly acquirerCode: string | null;
  readonly advice: Advice;
}

/** One authentication of the holder. Results name its id; only the current one counts. */
export interface Authentication {
  readonly id: string;
  state: 'asking' | 'device_check' | 'challenge' | 'checking' | 'passed' | 'refused' | 'unfinished';
  /** Raised at each call; an answer names it. */
  calls: number;
  /** When the call in flight is given up and made again, or the next is due; null while the browser is awaited or all is done. */
  nextAt: number | null;
  deviceCheck: 'Y' | 'N' | 'U' | null;
  /** What the browser must be sent to, while it must. */
  follow: { readonly url: string; readonly data: string } | null;
  proof: AuthenticationProof | null;
}

export type OperationType = 'authorize' | 'capture' | 'void' | 'refund' | 'reverse';
export type OperationStatus = 'waiting' | 'sent' | 'approved' | 'declined' | 'pending' | 'unknown' | 'not_sent';

/** One call that can move money, stored before it is made and settled by the ladder. */
export interface Operation {
  readonly id: string;
  readonly type: OperationType;
  readonly amount: number;
  /** For `authorize`: takes the money too. For `capture`: leaves the remainder capturable. */
  readonly variant: 'purchase' | 'part' | null;
  /** Which capture or refund of the payment it carries out. */
  readonly serves: string | null;
  /** For `void`, `reverse`, `capture`, `refund`: the authorize operation it follows. */
  readonly follows: string | null;
  status: OperationStatus;
  /** What the call in flight does, null between calls. */
  asking: 'perform' | 'inquire' | null;
  /** Number of the latest call; an outcome names it. */
  calls: number;
  /** Performing calls that may have reached the acquirer. */
  sends: number;
  /** Inquiries and performs since the outcome became doubtful: sets the pause. */
  doubts: number;
  /** While a call is in flight: when its lease ends. Between calls: when the next one is due. Null when settled. */
  nextAt: number | null;
  /** Until when a request may still surface at the acquirer, set at each send. */
  horizonAt: number | null;
  /** The acquirer answered with another amount or currency: take it back, do not repeat. */
  contradicted: boolean;
  /** What the acquirer says it did, where that is not `amount`. */
  actual: number | null;
  /** A reversal of it was acknowledged: nothing is taken, unless a late inquiry says otherwise. */
  reversed: boolean;
  captured: boolean;
  reference: string | null;
  decline: Decline | null;
  readonly createdAt: number;
  settledAt: number | null;
}

/** A request with an idempotency key and, once settled, its first answer. */
export interface KeptRequest {
  readonly key: string;
  /** Keyed HMAC of method, path and parsed body. */
  readonly fingerprint: string;
  /** What it asked for: `create`, `cancel`, `resolve`, or the id of the capture, refund, reach or session it made. */
  readonly target: string;
  /** Until when the first execution may still be going. */
  readonly deadline: number;
  answer: { readonly status: number; readonly body: unknown } | null;
}

export interface JournalEvent {
  readonly id: string;
  /** `payment.<status>`, `attempt.<status>`, `capture.<status>`, `refund.<status>`, `channel.<what>`, `payment.created`. */
  readonly type: string;
  readonly sequence: number;
  readonly at: number;
  /** The attempt, capture or refund it tells of; null for the payment itself. */
  readonly about: string | null;
  /** For the timeline: why, in a stable word. */
  readonly note: string | null;
}
