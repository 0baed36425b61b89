import { randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandboxAcquirer, type SandboxAcquirer } from '../../../src/acquirers/sandbox/connector.js';
import type { CardData } from '../../../src/contracts/acquirer.js';
import type { Clock } from '../../../src/contracts/clock.js';
import type { Ids } from '../../../src/contracts/ids.js';
import type { Log } from '../../../src/contracts/log.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/lab/acquirer/server.js';

/** Time that moves only when a test says so. */
export interface HandClock extends Clock {
  advance(ms: number): void;
  /** Resolves when something waits for exactly `at`. */
  waitedFor(at: number): Promise<void>;
}

export const NOON = Date.UTC(2030, 0, 15, 12);

export function handClock(start = NOON): HandClock {
  let now = start;
  let waiting: { at: number; action: () => void }[] = [];
  let watchers: { at: number; resolve: () => void }[] = [];
  return {
    now: () => now,
    at(at, action) {
      const entry = { at, action };
      waiting.push(entry);
      for (const watcher of watchers.filter((one) => one.at === at)) watcher.resolve();
      watchers = watchers.filter((one) => one.at !== at);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    advance(ms) {
      now += ms;
      const due = waiting.filter((entry) => entry.at <= now);
      waiting = waiting.filter((entry) => entry.at > now);
      for (const { action } of due.toSorted((one, other) => one.at - other.at)) action();
    },
    waitedFor(at) {
      if (waiting.some((entry) => entry.at === at)) return Promise.resolve();
      return new Promise((resolve) => watchers.push({ at, resolve }));
    },
  };
}

/** The wall's time, for what really waits on sockets. */
export function wallClock(): Clock {
  return {
    now: () => Date.now(),
    at(at, action) {
      const timer = setTimeout(action, Math.max(0, at - Date.now()));
      return () => clearTimeout(timer);
    },
  };
}

let drawn = 0;

export const randomIds: Ids = {
  next(prefix) {
    drawn += 1;
    return `${prefix}_test_${process.pid}_${drawn}`;
  },
  token: (bits) => randomBytes(bits / 8).toString('base64url'),
  digits: (count) => Array.from({ length: count }, () => randomInt(10)).join(''),
};

export const quietLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

export const CREDENTIAL = 'sandbox-credential-of-the-tests';

export interface SandboxWorld {
  readonly sandbox: Sandbox;
  readonly acquirer: SandboxAcquirer;
  readonly clock: HandClock;
  readonly folder: string;
  get(path: string): Promise<{ status: number; body: Record<string, unknown> }>;
  post(path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }>;
  /** What the ledger holds of a payment. */
  ledger(payment: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** A sandbox on a port of its own, its connector, and a clock that the test moves. */
export async function sandboxWorld(more: Partial<SandboxOptions> = {}): Promise<SandboxWorld> {
  const clock = handClock();
  const folder = await mkdtemp(join(tmpdir(), 'guichet-sandbox-'));
  const ports = { clock, log: quietLog, credential: CREDENTIAL };
  const sandbox = await startSandbox({ dataFolder: folder, port: 0, ids: randomIds, ...ports, ...more });
  const acquirer = createSandboxAcquirer({ url: () => sandbox.url, ...ports });

  async function speak(method: string, path: string, body?: unknown) {
    const response = await fetch(sandbox.url + path, {
      method,
      headers: { authorization: `Bearer ${CREDENTIAL}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  return {
    ...{ sandbox, acquirer, clock, folder },
    get: (path) => speak('GET', path),
    post: (path, body) => speak('POST', path, body),
    async ledger(payment) {
      const { body } = await speak('GET', `/ledger?payment=${payment}`);
      return body['operations'] as Record<string, unknown>[];
    },
    async close() {
      acquirer.close();
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function cardOf(number: string, more: Partial<Extract<CardData, { kind: 'card' }>> = {}): CardData {
  const digits = number.replaceAll(' ', '');
  const securityCode = /^3[47]/.test(digits) ? '1234' : '123';
  return { kind: 'card', number: digits, expiryMonth: 12, expiryYear: 2034, securityCode, brand: 'visa', ...more };
}

/** The same connector with a real clock, for deadlines on real sockets. */
export function connectorAt(url: string): SandboxAcquirer {
  return createSandboxAcquirer({ url: () => url, credential: CREDENTIAL, clock: wallClock(), log: quietLog });
}
