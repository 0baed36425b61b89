import { type Clock, rfc3339 } from '../contracts/clock.js';
import type { Presenter } from '../contracts/engine.js';
import { maskedAddress } from '../contracts/mail.js';
import type { Capture, JournalEvent, Payment, Refund } from '../contracts/payment.js';
import type { Reach } from '../contracts/reach.js';
import type { FeedBatch } from '../contracts/store.js';
import { maskedNumber } from '../contracts/telephone.js';
import { capturableOf, totalsOf } from '../engine/ledger.js';
import { presentAttempt } from './attempt.js';
import { languageOf } from './declines.js';
import { nextActionsOf, type Ways } from './next_actions.js';

export interface PresenterPorts {
  /** An origin without a slash at its end. */
  readonly publicUrl: string;
  /** The payment's page; null until a payer may come. */
  payLink(payment: Payment): string | null;
  /** Where payers call about this payment, E.164; null where they cannot. */
  telephone(payment: Payment): string | null;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Renders the public shapes of payments. It runs at every commit and every read, so it does nothing twice and looks
 * nothing up.
 */
export function createPresenter(ports: PresenterPorts): Presenter {
  return {
    payment: (payment) => presentPayment(payment, ports),
    refund: presentRefund,
    reach: presentReach,
    feed: (payment, events) => presentFeed(payment, events, ports),
  };
}

/**
 * One plain literal, because copying objects about costs more than all the rest. For the feed it leaves out what names a
 * person, opens the payment to a payer, or is only true now: members that are undefined do not exist in JSON.
 */
function presentPayment(payment: Payment, ports: PresenterPorts, isForFeed = false): Record<string, unknown> {
  const totals = totalsOf(payment);
  const { review } = payment;
  const payLink = isForFeed ? null : ports.payLink(payment);
  const nextActions = isForFeed ? undefined : nextActionsOf(payment, waysTo(payment, payLink, ports));
  return {
    id: payment.id,
    object: 'payment',
    mode: payment.mode,
    merchant: payment.merchant,
    status: payment.status,
    amount: payment.amount,
    currency: payment.currency,
    amount_authorized: totals.authorized,
    amount_captured: totals.captured,
    amount_refunded: totals.refunded,
    amount_disputed: 0,
    amount_due: totals.due,
    amount_capturable: totals.capturable,
    capture_before: captureBefore(payment),
    reference: payment.reference,
    payment_code: isForFeed ? undefined : payment.code,
    description: isForFeed ? undefined : payment.description,
    capture: payment.capture,
    instruments: payment.instruments,
    channels: payment.channels,
    payer: presentPayerOf(payment, isForFeed),
    next_action: nextActions && (nextActions[0] ?? null),
    next_actions: nextActions,
    channel: payment.channel,
    cancel_requested: payment.wish?.to === 'cancel',
    canceled_by: payment.canceledBy,
    version: versionOf(payment),
    metadata: isForFeed ? undefined : payment.metadata,
    created_at: rfc3339(payment.createdAt),
    updated_at: rfc3339(payment.updatedAt),
    expires_at: rfc3339(payment.expiresAt),
    review: review === null ? undefined : { reason: review.reason },
    attempts: presentAttempts(payment),
    links: { pay: isForFeed ? undefined : payLink, self: `${ports.publicUrl}/v1/payments/${payment.id}` },
  };
}

function presentPayerOf({ payer }: Payment, isForFeed: boolean): Record<string, unknown> {
  const { account, email, phone, name, language } = payer;
  return isForFeed ? { account, language } : { account, email, phone, name, language };
}

function waysTo(payment: Payment, payLink: string | null, ports: PresenterPorts): Ways {
  const telephone = payment.channels.includes('ivr') ? ports.telephone(payment) : null;
  return { payLink, telephone, publicUrl: ports.publicUrl, now: ports.clock.now() };
}

function presentAttempts(payment: Payment): Record<string, unknown>[] {
  const language = languageOf(payment.payer.language);
  return payment.attempts.map((attempt) => presentAttempt(attempt, language));
}

/** The public version is the last event's sequence. */
function versionOf({ events }: Payment): number {
  return events.at(-1)?.sequence ?? 0;
}

/** The first end of a hold of which something can still be taken. */
function captureBefore(payment: Payment): string | null {
  let earliest: number | null = null;
  for (const attempt of payment.attempts) {
    const { captureBefore: at } = attempt;
    if (at === null || (earliest !== null && at >= earliest) || capturableOf(attempt) === 0) continue;
    earliest = at;
  }
  return earliest === null ? null : rfc3339(earliest);
}

function presentRefund(payment: Payment, refund: Refund): Record<string, unknown> {
  const { id, amount, reason, reference, metadata, status } = refund;
  return {
    id,
    object: 'refund',
    mode: payment.mode,
    payment: payment.id,
    amount,
    currency: payment.currency,
    reason,
    reference,
    metadata,
    status,
    parts: presentParts(payment, refund),
  };
}

/** As it is when it is asked for; what became of it is told by the events of the payment. */
function presentReach(
  { id: payment, mode }: Payment,
  { id, channel, to, status = 'queued' }: Reach,
): Record<string, unknown> {
  return {
    id,
    object: 'reach',
    mode,
    payment,
    channel,
    to_masked: to === null ? null : channel === 'email' ? maskedAddress(to) : maskedNumber(to),
    status,
  };
}

function presentCapture(payment: Payment, capture: Capture): Record<string, unknown> {
  const { id, amount, final, status } = capture;
  return {
    id,
    object: 'capture',
    mode: payment.mode,
    payment: payment.id,
    amount,
    currency: payment.currency,
    final,
    status,
    parts: presentParts(payment, capture),
  };
}

function presentParts(payment: Payment, { parts }: Capture | Refund): Record<string, unknown>[] {
  return parts.map(({ attempt, operation, amount }) => {
    const made = payment.attempts.find(({ id }) => id === attempt)?.operations.find(({ id }) => id === operation);
    return { attempt, operation, amount, status: made?.status ?? 'unknown' };
  });
}

/** Each object once, however many events tell of it. */
function presentFeed(payment: Payment, events: readonly JournalEvent[], ports: PresenterPorts): FeedBatch {
  const texts = new Map<string, string>();
  const told = events.map(({ id, type, at, sequence, about }) => {
    const object = about ?? payment.id;
    if (!texts.has(object)) texts.set(object, JSON.stringify(aboutObject(payment, object, ports)));
    return { id, type, at, sequence, object };
  });
  const { merchant, mode, id } = payment;
  // Put together as text: an object whose members are named by ids is slow to make and slower to write.
  const data = Array.from(texts, ([object, text]) => `${JSON.stringify(object)}:${text}`).join();
  return { merchant, mode, payment: id, events: told, data: `{${data}}` };
}

function aboutObject(payment: Payment, id: string, ports: PresenterPorts): Record<string, unknown> {
  const version = versionOf(payment);
  const attempt = payment.attempts.find((candidate) => candidate.id === id);
  if (attempt !== undefined) {
    const { mode, currency } = payment;
    const shown = presentAttempt(attempt, languageOf(payment.payer.language));
    return { id, object: 'attempt', mode, payment: payment.id, currency, ...shown, version };
  }
  const refund = payment.refunds.find((candidate) => candidate.id === id);
  if (refund !== undefined) {
    const { metadata: _omitted, ...rest } = presentRefund(payment, refund);
    return { ...rest, version };
  }
  const capture = payment.captures.find((candidate) => candidate.id === id);
  if (capture !== undefined) return { ...presentCapture(payment, capture), version };
  return presentPayment(payment, ports, true);
}
