import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, vi } from 'vitest';
import type { Clock } from '../../src/contracts/clock.js';
import type { Ids } from '../../src/contracts/ids.js';
import type { Log } from '../../src/contracts/log.js';
import type { Delivery, Endpoint } from '../../src/contracts/webhook.js';
import type { Owner } from '../../src/notify/delivery_commands.js';
import type { WithSecret } from '../../src/notify/endpoints.js';
import { createWebhooks, type WebhookPorts, type Webhooks } from '../../src/notify/webhooks.js';
import { type MemoryStore, memoryStore } from './memory_store.js';

export const START = Date.UTC(2030, 0, 1);
export const OWNER: Owner = { merchant: 'mer_demo', mode: 'test' };
export const SECOND = 1_000;
export const HOUR = 3_600 * SECOND;

export interface VirtualClock extends Clock {
  advanceTo(at: number): void;
}

/** Time that stands still until it is moved; moving it runs what was due on the way, in order. */
export function virtualClock(start: number): VirtualClock {
  let now = start;
  let timers: { at: number; action: () => void }[] = [];
  return {
    now: () => now,
    at(at, action) {
      const timer = { at, action };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advanceTo(at) {
      for (;;) {
        const [first] = timers.filter((timer) => timer.at <= at).sort((a, b) => a.at - b.at);
        if (!first) break;
        timers = timers.filter((timer) => timer !== first);
        now = Math.max(now, first.at);
        first.action();
      }
      now = Math.max(now, at);
    },
  };
}

/** Identities and digits in a fixed order. */
export function countingIds(): Ids {
  let count = 0;
  const counted = (length: number) => {
    count += 1;
    return String(count).padStart(length, '0');
  };
  return {
    next: (prefix) => `${prefix}_${counted(12)}`,
    token: (bits) => Buffer.alloc(bits / 8, counted(8)).toString('base64url'),
    digits: (length) => counted(length).slice(-length),
  };
}

export const vault: WebhookPorts['vault'] = {
  seal: (purpose, plain) => Buffer.from(JSON.stringify([purpose, plain])).toString('hex'),
  unseal(purpose, sealed) {
    const [boundTo, plain] = JSON.parse(Buffer.from(sealed, 'hex').toString()) as [string, string];
    if (boundTo !== purpose) throw new Error('sealed for another purpose');
    return plain;
  },
};

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

export interface World {
  readonly clock: VirtualClock;
  readonly store: MemoryStore;
  readonly webhooks: Webhooks;
  /** An endpoint of the demo merchant at `url`. */
  endpoint(url: string, events?: readonly string[]): Promise<WithSecret>;
  /** Puts one event of each type into the feed and lets the webhooks do what is due at this moment. */
  happen(...types: string[]): Promise<void>;
  /** What became of the deliveries to `endpoint`, oldest event first. */
  deliveries(endpoint: Endpoint): Promise<Delivery[]>;
  /** Lets time pass, from one due time to the next, as the sweeper would. */
  pass(milliseconds: number): Promise<void>;
}

/** Webhooks on a store in memory and virtual time; the sockets are real. A second process shares `store` and `clock`. */
export function createWorld(
  overrides: Partial<Omit<WebhookPorts, 'store'>> & {
    shared?: World;
    /** What the webhooks see of the store, to have it fail or be watched. */
    through?: (store: MemoryStore) => WebhookPorts['store'];
  } = {},
): World {
  const { shared, through = (whole) => whole, ...ports } = overrides;
  const clock = shared?.clock ?? virtualClock(START);
  const store = shared?.store ?? memoryStore(clock);
  const allowLoopback = (merchant: string) => merchant === OWNER.merchant;
  const webhooks = createWebhooks({
    ...{ store: through(store), vault, clock, ids: countingIds(), log: silent, allowLoopback, concurrency: 16 },
    ...ports,
  });

  async function settle(): Promise<void> {
    await webhooks.sweep();
    await webhooks.idle();
  }

  return {
    clock,
    store,
    webhooks,
    endpoint: (url, events = []) =>
      webhooks.endpoints.create({ ...OWNER, url, events, description: null, request: null }),
    async happen(...types) {
      for (const type of types) store.append({ ...OWNER, type });
      await settle();
    },
    async deliveries(endpoint) {
      const { data } = await store.deliveries.ofEndpoint(endpoint.id, 100_000);
      return data.reverse();
    },
    async pass(milliseconds) {
      const until = clock.now() + milliseconds;
      for (;;) {
        await settle();
        const next = await store.deliveries.nextDue();
        if (next === null || next > until) break;
        clock.advanceTo(next);
      }
      clock.advanceTo(until);
    },
  };
}

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** Sockets ever opened here. */
  connections(): number;
  /** Resolves when `count` requests have come in whole. */
  arrived(count: number): Promise<void>;
}

export type Answer = (response: ServerResponse, request: IncomingMessage, count: number) => void;

export const answering =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, headers).end();

/** A merchant's server on loopback, closed with the test. */
export async function receiver(answer: Answer = answering(204)): Promise<Receiver> {
  const received: Received[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
      answer(response, request, received.length);
      for (const { count, resolve } of waiting) if (received.length >= count) resolve();
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    port,
    received,
    connections: () => connections,
    arrived: (count) =>
      new Promise((resolve) => {
        if (received.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
  };
}

/** What an independent implementation of Standard Webhooks makes of a request at the moment it was signed. */
export function verified({ headers, body }: Received, secret: string): unknown {
  vi.useFakeTimers({ toFake: ['Date'], now: Number(headers['webhook-timestamp']) * 1_000 });
  try {
    return new Webhook(secret).verify(body, headers as Record<string, string>);
  } finally {
    vi.useRealTimers();
  }
}

/** Expects a refusal with this code. */
export async function refusedWith(code: string, work: Promise<unknown>): Promise<void> {
  await expect(work).rejects.toMatchObject({ name: 'Problem', code });
}
