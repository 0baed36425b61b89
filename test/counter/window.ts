import { createHmac } from 'node:crypto';
import type { Counter, From } from '../../src/contracts/channel.js';
import type { Merchant } from '../../src/contracts/merchant.js';
import { createCounter } from '../../src/counter/index.js';
import type { CounterPorts } from '../../src/counter/ports.js';
import { openPromptOf } from '../../src/engine/prompts.js';
import { isOnOrigin } from '../../src/merchants/origins.js';
import { groupPaymentCode, readPaymentCode } from '../../src/payment_codes.js';
import { type VirtualClock, virtualClock } from '../clock.js';
import { type Sketch, START, sketch, type Wanted } from '../engine/sketch.js';

export const CODE = '4821093756';
export const CARD = { number: '4242 4242 4242 4242', expiry: '12/34', securityCode: '123', brand: null };
export const FROM: From = { channel: 'web', device: 'device-1', browser: null, address: '192.0.2.7' };
export const OTHER: From = { ...FROM, device: 'device-2', address: '198.51.100.9' };

/** A counter over the true decisions of one payment: no store, no network, a clock that stands still. */
export interface CounterWindow {
  readonly counter: Counter;
  readonly sketched: Sketch;
  readonly clock: VirtualClock;
  readonly token: string;
  readonly merchant: Merchant;
  /** What the vault was given, in order. */
  readonly kept: string[];
  /** The names of all counters raised. */
  readonly counted: Map<string, number>;
  /** Addresses that a receipt was mailed to. */
  readonly receipts: string[];
  prompt(): string;
}

export interface WindowChange extends Partial<Omit<CounterPorts, 'signing' | 'store' | 'clock'>> {
  readonly signing?: Partial<CounterPorts['signing']>;
  readonly store?: Partial<CounterPorts['store']>;
  readonly clock?: VirtualClock;
}

export function openWindow(wanted: Wanted = {}, change: WindowChange = {}): CounterWindow {
  const { signing, store, clock = virtualClock(START), ...others } = change;
  const sketched = sketch({
    returnUrl: 'https://shop.example/back?cart=a%20b',
    description: 'For Ada Lovelace',
    ...wanted,
  });
  const merchant = merchantOf(wanted);
  const kept: string[] = [];
  const counted = new Map<string, number>();
  const receipts: string[] = [];
  const counter = createCounter({
    engine: engineOver(sketched, clock),
    store: {
      guards: guardsOver(counted),
      codes: { find: async (code) => (code === CODE ? sketched.payment.id : null) },
      merchants: { load: async () => merchant },
      operators: { load: async () => null },
      tvSessions: { load: async () => null },
      ...store,
    },
    isDeviceKeyGood: async () => true,
    vault: vaultOver(kept),
    signing: {
      pageToken: (payment, generation) => `token.${payment}.${generation}`,
      readPageToken(token) {
        const [, payment = '', generation] = token.split('.');
        return token.startsWith('token.') ? { payment, generation: Number(generation) } : null;
      },
      televisions: { readTelevisionPageToken: () => null },
      readReturnCapability(capability) {
        const [, payment = '', authentication = '', generation] = capability.split('.');
        return capability.startsWith('back.') ? { payment, authentication, generation: Number(generation) } : null;
      },
      returnSignature: (secret, hint) => signatureOf(secret, [hint.payment, hint.reference, hint.status, hint.ts]),
      pseudonymOf: (text) => `<${text}>`,
      readAccountToken(token) {
        const [, payer = '', session = ''] = token.split('.');
        return token.startsWith('account.') ? { payer, session } : null;
      },
      codeHash: codeHashOf,
      isCodeHash: (hash, code, of) => hash === codeHashOf(code, of),
      ...signing,
    },
    payers: NOBODY,
    mails: {
      code: async () => false,
      receipt: async (_, to) => void receipts.push(to),
    },
    ids: { digits: (count) => '271828'.slice(0, count) },
    cards: {
      checkCard: ({ number, brand }) =>
        number.startsWith('4')
          ? {
              card: { number, expiryMonth: 12, expiryYear: 2034, securityCode: '123', brand: brand ?? 'visa' },
            }
          : { problems: [{ field: 'number', message: 'card.number_wrong' }] },
      checkSecurityCode: (code) =>
        code.length === 3 ? null : { field: 'security_code', message: 'card.security_code_wrong' },
    },
    returnSecretOf: ({ returnSecret }) => `opened ${returnSecret}`,
    openPromptOf,
    isOnOrigin,
    readPaymentCode,
    groupCode: groupPaymentCode,
    clock,
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    operator: { name: 'Guichet', logo: null },
    logoOf: () => null,
    extensionsMax: 10,
    ...others,
  });
  return {
    counter,
    sketched,
    clock,
    token: 'token.pay_1.1',
    merchant,
    kept,
    counted,
    receipts,
    prompt: () => openPromptOf(sketched.payment, clock.now())?.id ?? 'none',
  };
}

export const pay = ({ counter, token, prompt }: CounterWindow, from = FROM, fields = CARD) =>
  counter.takeCard(token, prompt(), fields, from);

/** A payment whose challenge waits on device 1. */
export async function challenged(wanted: Wanted = {}): Promise<CounterWindow> {
  const window = openWindow(wanted);
  await toBank(window);
  return window;
}

/** The payer of the window is sent to their bank. */
export async function toBank(window: CounterWindow): Promise<void> {
  await pay(window);
  const { id, calls } = window.sketched.attempt().authentication ?? { id: '', calls: 0 };
  const answer = { answer: 'challenge', url: 'https://acs.example', creq: 'creq' } as const;
  window.sketched.tell({ type: 'authenticated', authentication: id, call: calls, answer });
}

export const signatureOf = (secret: string, parts: readonly (string | number)[]): string =>
  createHmac('sha256', secret).update(parts.join('.')).digest('base64url');

const nothing = (): void => undefined;
const codeHashOf = (code: string, of: object): string => JSON.stringify([code, of]);

/** A merchant without customers. */
const NOBODY: CounterPorts['payers'] = {
  find: async () => null,
  setPurchaseCode: () => Promise.reject(new Error('nobody')),
  identifications: {
    expect: async () => false,
    withdraw: async () => undefined,
    countTry: async () => null,
    know: async () => false,
  },
};

function engineOver(sketched: Sketch, clock: VirtualClock): CounterPorts['engine'] {
  const tell = (incoming: Parameters<Sketch['tell']>[0]): boolean => {
    sketched.now = clock.now();
    return sketched.tell(incoming);
  };
  return {
    load: async (id) => (id === sketched.payment.id ? sketched.payment : null),
    reply: async (_, reply) => ({ applied: tell({ type: 'reply', reply }), payment: sketched.payment }),
    async cancel(_, command) {
      tell({ type: 'cancel', command });
      return sketched.payment;
    },
    extend: async () => tell({ type: 'extend' }),
    watch: async () => undefined,
    met: async (_, how) => void tell({ type: 'met', how }),
  };
}

/** Counters whose windows begin with the first raise. */
function guardsOver(counted: Map<string, number>): CounterPorts['store']['guards'] {
  const windows = new Map<string, number>();
  const count = (key: string, now: number): number => (now < (windows.get(key) ?? 0) ? (counted.get(key) ?? 0) : 0);
  return {
    async raise(key, windowMs, now) {
      const before = count(key, now);
      if (before === 0) windows.set(key, now + windowMs);
      counted.set(key, before + 1);
      return { count: before + 1, resetsAt: windows.get(key) ?? 0 };
    },
    read: async (key, now) => count(key, now),
    lower: async (key, now) => void counted.set(key, Math.max(0, count(key, now) - 1)),
    clear: async (key) => void counted.delete(key),
    async useOnce(key, until, now) {
      const isFirst = count(key, now) === 0;
      if (isFirst) windows.set(key, until);
      counted.set(key, 1);
      return isFirst;
    },
  };
}

function vaultOver(kept: string[]): CounterPorts['vault'] {
  return {
    async keepCard({ number, brand, securityCode }) {
      kept.push(`${number} ${securityCode}`);
      const digits = number.replace(/\D/g, '');
      const last4 = digits.slice(-4);
      const face = {
        brand,
        bin: digits.slice(0, 6),
        last4,
        expMonth: 12,
        expYear: 2034,
        fingerprint: `1.card-${last4}`,
      };
      return { token: `tok_${kept.length}`, face };
    },
    async keepSecurityCode(token, securityCode) {
      kept.push(`${token} ${securityCode}`);
    },
  };
}

function merchantOf({ merchant = 'mer_1' }: Wanted): Merchant {
  return {
    id: merchant,
    revision: 1,
    schema: 1,
    status: 'enabled',
    keys: [],
    returnSecret: 'sealed',
    demo: false,
    createdAt: START,
    updatedAt: START,
    profile: {
      displayName: 'Maison Lune',
      language: 'en',
      smsName: null,
      spokenName: { fr: null, en: null },
      statementDescriptor: null,
      logo: null,
      accentColour: '#0a5c4f',
      support: { email: 'help@shop.example', phone: null, url: null },
      notificationEmail: null,
      currencies: ['EUR'],
      instruments: ['card'],
      channels: ['web'],
      telephone: null,
      returnOrigins: ['https://shop.example', 'lune:'],
      lateMoney: 'return',
      telephoneOrders: 'begun_by_phone',
      smsConfirmLimit: {},
    },
  };
}
