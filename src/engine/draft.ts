import type { Attempt, Operation, Payment } from '../contracts/payment.js';
import type { ReachStep } from '../contracts/reach.js';
import type { World } from './world.js';

/** A payment being decided: a copy that the decision may change, and what is to be done once it is committed. */
export interface Draft {
  readonly payment: Payment;
  readonly world: World;
  readonly calls: Call[];
  /** Vault records the payment needs from now on, and those it no longer needs. */
  readonly claims: string[];
  readonly releases: string[];
  /** Set when the payment needs a payment code that the world did not bring. */
  needsCode: boolean;
  /** Set when something waits for a worker that has not been told of it. */
  handsOver: boolean;
}

/** A call to make after the commit. Its answer names it. */
export type Call =
  | {
      readonly kind: 'operation';
      readonly attempt: string;
      readonly operation: string;
      readonly call: number;
      readonly asking: 'perform' | 'inquire';
    }
  | {
      readonly kind: 'authentication';
      readonly attempt: string;
      readonly authentication: string;
      readonly call: number;
      readonly asking: 'authenticate' | 'inquire';
    }
  /** The payer's account is asked to keep the card. */
  | { readonly kind: 'save'; readonly attempt: string; readonly call: number }
  /** The payer is to be brought here, by the way under way. */
  | ({ readonly kind: 'reach'; readonly call: number } & ReachStep);

export function draftOf(payment: Payment, world: World): Draft {
  return { payment: copyOf(payment), world, calls: [], claims: [], releases: [], needsCode: false, handsOver: false };
}

/** Copies what a decision changes in place; everything deeper is replaced, never changed. */
function copyOf(payment: Payment): Payment {
  return {
    ...payment,
    attempts: payment.attempts.map((attempt) => ({
      ...attempt,
      authentication: attempt.authentication === null ? null : { ...attempt.authentication },
      operations: attempt.operations.map((operation) => ({ ...operation })),
    })),
    captures: payment.captures.map((capture) => ({ ...capture })),
    refunds: payment.refunds.map((refund) => ({ ...refund })),
    reaches: [...payment.reaches],
    requests: payment.requests.map((request) => ({ ...request })),
    events: [...payment.events],
  };
}

export function journal(draft: Draft, type: string, about: string | null = null, note: string | null = null): void {
  const { payment, world } = draft;
  const sequence = payment.events.length + 1;
  payment.events.push({ id: world.ids.next('evt'), type, sequence, at: world.now, about, note });
}

export function attemptOf(payment: Payment, id: string): Attempt | undefined {
  return payment.attempts.find((attempt) => attempt.id === id);
}

/** The attempt whose flow waits; at most one, for a new one starts only when the outcome of the one before is known. */
export function activeAttempt(payment: Payment): Attempt | undefined {
  const last = payment.attempts.at(-1);
  return last !== undefined && last.flow !== null ? last : undefined;
}

export function findOperation(payment: Payment, id: string): { attempt: Attempt; operation: Operation } | undefined {
  for (const attempt of payment.attempts) {
    const operation = attempt.operations.find((candidate) => candidate.id === id);
    if (operation !== undefined) return { attempt, operation };
  }
  return undefined;
}

/** Pauses between tries of what failed: at once, then doubling from a quarter second to a minute. */
export function pauseMs(tries: number): number {
  return tries <= 0 ? 0 : Math.min(60_000, 250 * 2 ** Math.min(tries - 1, 20));
}
