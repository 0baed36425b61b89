import type { Acquirer } from '../contracts/acquirer.js';
import { Problem } from '../contracts/errors.js';
import type { OperationType, Payment } from '../contracts/payment.js';
import { activeAttempt } from './draft.js';
import type { Flows } from './world.js';

/**
 * Payments that another release has begun in a way this one does not know. They are left alone: nothing is written, nothing
 * is called, nobody is told that they failed. Whoever knows the way goes on with them (ADR 13).
 */

/** The form of payments that this release writes and reads. A later release raises it where an earlier one must keep away. */
const SCHEMA = 1;
const OPERATIONS: ReadonlySet<string> = new Set<OperationType>(['authorize', 'capture', 'void', 'refund', 'reverse']);
const RETRY_AFTER_SECONDS = 1;

export interface Abilities {
  readonly flows: Flows;
  readonly acquirers: ReadonlyMap<string, Acquirer>;
}

/** What a payment needs and this process does not have, such as `flow card@2`; null when it can go on here. */
export function lackFor(payment: Payment, { flows, acquirers }: Abilities): string | null {
  const schema: number = payment.schema;
  if (schema > SCHEMA) return `schema ${schema}`;
  const flow = activeAttempt(payment)?.flow ?? null;
  if (flow !== null && flows.find(flow.name, flow.version) === undefined) return `flow ${flow.name}@${flow.version}`;
  for (const { acquirer, operations } of payment.attempts) {
    if (!acquirers.has(acquirer)) return `acquirer ${acquirer}`;
    const unknown = operations.find(({ type }) => !OPERATIONS.has(type));
    if (unknown !== undefined) return `operation ${unknown.type}`;
  }
  return null;
}

/** A reply is asked for again by whoever goes on, what is due or waits stays so, and of calls and pages it was only noted. */
const LEFT_WITHOUT_A_WORD: ReadonlySet<string> = new Set(['reply', 'time', 'claim', 'called', 'met']);

/**
 * Whatever reaches a payment that is left alone changes nothing. @throws Problem where somebody must know that it was not taken
 */
export function leaveAlone({ type }: { readonly type: string }): null {
  if (LEFT_WITHOUT_A_WORD.has(type)) return null;
  const detail = 'This payment goes on in a release that this process does not run: try again.';
  throw new Problem(503, 'another_release', detail, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

/** How many due payments lack what, by what it is. */
export type Lacking = ReadonlyMap<string, number>;

/** How long a payment is not looked at again: others may have brought it to where this release can go on. */
const LOOK_AGAIN_MS = 10_000;

/** What a sweeper remembers of due payments that it cannot go on with: they stay due, and must hide no others. */
export interface LeftAlone {
  add(id: string, lack: string, now: number): void;
  /** Those that need no look now. */
  ids(now: number): string[];
  /** Forgets who is not due any more, and counts the rest. */
  tally(due: ReadonlySet<string>): Lacking;
}

export function createLeftAlone(): LeftAlone {
  const left = new Map<string, { readonly lack: string; readonly until: number }>();
  return {
    add: (id, lack, now) => void left.set(id, { lack, until: now + LOOK_AGAIN_MS }),
    ids(now) {
      for (const [id, { until }] of left) if (until <= now) left.delete(id);
      return [...left.keys()];
    },
    tally(due) {
      const counts = new Map<string, number>();
      for (const [id, { lack }] of left) {
        if (due.has(id)) counts.set(lack, (counts.get(lack) ?? 0) + 1);
        else left.delete(id);
      }
      return counts;
    },
  };
}
