import type { Attempt, Operation, Payment } from '../contracts/payment.js';

/** Sums over an attempt's operations, in minor units. Pure; the operations are the only truth about money. */

const sum = (operations: readonly Operation[]): number =>
  operations.reduce((total, operation) => total + amountOf(operation), 0);
const approved = (attempt: Attempt, type: Operation['type']): Operation[] =>
  attempt.operations.filter((operation) => operation.type === type && operation.status === 'approved');

/** What an operation moved, as far as anybody has said. */
export function amountOf({ amount, actual }: Operation): number {
  return actual ?? amount;
}

/** True while nobody knows, or nothing has been sent yet: no second authorize, capture, void or reverse may begin. */
export function isUnsettled(operation: Operation): boolean {
  return operation.settledAt === null;
}

/** The unsettled authorize, capture, void or reverse of an attempt: at most one, beside the reversal of a doubtful authorize. */
export function unsettledIn(attempt: Attempt): Operation | undefined {
  return attempt.operations.find((operation) => operation.type !== 'refund' && isUnsettled(operation));
}

export function isUnsettledAnywhere(payment: Payment): boolean {
  return payment.attempts.some((attempt) => unsettledIn(attempt) !== undefined);
}

/** The approved authorization that was not taken back, nor is being taken back while its outcome was still in doubt. */
export function authorization(attempt: Attempt): Operation | undefined {
  return attempt.operations.find(
    ({ type, status, reversed, settledAt }) =>
      type === 'authorize' && status === 'approved' && !reversed && settledAt !== null,
  );
}

/** Approved and not reversed, whether captured, voided or refunded since. */
export function approvedOf(attempt: Attempt): number {
  const approval = authorization(attempt);
  return approval === undefined ? 0 : amountOf(approval);
}

export function voidedOf(attempt: Attempt): number {
  return authorization(attempt) === undefined ? 0 : sum(approved(attempt, 'void'));
}

/** Held at the issuer or taken: what an approval gave, less what was released. */
export function authorizedOf(attempt: Attempt): number {
  return approvedOf(attempt) - voidedOf(attempt);
}

export function capturedOf(attempt: Attempt): number {
  const first = authorization(attempt);
  if (first === undefined) return 0;
  return first.captured ? amountOf(first) : sum(approved(attempt, 'capture'));
}

export function refundedOf(attempt: Attempt): number {
  return sum(approved(attempt, 'refund'));
}

/** Refunded, or perhaps refunded: what pending and unknown refunds may already have given back counts. */
export function refundedAtMostOf(attempt: Attempt): number {
  const open = attempt.operations.filter((operation) => operation.type === 'refund' && isUnsettled(operation));
  return refundedOf(attempt) + sum(open);
}

/** Held and not yet captured, less what captures and voids under way may take. */
export function capturableOf(attempt: Attempt): number {
  if (attempt.late === 'returned' || attempt.late === 'review') return 0;
  const open = attempt.operations.filter(
    (operation) => (operation.type === 'capture' || operation.type === 'void') && isUnsettled(operation),
  );
  return Math.max(0, authorizedOf(attempt) - capturedOf(attempt) - sum(open));
}

/** What an attempt counts towards the payment: late money counts only once it is kept. */
export function countsOf(attempt: Attempt): number {
  return attempt.late === 'returned' || attempt.late === 'review' ? 0 : authorizedOf(attempt);
}

/** What an attempt still holds or took and has not given back. */
export function returnableOf(attempt: Attempt): number {
  return authorizedOf(attempt) - refundedOf(attempt);
}

/** The same for what counts towards the payment: while a wish stands, all of it goes back. */
export function keptOf(attempt: Attempt): number {
  return countsOf(attempt) === 0 ? 0 : returnableOf(attempt);
}

/** All of it is held or taken; where the amount is 0, the issuer has approved the card. */
export function isCovered({ amount, attempts }: Payment): boolean {
  if (amount === 0) return attempts.some((attempt) => attempt.late === null && authorization(attempt) !== undefined);
  return attempts.reduce((total, attempt) => total + countsOf(attempt), 0) >= amount;
}

export interface Totals {
  readonly authorized: number;
  readonly captured: number;
  readonly refunded: number;
  readonly capturable: number;
  /** What is still to be paid while the payment is open. */
  readonly due: number;
}

export function totalsOf(payment: Payment): Totals {
  let authorized = 0;
  let captured = 0;
  let refunded = 0;
  let capturable = 0;
  let counted = 0;
  for (const attempt of payment.attempts) {
    authorized += authorizedOf(attempt);
    captured += capturedOf(attempt);
    refunded += refundedOf(attempt);
    capturable += capturableOf(attempt);
    counted += countsOf(attempt);
  }
  const open = payment.openReference !== null && captured === 0;
  return { authorized, captured, refunded, capturable, due: open ? Math.max(0, payment.amount - counted) : 0 };
}
