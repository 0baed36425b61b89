import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createProbe } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.js';
import { listeningOn, readConfig } from '../../src/config.js';
import type { Payment } from '../../src/contracts/payment.js';
import type { Operators } from '../../src/contracts/store.js';
import { openGuichet } from '../../src/house/index.js';
import type { Parts } from '../../src/house/parts.js';
import { createIds } from '../../src/ids.js';
import { createMetrics } from '../../src/metrics.js';
import type { LedgerLine } from '../process/audit.js';
import { emptyMongoStore } from '../support/empty_store.js';

/** A whole house over real HTTP, as a payer's browser meets it, with a shop to come back to. */
export interface House {
  readonly url: string;
  /** Orders in the shop: a payment by the merchant API. */
  order(wanted?: Record<string, unknown>): Promise<{ id: string; pay: string; code: string | null }>;
  payment(id: string): Promise<Payment>;
  /** Resolves with the payment once it has this status. */
  settled(id: string, status: Payment['status']): Promise<Payment>;
  /** Resolves with the payment when something has happened to it, or after a second. */
  watch(payment: Payment): Promise<Payment>;
  /** Makes the payment's links lead nowhere. */
  revoke(id: string): Promise<void>;
  /** What the sandbox's own ledger says of a payment. */
  ledger(id: string): Promise<readonly LedgerLine[]>;
  /** Has something go wrong at the bank with the next exchange of a kind. */
  trouble(operation: string, fault: string): Promise<void>;
  /** Every time somebody came back to the shop: the whole address. */
  readonly returns: string[];
  readonly operators: Operators;
  close(): Promise<void>;
}

export async function openHouse(parts: Partial<Pick<Parts, 'mails' | 'clock'>> = {}): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-browser-'));
  const { clock = systemClock() } = parts;
  const ids = createIds({ clock });
  const nothing = (): void => undefined;
  const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  const config = listeningOn(readConfig({ DATA_DIR: folder, PORT: '0' }), await freePort());
  const store = await emptyMongoStore();
  const guichet = await openGuichet(config, {
    ...{ clock, ids, log, metrics: createMetrics() },
    ...(store === null ? {} : { store }),
    ...parts,
  });
  const returns: string[] = [];
  const shop = await openShop(returns);
  const url = config.publicUrl;

  async function load(id: string): Promise<Payment> {
    const payment = await guichet.engine.load(id);
    if (payment === null) throw new Error(`no payment ${id}`);
    return payment;
  }

  async function bank(method: string, path: string, body?: object): Promise<unknown> {
    const { port, credential } = JSON.parse(readFileSync(join(folder, 'sandbox.json'), 'utf8'));
    const headers = { authorization: `Bearer ${credential}`, 'content-type': 'application/json' };
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`the bank said ${answer.status} to ${method} ${path}`);
    return answer.json();
  }

  return {
    url,
    returns,
    operators: guichet.store.operators,
    async order(wanted = {}) {
      const body = {
        amount: 4_250,
        currency: 'EUR',
        reference: `ORDER-${ids.token(64)}`,
        return_url: `${shop.url}/back?cart=7`,
        ...wanted,
      };
      const answer = await fetch(`${url}/v1/payments`, {
        method: 'POST',
        headers: { authorization: 'Bearer sk_test_demo', 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
      const made = (await answer.json()) as { id: string; links: { pay: string }; payment_code: string | null };
      return { id: made.id, pay: made.links.pay, code: made.payment_code };
    },
    payment: load,
    async settled(id, status) {
      const giveUpAt = clock.now() + 15_000;
      for (;;) {
        const payment = await load(id);
        if (payment.status === status) return payment;
        if (clock.now() > giveUpAt) throw new Error(`${id} is ${payment.status}, not ${status}`);
        await guichet.engine.watch(id, payment.events.length, giveUpAt);
      }
    },
    async watch({ id, events }) {
      await guichet.engine.watch(id, events.length, clock.now() + 1_000);
      return load(id);
    },
    async ledger(id) {
      const { operations } = (await bank('GET', `/ledger?payment=${id}`)) as { operations: LedgerLine[] };
      return operations;
    },
    async trouble(operation, fault) {
      await bank('POST', '/faults', { operation, fault });
    },
    async revoke(id) {
      await guichet.engine.revokeLinks(id);
    },
    async close() {
      await guichet.close();
      await shop.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** How often money was taken: approved authorizations of a payment. */
export function approvalsOf(payment: Payment): number {
  const operations = payment.attempts.flatMap((attempt) => attempt.operations);
  return operations.filter(({ type, status }) => type === 'authorize' && status === 'approved').length;
}

async function openShop(returns: string[]): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/back')) returns.push(request.url);
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>Shop</title><h1>Back in the shop</h1>');
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function listen(server: Pick<Server, 'listen' | 'address'>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

async function freePort(): Promise<number> {
  const probe = createProbe();
  const port = await new Promise<number>((resolve) => {
    probe.listen(0, '127.0.0.1', () => resolve((probe.address() as AddressInfo).port));
  });
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
