import type { InquiryOutcome } from '../contracts/acquirer.js';
import type { AuthenticationAnswer } from '../contracts/authentication.js';
import type { Reply } from '../contracts/engine.js';
import { Impossible } from '../contracts/errors.js';
import type { Attempt, Operation, Payment } from '../contracts/payment.js';
import { advance, askAgain, beginAttempt, endFlow, takeAuthenticationAnswer } from './attempts.js';
import { cancel, capture, create, extend, reach, refund, resolve } from './commands.js';
import { conclude, mayBegin, release } from './conclude.js';
import { activeAttempt, attemptOf, type Draft, draftOf, findOperation, journal } from './draft.js';
import { type Decision, finish } from './finish.js';
import type { Incoming } from './incoming.js';
import { elapse, settle } from './ladder.js';
import { receiveApproval } from './late.js';
import { capturedOf, unsettledIn } from './ledger.js';
import { lackFor, leaveAlone } from './left_alone.js';
import { takeOver } from './moving.js';
import { claim, quarantine } from './operations.js';
import { beginPromptId } from './prompts.js';
import { isTakenHere } from './proof.js';
import { takeReachAnswer, takeReachReport, tellConsent, tellText, wakeReach } from './reaching.js';
import { type FinalAnswer, isBeingReversed } from './reversal.js';
import { askAccount, takeSaveAnswer } from './saving.js';
import { type Timer, timersOf } from './timers.js';
import type { World } from './world.js';

/**
 * Pure: the payment after `incoming`, with the calls to make once it is committed; null when nobody waits for it.
 * @throws Problem where the state forbids a command, or another release must go on with it; Impossible for a bug.
 */
export function decide(payment: Payment, incoming: Incoming, world: World): Decision | null {
  if (lackFor(payment, world) !== null) return leaveAlone(incoming);
  const draft = draftOf(payment, world);
  if (!apply(draft, incoming)) return null;
  conclude(draft);
  return finish(payment, draft);
}

function apply(draft: Draft, incoming: Incoming): boolean {
  switch (incoming.type) {
    case 'create':
      create(draft, incoming.wanted);
      return true;
    case 'reply':
      return takeReply(draft, incoming.reply);
    case 'outcome':
      return takeOutcome(draft, incoming);
    case 'authenticated':
      return takeAuthentication(draft, incoming.authentication, incoming.call, incoming.answer);
    case 'time':
      return takeTime(draft, incoming.timer);
    case 'notified':
      return takeNotification(draft, incoming.operation);
    case 'cancel':
      cancel(draft, incoming.command);
      follow(draft.payment, incoming.command.language);
      return true;
    case 'capture':
      capture(draft, incoming.command);
      return true;
    case 'refund':
      refund(draft, incoming.command);
      return true;
    case 'resolve':
      resolve(draft, incoming.command);
      return true;
    case 'reach':
      reach(draft, incoming.command);
      return true;
    case 'reach_begun':
      return takeReachAnswer(draft, incoming.of, incoming.answer);
    case 'reached':
      return takeReachReport(draft, incoming.of, incoming.report);
    case 'consented':
      return tellConsent(draft, incoming.given);
    case 'texted':
      return tellText(draft, incoming.what);
    case 'saved': {
      const attempt = attemptOf(draft.payment, incoming.attempt);
      return attempt !== undefined && takeSaveAnswer(draft, attempt, incoming.call, incoming.answer);
    }
    case 'claim':
      return claim(draft);
    case 'called':
      journal(draft, 'channel.call_started', incoming.reach);
      return true;
    case 'met':
      journal(draft, `channel.${incoming.how}`);
      return true;
    case 'extend':
      return extend(draft);
    case 'revoke_links':
      if (draft.payment.generation === null) return false;
      draft.payment.generation += 1;
      return true;
    case 'quarantine':
      quarantine(draft, incoming.detail, null);
      return true;
  }
}

function takeReply(draft: Draft, reply: Reply): boolean {
  const { payment, world } = draft;
  if (reply.channel !== 'api') payment.channel = reply.channel;
  follow(payment, reply.language);
  if (reply.type === 'card') {
    if (reply.prompt !== beginPromptId(payment) || !mayBegin(payment, world.now)) return false;
    if (!isTakenHere(payment, reply)) return false;
    beginAttempt(draft, 'card', reply);
    return true;
  }
  const attempt = activeAttempt(payment);
  if (attempt === undefined || attempt.prompt?.id !== reply.prompt) return false;
  if (payment.wish !== null || payment.review !== null) return false;
  switch (reply.type) {
    case 'security_code':
      return advance(draft, attempt, { type: 'reply.security_code' });
    case 'device_check':
      // A device check belongs to the device that was asked for it.
      if (attempt.authentication === null || attempt.device?.id !== reply.device) return false;
      attempt.authentication.deviceCheck = reply.completed;
      return advance(draft, attempt, { type: 'reply.device_check' });
    case 'returned':
      return advance(draft, attempt, { type: 'reply.returned' });
    case 'leave':
      if (unsettledIn(attempt) !== undefined) return false;
      endFlow(draft, attempt, 'abandoned');
      return true;
    case 'take_over':
      return takeOver(draft, attempt, reply);
  }
}

/** The payer goes on being told in the language they have chosen; a region that the merchant knows of stays. */
function follow(payment: Payment, language: string | undefined): void {
  const { payer } = payment;
  if (language === undefined || payer.language?.split('-')[0]?.toLowerCase() === language) return;
  payment.payer = { ...payer, language };
}

function takeOutcome(draft: Draft, incoming: Extract<Incoming, { type: 'outcome' }>): boolean {
  const found = findOperation(draft.payment, incoming.operation);
  if (found === undefined) throw new Impossible(`no operation ${incoming.operation} in ${draft.payment.id}`);
  const { attempt, operation } = found;
  const { outcome, asking } = incoming;
  const isAwaited = operation.asking === asking && operation.calls === incoming.call;
  if (!isAwaited) {
    // Our own call's clear answer is never thrown away, however late; doubts are: the ladder has gone on without them.
    const isClear = outcome.outcome === 'approved' || outcome.outcome === 'declined';
    if (!isClear) return false;
    if (operation.settledAt !== null && !contradicts(operation, outcome)) return false;
    if (operation.settledAt !== null && operation.type === 'authorize' && outcome.outcome === 'approved') {
      return lookOnceMore(draft, attempt, operation);
    }
  }
  answer(draft, attempt, settle(draft, attempt, operation, asking, outcome));
  return true;
}

/** A clear answer that says the opposite of what was settled. */
function contradicts(operation: Operation, { outcome }: InquiryOutcome): boolean {
  const isApproved = operation.status === 'approved' && !operation.reversed;
  return isApproved !== (outcome === 'approved');
}

/** An approval of what was reversed or declined meanwhile: the acquirer is asked what is true now. */
function lookOnceMore(draft: Draft, attempt: Attempt, operation: Operation): boolean {
  if (operation.asking !== null || isBeingReversed(attempt, operation)) return false;
  operation.nextAt = draft.world.now;
  return true;
}

/** Tells the flow what its authorization came to. */
function answer(draft: Draft, attempt: Attempt, final: FinalAnswer | null): void {
  if (final === null) return;
  if (final === 'approved') receiveApproval(draft, attempt);
  else advance(draft, attempt, { type: final });
}

function takeAuthentication(draft: Draft, id: string, call: number | null, given: AuthenticationAnswer): boolean {
  const attempt = activeAttempt(draft.payment);
  const authentication = attempt?.authentication;
  if (attempt === undefined || authentication === undefined || authentication === null) return false;
  if (draft.payment.review !== null) return false;
  if (authentication.id !== id || authentication.state === 'passed' || authentication.state === 'refused') return false;
  // A result message counts whenever it comes; the answer to a call only while that call is the latest and awaited.
  if (call !== null && (authentication.calls !== call || authentication.nextAt === null)) return false;
  if (call === null && given.answer !== 'final') return false;
  takeAuthenticationAnswer(draft, attempt, authentication, given);
  return true;
}

function takeTime(draft: Draft, name: string): boolean {
  const { payment, world } = draft;
  const timer = timersOf(payment).find((candidate) => candidate.name === name);
  if (timer === undefined || timer.at > world.now) return false;
  return expire(draft, timer);
}

/** A notification is a hint: what is in doubt is asked for now instead of later. */
function takeNotification(draft: Draft, id: string): boolean {
  const found = findOperation(draft.payment, id);
  if (found === undefined || found.operation.asking !== null || draft.payment.review !== null) return false;
  const { attempt, operation } = found;
  if (isBeingReversed(attempt, operation)) return false;
  const isDoubtful = operation.settledAt === null && (operation.status === 'pending' || operation.status === 'unknown');
  // A refusal may still turn out otherwise while its request can surface.
  const isYoung = operation.horizonAt !== null && draft.world.now < operation.horizonAt;
  const mayTurn =
    operation.type === 'authorize' && operation.settledAt !== null && operation.status !== 'approved' && isYoung;
  if (!isDoubtful && !mayTurn) return false;
  answer(draft, attempt, elapse(draft, attempt, operation));
  return true;
}

function expire(draft: Draft, { waits }: Timer): boolean {
  const { payment, world } = draft;
  if (waits.for === 'expiry') {
    payment.wish = { to: 'expire', by: 'system', at: world.now };
    return true;
  }
  if (waits.for === 'reach') return wakeReach(draft, waits.reach);
  const attempt = attemptOf(payment, waits.attempt);
  if (attempt === undefined) return false;
  switch (waits.for) {
    case 'deadline':
      if (attempt.authentication?.state === 'device_check') attempt.authentication.deviceCheck = 'N';
      return advance(draft, attempt, { type: 'deadline' });
    case 'authentication':
      if (attempt.authentication === null) return false;
      askAgain(draft, attempt, attempt.authentication);
      return true;
    case 'operation': {
      const operation = attempt.operations.find(({ id }) => id === waits.operation);
      if (operation === undefined) return false;
      answer(draft, attempt, elapse(draft, attempt, operation));
      return true;
    }
    case 'hold':
      return endHold(draft, attempt);
    case 'save':
      askAccount(draft, attempt);
      return true;
  }
}

/** The hold is over: what was not captured is released; a payment of which nothing was captured is canceled. */
function endHold(draft: Draft, attempt: Attempt): boolean {
  const { payment, world } = draft;
  if (payment.attempts.some((other) => capturedOf(other) > 0)) release(draft, attempt);
  else payment.wish ??= { to: 'cancel', by: 'system', at: world.now };
  return true;
}
