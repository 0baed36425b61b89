import type { Payment } from '../contracts/payment.js';
import { activeAttempt } from './draft.js';
import { capturableOf, isCovered, unsettledIn } from './ledger.js';

/**
 * Everything a payment waits for with a time. Timers are not stored: they are read off the payment, and their names change
 * with what they wait for, so one that is left over names nothing.
 */
export interface Timer {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly waits:
    | { readonly for: 'expiry' }
    | { readonly for: 'reach'; readonly reach: string }
    | { readonly for: 'deadline' | 'authentication' | 'hold' | 'save'; readonly attempt: string }
    | { readonly for: 'operation'; readonly attempt: string; readonly operation: string };
}

export function timersOf(payment: Payment): Timer[] {
  if (payment.review?.reason === 'quarantine') return [];
  const timers: Timer[] = [];
  if (isOpenForPayer(payment)) {
    timers.push({ name: `expiry:${payment.extensions}`, at: payment.expiresAt, waits: { for: 'expiry' } });
  }
  if (isForPayer(payment)) timers.push(...reachTimers(payment));
  const active = activeAttempt(payment);
  if (active !== undefined) {
    const { id: attempt, step, deadlineAt, authentication } = active;
    if (deadlineAt !== null) {
      timers.push({ name: `deadline:${attempt}.${step}`, at: deadlineAt, waits: { for: 'deadline', attempt } });
    }
    if (authentication !== null && authentication.nextAt !== null) {
      const name = `authentication:${authentication.id}.${authentication.calls}`;
      timers.push({ name, at: authentication.nextAt, waits: { for: 'authentication', attempt } });
    }
  }
  for (const attempt of payment.attempts) {
    for (const { id: operation, calls, doubts, nextAt } of attempt.operations) {
      if (nextAt === null) continue;
      const name = `operation:${operation}.${calls}.${doubts}`;
      timers.push({ name, at: nextAt, waits: { for: 'operation', attempt: attempt.id, operation } });
    }
    const { captureBefore, save } = attempt;
    if (save?.state === 'due' && save.nextAt !== null) {
      timers.push({
        name: `save:${attempt.id}.${save.tries}`,
        at: save.nextAt,
        waits: { for: 'save', attempt: attempt.id },
      });
    }
    if (captureBefore !== null && capturableOf(attempt) > 0 && unsettledIn(attempt) === undefined) {
      timers.push({ name: `hold:${attempt.id}`, at: captureBefore, waits: { for: 'hold', attempt: attempt.id } });
    }
  }
  return timers;
}

/** Nobody is called or texted about a payment that is on its way already. */
const isForPayer = ({ status, wish }: Payment): boolean =>
  wish === null && (status === 'requires_payment_method' || status === 'requires_action');

function reachTimers({ reaches }: Payment): Timer[] {
  return reaches.flatMap(({ id, step = 0, tries = 0, status, dueAt }) => {
    if (dueAt == null) return [];
    return [{ name: `reach:${id}.${step}.${tries}.${status}`, at: dueAt, waits: { for: 'reach', reach: id } }];
  });
}

/** The one scalar the sweeper looks for; null when nothing is due, ever. */
export function dueAtOf(payment: Payment): number | null {
  const timers = timersOf(payment);
  return timers.length === 0 ? null : Math.min(...timers.map(({ at }) => at));
}

/** What was approved in time is not overtaken by the expiry while its capture is under way. */
function isOpenForPayer(payment: Payment): boolean {
  const { status, wish } = payment;
  if (wish !== null || isCovered(payment)) return false;
  return status === 'requires_payment_method' || status === 'requires_action' || status === 'processing';
}
