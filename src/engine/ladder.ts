import type { InquiryOutcome } from '../contracts/acquirer.js';
import type { Attempt, Decline, Operation } from '../contracts/payment.js';
import { type Draft, pauseMs } from './draft.js';
import { dispatch, quarantine } from './operations.js';
import {
  type FinalAnswer,
  isBeingReversed,
  lookAgain,
  reversalAcknowledged,
  reverse,
  takenBack,
  watch,
} from './reversal.js';
import { acquirerOf } from './world.js';

/**
 * The operation ladder: what is done about one call that can move money until its outcome is known.
 * Inquire; repeat under the same identity; reverse until acknowledged. Flows only see the final answer.
 */

/** The operation's time has come: a lease ended without an answer, or the next step of the ladder is due. */
export function elapse(draft: Draft, attempt: Attempt, operation: Operation): FinalAnswer | null {
  if (operation.asking !== null) {
    operation.asking = null;
    if (operation.settledAt !== null) return lookAgain(draft, operation);
    // The lease was pause enough: who takes over from a process that died asks at once.
    if (operation.status !== 'pending') operation.status = 'unknown';
    dispatch(draft, attempt, operation, 'inquire');
    return null;
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
  if (isBeingReversed(attempt, operation)) return settleWhileReversing(operation, outcome);
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
      operation.doubts = 0;
      operation.nextAt = draft.world.now + pauseMs(operation.calls + 1);
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

/** Its reversal is on the way and alone will end the doubt: what is heard meanwhile is noted, and nothing is sent. */
function settleWhileReversing(operation: Operation, outcome: InquiryOutcome): null {
  operation.nextAt = null;
  if (outcome.outcome === 'approved') {
    operation.status = 'approved';
    operation.reference = outcome.reference;
    operation.captured = outcome.captured === true;
    operation.actual = outcome.money.amount;
  }
  return null;
}

type Approval = Extract<InquiryOutcome, { outcome: 'approved' }>;

function approve(draft: Draft, attempt: Attempt, operation: Operation, outcome: Approval): FinalAnswer | null {
  const { world, payment } = draft;
  operation.reference = outcome.reference;
  const { money } = outcome;
  if (money.amount !== operation.amount || money.currency !== payment.currency) {
    operation.contradicted = true;
    operation.actual = money.amount;
    if (operation.type === 'authorize' && acquirerOf(world, attempt.acquirer).reverse !== undefined) {
      operation.status = 'unknown';
      return reverse(draft, attempt, operation);
    }
    // The books follow the acquirer's, and a person is told.
    if (operation.type !== 'authorize') quarantine(draft, `${operation.type}_contradicted`, attempt.id);
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
      return null;
    case 'refund':
      // A merchant's refund fails, and he hears so; one that returns money by rule needs a person.
      if (operation.serves === null) quarantine(draft, `refund_declined: ${why.code}`, attempt.id);
      return null;
    case 'void':
      if (attempt.captureBefore !== null && draft.world.now >= attempt.captureBefore) {
        // The hold had ended by itself: nothing is held any more, which is all that was wanted.
        operation.status = 'approved';
        return null;
      }
      quarantine(draft, `void_declined: ${why.code}`, attempt.id);
      return null;
    case 'reverse':
      // Money that should have gone back did not: only a person can tell why.
      quarantine(draft, `reverse_declined: ${why.code}`, attempt.id);
      return null;
  }
}

/** Nobody knows. The first inquiry goes at once, the next ones after growing pauses, for ever. */
function doubt(draft: Draft, attempt: Attempt, operation: Operation): FinalAnswer | null {
  const { limits, now } = draft.world;
  if (operation.status !== 'pending') operation.status = 'unknown';
  operation.doubts += 1;
  const isSilent = operation.doubts > limits.doubtsBeforeReversal && operation.status !== 'pending';
  if (operation.type === 'authorize' && isSilent) {
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
    operation.status = 'unknown';
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
  const tries = reason === 'held_elsewhere' ? limits.heldElsewhereTries : limits.notSentTries;
  const isOver = isLost || draft.payment.wish !== null || operation.doubts >= tries;
  if (!isOver) return null;
  return abandon(draft, attempt, operation, reason);
}

/** An authorization that never left ends as `not_sent`: nothing was taken, for certain. */
function abandon(draft: Draft, attempt: Attempt, operation: Operation, reason: string): FinalAnswer {
  operation.settledAt = draft.world.now;
  operation.nextAt = null;
  if (reason === 'security_code_lost' || reason === 'held_elsewhere') return 'security_code_lost';
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
  if (!isRepeatable) return reverse(draft, attempt, operation, 'not_found');
  dispatch(draft, attempt, operation, 'perform');
  return null;
}

/**
 * An answer about an operation that was settled before. What was reversed or declined and is approved after all is late
 * money; contradicting answers about anything else need a person, and the books follow the money.
 */
function settleAgain(
  draft: Draft,
  attempt: Attempt,
  operation: Operation,
  outcome: InquiryOutcome,
): FinalAnswer | null {
  const isApproved = operation.status === 'approved' && !operation.reversed;
  if (operation.type !== 'authorize') {
    if (outcome.outcome === 'approved' && operation.status === 'declined') {
      operation.decline = null;
      quarantine(draft, `${operation.type}_approved_after_decline`, attempt.id);
      return approve(draft, attempt, operation, outcome);
    }
    return null;
  }
  switch (outcome.outcome) {
    case 'approved':
      if (isApproved) return null;
      operation.reversed = false;
      return approve(draft, attempt, operation, outcome);
    case 'declined':
      if (isApproved) quarantine(draft, 'authorize_declined_after_approval', attempt.id);
      return isApproved ? null : watch(draft, operation);
    case 'reversed':
    case 'not_found':
      return isApproved ? null : watch(draft, operation);
    case 'pending':
    case 'unknown':
    case 'not_sent':
      return isApproved ? null : lookAgain(draft, operation);
  }
}
