import type { Attempt, Capture, KeptRequest, Payment, Refund } from '../contracts/payment.js';
import type { PaymentCommit } from '../contracts/store.js';
import { sealedCodeOf } from '../contracts/vault.js';
import { isEnded } from './conclude.js';
import { type Call, type Draft, journal } from './draft.js';
import { isUnsettled, isUnsettledAnywhere } from './ledger.js';
import { dueAtOf } from './timers.js';

/** A decided payment: what to commit in one write, and what to do only once that is durable. */
export interface Decision {
  readonly payment: Payment;
  readonly commit: PaymentCommit;
  readonly calls: readonly Call[];
  /** Cards of which nothing more is sent with their security code: it is forgotten. */
  readonly spent: readonly string[];
  /** True when a worker is to be told that something waits for one. */
  readonly handsOver: boolean;
  /** True when it must be decided again with a payment code in the world. */
  readonly needsCode: boolean;
}

const SENDER_BITS = 64;

/** Tells what changed, sets what is due, fills the answers that are settled now, and renders the feed. */
export function finish(before: Payment, draft: Draft): Decision {
  const { payment, world } = draft;
  tellChanges(before, draft);
  payment.revision = before.revision + 1;
  payment.updatedAt = world.now;
  if (draft.calls.length > 0) payment.sender = world.ids.token(SENDER_BITS);
  payment.dueAt = dueAtOf(payment);
  for (const request of payment.requests) request.answer ??= answerTo(draft, request);
  const told = payment.events.slice(before.events.length);
  const hasEnded = isEnded(payment.status) && !isEnded(before.status);
  const spent = [...draft.releases, ...draft.calls.flatMap((call) => cardToKeep(payment, call))];
  return {
    payment,
    commit: {
      payment,
      feed: told.length === 0 ? null : world.presenter.feed(payment, told),
      claims: draft.claims.filter((token) => !draft.releases.includes(token)),
      releases: world.sealsCodes ? [...draft.releases, ...spent.map(sealedCodeOf)] : draft.releases,
      codeFreeAt: hasEnded && payment.code !== null ? world.now + world.limits.codeRestMs : null,
    },
    calls: draft.calls,
    spent,
    handsOver: draft.handsOver,
    needsCode: draft.needsCode,
  };
}

/** An approved card that goes over to its account no longer leaves the vault, but its security code does. */
function cardToKeep({ attempts }: Payment, call: Call): string[] {
  const attempt = call.kind === 'save' ? attempts.find(({ id }) => id === call.attempt) : undefined;
  return attempt?.card == null ? [] : [attempt.card];
}

/** Every edge emits an event, repairs included: read off the difference, so that none can be forgotten. */
function tellChanges(before: Payment, draft: Draft): void {
  const { payment } = draft;
  for (const attempt of payment.attempts) {
    const old = before.attempts.find(({ id }) => id === attempt.id);
    const isSame = old?.status === attempt.status && old.late === attempt.late;
    const doubt = doubtOf(attempt);
    if (isSame && doubt !== null && doubt !== doubtOf(old)) {
      journal(draft, `attempt.${attempt.status}`, attempt.id, `outcome_${doubt}`);
    }
    if (isSame) continue;
    journal(draft, `attempt.${attempt.status}`, attempt.id, noteOf(attempt.late, attempt.decline?.code));
  }
  tellParts(draft, 'capture', before.captures, payment.captures);
  tellParts(draft, 'refund', before.refunds, payment.refunds);
  const isNew = before.revision === 0 && payment.payWith === null;
  if (before.status !== payment.status && !isNew) {
    journal(draft, `payment.${payment.status}`, null, payment.review?.detail ?? payment.wish?.by ?? null);
  }
}

/** Whether the outcome of the authorization is in doubt: part of the story, though the attempt is `processing` as before. */
function doubtOf({ operations }: Attempt): 'pending' | 'unknown' | null {
  const authorize = operations.findLast(({ type }) => type === 'authorize');
  if (authorize === undefined || !isUnsettled(authorize)) return null;
  return authorize.status === 'pending' || authorize.status === 'unknown' ? authorize.status : null;
}

function noteOf(late: string | null, declineCode: string | undefined): string | null {
  return late === null ? (declineCode ?? null) : `late_money_${late}`;
}

type Parts = readonly (Capture | Refund)[];
function tellParts(draft: Draft, type: 'capture' | 'refund', before: Parts, after: Parts): void {
  for (const { id, status } of after) {
    const old = before.find((candidate) => candidate.id === id);
    if (old?.status !== status) journal(draft, `${type}.${status}`, id);
  }
}

/** The first answer to a request, once what it asked for is settled; the commit that settles it keeps it. */
function answerTo({ payment, world }: Draft, request: KeptRequest): KeptRequest['answer'] {
  const { presenter } = world;
  const refund = payment.refunds.find(({ id }) => id === request.target);
  if (refund !== undefined) {
    if (refund.status === 'pending') return null;
    return { status: 201, body: presenter.refund(payment, refund) };
  }
  const reach = payment.reaches.find(({ id }) => id === request.target);
  if (reach !== undefined) return { status: 202, body: presenter.reach(payment, reach) };
  if (!isSettled(payment, request.target)) return null;
  return { status: request.target === 'create' ? 201 : 200, body: presenter.payment(payment) };
}

function isSettled(payment: Payment, target: string): boolean {
  switch (target) {
    case 'create':
      return payment.status !== 'processing';
    case 'cancel':
      return payment.status !== 'processing' || payment.wish === null;
    case 'resolve':
      return !isUnsettledAnywhere(payment);
    default:
      return payment.captures.find(({ id }) => id === target)?.status !== 'pending';
  }
}
