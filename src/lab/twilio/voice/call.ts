import type { Clock } from '../../../contracts/clock.js';
import type { FaultName } from '../faults.js';
import { createNews } from '../news.js';
import { countryOf } from '../numbers.js';
import type { Callee, Pace } from '../options.js';
import type { Problems } from '../problems.js';
import type { Verb } from '../twiml/document.js';
import { createCookies } from '../wire/cookies.js';
import type { Params } from '../wire/signature.js';
import type { Webhooks } from '../wire/webhooks.js';
import { createConversation } from './conversation.js';
import { createLine, type Line } from './line.js';
import type { Request } from './stage.js';
import type { Perform } from './verbs.js';

/** As webhooks say it; REST knows no `initiated`. */
export type CallStatus =
  | 'queued'
  | 'initiated'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'failed'
  | 'no-answer'
  | 'canceled';

export interface Call {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  readonly direction: 'inbound' | 'outbound-api';
  readonly createdAt: number;
  readonly line: Line;
  status(): CallStatus;
  /** Null while it waits to be dialled: then it has not started. */
  dialledAt(): number | null;
  answeredAt(): number | null;
  endedAt(): number | null;
  answeredBy(): string | null;
  /** Somebody picks up a telephone that rings; false where none does. */
  pickUp(): boolean;
  /** Whoever ends it; `canceled` counts only before it is answered. */
  hangUp(as?: 'canceled'): void;
  /** Takes the call elsewhere while it is going on; false when it is not. */
  redirect(to: CallScript): boolean;
  /** Resolves when it is over and everybody was told. */
  readonly over: Promise<void>;
}

/** What a call is to do: a document to fetch, or one that was brought along. */
export type CallScript = Request | { readonly twiml: string };

export interface Address {
  readonly url: string;
  readonly method: 'GET' | 'POST';
}

export interface CallPlan {
  readonly sid: string;
  readonly direction: Call['direction'];
  readonly from: string;
  readonly to: string;
  /** Null: nobody has said what is to be done with calls to this number. */
  readonly script: CallScript | null;
  readonly fallback: Address | null;
  readonly statusCallback: (Address & { readonly events: readonly string[] }) | null;
  /** Null: nobody listens whether it is a machine. */
  readonly machineDetection: 'Enable' | 'DetectMessageEnd' | null;
  /** How long it rings at most. */
  readonly timeoutS: number;
  /** Who answers; `nobody_there`: the call fails. Of no account for calls to us. */
  readonly callee: Callee | 'nobody_there';
  readonly fault: FaultName | null;
}

export interface CallPorts {
  readonly accountSid: string;
  readonly webhooks: Webhooks;
  readonly problems: Problems;
  readonly perform: Perform;
  readonly pace: Pace;
  readonly clock: Clock;
}

const API_VERSION = '2010-04-01';
const ENDED: readonly CallStatus[] = ['completed', 'busy', 'failed', 'no-answer', 'canceled'];

/** One call from its first ring to its last status callback. It begins at once. */
export function createCall(ports: CallPorts, plan: CallPlan): Call {
  const { clock, webhooks, problems } = ports;
  const { sid, from, to, direction } = plan;
  const line = createLine(clock);
  const cookies = createCookies();
  const createdAt = clock.now();
  let status: CallStatus = direction === 'inbound' ? 'ringing' : 'queued';
  let dialledAt: number | null = direction === 'inbound' ? createdAt : null;
  let answeredAt: number | null = null;
  let endedAt: number | null = null;
  let answeredBy: string | null = null;
  let isPickedUp = false;
  let sequence = 0;

  const news = createNews(async (params) => {
    const callback = plan.statusCallback;
    if (callback === null) return;
    await webhooks.send({ kind: 'status', about: sid, ...callback, params, cookies });
  }, plan.fault);

  function standardParams(): [string, string][] {
    return [
      ...([
        ['CallSid', sid],
        ['AccountSid', ports.accountSid],
        ['From', from],
        ['To', to],
      ] satisfies Params),
      ...([
        ['CallStatus', status],
        ['ApiVersion', API_VERSION],
        ['Direction', direction],
      ] satisfies Params),
      ...([
        ['Caller', from],
        ['Called', to],
      ] satisfies Params),
      ...([
        ['FromCountry', countryOf(from)],
        ['ToCountry', countryOf(to)],
      ] satisfies Params),
      ...(direction === 'inbound' ? ([['CallToken', `{"parentCallInfoToken":"${sid}"}`]] satisfies Params) : []),
      ...(answeredBy === null ? [] : ([['AnsweredBy', answeredBy]] satisfies Params)),
    ];
  }

  function become(next: CallStatus): void {
    status = next;
    const isEnd = ENDED.includes(next);
    if (next === 'initiated') dialledAt = clock.now();
    if (next === 'in-progress') answeredAt = clock.now();
    if (isEnd) endedAt = clock.now();
    const event = isEnd ? 'completed' : next === 'in-progress' ? 'answered' : next;
    if (plan.statusCallback?.events.includes(event) !== true) return;
    const duration = Math.ceil(((endedAt ?? 0) - (answeredAt ?? endedAt ?? 0)) / 1_000);
    news.tell([
      ...standardParams(),
      ...(isEnd ? ([['CallDuration', String(duration)]] satisfies Params) : []),
      ['Timestamp', new Date(clock.now()).toUTCString()],
      ['CallbackSource', 'call-progress-events'],
      ['SequenceNumber', String(sequence)],
    ]);
    sequence += 1;
  }

  /** How ringing ends: answered, or with the status that says why not. */
  async function ring(): Promise<CallStatus> {
    const { callee, timeoutS } = plan;
    if (callee === 'nobody_there') return 'failed';
    const isByHand = callee === 'rings';
    const event = await line.wait(isByHand ? timeoutS * 1_000 : ports.pace.ringMs, 'ringing', false);
    if (event.is === 'stopped') return ENDED.includes(status) ? status : 'busy';
    if (isByHand) return isPickedUp ? 'in-progress' : 'no-answer';
    return callee === 'busy' ? 'busy' : callee === 'no_answer' ? 'no-answer' : 'in-progress';
  }

  function answered(reject: Verb | null): void {
    if (reject !== null) become(reject.attributes['reason'] === 'busy' ? 'busy' : 'no-answer');
    else if (status === 'ringing') become('in-progress');
  }

  const fallback = plan.fallback;
  const conversation = createConversation({
    ...{ line, cookies, standardParams, fallback, answered, webhooks, problems },
    ...{ callSid: sid, accountSid: ports.accountSid, perform: ports.perform, pace: ports.pace },
  });

  /** An outgoing call is dialled, and rings. True once somebody has answered. */
  async function reach(): Promise<boolean> {
    become('initiated');
    become('ringing');
    const outcome = await ring();
    if (outcome !== 'in-progress') {
      if (!ENDED.includes(status)) become(outcome);
      return false;
    }
    if (plan.machineDetection !== null) {
      const machine = plan.machineDetection === 'Enable' ? 'machine_start' : 'machine_end_beep';
      answeredBy = plan.callee === 'machine' ? machine : 'human';
    }
    become('in-progress');
    return true;
  }

  async function live(): Promise<void> {
    // Whoever asked for the call hears of it first.
    await Promise.resolve();
    if (plan.script === null) {
      problems.note(0, `nothing is set for calls to ${to}`, to);
      line.note('This number is not in service.');
      become('failed');
    } else if (direction === 'inbound' || (await reach())) await conversation.run(plan.script);
    conversation.hangUp();
    if (!ENDED.includes(status)) become(answeredAt === null ? 'no-answer' : 'completed');
    line.note(ENDS[status] ?? 'The call is over.');
    await news.end();
  }

  return {
    ...{ sid, from, to, direction, createdAt, line },
    status: () => status,
    dialledAt: () => dialledAt,
    answeredAt: () => answeredAt,
    endedAt: () => endedAt,
    answeredBy: () => answeredBy,
    pickUp() {
      if (line.state() !== 'ringing' || plan.callee !== 'rings') return false;
      isPickedUp = true;
      return line.cut();
    },
    hangUp(as) {
      if (as === 'canceled' && answeredAt === null && !ENDED.includes(status)) become('canceled');
      conversation.hangUp();
    },
    redirect(script) {
      if (status !== 'in-progress') return false;
      conversation.redirect(script);
      return true;
    },
    over: live(),
  };
}

const ENDS: Readonly<Record<string, string>> = {
  completed: 'The call has ended.',
  busy: 'The line is engaged.',
  failed: 'The call did not go through.',
  'no-answer': 'Nobody answered.',
  canceled: 'The call was called off.',
};
