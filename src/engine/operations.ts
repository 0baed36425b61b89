import type { Attempt, Operation, OperationType } from '../contracts/payment.js';
import type { Draft } from './draft.js';
import { acquirerOf } from './world.js';

/** Operations as data: every call that can move money is stored with an identity and a lease before it is made. */

export interface Intent {
  readonly type: OperationType;
  readonly amount: number;
  readonly variant?: 'purchase' | 'part';
  /** The capture or refund of the payment it carries out. */
  readonly serves?: string;
  /** The authorize operation it follows. */
  readonly follows?: string;
}

/** Stores an intent with an identity of its own; where this process sends next, the same commit says `sent`. */
export function issue(draft: Draft, attempt: Attempt, intent: Intent): Operation {
  const { world } = draft;
  const operation: Operation = {
    id: world.ids.next('opn'),
    type: intent.type,
    amount: intent.amount,
    variant: intent.variant ?? null,
    serves: intent.serves ?? null,
    follows: intent.follows ?? null,
    status: 'waiting',
    asking: null,
    calls: 0,
    sends: 0,
    doubts: 0,
    nextAt: world.now,
    horizonAt: null,
    contradicted: false,
    actual: null,
    reversed: false,
    captured: false,
    reference: null,
    decline: null,
    createdAt: world.now,
    settledAt: null,
  };
  attempt.operations.push(operation);
  if (world.sends) dispatch(draft, attempt, operation, 'perform');
  else waitForWorker(draft, operation);
  return operation;
}

function waitForWorker(draft: Draft, operation: Operation): void {
  operation.nextAt = draft.world.now + draft.world.limits.handoverMs;
  draft.handsOver = true;
}

/** Takes up all that waits for somebody who sends. Of several who try at once, the one whose commit counts makes the calls. */
export function claim(draft: Draft): boolean {
  const { payment } = draft;
  if (payment.review?.reason === 'quarantine') return false;
  let isSomethingWaiting = false;
  for (const attempt of payment.attempts) {
    for (const operation of attempt.operations) {
      if (operation.status !== 'waiting') continue;
      dispatch(draft, attempt, operation, 'perform');
      isSomethingWaiting = true;
    }
  }
  return isSomethingWaiting;
}

/** Takes a lease for one call. The call itself is made after the commit, by whoever committed. */
export function dispatch(draft: Draft, attempt: Attempt, operation: Operation, asking: 'perform' | 'inquire'): void {
  const { now, limits } = draft.world;
  const { deadlineMs, horizonMs } = acquirerOf(draft.world, attempt.acquirer);
  operation.asking = asking;
  operation.calls += 1;
  operation.nextAt = now + deadlineMs + limits.leaseMarginMs;
  if (asking === 'perform') {
    operation.status = 'sent';
    operation.sends += 1;
    operation.horizonAt = now + deadlineMs + horizonMs;
  }
  const { id, calls } = operation;
  draft.calls.push({ kind: 'operation', attempt: attempt.id, operation: id, call: calls, asking });
}

/** Stops everything about this payment until a person has looked, and shows it. */
export function quarantine(draft: Draft, detail: string, attempt: string | null): void {
  const { review } = draft.payment;
  if (review?.reason === 'quarantine') return;
  // Late money that waits for a decision goes on waiting: the review names its attempt.
  draft.payment.review = { reason: 'quarantine', detail, attempt: review?.attempt ?? attempt, at: draft.world.now };
}
