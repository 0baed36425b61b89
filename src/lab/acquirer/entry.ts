import { DECLINES, type DeclineCode } from '../../acquirers/sandbox/declines.js';
import type { WireAnswer } from '../../acquirers/sandbox/protocol.js';
import type { OperationType } from '../../contracts/payment.js';

/** One operation in the ledger: how it ends, and what has been done to its money since. */
export interface Entry {
  readonly position: number;
  readonly id: string;
  readonly payment: string;
  readonly merchant: string;
  readonly type: OperationType;
  /** The authorization it follows. */
  readonly original: string | null;
  /** Keyed hash of the request; null for one that was reversed before it arrived. */
  readonly fingerprint: string | null;
  readonly status: 'approved' | 'declined';
  readonly code: DeclineCode | null;
  readonly reference: string;
  readonly authorizationCode: string | null;
  /** Minor units: what was approved, not always what was asked. */
  readonly amount: number;
  readonly currency: string;
  /** Authorized and captured in one. */
  readonly purchase: boolean;
  /** What it shows as until `settlesAt`. */
  readonly interim: 'pending' | 'not_found' | null;
  readonly settlesAt: number | null;
  readonly forgetsEarlyReversal: boolean;
  readonly refuses: 'capture' | 'refund' | 'void' | null;
  readonly holdUntil: number | null;
  readonly captured: number;
  readonly voided: number;
  readonly refunded: number;
  readonly reversedAt: number | null;
  readonly card: string | null;
  readonly initiator: string | null;
  readonly authentication: string | null;
  readonly createdAt: number;
}

export type Standing = WireAnswer['status'] | 'not_found';

/** How an operation stands at `now`. */
export function standingOf(entry: Entry, now: number): Standing {
  if (entry.reversedAt !== null) return 'reversed';
  if (entry.interim !== null && entry.settlesAt !== null && now < entry.settlesAt) return entry.interim;
  return entry.status;
}

/** The answer to the operation, its repeats and inquiries; null while it cannot be found. */
export function answerOf(entry: Entry, now: number): WireAnswer | null {
  const status = standingOf(entry, now);
  if (status === 'not_found') return null;
  const approved = status === 'approved';
  return {
    operation: entry.id,
    type: entry.type,
    status,
    reference: entry.reference,
    amount: entry.amount,
    currency: entry.currency,
    authorization_code: approved ? entry.authorizationCode : null,
    captured: approved && entry.purchase,
    hold_until: approved && !entry.purchase ? entry.holdUntil : null,
    code: status === 'declined' ? entry.code : null,
    acquirer_code: status === 'declined' && entry.code !== null ? DECLINES[entry.code].acquirerCode : null,
  };
}

/** What the ledger shows of an operation to tests and to the lab. */
export function viewOf(entry: Entry, now: number): Record<string, unknown> {
  const standing = standingOf(entry, now);
  const counts = entry.type === 'authorize' && standing === 'approved';
  const isHeld = counts && (entry.holdUntil === null || now < entry.holdUntil);
  return {
    operation: entry.id,
    payment: entry.payment,
    merchant: entry.merchant,
    type: entry.type,
    original: entry.original,
    status: standing,
    code: entry.code,
    reference: entry.reference,
    currency: entry.currency,
    amount: entry.amount,
    authorized: counts ? entry.amount : 0,
    captured: counts ? entry.captured : 0,
    voided: counts ? entry.voided : 0,
    refunded: counts ? entry.refunded : 0,
    /** Still to be captured. */
    held: isHeld ? entry.amount - entry.captured - entry.voided : 0,
    /** What the payer has paid and not got back. */
    net: counts ? entry.captured - entry.refunded : 0,
    card: entry.card,
    initiator: entry.initiator,
    authentication: entry.authentication,
    created_at: entry.createdAt,
    settles_at: entry.settlesAt,
    reversed_at: entry.reversedAt,
  };
}
