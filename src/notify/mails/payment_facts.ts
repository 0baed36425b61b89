import type { Mail } from '../../contracts/mail.js';
import { amountText } from '../../contracts/money.js';
import type { Attempt, Payment, Refund } from '../../contracts/payment.js';
import type { Fact } from './letter.js';
import { lastDecline } from './outcomes.js';
import { cardText, momentText, oneLine, type Say } from './words.js';
import { descriptionOf, type Pen, referenceOf } from './writing.js';

/** What a mail about a payment tells beside its sentences: a list that is the same for all who look something up in it. */
export interface Told {
  readonly kind: Mail['kind'];
  readonly audience: Mail['audience'];
  readonly payment: Payment;
  /** What this mail is about: paid, reserved, refunded, or to be paid. */
  readonly amount: number;
  readonly refund: Refund | null;
  /** Of all refunds together, and of what was taken. */
  readonly refunded: number;
  readonly captured: number;
}

type Line = readonly [key: string, value: string | null | undefined];

export function factsOf(told: Told, pen: Pen, say: Say): Fact[] {
  const { payment, audience } = told;
  const { language } = pen;
  const attempts = attemptsTold(told);
  const lines: Line[] = [
    [told.kind === 'paid' ? 'fact.payee' : 'fact.merchant', pen.merchantName],
    ...amountLines(told, pen),
    ['fact.reference', referenceOf(payment)],
    ['fact.description', descriptionOf(payment)],
    ['fact.date', dateOf(told, attempts, pen)],
    ...attempts.flatMap((attempt): Line[] => [
      ['fact.card', cardText(attempt, language, say)],
      ['fact.authorization', attempt.authorizationCode],
    ]),
    ['fact.reason', reasonOf(told, pen)],
    ['fact.statement', isOnStatement(told) ? payment.terms.statementDescriptor : null],
    ['fact.held_until', heldUntil(told, attempts, pen)],
    ['fact.open_until', isOpenKind(told) ? momentText(payment.expiresAt, language) : null],
    ['fact.payment', audience === 'merchant' ? payment.id : null],
  ];
  return lines.flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [{ label: pen.say(key), value }],
  );
}

function amountLines({ payment, amount, refund, refunded, captured }: Told, { language, say }: Pen): Line[] {
  if (payment.amount === 0) return [];
  const { currency } = payment;
  const text = (minor: number): string => amountText({ amount: minor, currency }, language);
  if (refund === null) return [['fact.amount', text(amount)]];
  return [
    ['fact.refund', text(amount)],
    ['fact.refunded_of', say('amount.of', { part: text(refunded), whole: text(captured) })],
    ['fact.refund_reference', refund.reference === null ? null : oneLine(refund.reference, 64)],
  ];
}

/** The attempts whose cards a mail names: those that paid, or the one that was declined. */
function attemptsTold({ kind, payment, refund }: Told): readonly Attempt[] {
  const { attempts } = payment;
  switch (kind) {
    case 'paid':
    case 'reserved': {
      return attempts.filter(
        ({ status, late }) => (status === 'captured' || status === 'authorized') && (late === null || late === 'kept'),
      );
    }
    case 'refunded':
    case 'refund_failed':
      return attempts.filter(({ id }) => refund?.parts.some(({ attempt }) => attempt === id));
    case 'refused':
    case 'declined':
    case 'expired': {
      const declined = attempts.findLast(({ status }) => status === 'declined');
      return declined === undefined ? [] : [{ ...declined, authorizationCode: null }];
    }
    default:
      return [];
  }
}

/** When the bank answered, or when the payment took the state that is told. */
function dateOf({ kind, payment, refund }: Told, attempts: readonly Attempt[], { language }: Pen): string | null {
  if (kind === 'link') return null;
  const operations = attempts.flatMap((attempt) => attempt.operations);
  const wanted = operations.filter(({ id, type }) =>
    refund === null ? type === 'authorize' : refund.parts.some(({ operation }) => operation === id),
  );
  const settled = wanted.flatMap(({ settledAt }) => settledAt ?? []);
  const at = settled.length > 0 ? Math.max(...settled) : (refund?.createdAt ?? endOf(payment) ?? payment.createdAt);
  return momentText(at, language);
}

function endOf({ events, status }: Payment): number | null {
  return events.findLast(({ type }) => type === `payment.${status}`)?.at ?? null;
}

function reasonOf({ kind, audience, payment, refund }: Told, { say }: Pen): string | null {
  if (audience !== 'merchant') return refund === null ? null : reasonForPayer(refund, say);
  if (refund !== null) return refund.reason === null ? null : oneLine(refund.reason, 200);
  if (kind === 'review') return payment.review === null ? null : say(`why.${payment.review.reason}`);
  if (kind !== 'refused' && kind !== 'declined' && kind !== 'expired') return null;
  const decline = (lastDecline(payment) ?? payment.attempts.findLast(({ decline }) => decline !== null))?.decline;
  return decline == null ? null : say(`why.${decline.code}`);
}

/** A merchant's words are for themselves: a payer reads those that are known, in their language. */
function reasonForPayer({ reason }: Refund, say: Pen['say']): string | null {
  return reason !== null && REFUND_REASONS.includes(reason) ? say(`refund_reason.${reason}`) : null;
}

/** Reasons of refunds that there are words for, whoever reads them. */
export const REFUND_REASONS: readonly string[] = [
  ...['requested_by_customer', 'duplicate', 'fraudulent', 'order_canceled', 'returned', 'out_of_stock'],
];

const isOnStatement = ({ kind, payment }: Told): boolean =>
  payment.amount > 0 && (kind === 'paid' || kind === 'reserved' || kind === 'refunded');

function heldUntil({ kind }: Told, attempts: readonly Attempt[], { language }: Pen): string | null {
  const ends = kind === 'reserved' ? attempts.flatMap(({ captureBefore }) => captureBefore ?? []) : [];
  return ends.length === 0 ? null : momentText(Math.min(...ends), language);
}

const isOpenKind = ({ kind }: Told): boolean => kind === 'declined' || kind === 'link';
