import type { Attempt } from '../contracts/payment.js';
import { advance } from './attempts.js';
import { giveBack, isEnded } from './conclude.js';
import type { Draft } from './draft.js';
import { approvedOf, authorization, countsOf } from './ledger.js';

/** Takes an approval: the flow that waits for it ends, and money that comes too late gets its own rule. */
export function receiveApproval(draft: Draft, attempt: Attempt): void {
  const { payment } = draft;
  const isAwaited = advance(draft, attempt, { type: 'approved' });
  const isContradicted = authorization(attempt)?.contradicted === true;
  const isLate =
    !isAwaited || isContradicted || payment.wish !== null || isEnded(payment.status) || !fits(draft, attempt);
  if (isLate) decideLateMoney(draft, attempt);
}

/** The sum of net approvals never exceeds the amount. */
export function fits({ payment }: Draft, attempt: Attempt): boolean {
  const others = payment.attempts.reduce((total, other) => total + (other === attempt ? 0 : countsOf(other)), 0);
  return others + approvedOf(attempt) <= payment.amount;
}

/**
 * Late money is returned. It is kept, or waits for a decision, only if the merchant's terms say so, nobody canceled,
 * the sum stays within the amount, there is an amount at all, its reversal was never acknowledged, and the reference is still free.
 */
function decideLateMoney(draft: Draft, attempt: Attempt): void {
  const { payment, world } = draft;
  const isKeepable =
    payment.wish?.to !== 'cancel' &&
    attempt.end !== 'reversed' &&
    fits(draft, attempt) &&
    payment.amount > 0 &&
    authorization(attempt)?.contradicted !== true;
  const policy = isKeepable && !world.referenceTaken ? payment.terms.lateMoney : 'return';
  switch (policy) {
    case 'keep':
      keepLateMoney(draft, attempt);
      return;
    case 'review':
      attempt.late = 'review';
      payment.review ??= { reason: 'late_money', detail: 'late_money', attempt: attempt.id, at: world.now };
      return;
    case 'return':
      returnLateMoney(draft, attempt);
  }
}

/** Keeps it and takes the reference back: a duplicate key at the commit means that it is returned after all. */
export function keepLateMoney({ payment }: Draft, attempt: Attempt): void {
  attempt.late = 'kept';
  payment.wish = null;
  payment.openReference = payment.reference;
}

export function returnLateMoney(draft: Draft, attempt: Attempt): void {
  attempt.late = 'returned';
  giveBack(draft, attempt);
}
