/** A whole house that is met on every channel at once, over real HTTP: page, telephone, texts and televisions. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import twilio from 'twilio';
import { expect, vi } from 'vitest';
import { systemClock } from '../../../src/clock.js';
import { readConfig } from '../../../src/config.js';
import type { Payment } from '../../../src/contracts/payment.js';
import type { Store } from '../../../src/contracts/store.js';
import { layFoundation } from '../../../src/house/foundation.js';
import { openGuichet } from '../../../src/house/index.js';
import { withPort } from '../../../src/house/port.js';
import { createIds } from '../../../src/ids.js';
import { createMetrics } from '../../../src/metrics.js';
import type { LedgerLine } from '../../process/audit.js';
import { emptyMongoStore } from '../../support/empty_store.js';
import { ACCOUNT, AUTH_TOKEN, type Call, CONNECTOR, openCall, SHARED_NUMBER } from '../ivr/caller.js';
import { openRestProvider, type Redirected } from '../ivr/provider.js';
import { newSid } from '../sms/provider.js';
import { openBox, type Television } from '../tv/box.js';
import { createBrowser } from '../web/page_server.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const TEXTS_FROM = '38000';
export const OPERATOR = 'op_demo';
export const PURCHASE_CODE = '1234';

export interface Order {
  readonly id: string;
  readonly code: string;
  /** The path of the payment page. */
  readonly path: string;
  /** The telephone of the payer's account and of the order. */
  readonly phone: string;
  readonly account: string;
  /** The number of the card that the payer keeps, at the merchant and at home. */
  readonly stored: string;
}

/** A text that went to a payer's telephone. */
export interface Sent {
  readonly to: string;
  readonly body: string;
  readonly at: number;
}

export interface MovesHouse {
  readonly url: string;
  readonly store: Store;
  /** The order of a customer with a telephone of their own, the purchase code 1234 and this card stored, good until 12/34. */
  order(stored?: string, wanted?: (token: string) => Record<string, unknown>): Promise<Order>;
  payment(id: string): Promise<Payment>;
  settled(id: string, status: Payment['status']): Promise<Payment>;
  /** Waits until something has happened to the payment since it was read, or for a second. */
  watch(payment: Payment): Promise<void>;
  ledger(id: string): Promise<readonly LedgerLine[]>;
  api(path: string, body?: unknown): Promise<Record<string, unknown>>;
  browser(): ReturnType<typeof createBrowser>;
  /** A call that has given the code, in English, and hears the menu. */
  calling(order: Order): Promise<Call>;
  /**
   * A box of the payer's household, in English, which keeps the purchase code 1234 and the card of the order, or these.
   * Another `device` is another box in the same home.
   */
  television(order: Order, at?: { readonly device?: string; readonly cards?: readonly string[] }): Promise<Television>;
  /** The account of that household, with its one card. */
  homeOf(order: Order): string;
  /** Has the payer asked by text; answers what was sent. */
  asked(order: Order): Promise<string>;
  /** The payer writes; answers what is said back at once. */
  texted(order: Order, body: string): Promise<string>;
  /** The first text to the payer that says this. */
  received(order: Order, words: RegExp): Promise<Sent>;
  /** Calls that the house has had taken elsewhere. */
  readonly redirected: readonly Redirected[];
  close(): Promise<void>;
}

export async function openMovesHouse(): Promise<MovesHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-moves-'));
  const clock = systemClock();
  const ids = createIds({ clock });
  const sent: Sent[] = [];
  const provider = await openRestProvider((to, body) => sent.push({ to, body, at: clock.now() }));
  const settings = {
    ...{ DATA_DIR: folder, PORT: '0', TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_AUTH_TOKEN: AUTH_TOKEN },
    ...{ TWILIO_VOICE_FROM: SHARED_NUMBER, TWILIO_MESSAGING_FROM: TEXTS_FROM, TWILIO_API_BASE_URL: provider.url },
    ...{ PAY_CONNECTOR_USERNAME: CONNECTOR.username, PAY_CONNECTOR_PASSWORD: CONNECTOR.password },
  };
  const config = await withPort(readConfig(settings));
  const nothing = (): void => undefined;
  const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  const store = await emptyMongoStore();
  const parts = { clock, ids, log, metrics: createMetrics() };
  const guichet = await openGuichet(config, store === null ? parts : { ...parts, store });
  const url = config.publicUrl;
  const { vault, openPayers } = await layFoundation(config, parts, guichet.store);
  const payers = openPayers(async () => undefined);
  let customers = 0;
  const demo = await guichet.store.merchants.load('mer_demo');
  if (demo === null) throw new Error('no demo merchant');
  const profile = { ...demo.profile, channels: ['web', 'ivr', 'sms', 'tv'] as const, smsConfirmLimit: { EUR: 15_000 } };
  await guichet.store.merchants.commit({ ...demo, profile, revision: demo.revision + 1 });

  async function load(id: string): Promise<Payment> {
    const payment = await guichet.engine.load(id);
    if (payment === null) throw new Error(`no payment ${id}`);
    return payment;
  }

  async function api(path: string, body?: unknown): Promise<Record<string, unknown>> {
    const headers = { authorization: 'Bearer sk_test_demo', 'content-type': 'application/json' };
    const told = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(url + path, { headers, ...told });
    const given = (await answer.json()) as Record<string, unknown>;
    if (!answer.ok) throw new Error(`${answer.status}: ${JSON.stringify(given)}`);
    return given;
  }

  async function received({ phone }: Order, words: RegExp): Promise<Sent> {
    const texts = (): readonly Sent[] => sent.filter(({ to }) => to === phone);
    const find = (): Sent | undefined => texts().find(({ body }) => words.test(body));
    for (const giveUpAt = clock.now() + 20_000; find() === undefined && clock.now() < giveUpAt; ) await pause(20);
    const found = find();
    if (found === undefined) throw new Error(`no text says ${words}: ${JSON.stringify(texts())}`);
    return found;
  }

  /** An account with these cards and the purchase code; answers the token of the first. */
  async function keep(owner: string, account: string, numbers: readonly string[]): Promise<string> {
    const of = { owner, mode: 'test', account } as const;
    const consent = { words: 'Stored before.', at: clock.now() };
    const tokens: string[] = [];
    for (const number of numbers) {
      const card = { number, expiryMonth: 12, expiryYear: 2034, securityCode: null, brand: 'visa' };
      const kept = await vault.keepCard(card);
      await payers.storeInstrument(of, { ...kept, authenticated: true, consent });
      tokens.push(kept.token);
    }
    await payers.setPurchaseCode(of, PURCHASE_CODE);
    return tokens[0] ?? '';
  }

  /** Somebody who has bought here before. */
  async function customer(stored: string): Promise<Pick<Order, 'account' | 'phone'> & { readonly token: string }> {
    customers += 1;
    const known = { account: `customer-${customers}`, phone: `+336${12_000_000 + customers}` };
    const of = { owner: 'mer_demo', mode: 'test', account: known.account } as const;
    await payers.put(of, { email: null, phone: known.phone, name: null, language: 'en' });
    return { ...known, token: await keep(of.owner, of.account, [stored]) };
  }

  return {
    ...{ url, api, received, payment: load },
    store: guichet.store,
    redirected: provider.redirected,
    async order(stored = '4242424242424242', wanted = () => ({})) {
      const { account, phone, token } = await customer(stored);
      const made = (await api('/v1/payments', {
        ...{ amount: 4_250, currency: 'EUR', reference: `MOVE-${ids.token(64)}` },
        payer: { account, phone, language: 'en' },
        ...wanted(token),
      })) as unknown as { id: string; payment_code: string; links: { pay: string } };
      return { id: made.id, code: made.payment_code, path: new URL(made.links.pay).pathname, account, phone, stored };
    },
    async settled(id, status) {
      const giveUpAt = clock.now() + 20_000;
      for (;;) {
        const payment = await load(id);
        if (payment.status === status) return payment;
        if (clock.now() > giveUpAt) throw new Error(`${id} is ${payment.status}, not ${status}`);
        await guichet.engine.watch(id, payment.events.length, giveUpAt);
      }
    },
    watch: ({ id, events }) => guichet.engine.watch(id, events.length, clock.now() + 1_000),
    async ledger(id) {
      const { port, credential } = JSON.parse(readFileSync(join(folder, 'sandbox.json'), 'utf8'));
      const headers = { authorization: `Bearer ${credential}` };
      const answer = await fetch(`http://127.0.0.1:${port}/ledger?payment=${id}`, { headers });
      return ((await answer.json()) as { operations: LedgerLine[] }).operations;
    },
    browser: () => createBrowser(url),
    async calling({ code }) {
      const call = openCall({ url });
      await call.dial();
      await call.press('2');
      await call.press(code);
      return call;
    },
    homeOf,
    async television({ id, account, stored }, { device = 'box-1', cards = [stored] } = {}) {
      const home = cards.length === 1 ? homeOf({ account }) : `${homeOf({ account })}-${cards.length}`;
      const isKnown = (await payers.find({ owner: OPERATOR, mode: 'test', account: home })) !== null;
      if (!isKnown) await keep(OPERATOR, home, cards);
      return openBox(url, id, { operator: OPERATOR, account: home, device: `${device}-of-${account}` });
    },
    async asked(order) {
      const before = sent.filter(({ to }) => to === order.phone).length;
      await api(`/v1/payments/${order.id}/reach`, { channel: 'sms', to: order.phone });
      const find = (): Sent | undefined => sent.filter(({ to }) => to === order.phone)[before];
      await expect.poll(find, { timeout: 20_000, interval: 20 }).toBeDefined();
      return find()?.body ?? '';
    },
    async texted({ phone }, body) {
      const address = `${url}/sms/inbound`;
      const form = { MessageSid: newSid(), From: phone, To: TEXTS_FROM, Body: body, NumMedia: '0' };
      const signature = twilio.getExpectedTwilioSignature(AUTH_TOKEN, address, form);
      const headers = { 'x-twilio-signature': signature };
      const answer = await fetch(address, { method: 'POST', headers, body: new URLSearchParams(form) });
      expect(answer.status).toBe(200);
      return /<Message>(.*?)<\/Message>/s.exec(await answer.text())?.[1] ?? '';
    },
    async close() {
      await guichet.close();
      await provider.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const homeOf = ({ account }: Pick<Order, 'account'>): string => `home-of-${account}`;
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
export const digitsIn = (text: string): string => /\b\d{6}\b/.exec(text)?.[0] ?? '';
