import { json, type Reply } from '../acquirer/reply.js';
import type { Asked } from '../serving.js';
import type { Numbers } from './numbers.js';
import type { Problem, Problems } from './problems.js';
import { isKnown } from './rest/routes.js';
import { type Text, textsOf } from './texts/handset.js';
import type { Inbound } from './texts/inbound.js';
import type { Messages } from './texts/messages.js';
import type { Call } from './voice/call.js';
import type { Calls } from './voice/calls.js';
import type { Heard, LineState } from './voice/line.js';
import type { Exchange, Exchanges } from './wire/exchanges.js';

/** The telephone and the handset of one number, as whoever holds them sees them. */
export interface Devices {
  readonly number: string;
  /** What can be called and written to. */
  readonly ours: readonly string[];
  /** The latest call of this telephone; null before the first. */
  readonly call: ShownCall | null;
  readonly texts: readonly Text[];
  /** The last exchange with the application about a text. */
  readonly textExchange: Exchange | null;
  readonly problems: readonly Problem[];
}

export interface ShownCall {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  readonly isIncoming: boolean;
  readonly status: string;
  readonly state: LineState;
  readonly isSecret: boolean;
  /** The last lines, numbered from the first one of the call. */
  readonly transcript: readonly (Heard & { readonly line: number })[];
  readonly exchange: Exchange | null;
}

export interface DevicePorts {
  readonly accountSid: string;
  readonly authToken: string;
  readonly numbers: Numbers;
  readonly calls: Calls;
  readonly messages: Messages;
  readonly inbound: Inbound;
  readonly exchanges: Exchanges;
  readonly problems: Problems;
}

const TRANSCRIPT_MAX = 200;
const TEXTS_MAX = 50;
const PROBLEMS_MAX = 5;
const PATH = '/devices/';
const NOT_FOUND = json(404, { error: 'no_such_device' });

/** What is behind the devices of the lab's page: the other side of the simulator, under the account's credentials. */
export function createDevices(ports: DevicePorts): (asked: Asked) => Reply | null {
  const { calls, messages, inbound, exchanges, numbers, problems } = ports;

  /** Whose telephone a call is made from, hidden as its number may be. */
  const holders = new WeakMap<Call, string>();

  function shown(call: Call, number: string): ShownCall {
    const { sid, from, to, line } = call;
    return {
      ...{ sid, from, to, isIncoming: call.direction !== 'inbound' && to === number },
      ...{ status: call.status(), state: line.state(), isSecret: line.isSecret() },
      transcript: line.transcript.map((heard, index) => ({ ...heard, line: index })).slice(-TRANSCRIPT_MAX),
      exchange: exchanges.about(sid).findLast(({ kind }) => kind === 'voice') ?? null,
    };
  }

  function look(number: string): Devices {
    const call = calls
      .list()
      .find((one) => (one.direction === 'inbound' ? (holders.get(one) ?? one.from) : one.to) === number);
    const texts = textsOf(messages, number).slice(-TEXTS_MAX);
    const sids = new Set(texts.map(({ sid }) => sid));
    return {
      number,
      ours: numbers.list().map(({ phoneNumber }) => phoneNumber),
      call: call === undefined ? null : shown(call, number),
      texts,
      textExchange: exchanges.list().findLast(({ kind, about }) => kind !== 'voice' && sids.has(about)) ?? null,
      problems: problems.list().slice(-PROBLEMS_MAX),
    };
  }

  function act(what: string, form: URLSearchParams): boolean {
    const [from = '', to = '', sid = ''] = ['from', 'to', 'sid'].map((name) => form.get(name) ?? '');
    if (what === 'dial') {
      holders.set(calls.dial(form.get('hidden') === 'yes' ? 'anonymous' : from, to), from);
      return true;
    }
    if (what === 'text') {
      void inbound.text(from, to, form.get('body') ?? '');
      return true;
    }
    const call = calls.find(sid);
    if (call === null) return false;
    if (what === 'press') return call.line.press(form.get('key') ?? '');
    if (what === 'pick-up') return call.pickUp();
    if (what !== 'hang-up') return false;
    call.hangUp();
    return true;
  }

  return ({ path, method, query, body, authorization }) => {
    if (!path.startsWith(PATH)) return null;
    if (!isKnown(ports, authorization)) return json(401, { error: 'unauthorized' });
    const what = path.slice(PATH.length);
    if (method === 'GET') return what === 'state' ? json(200, look(query.get('number') ?? '')) : NOT_FOUND;
    return json(200, { done: act(what, new URLSearchParams(body)) });
  };
}
