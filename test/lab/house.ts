import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.js';
import { type Config, readConfig } from '../../src/config.js';
import type { Clock } from '../../src/contracts/clock.js';
import { openGuichet } from '../../src/house/index.js';
import { withPort } from '../../src/house/port.js';
import { createIds } from '../../src/ids.js';
import { readAddress } from '../../src/lab/acquirer/address.js';
import type { LedgerLine } from '../../src/lab/page/sources.js';
import { createPayer } from '../../src/lab/payer.js';
import { createOrders, type Orders } from '../../src/lab/shop/orders.js';
import { MIGRATIONS } from '../../src/lab/shop/schema.js';
import { PACE_OF_TESTS } from '../../src/lab/twilio/options.js';
import type { Twilio } from '../../src/lab/twilio/simulator.js';
import { createMetrics } from '../../src/metrics.js';
import { openDatabase } from '../../src/store/sqlite/database.js';

/** A house with its shop and lab over real HTTP, and a look into the shop's own file. */
export interface LabHouse {
  readonly url: string;
  readonly orders: Orders;
  /** Null where there is no lab. */
  readonly twilio: Twilio | null;
  /** The merchant API under the demo key: asked, or with a body told. */
  api(path: string, body?: unknown): Promise<Record<string, unknown>>;
  /** What the sandbox's own ledger says of a payment. */
  ledger(payment: string): Promise<readonly LedgerLine[]>;
  /** Types a card into the payment page. */
  pay(payLink: string, number?: string): Promise<void>;
  close(): Promise<void>;
}

const systemTime = systemClock();

/** The clock of a house that was opened at this time: calls are placed by day only, and tests run at night too. */
export function clockFrom(opened: number): Clock {
  const ahead = opened - systemTime.now();
  return { now: () => systemTime.now() + ahead, at: (when, run) => systemTime.at(when - ahead, run) };
}

export async function openLabHouse(
  change: (config: Config) => Config = (config) => config,
  clock: Clock = systemTime,
): Promise<LabHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-lab-'));
  const config = change(await withPort(readConfig({ DATA_DIR: folder, PORT: '0' })));
  const nothing = (): void => undefined;
  const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  const guichet = await openGuichet(config, {
    clock,
    ids: createIds({ clock }),
    log,
    metrics: createMetrics(),
    pace: PACE_OF_TESTS,
  });
  const url = `http://127.0.0.1:${config.listen.port}`;
  const database = openDatabase({ path: join(folder, 'shop.sqlite'), migrations: MIGRATIONS });
  return {
    url,
    orders: createOrders(database, clock.now),
    twilio: guichet.twilio,
    async api(path, body) {
      const headers = { authorization: 'Bearer sk_test_demo', 'content-type': 'application/json' };
      const told = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
      const answer = await fetch(url + path, { headers, ...told });
      return (await answer.json()) as Record<string, unknown>;
    },
    async ledger(payment) {
      const bank = readAddress(join(folder, 'sandbox.json'));
      const answer = await fetch(`http://127.0.0.1:${bank?.port}/ledger?payment=${payment}`, {
        headers: { authorization: `Bearer ${bank?.credential}` },
      });
      return ((await answer.json()) as { operations: LedgerLine[] }).operations;
    },
    async pay(payLink, number = '4242 4242 4242 4242') {
      const payer = createPayer(url, clock);
      const form = await payer.waitForForm(payLink, '/card');
      await payer.post(form, { number, expiry: '12/34', security_code: '123' });
    },
    async close() {
      database.close();
      await guichet.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A customer's browser in the shop, without scripts. */
export function openCustomer(url: string) {
  const cookies = new Map<string, string>();

  async function ask(path: string, fields?: Record<string, string>): Promise<Response> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent = fields === undefined ? {} : { method: 'POST', body: new URLSearchParams(fields) };
    const answer = await fetch(new URL(path, url), { ...sent, headers: { cookie }, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return answer;
  }

  return {
    ask,
    page: async (path: string): Promise<string> => (await ask(path)).text(),
    post: ask,
    /** Puts something in the cart and goes to the till; answers where it leads. */
    async buy(fields: Record<string, string> = {}): Promise<string> {
      await ask('/shop/cart', { product: 'honey', quantity: '2' });
      const [, cart = ''] = /name="cart" value="([^"]*)"/.exec(await (await ask('/shop/cart')).text()) ?? [];
      return (await ask('/shop/checkout', { cart, ...fields })).headers.get('location') ?? '';
    },
  };
}

/** Looks again until it is so. */
export async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  const giveUpAt = systemTime.now() + 20_000;
  while (!(await isSo())) {
    if (systemTime.now() > giveUpAt) throw new Error(`it did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

export function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
