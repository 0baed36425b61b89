import type { ReachWish } from '../contracts/engine.js';
import { callableAt, textableAt, whyNever } from '../contracts/numbers.js';
import { isWaitedFor } from '../contracts/open_payment.js';
import type { Payment } from '../contracts/payment.js';
import type { Reach, ReachBegun, ReachReport, ReachStep, ReachWay } from '../contracts/reach.js';
import { type Draft, journal, pauseMs } from './draft.js';

/**
 * Bringing the payer to the payment, by one way after the other. Where a way stands lies in the payment, with the time at
 * which it is begun, asked for again, or given up: who has forgotten everything finds it there.
 */

/** Longer than beginning a way can take. */
const LEASE_MS = 30_000;
const PAUSE_MS_MIN = 2_000;
/** Askings that nobody answered; then the next way is taken. */
const TRIES_MAX = 6;

/** Begins the first way, and answers the id of the wish. */
export function beginReach(draft: Draft, { channel, to, fallback = [] }: ReachWish): string {
  const { payment, world } = draft;
  const id = world.ids.next('rch');
  const way = stepOf({ channel, to }, 0);
  payment.reaches.push({ id, ...way, fallback, createdAt: world.now });
  takeWay(draft, id);
  return id;
}

function stepOf(way: ReachWay, step: number) {
  return { ...way, step, status: 'queued', tries: 0, dueAt: null, answerBy: null } as const;
}

/** A mail follows from its event; texts and calls are begun when they are due, which is now or in the morning. */
function takeWay(draft: Draft, id: string): void {
  const { payment, world } = draft;
  const reach = payment.reaches.find((one) => one.id === id);
  if (reach === undefined) return;
  journal(draft, `channel.${EVENTS[reach.channel]}_requested`, id);
  if (reach.channel === 'email') return;
  const { channel, to } = reach;
  const never = to === null ? null : whyNever(channel, to);
  const dueAt = hourFor(reach, payment, world.now);
  if (never !== null) moveOn(draft, reach, never);
  else if (dueAt === null) moveOn(draft, reach, 'hours_unknown');
  else if (dueAt > world.now) putOff(draft, reach, dueAt);
  else change(draft, id, { dueAt, status: 'queued' });
}

/** When a way may be begun; null where nobody knows. */
function hourFor({ channel, to }: Reach, { mode }: Payment, now: number): number | null {
  if (to === null) return now;
  if (channel === 'ivr') return callableAt(to, now);
  // Whoever tries things out may do so at night.
  return mode === 'live' ? textableAt(to, now) : now;
}

/** To an hour at which somebody may be called or texted; where the payment ends before it, the next way is taken now. */
function putOff(draft: Draft, reach: Reach, dueAt: number): void {
  if (dueAt >= draft.payment.expiresAt) moveOn(draft, reach, 'too_late');
  else change(draft, reach.id, { status: 'scheduled', tries: 0, dueAt });
}

const EVENTS = { email: 'email', sms: 'sms', ivr: 'call' } as const;

/** Its time has come: it is begun under a lease, or given up because nobody has reported. */
export function wakeReach(draft: Draft, id: string): boolean {
  const { payment, world } = draft;
  const reach = payment.reaches.find((one) => one.id === id);
  if (reach?.dueAt == null) return false;
  const { step = 0, tries = 0, status } = reach;
  if (status === 'sent') moveOn(draft, reach, 'no_report');
  else if (tries >= TRIES_MAX) moveOn(draft, reach, 'not_begun');
  else {
    const firstTriedAt = tries === 0 ? world.now : (reach.firstTriedAt ?? reach.createdAt);
    change(draft, id, { tries: tries + 1, firstTriedAt, dueAt: world.now + LEASE_MS });
    draft.calls.push({ kind: 'reach', reach: id, step, call: tries + 1 });
  }
  return true;
}

/** What came of beginning a way; `null` when nobody knows. False when it is no longer awaited. */
export function takeReachAnswer(
  draft: Draft,
  { reach: id, step, call }: ReachStep & { readonly call: number },
  answer: ReachBegun | null,
): boolean {
  const reach = currentOf(draft.payment, { reach: id, step });
  if (reach?.dueAt == null || reach.tries !== call || reach.status === 'sent') return false;
  const { now } = draft.world;
  switch (answer?.begun) {
    case undefined:
      change(draft, id, { dueAt: now + Math.max(PAUSE_MS_MIN, pauseMs(call)) });
      return true;
    case 'handed_over':
      change(draft, id, { dueAt: null });
      return true;
    case 'placed':
      change(draft, id, { status: 'sent', dueAt: answer.reportBy });
      return true;
    case 'later':
      putOff(draft, reach, answer.at);
      return true;
    case 'impossible':
      moveOn(draft, reach, answer.why);
      return true;
  }
}

const RANK = { queued: 0, scheduled: 0, sent: 1, delivered: 2, failed: 2, refused: 3 } as const;

/** A report about the way under way; what is behind what is known already changes nothing. */
export function takeReachReport(draft: Draft, of: ReachStep, report: ReachReport): boolean {
  const reach = currentOf(draft.payment, of);
  if (reach === undefined) return false;
  const { id, channel, status = 'queued' } = reach;
  if (RANK[report.status] <= RANK[status]) return false;
  const event = EVENTS[channel];
  switch (report.status) {
    case 'sent':
      change(draft, id, { status: 'sent', answerBy: report.answerBy, dueAt: null });
      journal(draft, `channel.${event}_sent`, id);
      return true;
    case 'delivered':
      change(draft, id, { status: 'delivered', dueAt: null });
      journal(draft, `channel.${event}_delivered`, id);
      return true;
    case 'refused':
      change(draft, id, { status: 'refused', answerBy: null, dueAt: null });
      journal(draft, `channel.${event}_refused`, id);
      return true;
    case 'failed':
      moveOn(draft, reach, report.why);
      return true;
  }
}

/** The way has come to nothing: the next one is begun, if the payer is still waited for. */
function moveOn(draft: Draft, { id, channel, fallback = [], step = 0 }: Reach, why: string): void {
  const { payment, world } = draft;
  journal(draft, `channel.${EVENTS[channel]}_failed`, id, why);
  const [next, ...rest] = fallback.filter(({ to }) => to !== null);
  if (next === undefined || !isWaitedFor(payment, world.now)) {
    change(draft, id, { status: why === 'opted_out' ? 'refused' : 'failed', answerBy: null, dueAt: null });
    return;
  }
  change(draft, id, { ...stepOf(next, step + 1), fallback: rest });
  takeWay(draft, id);
}

function currentOf({ reaches }: Payment, { reach: id, step }: ReachStep): Reach | undefined {
  return reaches.find((one) => one.id === id && (one.step ?? 0) === step);
}

function change({ payment }: Draft, id: string, fields: Partial<Reach>): void {
  payment.reaches = payment.reaches.map((reach) => (reach.id === id ? { ...reach, ...fields } : reach));
}

/** The payer's word about texts, told once for as long as it holds. */
export function tellConsent(draft: Draft, given: boolean): boolean {
  const type = `channel.sms_opted_${given ? 'in' : 'out'}`;
  const last = draft.payment.events.findLast((event) => event.type.startsWith('channel.sms_opted_'));
  if (last?.type === type || (last === undefined && given)) return false;
  journal(draft, type);
  return true;
}

/** What a caller is sent by text, told once: asked for again it is the same text. */
export function tellText(draft: Draft, what: 'link' | 'receipt'): boolean {
  const type = `channel.${what}_texted`;
  if (draft.payment.events.some((event) => event.type === type)) return false;
  journal(draft, type);
  return true;
}
