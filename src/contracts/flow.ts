import type { Prompt } from './prompt.js';

/**
 * What the payer goes through with one instrument: a pure function from what is and what happened to what is next.
 * It has no clock, no randomness and no I/O; what it wants done it says as effects, which the engine stores and then performs.
 */
export interface Flow {
  readonly name: string;
  /** Raised when the machine changes; a released version stays until no open snapshot names it. */
  readonly version: number;
  /** The instrument this flow takes. */
  readonly instrument: Instrument;
  start(input: FlowInput): FlowStep;
  /**
   * The next step, or null when the flow does not take `event` where it stands.
   * @throws Impossible when `snapshot` is not one of this flow and version.
   */
  step(snapshot: FlowSnapshot, event: FlowEvent): FlowStep | null;
  /** Every edge of the machine, for diagrams and for tests that want to have walked them all. */
  readonly edges: readonly FlowEdge[];
}

export interface FlowEdge {
  readonly from: string;
  readonly on: FlowEvent['type'];
  readonly to: string;
  /** True when the machine has to choose: another edge of the same event leads elsewhere. */
  readonly guarded: boolean;
}

export const INSTRUMENTS = ['card', 'consumer_credit', 'direct_debit', 'cheque', 'purse', 'voucher'] as const;
export type Instrument = (typeof INSTRUMENTS)[number];

export interface FlowInput {
  /** The attempt's amount in minor units and its currency. */
  readonly money: { readonly amount: number; readonly currency: string };
}

/** The state of a machine as it is stored: JSON, small, without anything secret. */
export interface FlowSnapshot {
  readonly state: string;
  readonly context: Readonly<Record<string, unknown>>;
}

export interface FlowStep {
  readonly snapshot: FlowSnapshot;
  /** The public status of the attempt while the flow waits; null when it has ended. */
  readonly status: 'requires_action' | 'processing' | null;
  /** How the flow ended, null while it waits. */
  readonly end: FlowEnd | null;
  readonly prompt: Prompt | null;
  /** Which deadline bounds this state; null where the operation ladder does. */
  readonly deadline: Deadline | null;
  readonly effects: readonly Effect[];
}

export type FlowEnd = 'authorized' | 'declined' | 'reversed' | 'abandoned';

/** `payment`: as long as the payment is open. The others are lengths of their own, from the configuration. */
export type Deadline = 'payment' | 'device_check' | 'authentication' | 'challenge';

/** What a flow may ask for, as data. */
export type Effect =
  /** Have the holder authenticated; answers come as `authentication.…`. */
  | { readonly type: 'authenticate'; readonly card: string }
  /** Ask for the result of the challenge, should its message have been lost. */
  | { readonly type: 'check_authentication' }
  /** Hold or take the money; the ladder's final answer comes as approved, declined, reversed or security_code_lost. */
  | { readonly type: 'authorize'; readonly card: string };

/** What shows that the holder agrees. Decided by the engine from where the payment stands, never by a channel. */
export type RequiredProof = 'authentication' | 'telephone_order' | 'merchant_agreement' | 'purchase_code' | 'sms_code';

export type FlowEvent =
  | { readonly type: 'reply.card'; readonly card: string; readonly proof: RequiredProof }
  | { readonly type: 'reply.security_code' }
  /** The browser has made the issuer's device check (`Y`), could not in time (`N`), or there is none (`U`). */
  | { readonly type: 'reply.device_check' }
  /** The browser is back from the challenge. It proves nothing: the result message decides. */
  | { readonly type: 'reply.returned' }
  | { readonly type: 'authentication.device_check' }
  | { readonly type: 'authentication.challenge' }
  | { readonly type: 'authentication.passed' }
  | { readonly type: 'authentication.refused' }
  | { readonly type: 'approved' }
  | { readonly type: 'declined' }
  | { readonly type: 'reversed' }
  | { readonly type: 'security_code_lost' }
  | { readonly type: 'deadline' };
