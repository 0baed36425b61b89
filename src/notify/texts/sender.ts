import type { Clock } from '../../contracts/clock.js';
import type { Log } from '../../contracts/log.js';
import type { Store } from '../../contracts/store.js';
import type { Begun, Telephone } from '../../contracts/telephone.js';
import { CONSENT_PURPOSES, type Consents, type Text } from '../../contracts/text.js';
import { type Finding, type Occasion, type OccasionPorts, occasionOf } from './occasion.js';

/** How long one request may take, and for how long a text is ours: twice as much for what is looked up and written around it. */
const SEND_MS = 10_000;
const LEASE_MS = 30_000;
/** The pauses between tries of what was not sent for certain. */
const PAUSES_MS = [2_000, 10_000, 30_000, 120_000, 300_000];
/** How long after a doubtful try the provider surely lists what it took. */
const LISTED_AFTER_MS = 20_000;
const TRIES_MAX = 12;
/** Requests that may each have had it sent. */
const SENDS_MAX = 2;
/** Clocks of ours and theirs differ. */
const SLACK_MS = 60_000;
/** How long after their end digits are still known as such. */
const CLOSED_AFTER_MS = 60 * 60_000;

export interface SenderPorts extends OccasionPorts {
  readonly store: Pick<Store, 'texts' | 'payments' | 'merchants' | 'payers'>;
  readonly telephone: Telephone;
  readonly consents: Consents;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the provider reports what becomes of a text. */
  statusUrl(text: string): string;
}

export interface Sender {
  /** One try of a text that waits and is due; answers it as it is then, null when another process has it. */
  send(text: Text): Promise<Text | null>;
}

/**
 * One text, one try. The claim stores the intent and the digits' hash before anything is sent, and raises `sends`: a text
 * that may have been sent is looked for at the provider before it is sent again, and is sent twice at most, with
 * the same words, or with the link once its digits are no longer good.
 */
export function createSender(ports: SenderPorts): Sender {
  const { store, telephone, consents, clock, log } = ports;

  async function commit(text: Text, change: Partial<Text>): Promise<Text | null> {
    const next = { ...text, ...change, revision: text.revision + 1 };
    return (await store.texts.commit(next)) ? next : null;
  }

  async function settle(text: Text, change: Partial<Text>): Promise<Text | null> {
    const next = await commit(text, change);
    if (next !== null && next.status !== 'waiting' && next.status !== 'sent') {
      log.info('text not sent', { text: next.id, kind: next.kind, reason: next.why, payment: next.payment });
    }
    return next;
  }

  /** What was sent all the same is taken as sent; null when it was not, `unknown` when the provider does not say. */
  async function lookFor({ createdAt }: Text, { to, body }: Occasion): Promise<string | null | 'unknown'> {
    try {
      const listed = await telephone.textsTo(to, createdAt - SLACK_MS);
      return listed.find((sent) => sent.body === body)?.sid ?? null;
    } catch (error) {
      log.warn('texts could not be looked up', { error });
      return 'unknown';
    }
  }

  /** After a try that may have sent it: looked for first. Answers the text ready to be sent only if it was not. */
  async function sendAgain(text: Text, claim: Partial<Text>, occasion: Occasion): Promise<Text | null> {
    const claimed = await commit(text, claim);
    if (claimed === null) return null;
    const sid = await lookFor(text, occasion);
    const now = clock.now();
    if (sid === 'unknown') return settle(claimed, again(claimed, LISTED_AFTER_MS, now, 'unknown'));
    if (sid !== null) return settle(claimed, sent(claimed, sid, now));
    if (text.sends >= SENDS_MAX) return settle(claimed, over(claimed, 'failed', 'unknown', now));
    return commit(claimed, { sends: text.sends + 1 });
  }

  async function send(text: Text): Promise<Text | null> {
    const now = clock.now();
    const finding: Finding = await occasionOf(text, ports);
    if ('drop' in finding) return settle(text, over(text, 'dropped', finding.drop, now));
    if ('fail' in finding) return settle(text, over(text, 'failed', finding.fail, now));
    const { occasion } = finding;
    const claim = { tries: text.tries + 1, challenge: occasion.challenge, dueAt: now + LEASE_MS };
    const sending =
      text.sends === 0 ? await commit(text, { ...claim, sends: 1 }) : await sendAgain(text, claim, occasion);
    if (sending === null || sending.status !== 'waiting' || sending.sends === text.sends) return sending;
    // A process that was frozen must not send beside the one that took over.
    if (clock.now() + SEND_MS > now + LEASE_MS) return sending;
    const { to, body, validForSeconds } = occasion;
    const statusUrl = ports.statusUrl(text.id);
    const begun = await telephone.sendText({ to, body, validForSeconds, statusUrl, deadline: clock.now() + SEND_MS });
    if (begun.outcome === 'refused' && begun.why === 'opted_out') {
      await consents.say(to, { given: false, by: 'provider', purposes: CONSENT_PURPOSES });
    }
    return settle(sending, after(sending, begun, clock.now()));
  }

  return { send };
}

function after(text: Text, begun: Begun, now: number): Partial<Text> {
  switch (begun.outcome) {
    case 'taken':
      return sent(text, begun.sid, now);
    case 'refused':
      return { ...over(text, 'failed', begun.why, now), sends: text.sends - 1 };
    case 'not_sent': {
      const pause = PAUSES_MS[Math.min(text.tries, PAUSES_MS.length) - 1] ?? 0;
      return { ...again(text, pause, now, 'not_sent'), sends: text.sends - 1 };
    }
    case 'unknown':
      return again(text, LISTED_AFTER_MS, now, 'unknown');
  }
}

function again(text: Text, pauseMs: number, now: number, why: string): Partial<Text> {
  const dueAt = now + pauseMs;
  if (text.tries >= TRIES_MAX || dueAt > text.giveUpAt) return over(text, 'failed', why, now);
  return { why, dueAt };
}

/** The provider has it. The number of digits stays until they are of no use: what comes of them is told to it. */
export function sent(text: Text, sid: string, now: number): Partial<Text> {
  return { status: 'sent', sid, why: null, sentAt: now, ...rest(text, now) };
}

/** What is left to do for a text that is on its way, or over: its reach is told, and its digits are looked after. */
export function rest(text: Text, now: number): Partial<Text> {
  const untold = text.reach !== null;
  const nextAt = digitsNextAt(text, now);
  return { untold, dueAt: untold ? now : nextAt, to: nextAt === null ? null : text.to };
}

/** When something must be done about the digits of a text; null when it has none, or they are over. */
export function digitsNextAt({ challenge }: Text, now: number): number | null {
  if (challenge === null || challenge.state === 'over') return null;
  return challenge.state === 'answered' ? now : challenge.expiresAt + CLOSED_AFTER_MS;
}

/** A text that does not arrive. Its digits, should they have, work no more; what they have begun is brought to its end. */
export function over(text: Text, status: 'failed' | 'dropped', why: string, now: number): Partial<Text> {
  const known = text.challenge;
  const challenge = known?.state === 'open' ? { ...known, state: 'over' as const } : known;
  return { status, why, challenge, ...rest({ ...text, challenge }, now) };
}
