import type { AuthenticationAnswer } from '../contracts/authentication.js';
import type { Reply } from '../contracts/engine.js';
import { Impossible, Problem } from '../contracts/errors.js';
import type { Deadline, Effect, Flow, FlowEvent, FlowStep, Instrument, RequiredProof } from '../contracts/flow.js';
import type { Attempt, Authentication, Payment } from '../contracts/payment.js';
import { type Draft, pauseMs } from './draft.js';
import { approvedOf, authorization, authorizedOf, capturedOf, countsOf } from './ledger.js';
import { issue } from './operations.js';
import { requiredProof } from './proof.js';
import { isToBeSaved } from './saving.js';
import { acquirerOf } from './world.js';

/** Attempts: one flow each while the payer is needed. A flow says what it wants as effects; here they become data. */

export type CardReply = Extract<Reply, { type: 'card' }>;

/** Begins an attempt with the card that the payer, or the merchant by agreement, has given. */
export function beginAttempt(draft: Draft, instrument: Instrument, reply: CardReply): void {
  const { payment, world } = draft;
  const flow = world.flows.forNew(instrument);
  if (flow === undefined) throw new Problem(422, 'instrument_not_available', `No flow takes ${instrument}.`);
  const { mode, merchant, currency } = payment;
  const acquirer = world.route({ mode, merchant, currency, instrument });
  if (acquirer === null) throw new Problem(422, 'no_acquirer', 'No acquirer is configured for this payment.');
  const proof = requiredProof(payment, reply);
  const attempt: Attempt = {
    id: world.ids.next('att'),
    instrument,
    channel: reply.channel,
    amount: payment.amount - payment.attempts.reduce((total, other) => total + countsOf(other), 0),
    createdAt: world.now,
    flow: null,
    step: 0,
    prompt: null,
    deadlineAt: null,
    status: 'processing',
    end: null,
    late: null,
    acquirer,
    initiator: INITIATORS[proof],
    card: reply.token,
    stored: reply.stored,
    save: saveOf(payment, reply, world.now),
    face: reply.face,
    device: { id: reply.device, browser: reply.browser },
    authentication: null,
    decline: null,
    operations: [],
    authorizationCode: null,
    captureBefore: null,
  };
  if (!reply.stored) draft.claims.push(reply.token);
  payment.attempts.push(attempt);
  const start = flow.start({ money: { amount: attempt.amount, currency } });
  const first = flow.step(start.snapshot, { type: 'reply.card', card: reply.token, proof });
  if (first === null) throw new Impossible(`flow ${flow.name} does not begin with a card`);
  enter(draft, attempt, flow, first);
}

const INITIATORS = {
  authentication: 'holder',
  telephone_order: 'telephone_order',
  merchant_agreement: 'merchant',
  // A code that the payer has set is consent to a stored card, and authenticates nobody to the issuer.
  purchase_code: 'merchant',
  // What a text says is consent to a stored card, and authenticates nobody.
  sms_code: 'merchant',
} as const satisfies Record<RequiredProof, Attempt['initiator']>;

/** Gives the flow an event. False when the flow does not take it where it stands. */
export function advance(draft: Draft, attempt: Attempt, event: FlowEvent): boolean {
  if (attempt.flow === null) return false;
  const { name, version, snapshot } = attempt.flow;
  const flow = draft.world.flows.find(name, version);
  if (flow === undefined) throw new Impossible(`this release does not have flow ${name}.${version}`);
  const step = flow.step(snapshot, event);
  if (step === null) return false;
  enter(draft, attempt, flow, step);
  return true;
}

function enter(draft: Draft, attempt: Attempt, flow: Flow, step: FlowStep): void {
  attempt.step += 1;
  if (step.end !== null || step.status === null) {
    endFlow(draft, attempt, step.end ?? 'abandoned');
    return;
  }
  attempt.flow = { name: flow.name, version: flow.version, snapshot: step.snapshot };
  attempt.status = step.status;
  attempt.prompt = step.prompt === null ? null : { id: `${attempt.id}.${attempt.step}`, prompt: step.prompt };
  attempt.deadlineAt = step.deadline === null ? null : deadlineAt(draft, step.deadline);
  for (const effect of step.effects) carryOut(draft, attempt, effect);
}

/** Ends the flow: what follows is operations. A card that was given for this attempt alone leaves the vault. */
export function endFlow(draft: Draft, attempt: Attempt, end: NonNullable<Attempt['end']>): void {
  attempt.flow = null;
  attempt.prompt = null;
  attempt.deadlineAt = null;
  attempt.end = end;
  const { authentication, card } = attempt;
  if (authentication !== null) {
    const isOver = authentication.state === 'passed' || authentication.state === 'refused';
    if (!isOver) authentication.state = 'unfinished';
    authentication.nextAt = null;
    authentication.follow = null;
    if (authentication.proof !== null) authentication.proof = { ...authentication.proof, value: null };
  }
  if (isToBeSaved(attempt)) return;
  if (card !== null && !attempt.stored) draft.releases.push(card);
  attempt.card = null;
}

/** Only a card that was typed can be saved, and only where the payment names an account. */
function saveOf({ payer }: Payment, { save, stored }: CardReply, now: number): Attempt['save'] {
  if (save === undefined || stored || payer.account === null) return null;
  return { consent: { words: save, at: now }, state: 'wanted', tries: 0, nextAt: null };
}

/** `payment`: the expiry of the payment bounds it, which has a timer of its own. */
function deadlineAt(draft: Draft, deadline: Deadline): number | null {
  const { now, limits } = draft.world;
  switch (deadline) {
    case 'payment':
      return null;
    case 'authentication':
      return now + limits.authenticationMs;
    case 'device_check':
      return now + limits.deviceCheckMs;
    case 'challenge':
      return now + limits.challengeMs;
  }
}

function carryOut(draft: Draft, attempt: Attempt, effect: Effect): void {
  switch (effect.type) {
    case 'authorize': {
      const { purchase } = acquirerOf(draft.world, attempt.acquirer);
      // There is nothing to take where only the card is verified.
      const takesToo = draft.payment.capture === 'automatic' && purchase === true && attempt.amount > 0;
      issue(draft, attempt, { type: 'authorize', amount: attempt.amount, ...(takesToo && { variant: 'purchase' }) });
      return;
    }
    case 'authenticate':
      ask(draft, attempt, 'authenticate');
      return;
    case 'check_authentication':
      ask(draft, attempt, 'inquire');
  }
}

/** Asks the issuer's side, under the identity of this authentication. */
function ask(draft: Draft, attempt: Attempt, asking: 'authenticate' | 'inquire'): void {
  const { world } = draft;
  attempt.authentication ??= {
    id: world.ids.next('ath'),
    state: 'asking',
    calls: 0,
    nextAt: null,
    deviceCheck: null,
    follow: null,
    proof: null,
  };
  const { authentication } = attempt;
  authentication.state = asking === 'authenticate' ? 'asking' : 'checking';
  authentication.calls += 1;
  authentication.nextAt = world.now + AUTHENTICATION_LEASE_MS;
  const { id, calls } = authentication;
  draft.calls.push({ kind: 'authentication', attempt: attempt.id, authentication: id, call: calls, asking });
}

/** How long an authentication call may go unanswered before it is made again: it moves no money, repeats are harmless. */
const AUTHENTICATION_LEASE_MS = 6_000;
const AUTHENTICATION_CALLS_MAX = 6;

/** The lease of a call ended, or a pause is over: ask again. */
export function askAgain(draft: Draft, attempt: Attempt, authentication: Authentication): void {
  if (authentication.calls >= AUTHENTICATION_CALLS_MAX)
    refuse(draft, attempt, authentication, 'authentication_unavailable');
  else ask(draft, attempt, authentication.state === 'checking' ? 'inquire' : 'authenticate');
}

/** What the issuer's side answered. Only proof passes; what cannot be proved is not charged. */
export function takeAuthenticationAnswer(
  draft: Draft,
  attempt: Attempt,
  authentication: Authentication,
  answer: AuthenticationAnswer,
): void {
  authentication.nextAt = null;
  switch (answer.answer) {
    case 'device_check':
      authentication.state = 'device_check';
      authentication.follow = { url: answer.url, data: answer.data };
      advance(draft, attempt, { type: 'authentication.device_check' });
      return;
    case 'challenge':
      authentication.state = 'challenge';
      authentication.follow = { url: answer.url, data: answer.creq };
      advance(draft, attempt, { type: 'authentication.challenge' });
      return;
    case 'waiting':
      authentication.state = 'challenge';
      advance(draft, attempt, { type: 'authentication.challenge' });
      return;
    case 'unavailable':
      authentication.nextAt = draft.world.now + Math.max(1_000, pauseMs(authentication.calls));
      return;
    case 'final':
      authentication.proof = { method: 'three_d_secure', ...withoutAnswer(answer) };
      if (answer.result !== 'Y' && answer.result !== 'A') {
        refuse(draft, attempt, authentication, REFUSALS.get(answer.result) ?? 'authentication_unavailable');
        return;
      }
      authentication.state = 'passed';
      authentication.follow = null;
      advance(draft, attempt, { type: 'authentication.passed' });
  }
}

/** transStatus to decline code; everything else proves nothing. */
const REFUSALS: ReadonlyMap<string, string> = new Map([
  ['N', 'authentication_failed'],
  ['R', 'authentication_rejected'],
]);

function withoutAnswer({
  result,
  eci,
  value,
  directoryServerTransaction,
  version,
}: Extract<AuthenticationAnswer, { answer: 'final' }>) {
  return { result, eci, value, directoryServerTransaction, version };
}

function refuse(draft: Draft, attempt: Attempt, authentication: Authentication, code: string): void {
  authentication.state = 'refused';
  authentication.follow = null;
  attempt.decline = { code, acquirerCode: null, advice: 'retry' };
  advance(draft, attempt, { type: 'authentication.refused' });
}

/** What an attempt has become, for the outside: its flow's word while it waits, its ledger's afterwards. */
export function attemptStatus(attempt: Attempt): Attempt['status'] {
  if (attempt.flow !== null) return attempt.status;
  const held = authorization(attempt);
  if (held !== undefined) {
    if (capturedOf(attempt) > 0) return 'captured';
    return authorizedOf(attempt) > 0 || approvedOf(attempt) === 0 ? 'authorized' : 'voided';
  }
  if (attempt.operations.some(({ type, reversed }) => type === 'authorize' && reversed)) return 'reversed';
  return attempt.end === 'declined' ? 'declined' : 'canceled';
}
