import type { Acquirer, Call, FollowUpCall, Outcome } from '../contracts/acquirer.js';

/** Remembers this many operations, the oldest leave first. */
const OPERATIONS_MAX = 200_000;

interface Remembered {
  readonly outcome: Outcome;
  /** For an authorization: what it holds, and what has been done to it. */
  readonly hold: { readonly amount: number; captured: number; voided: number; refunded: number } | null;
  isReversed: boolean;
}

/**
 * Approves everything at once, in process: measures the house without the world. It keeps the promises of an
 * acquirer (the same identity is answered the same, a reversal holds even before its original, nobody takes more than
 * was authorized) and forgets all of it when the process ends.
 */
export function createDummyAcquirer(): Acquirer {
  const operations = new Map<string, Remembered>();

  /** The remembered outcome, or the new one that `decide` gives. */
  function once(call: Call, decide: () => Remembered): Outcome {
    const known = operations.get(call.operation);
    if (known !== undefined) return known.isReversed ? REVERSED : known.outcome;
    if (!call.mayStillSend()) return { outcome: 'not_sent', reason: 'lease_over' };
    const remembered = decide();
    remember(call.operation, remembered);
    return remembered.outcome;
  }

  function remember(operation: string, remembered: Remembered): void {
    operations.set(operation, remembered);
    const oldest = operations.size > OPERATIONS_MAX ? operations.keys().next().value : undefined;
    if (oldest !== undefined) operations.delete(oldest);
  }

  /** Moves money of an authorization as far as it goes. */
  async function follow(call: FollowUpCall, move: 'captured' | 'voided' | 'refunded'): Promise<Outcome> {
    return once(call, () => {
      const original = operations.get(call.original.operation);
      const hold = original?.isReversed ? null : (original?.hold ?? null);
      if (hold === null) return { outcome: declined('original_not_found'), hold: null, isReversed: false };
      const left = move === 'refunded' ? hold.captured - hold.refunded : hold.amount - hold.captured - hold.voided;
      if (call.money.amount > left) return { outcome: declined('amount_too_large'), hold: null, isReversed: false };
      hold[move] += call.money.amount;
      return { outcome: approved(call), hold: null, isReversed: false };
    });
  }

  return {
    name: 'dummy',
    deadlineMs: 1_000,
    horizonMs: 1_000,
    holdMs: 7 * 24 * 3_600_000,
    purchase: true,
    async authorize(call) {
      return once(call, () => {
        const { amount } = call.money;
        const hold = { amount, captured: call.capture ? amount : 0, voided: 0, refunded: 0 };
        const outcome: Outcome = call.capture ? { ...approved(call), captured: true } : approved(call);
        return { outcome, hold, isReversed: false };
      });
    },
    capture: (call) => follow(call, 'captured'),
    capturePart: (call) => follow(call, 'captured'),
    void: (call) => follow(call, 'voided'),
    refund: (call) => follow(call, 'refunded'),
    async reverse(call) {
      const acknowledged = once(call, () => ({ outcome: approved(call), hold: null, isReversed: false }));
      if (acknowledged.outcome !== 'approved') return acknowledged;
      const original = operations.get(call.original.operation);
      if (original !== undefined) original.isReversed = true;
      else remember(call.original.operation, { outcome: REVERSED, hold: null, isReversed: true });
      return acknowledged;
    },
    async inquire(call) {
      const known = operations.get(call.operation);
      if (known === undefined) return { outcome: 'not_found' };
      return known.isReversed ? { outcome: 'reversed', reference: referenceOf(call.operation) } : known.outcome;
    },
  };
}

const REVERSED: Outcome = declined('reversed');

function referenceOf(operation: string): string {
  return `dummy_${operation}`;
}

function approved(call: Call): Outcome & { outcome: 'approved' } {
  return { outcome: 'approved', reference: referenceOf(call.operation), money: call.money };
}

function declined(code: string): Outcome {
  return { outcome: 'declined', code, advice: 'retry' };
}
