import type { Clock } from '../../../contracts/clock.js';
import type { Ids } from '../../../contracts/ids.js';
import type { Fault } from '../faults.js';
import { withoutCards } from '../masking.js';
import { createNews, type News } from '../news.js';
import type { Pace } from '../options.js';
import { newSid } from '../sids.js';
import { createCookies } from '../wire/cookies.js';
import type { Webhooks } from '../wire/webhooks.js';
import { segmentsOf } from './segments.js';

export type MessageStatus =
  | 'accepted'
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'failed'
  | 'receiving'
  | 'received';

export interface Message {
  readonly sid: string;
  readonly direction: 'inbound' | 'outbound-api' | 'outbound-reply';
  readonly from: string;
  readonly to: string;
  /** Card numbers starred. */
  readonly body: string;
  readonly createdAt: number;
  readonly messagingService: string | null;
  readonly status: MessageStatus;
  readonly errorCode: number | null;
  readonly updatedAt: number;
  readonly sentAt: number | null;
}

export interface Outgoing {
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly messagingService: string | null;
  readonly statusCallback: string | null;
  readonly direction: 'outbound-api' | 'outbound-reply';
}

export interface Messages {
  /** Takes a message and sends it on; its news go to its status callback. */
  send(outgoing: Outgoing, fault: Fault | null): Message;
  /** Keeps one that came in. */
  receive(received: { readonly from: string; readonly to: string; readonly body: string }): Message;
  find(sid: string): Message | null;
  /** The newest first. */
  list(): readonly Message[];
  /** Called when a message reaches its handset. */
  onArrival(heard: (message: Message) => void): () => void;
  /** Resolves when everybody was told of everything sent so far. */
  idle(): Promise<void>;
  /** Nothing waits any more; resolves when everybody was told. */
  close(): Promise<void>;
}

export interface MessagePorts {
  readonly accountSid: string;
  readonly webhooks: Webhooks;
  readonly pace: Pace;
  /** Whether the handset is switched on. */
  isReachable(number: string): boolean;
  readonly clock: Clock;
  readonly ids: Ids;
}

const MESSAGES_MAX = 5_000;
/** An unreachable handset. */
const UNREACHABLE = 30_003;
const UNKNOWN_FAILURE = 30_008;

export function createMessages(ports: MessagePorts): Messages {
  const { clock, ids, webhooks } = ports;
  const messages = new Map<string, Message>();
  const listeners = new Set<(message: Message) => void>();
  const underWay = new Set<Promise<void>>();
  const hurries = new Set<() => void>();
  let isClosing = false;

  function keep(message: Message): Message {
    messages.set(message.sid, message);
    const [oldest] = messages.keys();
    if (messages.size > MESSAGES_MAX && oldest !== undefined) messages.delete(oldest);
    return message;
  }

  function change(sid: string, status: MessageStatus, errorCode: number | null, news: News): void {
    const known = messages.get(sid);
    if (known === undefined) return;
    const now = clock.now();
    const message = keep({
      ...known,
      ...{ status, errorCode, updatedAt: now },
      sentAt: status === 'sent' ? now : known.sentAt,
    });
    const isReported = status === 'delivered' || status === 'undelivered';
    news.tell([
      ...([
        ['MessageSid', sid],
        ['SmsSid', sid],
        ['MessageStatus', status],
      ] satisfies [string, string][]),
      ...([
        ['SmsStatus', status],
        ['AccountSid', ports.accountSid],
      ] satisfies [string, string][]),
      ...([
        ['From', message.from],
        ['To', message.to],
        ['ApiVersion', '2010-04-01'],
      ] satisfies [string, string][]),
      ...(errorCode === null ? [] : ([['ErrorCode', String(errorCode)]] satisfies [string, string][])),
      ...(isReported ? ([['RawDlrDoneDate', minuteOf(now)]] satisfies [string, string][]) : []),
    ]);
    if (status === 'delivered') for (const heard of [...listeners]) heard(message);
  }

  async function travel({ sid, to }: Message, fault: Fault | null, callback: string | null): Promise<void> {
    const cookies = createCookies();
    const name = fault?.fault ?? null;
    const news = createNews(async (params) => {
      if (callback === null) return;
      await webhooks.send({ kind: 'status', about: sid, method: 'POST', url: callback, params, cookies });
    }, name);
    // Whoever sent it hears of it first.
    await Promise.resolve();
    const isOff = !ports.isReachable(to);
    const code = fault?.code ?? (name === 'failed' ? UNKNOWN_FAILURE : UNREACHABLE);
    const end = name === 'undelivered' || isOff ? 'undelivered' : 'delivered';
    const way: MessageStatus[] = name === 'failed' ? ['failed'] : ['sending', 'sent', end];
    for (const status of way) {
      await pass();
      change(sid, status, status === 'failed' || status === 'undelivered' ? code : null, news);
    }
    await news.end();
  }

  function pass(): Promise<void> {
    const { messageMs } = ports.pace;
    if (messageMs <= 0 || isClosing) return Promise.resolve();
    return new Promise((resolve) => {
      const hurry = (): void => {
        cancel();
        hurries.delete(hurry);
        resolve();
      };
      const cancel = clock.at(clock.now() + messageMs, hurry);
      hurries.add(hurry);
    });
  }

  async function idle(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
  }

  function create(
    from: string,
    to: string,
    body: string,
    rest: Pick<Message, 'direction' | 'status' | 'messagingService'>,
  ): Message {
    const at = clock.now();
    const times = { createdAt: at, updatedAt: at, sentAt: null };
    return keep({ sid: newSid(ids, 'SM'), from, to, body: withoutCards(body), errorCode: null, ...times, ...rest });
  }

  return {
    send({ from, to, body, messagingService, statusCallback, direction }, fault) {
      const status = messagingService === null ? 'queued' : 'accepted';
      const message = create(from, to, body, { direction, status, messagingService });
      const travelling = travel(message, fault, statusCallback).finally(() => underWay.delete(travelling));
      underWay.add(travelling);
      return message;
    },
    receive: ({ from, to, body }) =>
      create(from, to, body, { direction: 'inbound', status: 'received', messagingService: null }),
    find: (sid) => messages.get(sid) ?? null,
    list: () => [...messages.values()].reverse(),
    onArrival(heard) {
      listeners.add(heard);
      return () => {
        listeners.delete(heard);
      };
    },
    idle,
    close() {
      isClosing = true;
      for (const hurry of [...hurries]) hurry();
      return idle();
    },
  };
}

/** `YYMMDDhhmm`, as carriers report. */
function minuteOf(at: number): string {
  return new Date(at).toISOString().replaceAll(/\D/g, '').slice(2, 12);
}

/** As REST says it: none are counted yet while a messaging service chooses the sender. */
export function segmentCountOf({ body, status }: Message): number {
  return status === 'accepted' ? 0 : segmentsOf(body).count;
}
