import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Initiator } from '../../contracts/acquirer.js';
import type { OperationType } from '../../contracts/payment.js';

/**
 * What is spoken between the connector and the sandbox acquirer: JSON over HTTP, a bearer credential, one path per
 * operation, our operation id as the idempotency key, and an inquiry by that id.
 */
export const PATHS = {
  authorize: '/authorizations',
  capture: '/captures',
  void: '/voids',
  refund: '/refunds',
  reverse: '/reversals',
} as const satisfies Record<OperationType, string>;

/** Idempotency is for ever: the same operation id is answered the same, another body under it is refused (422). */
export interface WireRequest {
  readonly operation: string;
  readonly payment: string;
  readonly merchant: string;
  /** Integer minor units. */
  readonly amount: number;
  readonly currency: string;
}

export interface WireAuthorization extends WireRequest {
  /** Take the money at once. */
  readonly capture: boolean;
  readonly card: WireCard;
  readonly initiator: Initiator;
  readonly authentication: WireProof | null;
  readonly statement_descriptor: string | null;
}

export interface WireFollowUp extends WireRequest {
  /** The authorization it follows. For a reversal it need never have arrived. */
  readonly original: { readonly operation: string; readonly reference: string | null };
}

export type WireCard =
  | {
      readonly number: string;
      readonly expiry_month: number;
      readonly expiry_year: number;
      readonly security_code: string | null;
    }
  | { readonly token: string };

export interface WireProof {
  readonly method: string;
  readonly result: string;
  readonly eci: string | null;
  readonly value: string | null;
  readonly directory_server_transaction: string | null;
  readonly version: string | null;
}

/** What the sandbox answers to an operation and to an inquiry about it. */
export interface WireAnswer {
  readonly operation: string;
  readonly type: OperationType;
  readonly status: 'approved' | 'declined' | 'pending' | 'reversed';
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  readonly authorization_code: string | null;
  /** The authorization took the money too. */
  readonly captured: boolean;
  /** End of the hold, milliseconds since the epoch. */
  readonly hold_until: number | null;
  readonly code: string | null;
  readonly acquirer_code: string | null;
}

/** A hint that an operation has been settled: inquire to learn how. */
export interface WireNotification {
  readonly payment: string;
  readonly operation: string;
  readonly status: string;
  readonly reference: string;
}

export const NOTIFICATION_SIGNATURE = 'sandbox-signature';

export type SigningPurpose = 'notification' | 'authentication_result' | 'health';

/** Signs under a key of its own for each purpose, so that one kind of message cannot stand for another. */
export function signatureOf(credential: string, purpose: SigningPurpose, text: string): string {
  const key = createHmac('sha256', credential).update(purpose).digest();
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** Compares two secrets in constant time, whatever their lengths. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest());
}
