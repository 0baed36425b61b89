import type { Money } from './money.js';

/**
 * How money moves. A factory function makes an acquirer; the presence of a method is the only list of its abilities.
 * No method throws: what went wrong is an Outcome, and anything thrown all the same is read as `unknown`.
 */
export interface Acquirer {
  readonly name: string;
  /** How long one call may take, connection included, in milliseconds. */
  readonly deadlineMs: number;
  /** For how long after sending a request may still surface on the acquirer's side: `not_found` is not final before. */
  readonly horizonMs: number;
  /** For how long an authorization is held when the approval does not say. */
  readonly holdMs: number;
  /** Authorizes, and captures at once when `call.capture` is set and `purchase` is true. */
  authorize(call: AuthorizeCall): Promise<Outcome>;
  /** True when authorize can take the money in the same operation. */
  readonly purchase?: true;
  /** What became of the operation `call.operation`, whatever its type. */
  inquire(call: Call): Promise<InquiryOutcome>;
  /** Takes held money once; whatever is left afterwards must be released by `void`. */
  capture?(call: FollowUpCall): Promise<Outcome>;
  /** Takes a part and leaves the remainder capturable: its presence means several captures are possible. */
  capturePart?(call: FollowUpCall): Promise<Outcome>;
  /** Releases what is held and not captured. */
  void?(call: FollowUpCall): Promise<Outcome>;
  /** Gives captured money back. */
  refund?(call: FollowUpCall): Promise<Outcome>;
  /** Undoes an authorization (captured at once or not) whether or not it ever arrived. `approved` is its acknowledgement. */
  reverse?(call: FollowUpCall): Promise<Outcome>;
}

export interface Call {
  /** The operation's own identity: travels as idempotency key and as our reference, the same at every repeat. */
  readonly operation: string;
  readonly payment: string;
  /** The merchant whose money it is. */
  readonly merchant: string;
  readonly money: Money;
  /** The acquirer's own reference for this operation, when it has told one. */
  readonly reference: string | null;
  /** Give up at this time (milliseconds since the epoch). */
  readonly deadline: number;
  /**
   * Asked right before the first byte goes to the socket; false means the lease is over: write nothing, answer `not_sent`.
   * A process frozen and thawed must not send late.
   */
  mayStillSend(): boolean;
}

export interface AuthorizeCall extends Call {
  /** Take the money in the same operation. */
  readonly capture: boolean;
  readonly card: CardData;
  readonly authentication: AuthenticationProof | null;
  /** Who asks: the holder on a page, the holder by telephone or letter, or the merchant by agreement. */
  readonly initiator: Initiator;
  readonly statementDescriptor: string | null;
}

export interface FollowUpCall extends Call {
  /** The authorize operation this one follows, and the acquirer's reference for it when known. */
  readonly original: { readonly operation: string; readonly reference: string | null; readonly money: Money };
}

export type Initiator = 'holder' | 'telephone_order' | 'merchant';

/** Clear card data, only ever in memory between the vault and the acquirer's socket. */
export type CardData =
  | {
      readonly kind: 'card';
      readonly number: string;
      /** 1 to 12. */
      readonly expiryMonth: number;
      /** Four digits. */
      readonly expiryYear: number;
      readonly securityCode: string | null;
      /** The brand the payer chose on a co-badged card, else the recognised one. */
      readonly brand: string;
    }
  /** A card kept by the acquirer itself, by its token there. */
  | { readonly kind: 'acquirer_token'; readonly token: string };

/** What the issuer's authentication gave, as EMV 3-D Secure 2 names it. */
export interface AuthenticationProof {
  readonly method: 'three_d_secure' | 'purchase_code' | 'sms_code';
  /** transStatus: `Y` authenticated, `A` attempted. */
  readonly result: string;
  readonly eci: string | null;
  /** CAVV or AAV: a secret-like cryptogram, kept until the authorization is settled. */
  readonly value: string | null;
  readonly directoryServerTransaction: string | null;
  readonly version: string | null;
}

export type Advice = 'retry' | 'other_instrument' | 'other_channel' | 'stop';

/** What became of one call. Values, never exceptions; what was not understood is `pending` or `unknown`, never `declined`. */
export type Outcome =
  | {
      readonly outcome: 'approved';
      /** The acquirer's reference. */
      readonly reference: string;
      readonly authorizationCode?: string;
      /** What the acquirer says it approved; anything but what was asked is a contradiction and gets reversed. */
      readonly money: Money;
      /** An authorization that took the money in the same operation. */
      readonly captured?: boolean;
      /** End of the hold, milliseconds since the epoch. */
      readonly holdUntil?: number;
    }
  | {
      readonly outcome: 'declined';
      readonly code: string;
      readonly acquirerCode?: string;
      readonly advice: Advice;
      readonly reference?: string;
    }
  | { readonly outcome: 'pending'; readonly reference: string }
  | { readonly outcome: 'unknown'; readonly reason: string }
  /** Nothing was written to the socket. May only be said by the caller of that very call. */
  | { readonly outcome: 'not_sent'; readonly reason: NotSentReason };

/** `held_elsewhere`: another process that lives holds the security code, and is left the next try. */
export type NotSentReason =
  | 'unreachable'
  | 'lease_over'
  | 'security_code_lost'
  | 'held_elsewhere'
  | 'card_lost'
  | 'unsupported';

/** An inquiry may also learn that the acquirer has never heard of the operation, or has taken it back. */
export type InquiryOutcome =
  | Outcome
  | { readonly outcome: 'not_found' }
  | { readonly outcome: 'reversed'; readonly reference: string };

/** Chooses the acquirer of a payment; null when none is configured for it. */
export type Route = (wanted: {
  mode: 'test' | 'live';
  merchant: string;
  currency: string;
  instrument: string;
}) => string | null;
