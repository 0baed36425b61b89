import { triesOf } from '../contracts/open_payment.js';
import type { Attempt, PartsStatus, Payment, PaymentStatus } from '../contracts/payment.js';
import { attemptStatus, endFlow } from './attempts.js';
import { activeAttempt, type Draft, findOperation } from './draft.js';
import {
  authorization,
  authorizedOf,
  capturableOf,
  capturedOf,
  isCovered,
  isUnsettled,
  isUnsettledAnywhere,
  keptOf,
  refundedOf,
  returnableOf,
  unsettledIn,
} from './ledger.js';
import { issue, quarantine } from './operations.js';
import { reverse } from './reversal.js';
import { handOverCards } from './saving.js';
import { acquirerOf } from './world.js';

/** The payment function: what follows for the whole payment from all its attempts. Pure, run after every change. */
export function conclude(draft: Draft): void {
  const { payment } = draft;
  if (payment.review?.reason !== 'quarantine') {
    if (payment.wish !== null) fulfilWish(draft);
    else continueLedgers(draft);
    for (const attempt of payment.attempts)
      if (attempt.late === 'returned' && returnableOf(attempt) > 0) giveBack(draft, attempt);
    handOverCards(draft);
  }
  for (const capture of payment.captures) capture.status = partsStatus(payment, capture.parts);
  for (const refund of payment.refunds) refund.status = partsStatus(payment, refund.parts);
  if (payment.wish === null) releaseRemainders(draft);
  for (const attempt of payment.attempts) attempt.status = attemptStatus(attempt);
  payment.status = statusOf(payment);
  if (isEnded(payment.status) && payment.status !== 'succeeded') payment.openReference = null;
  if (payment.wish !== null && payment.status === ENDS[payment.wish.to]) payment.canceledBy = canceledBy(payment);
  const needsPayer = payment.status === 'requires_payment_method' || payment.status === 'requires_action';
  if (needsPayer && payment.generation === null) openToPayer(draft);
}

const ENDS = { cancel: 'canceled', expire: 'expired' } as const;

function canceledBy(payment: Payment): Payment['canceledBy'] {
  return payment.wish?.to === 'cancel' ? payment.wish.by : null;
}

/** True for a status that only late money or a refund touches again. */
export function isEnded(status: PaymentStatus): boolean {
  return status === 'succeeded' || status === 'canceled' || status === 'failed' || status === 'expired';
}

/** From now on a payer may come: page links work, and the payment has its code where a channel needs one. */
export function openToPayer(draft: Draft): void {
  const { payment, world } = draft;
  payment.generation = 1;
  const needsCode = payment.channels.includes('ivr') || payment.channels.includes('tv');
  if (!needsCode) return;
  if (world.code === null) draft.needsCode = true;
  else payment.code = world.code;
}

/** Cancel and expiry: nothing new begins, what was not sent never leaves, what was approved goes back. */
function fulfilWish(draft: Draft): void {
  const { payment } = draft;
  const active = activeAttempt(payment);
  if (active !== undefined) stop(draft, active);
  for (const attempt of payment.attempts) {
    if (keptOf(attempt) > 0) giveBack(draft, attempt);
  }
}

function stop(draft: Draft, attempt: Attempt): void {
  const operation = unsettledIn(attempt);
  if (operation === undefined) {
    endFlow(draft, attempt, 'abandoned');
  } else if (operation.sends === 0 && operation.asking === null) {
    operation.status = 'not_sent';
    operation.settledAt = draft.world.now;
    operation.nextAt = null;
    endFlow(draft, attempt, 'abandoned');
  } else if (operation.type === 'authorize' && operation.status === 'pending' && operation.asking === null) {
    reverse(draft, attempt, operation);
  }
}

/**
 * Returns all that an attempt still holds or took, one operation after the other. What was wanted once and is only held is
 * voided; late money is reversed, because a reversal also catches what has not surfaced yet. Once something was refunded
 * only the rest is, for a reversal would return it twice.
 */
export function giveBack(draft: Draft, attempt: Attempt): void {
  const approval = authorization(attempt);
  const refunds = attempt.operations.filter(({ type, status }) => type === 'refund' && status !== 'declined');
  if (approval === undefined || unsettledIn(attempt) !== undefined || refunds.some(isUnsettled)) return;
  const acquirer = acquirerOf(draft.world, attempt.acquirer);
  const held = authorizedOf(attempt) - capturedOf(attempt);
  const taken = capturedOf(attempt) - refundedOf(attempt);
  const isOnlyHeld = capturedOf(attempt) === 0 && attempt.late === null;
  const isReversible = acquirer.reverse !== undefined && refunds.length === 0;
  const follows = approval.id;
  if (isReversible && !(isOnlyHeld && acquirer.void !== undefined)) reverse(draft, attempt, approval);
  else if (held > 0 && acquirer.void !== undefined) issue(draft, attempt, { type: 'void', amount: held, follows });
  else if (taken > 0 && acquirer.refund !== undefined)
    issue(draft, attempt, { type: 'refund', amount: taken, follows });
  // A card that was only verified holds nothing: where the acquirer has no reversal there is nothing to do.
  else if (held > 0 || taken > 0) quarantine(draft, 'cannot_give_back', attempt.id);
}

/** Where the acquirer could not take the money with the authorization, the ledger does, once all of it is held. */
function continueLedgers(draft: Draft): void {
  const { payment, world } = draft;
  if (payment.capture !== 'automatic' || payment.review !== null || !isCovered(payment)) return;
  for (const attempt of payment.attempts) {
    const approval = authorization(attempt);
    const amount = capturableOf(attempt);
    if (approval === undefined || amount === 0 || unsettledIn(attempt) !== undefined) continue;
    const refusal = attempt.operations.find(({ type, status }) => type === 'capture' && status === 'declined');
    if (refusal !== undefined) {
      attempt.decline = refusal.decline;
      issue(draft, attempt, { type: 'void', amount, follows: approval.id });
      continue;
    }
    const id = world.ids.next('cap');
    const operation = issue(draft, attempt, { type: 'capture', amount, serves: id, follows: approval.id });
    const parts = [{ attempt: attempt.id, operation: operation.id, amount }];
    payment.captures.push({ id, amount, final: true, automatic: true, status: 'pending', parts, createdAt: world.now });
  }
}

/** After a final capture the remainder is released by an operation of its own. */
function releaseRemainders(draft: Draft): void {
  const { payment } = draft;
  if (payment.review !== null || !isFinallyCaptured(payment)) return;
  for (const attempt of payment.attempts) release(draft, attempt);
}

/** Releases what an attempt still holds, unless something about it is under way. */
export function release(draft: Draft, attempt: Attempt): void {
  const approval = authorization(attempt);
  const amount = capturableOf(attempt);
  if (approval === undefined || amount === 0 || unsettledIn(attempt) !== undefined) return;
  issue(draft, attempt, { type: 'void', amount, follows: approval.id });
}

const isFinallyCaptured = (payment: Payment): boolean =>
  payment.captures.some(({ final, automatic, status }) => final && !automatic && status === 'succeeded');

function partsStatus(payment: Payment, parts: readonly { operation: string }[]): PartsStatus {
  const operations = parts.flatMap(({ operation }) => findOperation(payment, operation)?.operation ?? []);
  if (operations.some(isUnsettled)) return payment.review?.reason === 'quarantine' ? 'requires_review' : 'pending';
  const approved = operations.filter(({ status }) => status === 'approved').length;
  if (approved === operations.length) return 'succeeded';
  return approved === 0 ? 'failed' : 'requires_review';
}

/** The public status, from everything that is known. Never `failed` while an outcome is unknown. */
export function statusOf(payment: Payment): PaymentStatus {
  if (payment.review !== null) return 'requires_review';
  const counted = payment.attempts.filter(({ late }) => late === null || late === 'kept');
  const isUnknown = counted.some((attempt) => unsettledIn(attempt) !== undefined);
  if (payment.wish !== null) {
    const end = ENDS[payment.wish.to];
    const isOpen = payment.attempts.some(({ operations }) => operations.some(isUnsettled));
    const isDone = !isOpen && counted.every((attempt) => keptOf(attempt) === 0);
    return isDone || payment.status === end ? end : 'processing';
  }
  const captured = counted.reduce((total, attempt) => total + capturedOf(attempt), 0);
  const capturable = counted.reduce((total, attempt) => total + capturableOf(attempt), 0);
  if (isFinallyCaptured(payment)) return 'succeeded';
  if (isCovered(payment) && payment.amount === 0) return 'succeeded';
  if (isCovered(payment)) return coveredStatus(payment, captured, capturable, isUnknown);
  if (captured > 0 && capturable === 0 && !isUnknown && payment.captures.length > 0) return 'succeeded';
  const active = activeAttempt(payment);
  if (active !== undefined) return active.status === 'requires_action' ? 'requires_action' : 'processing';
  // What is on its way back is still over there: nothing new begins beside it.
  const isReturning = payment.attempts.some((attempt) => attempt.late === 'returned' && returnableOf(attempt) > 0);
  if (isUnknown || (isReturning && !isEnded(payment.status))) return 'processing';
  return idleStatus(payment);
}

function coveredStatus(payment: Payment, captured: number, capturable: number, isUnknown: boolean): PaymentStatus {
  if (payment.capture === 'automatic' && isUnknown) return 'processing';
  if (captured > 0 && capturable === 0 && captured >= payment.amount) return 'succeeded';
  return captured > 0 ? 'partially_captured' : 'requires_capture';
}

/** No flow waits and nothing is in doubt: may the payer try again? */
function idleStatus(payment: Payment): PaymentStatus {
  const last = payment.attempts.at(-1);
  if (last === undefined) return 'requires_payment_method';
  if (last.decline?.advice === 'stop' || triesOf(payment) >= payment.terms.attemptsMax) return 'failed';
  const { payWith } = payment;
  const isFirst = payment.attempts.length === 1;
  if (payWith !== null && isFirst) {
    if (last.decline?.code === 'authentication_required') return 'requires_action';
    if (payWith.reason !== 'payer_present') return 'failed';
  }
  return 'requires_payment_method';
}

/** True while the payer may begin a new attempt: the outcome of the one before is known and somebody may come. */
export function mayBegin(payment: Payment, now: number): boolean {
  return (
    payment.wish === null &&
    payment.generation !== null &&
    (payment.status === 'requires_payment_method' || payment.status === 'requires_action') &&
    activeAttempt(payment) === undefined &&
    !isUnsettledAnywhere(payment) &&
    triesOf(payment) < payment.terms.attemptsMax &&
    now < payment.expiresAt
  );
}
