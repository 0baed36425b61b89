import { flows } from '../../flows/index.js';
import type { Acquirer, InquiryOutcome } from '../../src/contracts/acquirer.js';
import type { NewPayment } from '../../src/contracts/engine.js';
import type { Ids } from '../../src/contracts/ids.js';
import type { Attempt, Operation, Payment, Terms } from '../../src/contracts/payment.js';
import { emptyPayment } from '../../src/engine/commands.js';
import { decide } from '../../src/engine/decide.js';
import type { Call } from '../../src/engine/draft.js';
import type { Incoming } from '../../src/engine/incoming.js';
import { openPromptOf } from '../../src/engine/prompts.js';
import { timersOf } from '../../src/engine/timers.js';
import { flowsOf, LIMITS, type World } from '../../src/engine/world.js';
import { plainPresenter } from '../simulation/presenter.js';

/** A payment without store, network or clock: tells it what happens, one word at a time, and shows what it decides. */
export interface Sketch {
  payment: Payment;
  now: number;
  /** Calls decided since they were last taken. */
  calls: Call[];
  /** Vault records that payments no longer needed, in order. */
  readonly released: string[];
  /** True when the decision changed something. */
  tell(incoming: Incoming): boolean;
  /** The payer gives a card; authentication passes at once unless the proof is another. */
  giveCard(card?: { token?: string; fingerprint?: string; save?: string }): void;
  authenticate(result?: string): void;
  /** Answers the call in flight of the newest operation of this type. */
  answer(type: Operation['type'], outcome: InquiryOutcome | string): void;
  /** Moves time to the next timer and tells it. */
  wait(): void;
  attempt(): Attempt;
  operation(type: Operation['type']): Operation;
}

export interface Wanted extends Partial<Omit<NewPayment, 'terms'>> {
  readonly terms?: Partial<Terms>;
  readonly acquirer?: Partial<Acquirer>;
  readonly referenceTaken?: boolean;
}

export function sketch(wanted: Wanted = {}): Sketch {
  const { terms, acquirer: abilities, referenceTaken, ...given } = wanted;
  const ids = countingIds();
  const acquirer = { ...FULL, ...abilities } as Acquirer;
  const self = { now: START, calls: [] as Call[], released: [] as string[] };
  const worldNow = (): World => ({
    now: self.now,
    ids,
    flows: flowsOf(flows),
    acquirers: new Map([['model', acquirer]]),
    route: () => 'model',
    presenter: plainPresenter,
    limits: LIMITS,
    sends: true,
    sealsCodes: false,
    code: '0000000000',
    referenceTaken: referenceTaken ?? false,
  });
  const newPayment: NewPayment = { ...PAYMENT, ...given, terms: { ...PAYMENT.terms, ...terms } };
  const sketched: Sketch = Object.assign(self, {
    payment: emptyPayment(newPayment, worldNow()),
    tell(incoming: Incoming): boolean {
      const decision = decide(sketched.payment, incoming, worldNow());
      if (decision === null) return false;
      // What is stored is JSON: what a decision leaves must survive it.
      sketched.payment = JSON.parse(JSON.stringify(decision.payment)) as Payment;
      sketched.calls.push(...decision.calls);
      sketched.released.push(...decision.commit.releases);
      return true;
    },
    giveCard(card: { token?: string; fingerprint?: string; save?: string } = {}): void {
      const prompt = openPromptOf(sketched.payment, sketched.now)?.id ?? 'none';
      const face = { ...FACE, fingerprint: card.fingerprint ?? FACE.fingerprint };
      const token = card.token ?? 'tok_1';
      const reply = {
        ...WEB,
        type: 'card',
        prompt,
        token,
        face,
        stored: false,
        proof: null,
        ...(card.save !== undefined && { save: card.save }),
      } as const;
      sketched.tell({ type: 'reply', reply });
    },
    authenticate(result = 'Y'): void {
      const { authentication } = sketched.attempt();
      const answer = {
        answer: 'final',
        result,
        eci: '05',
        value: 'cavv',
        directoryServerTransaction: null,
        version: null,
      } as const;
      sketched.tell({ type: 'authenticated', authentication: authentication?.id ?? '', call: null, answer });
    },
    answer(type: Operation['type'], outcome: InquiryOutcome | string): void {
      const { id, calls, asking, amount } = sketched.operation(type);
      if (asking === null) throw new Error(`no call of ${type} is in flight`);
      const given = typeof outcome === 'string' ? OUTCOMES(amount)[outcome] : outcome;
      if (given === undefined) throw new Error(`no outcome ${String(outcome)}`);
      sketched.tell({ type: 'outcome', operation: id, call: calls, asking, outcome: given });
    },
    wait(): void {
      const next = timersOf(sketched.payment).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) throw new Error('nothing is due');
      sketched.now = Math.max(sketched.now, next.at);
      sketched.tell({ type: 'time', timer: next.name });
    },
    attempt(): Attempt {
      const last = sketched.payment.attempts.at(-1);
      if (last === undefined) throw new Error('no attempt');
      return last;
    },
    operation(type: Operation['type']): Operation {
      const found = sketched.payment.attempts
        .flatMap(({ operations }) => operations)
        .filter((own) => own.type === type)
        .at(-1);
      if (found === undefined) throw new Error(`no ${type}`);
      return found;
    },
  });
  sketched.tell({ type: 'create', wanted: newPayment });
  return sketched;
}

export const START = Date.UTC(2030, 0, 1);
const WEB = { channel: 'web', device: 'device-1', browser: null } as const;
const FACE = { brand: 'visa', bin: '424242', last4: '4242', expMonth: 12, expYear: 2034, fingerprint: '1.card' };

export const PAYMENT: NewPayment = {
  id: 'pay_1',
  mode: 'test',
  merchant: 'mer_1',
  amount: 4250,
  currency: 'EUR',
  reference: 'ORDER-1',
  description: null,
  capture: 'automatic',
  instruments: ['card'],
  channels: ['web'],
  payer: { account: null, email: null, phone: null, name: null, language: null },
  origin: 'web',
  returnUrl: null,
  cancelUrl: null,
  metadata: {},
  terms: { lateMoney: 'return', merchantName: 'Shop', statementDescriptor: null, attemptsMax: 3 },
  expiresAt: START + 3_600_000,
  payWith: null,
  deadline: START + 10_000,
  request: null,
};

export const payWith = (reason: 'unscheduled' | 'recurring' | 'payer_present'): Pick<NewPayment, 'payWith'> => ({
  payWith: { reason, token: 'tok_stored', face: FACE },
});

const unused = () => Promise.reject(new Error('decisions call nobody'));
/** An acquirer that can do everything; the sketch answers for it. */
const FULL: Acquirer = {
  name: 'model',
  deadlineMs: 3_000,
  horizonMs: 10_000,
  holdMs: 604_800_000,
  purchase: true,
  authorize: unused,
  inquire: unused,
  capture: unused,
  capturePart: unused,
  void: unused,
  refund: unused,
  reverse: unused,
};

const OUTCOMES = (amount: number): Record<string, InquiryOutcome> => {
  const money = { amount, currency: 'EUR' };
  return {
    approved: { outcome: 'approved', reference: 'ref', money },
    purchased: { outcome: 'approved', reference: 'ref', money, captured: true },
    other_amount: { outcome: 'approved', reference: 'ref', money: { ...money, amount: amount + 1 }, captured: true },
    declined: { outcome: 'declined', code: 'do_not_honor', advice: 'retry' },
    stop: { outcome: 'declined', code: 'stolen_card', advice: 'stop' },
    authentication_required: { outcome: 'declined', code: 'authentication_required', advice: 'other_channel' },
    pending: { outcome: 'pending', reference: 'ref' },
    unknown: { outcome: 'unknown', reason: 'timeout' },
    unreachable: { outcome: 'not_sent', reason: 'unreachable' },
    security_code_lost: { outcome: 'not_sent', reason: 'security_code_lost' },
    held_elsewhere: { outcome: 'not_sent', reason: 'held_elsewhere' },
    not_found: { outcome: 'not_found' },
    reversed: { outcome: 'reversed', reference: 'ref' },
  };
};

function countingIds(): Ids {
  let count = 0;
  return {
    next: (prefix) => `${prefix}_${++count}`,
    token: () => `token_${++count}`,
    digits: (length) => '0'.repeat(length),
  };
}
