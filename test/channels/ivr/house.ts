/** A whole house with a telephone, over real HTTP: the true engine, vault, store and sandbox. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { systemClock } from '../../../src/clock.js';
import { readConfig } from '../../../src/config.js';
import type { CallReport } from '../../../src/contracts/calls.js';
import type { Merchant } from '../../../src/contracts/merchant.js';
import type { Payment } from '../../../src/contracts/payment.js';
import type { Store } from '../../../src/contracts/store.js';
import { openGuichet } from '../../../src/house/index.js';
import { withPort } from '../../../src/house/port.js';
import { createIds } from '../../../src/ids.js';
import { createMetrics } from '../../../src/metrics.js';
import { emptyMongoStore } from '../../support/empty_store.js';
import { ACCOUNT, AUTH_TOKEN, CONNECTOR, openCall, SHARED_NUMBER } from './caller.js';
import { openRestProvider, type Redirected } from './provider.js';

/** A call is a dozen requests, each with a commit: on a busy machine they take their time. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

export interface TelephoneHouse {
  readonly url: string;
  readonly store: Store;
  /** Texts that were asked for. */
  readonly texts: { what: 'link' | 'receipt'; payment: string; to: string }[];
  /** Whether texts go. */
  readonly mobile: { reachable: boolean };
  readonly reports: { payment: string; reach: string; report: CallReport }[];
  /** Calls that the house has had taken elsewhere. */
  readonly redirected: readonly Redirected[];
  readonly logged: string[];
  order(wanted?: Record<string, unknown>): Promise<{ id: string; code: string; pay: string }>;
  payment(id: string): Promise<Payment>;
  settled(id: string, status: Payment['status']): Promise<Payment>;
  call(options?: Omit<Parameters<typeof openCall>[0], 'url'>): ReturnType<typeof openCall>;
  /** A call that has given the code, in English, and hears the menu. */
  calling(code: string, options?: Omit<Parameters<typeof openCall>[0], 'url'>): Promise<ReturnType<typeof openCall>>;
  change(profile: Partial<Merchant['profile']>): Promise<void>;
  close(): Promise<void>;
}

export async function openTelephoneHouse(): Promise<TelephoneHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-telephone-'));
  const clock = systemClock();
  const ids = createIds({ clock });
  const logged: string[] = [];
  const write = (message: string, fields?: unknown): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log = { debug: write, info: write, warn: write, error: write };
  const texts: TelephoneHouse['texts'] = [];
  const mobile = { reachable: true };
  const reports: TelephoneHouse['reports'] = [];
  const text = (what: 'link' | 'receipt') => async (payment: Payment, to: string) => {
    texts.push({ what, payment: payment.id, to });
    return mobile.reachable;
  };
  const provider = await openRestProvider();
  const config = await withPort(
    readConfig({
      DATA_DIR: folder,
      PORT: '0',
      TWILIO_ACCOUNT_SID: ACCOUNT,
      TWILIO_AUTH_TOKEN: AUTH_TOKEN,
      TWILIO_VOICE_FROM: SHARED_NUMBER,
      TWILIO_MESSAGING_FROM: SHARED_NUMBER,
      TWILIO_API_BASE_URL: provider.url,
      PAY_CONNECTOR_USERNAME: CONNECTOR.username,
      PAY_CONNECTOR_PASSWORD: CONNECTOR.password,
    }),
  );
  const store = await emptyMongoStore();
  const guichet = await openGuichet(config, {
    ...{ clock, ids, log, metrics: createMetrics() },
    ...(store === null ? {} : { store }),
    texts: { link: text('link'), receipt: text('receipt') },
    callReports: { reachReported: async (payment, reach, report) => void reports.push({ payment, reach, report }) },
  });
  const url = config.publicUrl;

  async function load(id: string): Promise<Payment> {
    const payment = await guichet.engine.load(id);
    if (payment === null) throw new Error(`no payment ${id}`);
    return payment;
  }

  async function change(profile: Partial<Merchant['profile']>): Promise<void> {
    const merchant = await guichet.store.merchants.load('mer_demo');
    if (merchant === null) throw new Error('no demo merchant');
    const next = { ...merchant, profile: { ...merchant.profile, ...profile }, revision: merchant.revision + 1 };
    if (!(await guichet.store.merchants.commit(next))) throw new Error('the merchant changed meanwhile');
  }
  await change({ channels: ['web', 'ivr'], displayName: 'Maison Lune', spokenName: { fr: null, en: null } });

  const call: TelephoneHouse['call'] = (options = {}) => openCall({ url, ...options });

  return {
    ...{ url, store: guichet.store, texts, mobile, reports, logged, payment: load, change, call },
    redirected: provider.redirected,
    async order(wanted = {}) {
      const reference = `ORDER-${ids.token(24)}`;
      const answer = await fetch(`${url}/v1/payments`, {
        method: 'POST',
        headers: { authorization: 'Bearer sk_test_demo', 'content-type': 'application/json' },
        body: JSON.stringify({ amount: 4_250, currency: 'EUR', reference, ...wanted }),
      });
      if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
      const made = (await answer.json()) as { id: string; links: { pay: string }; payment_code: string };
      return { id: made.id, pay: made.links.pay, code: made.payment_code };
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
    async calling(code, options) {
      const made = call(options);
      await made.dial();
      await made.press('2');
      await made.press(code);
      return made;
    },
    async close() {
      await guichet.close();
      await provider.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
