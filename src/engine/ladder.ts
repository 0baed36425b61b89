import type { InquiryOutcome } from '../contracts/acquirer.js';
import type { Attempt, Decline, Operation, OperationType } from '../contracts/payment.js';
import { type Draft, pauseMs } from './draft.js';
import { acquirerOf } from './world.js';

/**
 * The operation ladder: what is done about one call that can move money until its outcome is known.
 * Inquire; repeat under the same identity; reverse until acknowledged. Flows only see the final answer.
 */

/** What an authorization came to, for the flow that asked. */
export type FinalAnswer = 'approved' | 'declined' | 'reversed' | 'security_code_lost';

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
    reversed: false,
    captured: false,
    reference: null,
    decline: null,
    createdAt: world.now,
    settledAt: null,
  };
  attempt.operations.push(operation);
  if (world.sends) dispatch(draft, attempt, operation, 'perform');
  return operation;
}

/** Takes a lease for one call. The call itself is made after the commit, by whoever committed. */
function dispatch(draft: Draft, attempt: Attempt, operation: Operation, asking: 'perform' | 'inquire'): void {
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

/** The operation's time has come: a lease ended without an answer, or the next step of the ladder is due. */
export function elapse(draft: Draft, attempt: Attempt, operation: Operation): FinalAnswer | null {
  if (operation.asking !== null) {
    operation.asking = null;
    return operation.settledAt === null ? doubt(draft, attempt, operation) : lookAgain(draft, operation);
  }
  const untouched = operation.status === 'waiting' || operation.status === 'not_sent';
  dispatch(draft, attempt, operation, untouched ? 'perform' : 'inquire');
  return null;
}

/** What came of the call in flight. */
export function settle(
  draft: Draft,
  attempt: Attempt,
  operation: Operation,
  asking: 'perform' | 'inquire',
  outcome: InquiryOutcome,
): FinalAnswer | null {
  operation.asking = null;
  if (operation.settledAt !== null) return settleAgain(draft, attempt, operation, outcome);
  switch (outcome.outcome) {
    case 'approved':
      return approve(draft, attempt, operation, outcome);
    case 'declined':
      operation.reference = outcome.reference ?? operation.reference;
      return decline(draft, attempt, operation, {
        code: outcome.code,
        acquirerCode: outcome.acquirerCode ?? null,
        advice: outcome.advice,
      });
    case 'pending':
      operation.status = 'pending';
      operation.reference = outcome.reference;
      operation.doubts += 1;
      operation.nextAt = draft.world.now + pauseMs(operation.doubts + 1);
      return null;
    case 'unknown':
      return doubt(draft, attempt, operation);
    case 'not_sent':
      return asking === 'perform'
        ? stayed(draft, attempt, operation, outcome.reason)
        : doubt(draft, attempt, operation);
    case 'not_found':
      return missing(draft, attempt, operation);
    case 'reversed':
      return takenBack(draft, attempt, operation);
  }
}

type Approval = Extract<InquiryOutcome, { outcome: 'approved' }>;

function approve(draft: Draft, attempt: Attempt, operation: Operation, outcome: Approval): FinalAnswer | null {
  const { world, payment } = draft;
  operation.reference = outcome.reference;
  const { money } = outcome;
  if (money.amount !== operation.amount || money.currency !== payment.currency) {
    return contradict(draft, attempt, operation);
  }
  operation.status = 'approved';
  operation.settledAt = world.now;
  operation.nextAt = null;
  if (operation.type === 'authorize') {
    operation.captured = outcome.captured === true;
    attempt.authorizationCode = outcome.authorizationCode ?? null;
    const { holdMs } = acquirerOf(world, attempt.acquirer);
    attempt.captureBefore = operation.captured ? null : (outcome.holdUntil ?? world.now + holdMs);
    return 'approved';
  }
  return operation.type === 'reverse' ? reversalAcknowledged(draft, attempt, operation) : null;
}

function decline(draft: Draft, attempt: Attempt, operation: Operation, why: Decline): FinalAnswer | null {
  operation.status = 'declined';
  operation.decline = why;
  operation.settledAt = draft.world.now;
  operation.nextAt = null;
  switch (operation.type) {
    case 'authorize':
      attempt.decline = why;
      return 'declined';
    case 'capture':
    case 'refund':
      return null;
    case 'reverse':
    case 'void':
      // Money that should have gone back did not: only a person can tell why.
      quarantine(draft, `${operation.type}_declined: ${why.code}`, attempt.id);
      return null;
  }
}

/** The acquirer approved something else than was asked. An authorization is taken back; anything else needs a person. */
function contradict(draft: Draft, attempt: Attempt, operation: Operation): FinalAnswer | null {
  operation.status = 'unknown';
  operation.contradicted = true;
  if (operation.type === 'authorize') return reverse(draft, attempt, operation);
  operation.nextAt = null;
  quarantine(draft, `${operation.type}_contradicted`, attempt.id);
  return null;
}

/** Nobody knows. The first inquiry goes at once, the next ones after growing pauses, for ever. */
function doubt(draft: Draft, attempt: Attempt, operation: Operation): FinalAnswer | null {
  const { limits, now } = draft.world;
  if (operation.status !== 'pending') operation.status = 'unknown';
  operation.doubts += 1;
  if (operation.type === 'authorize' && operation.doubts > limits.doubtsBeforeReversal) {
    return reverse(draft, attempt, operation);
  }
  const pause = pauseMs(operation.doubts - 1);
  operation.nextAt = now + pause;
  if (pause === 0) dispatch(draft, attempt, operation, 'inquire');
  return null;
}

/** This call wrote nothing. Whether the operation may have arrived depends on the calls before it. */
function stayed(draft: Draft, attempt: Attempt, operation: Operation, reason: string): FinalAnswer | null {
  const { limits, now } = draft.world;
  operation.sends -= 1;
  const isLost = reason === 'security_code_lost' || reason === 'card_lost';
  if (operation.sends > 0) {
    if (isLost) return reverse(draft, attempt, operation);
    return doubt(draft, attempt, operation);
  }
  operation.status = 'not_sent';
  operation.doubts += 1;
  operation.nextAt = now + pauseMs(operation.doubts);
  if (reason === 'unsupported') {
    return decline(draft, attempt, operation, { code: 'not_supported', acquirerCode: null, advice: 'stop' });
  }
  if (operation.type !== 'authorize') return null;
  const isOver = isLost || draft.payment.wish !== null || operation.doubts >= limits.notSentTries;
  if (!isOver) return null;
  return abandon(draft, attempt, operation, reason);
}

/** An authorization that never left ends as `not_sent`: nothing was taken, for certain. */
function abandon(draft: Draft, attempt: Attempt, operation: Operation, reason: string): FinalAnswer {
  operation.settledAt = draft.world.now;
  operation.nextAt = null;
  if (reason === 'security_code_lost') return 'security_code_lost';
  const code = reason === 'card_lost' ? 'card_unavailable' : 'acquirer_unavailable';
  attempt.decline = { code, acquirerCode: null, advice: 'retry' };
  return 'declined';
}

/** The acquirer has never heard of it, so far: repeat under the same identity, or take it back in case it still arrives. */
function missing(draft: Draft, attempt: Attempt, operation: Operation): FinalAnswer | null {
  const { payment, world } = draft;
  const isRepeatable =
    operation.type !== 'authorize' ||
    (payment.wish === null && payment.review === null && operation.sends < world.limits.repeatTries);
  if (!isRepeatable) return reverse(draft, attempt, operation);
  dispatch(draft, attempt, operation, 'perform');
  return null;
}

/** Sends a reversal of a doubtful or unwanted authorization; its acknowledgement alone ends the doubt. */
export function reverse(draft: Draft, attempt: Attempt, authorize: Operation): FinalAnswer | null {
  authorize.asking = null;
  authorize.nextAt = null;
  const { reverse: ability } = acquirerOf(draft.world, attempt.acquirer);
  if (ability === undefined) return watchWithoutReversal(draft, authorize);
  const isUnderWay = attempt.operations.some(
    ({ type, follows, settledAt }) => type === 'reverse' && follows === authorize.id && settledAt === null,
  );
  if (!isUnderWay) issue(draft, attempt, { type: 'reverse', amount: authorize.amount, follows: authorize.id });
  return null;
}

/** Without a reversal to send, only the end of the horizon makes `not_found` final. */
function watchWithoutReversal(draft: Draft, authorize: Operation): FinalAnswer | null {
  const { now } = draft.world;
  if (authorize.horizonAt !== null && now >= authorize.horizonAt) {
    authorize.reversed = true;
    authorize.settledAt = now;
    return 'reversed';
  }
  authorize.nextAt = Math.min(now + pauseMs(authorize.doubts + 1), authorize.horizonAt ?? now);
  return null;
}

function reversalAcknowledged(draft: Draft, attempt: Attempt, reversal: Operation): FinalAnswer | null {
  const authorize = attempt.operations.find(({ id }) => id === reversal.follows);
  if (authorize === undefined) return null;
  const wasDoubtful = authorize.settledAt === null;
  authorize.reversed = true;
  authorize.settledAt ??= draft.world.now;
  authorize.asking = null;
  attempt.captureBefore = null;
  watch(draft, authorize);
  return wasDoubtful ? 'reversed' : null;
}

/** The acquirer itself says that it took the operation back. */
function takenBack(draft: Draft, attempt: Attempt, operation: Operation): FinalAnswer | null {
  if (operation.type !== 'authorize') {
    operation.nextAt = null;
    quarantine(draft, `${operation.type}_reversed_by_acquirer`, attempt.id);
    return null;
  }
  operation.reversed = true;
  operation.settledAt = draft.world.now;
  watch(draft, operation);
  return 'reversed';
}

/** After a reversal the inquiries go on until the horizon: an original that arrives behind its reversal is found. */
function watch(draft: Draft, authorize: Operation): null {
  const { now } = draft.world;
  const { horizonAt } = authorize;
  if (horizonAt === null || now >= horizonAt) {
    authorize.nextAt = null;
    return null;
  }
  authorize.doubts += 1;
  authorize.nextAt = Math.min(now + Math.max(1_000, pauseMs(authorize.doubts)), horizonAt);
  return null;
}

/** An answer about an operation that was settled before: late money, or one more look before the horizon. */
function settleAgain(
  draft: Draft,
  attempt: Attempt,
  operation: Operation,
  outcome: InquiryOutcome,
): FinalAnswer | null {
  if (operation.type !== 'authorize' || !operation.reversed) return null;
  switch (outcome.outcome) {
    case 'approved':
      operation.reversed = false;
      return approve(draft, attempt, operation, outcome);
    case 'declined':
    case 'reversed':
    case 'not_found':
      return watch(draft, operation);
    case 'pending':
    case 'unknown':
    case 'not_sent':
      return lookAgain(draft, operation);
  }
}

/** An unanswered look is no look: it is repeated, beyond the horizon if it must be. */
function lookAgain(draft: Draft, operation: Operation): null {
  operation.doubts += 1;
  operation.nextAt = draft.world.now + Math.max(1_000, pauseMs(operation.doubts));
  return null;
}

/** Stops everything about this payment until a person has looked, and shows it. */
export function quarantine(draft: Draft, detail: string, attempt: string | null): void {
  draft.payment.review ??= { reason: 'quarantine', detail, attempt, at: draft.world.now };
}
