import type {
  CancelCommand,
  CaptureCommand,
  NewPayment,
  NewRequest,
  ReachCommand,
  RefundCommand,
  ResolveCommand,
} from '../contracts/engine.js';
import { DuplicateKey, Problem } from '../contracts/errors.js';
import { isWaitedFor } from '../contracts/open_payment.js';
import type { Attempt, Part, Payment } from '../contracts/payment.js';
import { beginAttempt } from './attempts.js';
import { isEnded, openToPayer } from './conclude.js';
import { attemptOf, type Draft, journal } from './draft.js';
import { fits, keepLateMoney, returnLateMoney } from './late.js';
import {
  authorization,
  authorizedOf,
  capturableOf,
  capturedOf,
  countsOf,
  keptOf,
  refundedAtMostOf,
  returnableOf,
  unsettledIn,
} from './ledger.js';
import { issue } from './operations.js';
import { beginReach } from './reaching.js';
import { isBeingReversed } from './reversal.js';
import { acquirerOf, type World } from './world.js';

/** What a merchant may ask of a payment. Each changes the draft, or says with a Problem why it cannot be. */

/** A payment before its first commit. Written out: with so many fields, spreading costs more than all decisions about it. */
export function emptyPayment(wanted: NewPayment, { now }: World): Payment {
  const { payWith } = wanted;
  return {
    id: wanted.id,
    revision: 0,
    schema: 1,
    mode: wanted.mode,
    merchant: wanted.merchant,
    amount: wanted.amount,
    currency: wanted.currency,
    reference: wanted.reference,
    description: wanted.description,
    capture: wanted.capture,
    instruments: wanted.instruments,
    channels: wanted.channels,
    payer: wanted.payer,
    origin: wanted.origin,
    returnUrl: wanted.returnUrl,
    cancelUrl: wanted.cancelUrl,
    metadata: wanted.metadata,
    payWith: payWith === null ? null : { reason: payWith.reason },
    terms: wanted.terms,
    status: 'requires_payment_method',
    openReference: wanted.reference,
    code: null,
    generation: null,
    expiresAt: wanted.expiresAt,
    extensions: 0,
    wish: null,
    canceledBy: null,
    channel: null,
    attempts: [],
    captures: [],
    refunds: [],
    reaches: [],
    requests: [],
    events: [],
    review: null,
    dueAt: null,
    createdAt: now,
    updatedAt: now,
  };
}

export function create(draft: Draft, wanted: NewPayment): void {
  const { payWith } = wanted;
  keepRequest(draft, wanted.request, 'create');
  journal(draft, 'payment.created');
  if (payWith === null) {
    openToPayer(draft);
    if (wanted.reach !== undefined) beginReach(draft, wanted.reach);
    return;
  }
  beginAttempt(draft, 'card', {
    type: 'card',
    prompt: 'begin.1',
    channel: 'api',
    device: 'api',
    browser: null,
    token: payWith.token,
    face: payWith.face,
    stored: true,
    proof: 'merchant_agreement',
  });
}

/** The payer is brought to the payment. Only while its page still waits for them. */
export function reach(draft: Draft, command: ReachCommand): void {
  const { payment, world } = draft;
  if (!isWaitedFor(payment, world.now)) {
    throw new Problem(409, 'payment_not_open', `A payment that is ${payment.status} waits for no payer.`);
  }
  if (payment.generation === null) openToPayer(draft);
  keepRequest(draft, command.request, beginReach(draft, command));
}

export function cancel(draft: Draft, command: CancelCommand): void {
  const { payment, world } = draft;
  keepRequest(draft, command.request, 'cancel');
  if (payment.wish?.to === 'cancel') return;
  const isCaptured = payment.attempts.some((attempt) => capturedOf(attempt) > 0);
  const isHeld = payment.attempts.some((attempt) => countsOf(attempt) > 0);
  if (isEnded(payment.status) || isCaptured || payment.review !== null || (command.by === 'payer' && isHeld)) {
    throw new Problem(409, 'payment_not_cancelable', `A payment that is ${payment.status} cannot be canceled.`);
  }
  refuseWhileUnsettled(payment.attempts, ['capture', 'void']);
  const { by, channel } = command;
  payment.wish = { to: 'cancel', by, ...(channel !== undefined && { channel }), at: world.now };
  payment.channel = channel ?? payment.channel;
}

export function capture(draft: Draft, command: CaptureCommand): void {
  const { payment, world } = draft;
  const id = world.ids.next('cap');
  keepRequest(draft, command.request, id);
  if (payment.review !== null || payment.wish !== null) throw notCapturable(payment);
  refuseWhileUnsettled(payment.attempts, ['authorize', 'capture', 'void', 'reverse']);
  const held = payment.attempts.filter((attempt) => capturableOf(attempt) > 0);
  const left = held.reduce((total, attempt) => total + capturableOf(attempt), 0);
  const isOpen = payment.status === 'requires_capture' || payment.status === 'partially_captured';
  if (left === 0 || !isOpen) throw notCapturable(payment);
  const amount = command.amount ?? left;
  if (amount > left) throw tooLarge(amount, left, 'captured');
  const parts: Part[] = [];
  for (const { attempt, amount: part } of allocate(held, amount, capturableOf)) {
    const leavesMore = !command.final && part < capturableOf(attempt);
    const acquirer = acquirerOf(world, attempt.acquirer);
    const ability = leavesMore ? acquirer.capturePart : acquirer.capture;
    if (ability === undefined) throw new Problem(409, ...noAbility(leavesMore));
    const variant = leavesMore ? ({ variant: 'part' } as const) : {};
    const follows = authorization(attempt)?.id ?? '';
    const operation = issue(draft, attempt, { type: 'capture', amount: part, serves: id, follows, ...variant });
    parts.push({ attempt: attempt.id, operation: operation.id, amount: part });
  }
  const { final } = command;
  payment.captures.push({ id, amount, final, automatic: false, status: 'pending', parts, createdAt: world.now });
}

const notCapturable = ({ status }: Payment): Problem =>
  new Problem(409, 'payment_not_capturable', `A payment that is ${status} has nothing to capture.`);

function noAbility(leavesMore: boolean): [code: string, detail: string] {
  return leavesMore
    ? ['multiple_captures_not_supported', 'This acquirer captures once: send `final: true`.']
    : ['payment_not_capturable', 'This acquirer has no separate capture.'];
}

export function refund(draft: Draft, command: RefundCommand): string {
  const { payment, world } = draft;
  const id = world.ids.next('rfd');
  keepRequest(draft, command.request, id);
  const paid = payment.attempts.filter(({ late }) => late === null || late === 'kept');
  const refundable = (attempt: Attempt): number => capturedOf(attempt) - refundedAtMostOf(attempt);
  const left = paid.reduce((total, attempt) => total + refundable(attempt), 0);
  if (payment.review !== null || payment.wish !== null || left === 0) {
    throw new Problem(409, 'payment_not_refundable', `A payment that is ${payment.status} has nothing left to refund.`);
  }
  refuseWhileUnsettled(paid, ['reverse']);
  const amount = command.amount ?? left;
  if (amount > left) throw tooLarge(amount, left, 'refunded');
  const parts: Part[] = [];
  for (const { attempt, amount: part } of allocate(paid, amount, refundable)) {
    if (acquirerOf(world, attempt.acquirer).refund === undefined) {
      throw new Problem(409, 'payment_not_refundable', 'This acquirer has no refund.');
    }
    const follows = authorization(attempt)?.id ?? '';
    const operation = issue(draft, attempt, { type: 'refund', amount: part, serves: id, follows });
    parts.push({ attempt: attempt.id, operation: operation.id, amount: part });
  }
  const { reason, reference, metadata } = command;
  payment.refunds.push({ id, amount, reason, reference, metadata, status: 'pending', parts, createdAt: world.now });
  return id;
}

/** A person has looked: late money is kept or returned; a quarantined payment goes on, or ends with everything given back. */
export function resolve(draft: Draft, command: ResolveCommand): void {
  const { payment, world } = draft;
  keepRequest(draft, command.request, 'resolve');
  const { review } = payment;
  if (review === null) throw new Problem(409, 'payment_not_in_review', 'This payment waits for no decision.');
  payment.review = null;
  rearm(draft);
  const late = review.attempt === null ? undefined : attemptOf(payment, review.attempt);
  if (late?.late === 'review') {
    if (command.decision === 'keep') keepLateMoney(draft, late);
    else returnLateMoney(draft, late);
    return;
  }
  if (command.decision === 'keep') {
    keepAll(draft);
    return;
  }
  payment.wish = { to: 'cancel', by: 'merchant', at: world.now };
}

/**
 * What could not be given back stays, and the wish to do so falls; unless nothing is held or taken at all, or only a part is held
 * that can still be released: that pays nothing, and the payment would be called failed with money held.
 */
function keepAll(draft: Draft): void {
  const { payment, world } = draft;
  const { attempts } = payment;
  const isStuck = (attempt: Attempt): boolean => attempt.late === 'returned' && returnableOf(attempt) > 0;
  const stuck = attempts.filter((attempt) => isStuck(attempt) && fits(draft, attempt));
  const kept = [...stuck, ...attempts.filter((attempt) => keptOf(attempt) > 0)];
  const held = kept.reduce((total, attempt) => total + authorizedOf(attempt), 0);
  const isOfUse = held >= payment.amount || kept.some((attempt) => capturedOf(attempt) > 0);
  if (!kept.some(({ acquirer }) => isOfUse || acquirerOf(world, acquirer).void === undefined)) return;
  for (const attempt of stuck) keepLateMoney(draft, attempt);
  payment.wish = null;
  payment.openReference = payment.reference;
}

/** Whatever is still in doubt is asked for again: nothing may wait without a time. */
function rearm({ payment, world }: Draft): void {
  for (const attempt of payment.attempts) {
    for (const operation of attempt.operations) {
      const isWaiting = operation.settledAt === null && operation.nextAt === null;
      if (isWaiting && !isBeingReversed(attempt, operation)) operation.nextAt = world.now;
    }
  }
}

/** Ten more minutes for a payer who needs them (WCAG 2.2.1). False when it is too late, or enough. */
export function extend(draft: Draft): boolean {
  const { payment, world } = draft;
  if (!isWaitedFor(payment, world.now)) return false;
  if (payment.extensions >= world.limits.extensionsMax) return false;
  payment.extensions += 1;
  payment.expiresAt += world.limits.extensionMs;
  return true;
}

function keepRequest(draft: Draft, request: NewRequest | null, target: string): void {
  if (request === null) return;
  // A lost race is decided again: its twin under the same key may have won it.
  if (draft.payment.requests.some(({ key }) => key === request.key)) throw new DuplicateKey('request');
  draft.payment.requests.push({ ...request, target, answer: null });
}

/** At most one unsettled authorize, capture, void or reverse per attempt. */
function refuseWhileUnsettled(attempts: readonly Attempt[], types: readonly string[]): void {
  const busy = attempts.map(unsettledIn).find((operation) => operation !== undefined && types.includes(operation.type));
  if (busy === undefined) return;
  const detail = `The outcome of ${busy.type} ${busy.id} is not known yet: try again when it is.`;
  throw new Problem(409, 'operation_in_progress', detail, { retryAfterSeconds: 2 });
}

function tooLarge(amount: number, left: number, what: string): Problem {
  const detail = `${amount} is more than the ${left} that can still be ${what}.`;
  return new Problem(422, 'amount_too_large', detail, {
    errors: [{ pointer: '/amount', code: 'too_large', detail: `At most ${left}.` }],
  });
}

/** Spreads an amount over attempts in their order. */
function* allocate(attempts: readonly Attempt[], amount: number, roomOf: (attempt: Attempt) => number) {
  let rest = amount;
  for (const attempt of attempts) {
    const part = Math.min(rest, roomOf(attempt));
    if (part <= 0) continue;
    rest -= part;
    yield { attempt, amount: part };
  }
}
