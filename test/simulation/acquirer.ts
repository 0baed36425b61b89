import type {
  Acquirer,
  AuthorizeCall,
  Call,
  FollowUpCall,
  InquiryOutcome,
  Outcome,
} from '../../src/contracts/acquirer.js';
import type { Random } from './random.js';
import type { Time } from './time.js';

/**
 * A model of an acquirer and of the network before it. Its ledger is the truth that ours is held against.
 * Faults: lost and late requests, lost and late answers, refused connections, doubled requests, pending answers,
 * wrong amounts, and (by a switch) reversals that forget what they came too early for.
 */
export interface ModelAcquirer {
  readonly acquirer: Acquirer;
  readonly ledger: ReadonlyMap<string, Account>;
  /** Faults while true. */
  faulty: boolean;
}

/** What became of one authorize operation. */
export interface Account {
  readonly payment: string;
  /** It did another amount than it was asked, which is its own fault. */
  readonly contradicts: boolean;
  approved: number;
  captured: number;
  voided: number;
  refunded: number;
  reversed: boolean;
}

export interface ModelOptions {
  readonly purchase: boolean;
  readonly ignoresEarlyReversals: boolean;
  /** What the model decides about cards: a token that says its fate. */
  fateOf(token: string): 'approve' | 'decline' | 'pending' | 'stop' | 'authentication_required' | 'wrong_amount';
  /** Whether it can take an authorization back at all. */
  readonly reverses: boolean;
  /** Whether it now and then does another amount than it was asked, and says so. */
  readonly contradicts: boolean;
  readonly holdMs: number;
  /** Told when it did. */
  contradicted(payment: string): void;
  /** A notification that may overtake the answer. */
  notify(payment: string, operation: string): void;
  /** Told of a request that should never have been made. */
  violated(what: string): void;
  /** Told after each change of the ledger. */
  changed(payment: string): void;
}

const PROOFS: ReadonlySet<string> = new Set(['Y', 'A']);
const DEADLINE_MS = 3_000;
const HORIZON_MS = 10_000;

export function modelAcquirer(time: Time, random: Random, options: ModelOptions): ModelAcquirer {
  const ledger = new Map<string, Account>();
  const answers = new Map<string, Outcome>();
  const early = new Set<string>();
  const model = { faulty: true, ledger };
  let references = 0;

  const approval = (call: Call, extra: object = {}): Outcome => ({
    outcome: 'approved',
    reference: `ref-${++references}`,
    money: call.money,
    ...extra,
  });
  const refusal = (code: string): Outcome => ({ outcome: 'declined', code, advice: 'retry' });

  /** The same identity is always answered the same. */
  function once(call: Call, process: () => Outcome): Outcome {
    const known = answers.get(call.operation);
    if (known !== undefined && known.outcome !== 'pending') return known;
    const answer = process();
    answers.set(call.operation, answer);
    options.changed(call.payment);
    return answer;
  }

  function authorize(call: AuthorizeCall): Outcome {
    if (call.initiator === 'holder' && !PROOFS.has(call.authentication?.result ?? '')) {
      options.violated(`${call.operation} was sent for a holder who was never authenticated`);
    }
    if (call.authentication?.directoryServerTransaction === 'forged') {
      options.violated(`${call.operation} was sent with a forged authentication`);
    }
    if (early.has(call.operation)) return refusal('reversed');
    const fate = options.fateOf(call.card.kind === 'acquirer_token' ? call.card.token : call.card.number);
    if (fate === 'decline') return refusal('do_not_honor');
    if (fate === 'stop') return { outcome: 'declined', code: 'stolen_card', advice: 'stop' };
    if (fate === 'authentication_required' && call.authentication === null) {
      return { outcome: 'declined', code: 'authentication_required', advice: 'other_channel' };
    }
    const isPending = fate === 'pending' && !answers.has(call.operation);
    if (isPending) return { outcome: 'pending', reference: `ref-${++references}` };
    const { amount } = call.money;
    const approved = fate === 'wrong_amount' ? amount + 1 : amount;
    const captured = call.capture && options.purchase;
    ledger.set(call.operation, {
      payment: call.payment,
      contradicts: approved !== amount,
      approved,
      captured: captured ? approved : 0,
      voided: 0,
      refunded: 0,
      reversed: false,
    });
    return approval(call, { captured, money: { ...call.money, amount: approved } });
  }

  function followUp(type: 'capture' | 'void' | 'refund', call: FollowUpCall): Outcome {
    const account = ledger.get(call.original.operation);
    if (account === undefined || account.reversed) return refusal('unknown_original');
    const { amount } = call.money;
    const held = account.approved - account.captured - account.voided;
    const room = type === 'refund' ? account.captured - account.refunded : held;
    if (amount > room) return refusal('too_much');
    const isOff = options.contradicts && model.faulty && amount > 1 && random.chance(0.1);
    const done = isOff ? amount - 1 : amount;
    if (isOff) options.contradicted(call.payment);
    const column = ({ capture: 'captured', void: 'voided', refund: 'refunded' } as const)[type];
    account[column] += done;
    return approval(call, { money: { ...call.money, amount: done } });
  }

  function reverse(call: FollowUpCall): Outcome {
    const account = ledger.get(call.original.operation);
    if (account !== undefined) account.reversed = true;
    else if (!options.ignoresEarlyReversals) early.add(call.original.operation);
    return approval(call);
  }

  /** One request over the network. It surfaces at most HORIZON_MS after it was sent; the caller gives up at the deadline. */
  function send<T extends InquiryOutcome>(call: Call, process: () => T): Promise<T | Outcome> {
    if (!call.mayStillSend()) return Promise.resolve({ outcome: 'not_sent', reason: 'lease_over' });
    if (time.now() >= call.deadline) options.violated(`${call.operation} was sent after its lease`);
    const isFaulty = model.faulty;
    if (isFaulty && random.chance(0.08)) return Promise.resolve({ outcome: 'not_sent', reason: 'unreachable' });
    return new Promise((resolve) => {
      const giveUp = time.at(call.deadline, () => resolve({ outcome: 'unknown', reason: 'timeout' }));
      const arrive = (answers_: boolean): void => {
        const answer = process();
        if (random.chance(0.1)) options.notify(call.payment, call.operation);
        if (!answers_) return;
        const delay = isFaulty && random.chance(0.1) ? random.between(1_000, 5_000) : random.between(1, 80);
        time.at(time.now() + delay, () => {
          giveUp();
          resolve(answer);
        });
      };
      const fate = isFaulty ? random.next() : 1;
      if (fate < 0.08) return; // the request is lost
      if (fate < 0.16) return void time.at(time.now() + random.between(0, HORIZON_MS), () => arrive(false)); // late
      if (fate < 0.24) return void time.at(time.now() + 20, () => arrive(false)); // the answer is lost
      if (fate < 0.3) time.at(time.now() + random.between(30, HORIZON_MS), () => arrive(false)); // doubled
      if (fate < 0.34) {
        time.at(time.now() + 20, () => {
          process();
          giveUp();
          resolve({ outcome: 'unknown', reason: 'garbage' });
        });
        return;
      }
      time.at(time.now() + random.between(1, 60), () => arrive(true));
    });
  }

  function inquire(call: Call): InquiryOutcome {
    const account = ledger.get(call.operation);
    if (account?.reversed === true || early.has(call.operation)) return { outcome: 'reversed', reference: 'ref' };
    const known = answers.get(call.operation);
    if (known === undefined) return { outcome: 'not_found' };
    if (known.outcome === 'pending' && pendingFor(call.operation) > 2) {
      // What was pending comes true after a few looks.
      ledger.set(call.operation, {
        payment: call.payment,
        contradicts: false,
        approved: call.money.amount,
        captured: 0,
        voided: 0,
        refunded: 0,
        reversed: false,
      });
      const answer = approval(call, { captured: false });
      answers.set(call.operation, answer);
      options.changed(call.payment);
      return answer;
    }
    return known;
  }

  const looks = new Map<string, number>();
  function pendingFor(operation: string): number {
    const count = (looks.get(operation) ?? 0) + 1;
    looks.set(operation, count);
    return count;
  }

  const acquirer: Acquirer = {
    name: 'model',
    deadlineMs: DEADLINE_MS,
    horizonMs: HORIZON_MS,
    holdMs: options.holdMs,
    ...(options.purchase && { purchase: true as const }),
    authorize: (call) => send(call, () => once(call, () => authorize(call))),
    inquire: (call) => send(call, () => inquire(call)),
    capture: (call) => send(call, () => once(call, () => followUp('capture', call))),
    capturePart: (call) => send(call, () => once(call, () => followUp('capture', call))),
    void: (call) => send(call, () => once(call, () => followUp('void', call))),
    refund: (call) => send(call, () => once(call, () => followUp('refund', call))),
    ...(options.reverses && { reverse: (call: FollowUpCall) => send(call, () => once(call, () => reverse(call))) }),
  };
  return Object.assign(model, { acquirer });
}
