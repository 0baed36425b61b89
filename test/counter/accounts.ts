import { onTestFinished } from 'vitest';
import type { AccountDesk, From } from '../../src/contracts/channel.js';
import { StoreFailure } from '../../src/contracts/errors.js';
import type { CodeMail } from '../../src/contracts/mail.js';
import type { Payer, StoredInstrument } from '../../src/contracts/payer.js';
import { createAccountDesk } from '../../src/counter/account.js';
import type { CounterPorts } from '../../src/counter/ports.js';
import { createIds } from '../../src/ids.js';
import { createCardKeeper } from '../../src/payers/card_keeper.js';
import { createPayers, type PayerService } from '../../src/payers/service.js';
import { createSigning } from '../../src/signing.js';
import { createVault } from '../../src/vault/index.js';
import { virtualClock } from '../clock.js';
import { START, type Wanted } from '../engine/sketch.js';
import { emptyStore } from '../support/empty_store.js';
import { type CounterWindow, openWindow } from './window.js';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
export const OF = { owner: 'mer_1', mode: 'test', account: 'cust-7' } as const;
export const ADDRESS = 'ada@example.org';
const KEY = { id: 'k1', bytes: Uint8Array.from({ length: 32 }, (_, index) => (index * 5 + 1) % 256) };
const NOBODY = { email: null, phone: null, name: null, language: null };

/** A counter and a desk over true payers, guards and signatures, and a mail desk that keeps what it was given. */
export interface AccountWindow extends CounterWindow {
  readonly desk: AccountDesk;
  readonly payers: PayerService;
  readonly mailed: CodeMail[];
  /** What the mail server says next. */
  mail: { works: boolean };
  /** Whether counting fails. */
  readonly store: { fails: boolean };
  /** The code that was mailed last. */
  code(): string;
  payer(): Promise<Payer>;
  /** Moves the clocks of window and store on. */
  later(ms: number): void;
  /** A link for a session of this purpose. */
  session(purpose: 'manage' | 'set_purchase_code'): Promise<string>;
  card(number?: string, expiryYear?: number): Promise<StoredInstrument>;
}

export interface AccountWanted extends Wanted {
  readonly email?: string | null;
  readonly cards?: readonly string[];
}

export async function openAccount({
  email = ADDRESS,
  cards = ['4242424242424242'],
  ...wanted
}: AccountWanted = {}): Promise<AccountWindow> {
  const clock = virtualClock(START);
  const store = await emptyStore();
  onTestFinished(() => store.close());
  const ids = createIds({ clock });
  const signing = createSigning({ keys: [KEY], ids });
  const vault = createVault({ records: store.vault, keys: [KEY], clock, ids, log: silent });
  const codes = {
    hash: async (payer: string, code: string) => `${payer}:${code}`,
    check: async (payer: string, code: string, hash: string) => hash === `${payer}:${code}`,
    keyOf: () => ({ id: 'k', is: 'first' as const }),
  };
  const payers = createPayers({
    store,
    cards: createCardKeeper(store.vault),
    codes,
    clock,
    ids,
    log: silent,
    tell: async () => undefined,
  });
  const mailed: CodeMail[] = [];
  const mail = { works: true };
  const mails: CounterPorts['mails'] = {
    async code(given) {
      mailed.push(given);
      return mail.works;
    },
    receipt: async () => undefined,
  };
  const { codeHash, isCodeHash, pseudonymOf } = signing;
  const trouble = { fails: false };
  const guards: CounterPorts['store']['guards'] = {
    async raise(...given) {
      if (trouble.fails) throw new StoreFailure('no store');
      return store.guards.raise(...given);
    },
    read: (...given) => store.guards.read(...given),
    lower: (...given) => store.guards.lower(...given),
    clear: (...given) => store.guards.clear(...given),
    useOnce: (...given) => store.guards.useOnce(...given),
  };
  const window = openWindow(
    {
      payer: { account: OF.account, email: 'order@example.com', phone: null, name: null, language: 'fr' },
      expiresAt: START + 10_000 * DAY_MS,
      ...wanted,
    },
    { payers, mails, ids, clock, signing: { codeHash, isCodeHash, pseudonymOf }, store: { guards } },
  );
  const { merchant } = window;
  const desk = createAccountDesk({
    store: { guards, merchants: { load: async () => merchant }, operators: { load: async () => null } },
    engine: { load: async (id) => (id === window.sketched.payment.id ? window.sketched.payment : null) },
    signing: { ...signing, pageToken: (payment, generation) => `token.${payment}.${generation}` },
    payers: { ...payers, load: store.payers.load },
    mails,
    ids,
    clock,
    isOnOrigin: (address) => address.startsWith('https://shop.example/'),
    operator: { name: 'Guichet', logo: null },
    logoOf: () => null,
  });

  async function card(number = '4242424242424242', expiryYear = 2034) {
    const fresh = { number, expiryMonth: 12, expiryYear, securityCode: null, brand: 'visa' };
    const kept = await vault.keepCard(fresh);
    return (await payers.storeInstrument(OF, { ...kept, authenticated: true, consent: null })).instrument;
  }

  await payers.put(OF, { ...NOBODY, email });
  for (const number of cards) await card(number);
  const payer = async (): Promise<Payer> => {
    const found = await payers.find(OF);
    if (found === null) throw new Error('the payer is gone');
    return found;
  };
  return {
    ...window,
    desk,
    payers,
    mailed,
    mail,
    code: () => mailed.at(-1)?.code ?? 'none',
    payer,
    later: (ms: number) => clock.advance(ms),
    async session(purpose: 'manage' | 'set_purchase_code') {
      const wish = { purpose, returnUrl: 'https://shop.example/me', language: null, reach: null };
      const { payer: of, session } = await payers.sessions.open(OF, wish, null);
      return signing.accountToken(of.id, session.id);
    },
    card,
    store: trouble,
  };
}

const nothing = (): void => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** A wrong code that differs from the right one. */
export const wrongOf = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

export const fromNetwork = (from: From, network: number): From => ({ ...from, address: `198.51.100.${network}` });
