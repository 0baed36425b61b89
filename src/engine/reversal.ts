import type { Attempt, Operation } from '../contracts/payment.js';
import { type Draft, pauseMs } from './draft.js';
import { issue, quarantine } from './operations.js';
import { acquirerOf } from './world.js';

/** Taking back what nobody knows or wants, and watching until nothing of it can surface any more. */

/** What an authorization came to, for the flow that asked. */
export type FinalAnswer = 'approved' | 'declined' | 'reversed' | 'security_code_lost';

/** True while a reversal of this very operation is on its way. */
export function isBeingReversed({ operations }: Attempt, { id }: Operation): boolean {
  return operations.some(({ type, follows, settledAt }) => type === 'reverse' && follows === id && settledAt === null);
}

/** Sends a reversal of a doubtful or unwanted authorization; its acknowledgement alone ends the doubt. */
export function reverse(
  draft: Draft,
  attempt: Attempt,
  authorize: Operation,
  heard: 'not_found' | null = null,
): FinalAnswer | null {
  authorize.asking = null;
  const { reverse: ability } = acquirerOf(draft.world, attempt.acquirer);
  if (ability === undefined) return watchWithoutReversal(draft, authorize, heard);
  authorize.nextAt = null;
  if (!isBeingReversed(attempt, authorize)) {
    issue(draft, attempt, { type: 'reverse', amount: authorize.amount, follows: authorize.id });
  }
  return null;
}

/** Without a reversal to send, only `not_found` at the end of the horizon is final; silence never is. */
function watchWithoutReversal(draft: Draft, authorize: Operation, heard: 'not_found' | null): FinalAnswer | null {
  const { now } = draft.world;
  if (heard === 'not_found' && authorize.horizonAt !== null && now >= authorize.horizonAt) {
    authorize.nextAt = null;
    authorize.reversed = true;
    authorize.settledAt = now;
    return 'reversed';
  }
  return lookAgain(draft, authorize);
}

export function reversalAcknowledged(draft: Draft, attempt: Attempt, reversal: Operation): FinalAnswer | null {
  const authorize = attempt.operations.find(({ id }) => id === reversal.follows);
  if (authorize === undefined) return null;
  const wasDoubtful = authorize.settledAt === null;
  authorize.reversed = true;
  authorize.settledAt ??= draft.world.now;
  authorize.asking = null;
  attempt.captureBefore = null;
  // The acknowledgement may be of an early try that found nothing yet: there is at least one look after it, however late.
  const isPastHorizon = authorize.horizonAt === null || draft.world.now >= authorize.horizonAt;
  if (isPastHorizon || authorize.status === 'pending') lookAgain(draft, authorize);
  else watch(draft, authorize);
  return wasDoubtful ? 'reversed' : null;
}

/** The acquirer itself says that it took the operation back. */
export function takenBack(draft: Draft, attempt: Attempt, operation: Operation): FinalAnswer | null {
  if (operation.type !== 'authorize') {
    operation.status = 'declined';
    operation.decline = { code: 'reversed_by_acquirer', acquirerCode: null, advice: 'stop' };
    operation.settledAt = draft.world.now;
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
export function watch(draft: Draft, authorize: Operation): null {
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

/** An unanswered look is no look: it is repeated, beyond the horizon if it must be. */
export function lookAgain(draft: Draft, operation: Operation): null {
  operation.doubts += 1;
  operation.nextAt = draft.world.now + Math.max(1_000, pauseMs(operation.doubts));
  return null;
}
