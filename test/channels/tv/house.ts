/** A whole house with televisions, over real HTTP: the true engine, vault, store and sandbox, and the demo's operator. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { systemClock } from '../../../src/clock.js';
import { readConfig } from '../../../src/config.js';
import type { CodeMail } from '../../../src/contracts/mail.js';
import type { Operator } from '../../../src/contracts/operator.js';
import type { Mode, Payment } from '../../../src/contracts/payment.js';
import type { Store } from '../../../src/contracts/store.js';
import { type Guichet, openGuichet } from '../../../src/house/index.js';
import { withPort } from '../../../src/house/port.js';
import { createIds } from '../../../src/ids.js';
import { developmentKeys } from '../../../src/key_ring.js';
import { createMetrics } from '../../../src/metrics.js';
import { newSecret } from '../../../src/notify/signature.js';
import { createDeviceKeys, type DeviceKeys } from '../../../src/operators/device_keys.js';
import { secretPurpose } from '../../../src/operators/secrets.js';
import { createCardKeeper } from '../../../src/payers/card_keeper.js';
import { createPayers, type PayerService } from '../../../src/payers/service.js';
import { createSigning } from '../../../src/signing.js';
import { createVault } from '../../../src/vault/index.js';
import { emptyMongoStore } from '../../support/empty_store.js';
import { askToOpen, type Opening, openBox, postKey, type RawAnswer, type Signer, type Television } from './box.js';

/** A screen is several reads, and a code a slow hash: on a busy machine they take their time. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

export const RIGHT = '1234';
export const WRONG = '7391';

export interface TelevisionHouse {
  readonly url: string;
  readonly guichet: Guichet;
  readonly store: Store;
  readonly payers: PayerService;
  readonly deviceKeys: DeviceKeys;
  readonly logged: string[];
  order(wanted?: Record<string, unknown>): Promise<{ id: string; code: string; pay: string }>;
  payment(id: string): Promise<Payment>;
  /** Opens a session for the household `demo`, in English unless told otherwise. */
  open(payment: string, opening?: Opening): Promise<Television>;
  /** The raw answer to an opening. */
  ask(body: object, signer?: Signer): Promise<RawAnswer>;
  post(session: string, body: object): Promise<RawAnswer>;
  /** Lets the payment's time end so soon. */
  shorten(id: string, ms: number): Promise<void>;
  /** The one-time code that was mailed there last. */
  mailedCode(to: string): string;
  /** A household of its own with these cards, by their numbers, and the purchase code 1234. */
  household(
    numbers: readonly string[],
    code?: string | null,
    given?: { readonly operator?: string; readonly email?: string },
  ): Promise<string>;
  /** Another operator, with its secret. */
  operator(change?: Partial<Operator>, mode?: Mode): Promise<{ id: string; secret: string }>;
  close(): Promise<void>;
}

export async function openTelevisionHouse(): Promise<TelevisionHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-television-'));
  const clock = systemClock();
  const ids = createIds({ clock });
  const mailed: CodeMail[] = [];
  const logged: string[] = [];
  const write = (message: string, fields?: unknown): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log = { debug: write, info: write, warn: write, error: write };
  const config = await withPort(readConfig({ DATA_DIR: folder, PORT: '0' }));
  const empty = await emptyMongoStore();
  const guichet = await openGuichet(config, {
    ...{ clock, ids, log, metrics: createMetrics() },
    ...(empty === null ? {} : { store: empty }),
    mails: {
      code: async (mail) => mailed.push(mail) > 0,
      accountChanged: async () => undefined,
      accountLink: async () => undefined,
      receipt: async () => undefined,
    },
  });
  const { store } = guichet;
  const keys = developmentKeys(config.keyFiles, ids);
  const vault = createVault({ records: store.vault, keys: keys.vault, clock, ids, log });
  const signing = createSigning({ keys: keys.signing, ids });
  const codes = { hash: signing.hashPurchaseCode, check: signing.checkPurchaseCode, keyOf: signing.purchaseCodeKeyOf };
  const cards = createCardKeeper(store.vault);
  const payers = createPayers({ ...{ store, cards, codes, clock, ids, log }, tell: async () => undefined });
  const deviceKeys = createDeviceKeys({ store, vault, clock, ids, newSecret: () => newSecret(ids) });
  const url = config.publicUrl;
  const merchant = await store.merchants.load('mer_demo');
  if (merchant === null) throw new Error('no demo merchant');
  const profile = { ...merchant.profile, channels: ['web', 'ivr', 'tv'] as const, displayName: 'Maison Lune' };
  await store.merchants.commit({ ...merchant, profile, revision: merchant.revision + 1 });

  async function load(id: string): Promise<Payment> {
    const payment = await guichet.engine.load(id);
    if (payment === null) throw new Error(`no payment ${id}`);
    return payment;
  }

  return {
    mailedCode: (to) => mailed.findLast((mail) => mail.to === to)?.code ?? '',
    ...{ url, guichet, store, payers, deviceKeys, logged, payment: load },
    ask: (body, signer) => askToOpen(url, body, signer),
    post: (session, body) => postKey(url, session, body),
    open: (payment, opening) => openBox(url, payment, opening),

    async order(wanted = {}) {
      const answer = await fetch(`${url}/v1/payments`, {
        method: 'POST',
        headers: { authorization: 'Bearer sk_test_demo', 'content-type': 'application/json' },
        body: JSON.stringify({ amount: 4_250, currency: 'EUR', reference: `TV-${ids.token(24)}`, ...wanted }),
      });
      if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
      const made = (await answer.json()) as { id: string; links: { pay: string }; payment_code: string };
      return { id: made.id, pay: made.links.pay, code: made.payment_code };
    },

    async shorten(id, ms) {
      const payment = await load(id);
      const at = clock.now() + ms;
      const shortened = { ...payment, expiresAt: at, dueAt: at, revision: payment.revision + 1 };
      const nothing = { feed: null, claims: [], releases: [], codeFreeAt: null };
      if (!(await store.payments.commit({ payment: shortened, ...nothing }))) throw new Error('it changed meanwhile');
      clock.at(at + 50, () => void guichet.engine.sweep());
    },

    async household(numbers, code = RIGHT, { operator = 'op_demo', email } = {}) {
      const account = `home-${ids.token(48)}`;
      const of = { owner: operator, mode: 'test' as const, account };
      // The address before the cards, as a household has it: a later one settles for a day.
      if (email !== undefined) await payers.put(of, { email, phone: null, name: null, language: 'en' });
      for (const number of numbers) {
        const card = { number, expiryMonth: 12, expiryYear: 2034, securityCode: null, brand: 'visa' };
        await payers.storeInstrument(of, { ...(await vault.keepCard(card)), authenticated: true, consent: null });
      }
      if (code !== null) await payers.setPurchaseCode(of, code);
      return account;
    },

    async operator(change = {}, mode = 'test') {
      const id = `op_${ids.token(48)}`;
      const secret = `whsec_${Buffer.from(ids.token(192)).toString('base64')}`;
      const sealed = vault.seal(secretPurpose(id), secret);
      const now = clock.now();
      await store.operators.commit({
        ...{ id, revision: 1, schema: 1, status: 'enabled', name: 'Télé Autre', merchants: ['mer_demo'], demo: false },
        secrets: [{ id: `ops_${ids.token(48)}`, mode, sealed, createdAt: now, endsAt: null }],
        ...{ createdAt: now, updatedAt: now },
        ...change,
      });
      return { id, secret };
    },

    async close() {
      await guichet.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
