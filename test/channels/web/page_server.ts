import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createSay } from '../../../channels/catalogue/index.js';
import { createWebChannel } from '../../../channels/web/index.js';
import type { WebPorts } from '../../../channels/web/ports.js';
import type { AccountDesk, AccountVisit, Counter, SavedCard, Taken, Visit } from '../../../src/contracts/channel.js';

export const TOKEN = 'token-of-a-payment';
export const CAPABILITY = 'capability-of-an-authentication';
export const NOW = Date.UTC(2030, 0, 15, 12);

export const VISIT: Visit = {
  payment: 'pay_1',
  version: 3,
  mode: 'test',
  merchant: {
    name: 'Maison Lune',
    logo: null,
    accentColour: null,
    support: { email: 'help@lune.example', phone: '+33 1 23 45 67 89', url: 'https://lune.example/help' },
  },
  purpose: 'pay',
  account: null,
  receipt: null,
  cardKept: null,
  operator: 'Guichet',
  operatorLogo: null,
  money: { amount: 4_250, currency: 'EUR' },
  description: 'Two lamps',
  reference: 'ORDER-1042',
  language: null,
  status: 'requires_payment_method',
  prompt: { id: 'begin.1', prompt: { kind: 'card', ask: 'all', message: { key: 'card.enter' } } },
  follow: null,
  card: null,
  decline: null,
  elsewhere: null,
  takesOver: false,
  expiresAt: NOW + 3_600_000,
  onTelevision: false,
  television: null,
  extendable: true,
  cancelable: true,
  returnTo: 'https://lune.example/back?cart=7&payment=pay_1&signature=s',
  cancelTo: 'https://lune.example/basket',
};

export const CHALLENGE: Partial<Visit> = {
  status: 'requires_action',
  prompt: { id: 'att_1.3', prompt: { kind: 'follow', purpose: 'challenge', message: { key: 'card.challenge' } } },
  follow: { url: 'https://acs.bank.example/challenge?x=1', data: 'Y3JlcQ' },
};
export const DEVICE_CHECK: Partial<Visit> = {
  status: 'requires_action',
  prompt: { id: 'att_1.2', prompt: { kind: 'follow', purpose: 'device_check', message: { key: 'card.device_check' } } },
  follow: { url: 'https://acs.bank.example/method', data: 'bWV0aG9k' },
};
export const WAIT: Partial<Visit> = {
  status: 'processing',
  cancelable: false,
  extendable: false,
  prompt: { id: 'att_1.4', prompt: { kind: 'wait', message: { key: 'card.authorizing' } } },
};
export const SECURITY_CODE: Partial<Visit> = {
  status: 'requires_action',
  card: { brand: 'visa', last4: '4242' },
  prompt: {
    id: 'att_1.5',
    prompt: { kind: 'card', ask: 'security_code', message: { key: 'card.security_code_again' } },
  },
};
export const ended = (status: Visit['status']): Partial<Visit> => ({
  status,
  prompt: null,
  description: null,
  cancelable: false,
  extendable: false,
});

/** A counter that shows what the test wants and keeps what it was asked. */
export interface FakeCounter extends Counter {
  shows: Visit | null;
  answers: Taken;
  readonly asked: (readonly unknown[])[];
}

export function fakeCounter(): FakeCounter {
  const asked: (readonly unknown[])[] = [];
  const keep =
    (name: string) =>
    async (...given: readonly unknown[]): Promise<Taken> => {
      asked.push([name, ...given]);
      return counter.answers;
    };
  const counter: FakeCounter = {
    shows: VISIT,
    answers: { taken: true },
    asked,
    visit: async (token) => (token === TOKEN ? counter.shows : null),
    enter: async (code, caller) => {
      asked.push(['enter', code, caller]);
      return code.startsWith('4') ? { token: TOKEN } : { refused: code.startsWith('9') ? 'too_many' : 'unknown' };
    },
    takeCard: keep('takeCard'),
    takeSecurityCode: keep('takeSecurityCode'),
    deviceChecked: keep('deviceChecked'),
    returned: keep('returned'),
    comeBack: async (capability) =>
      capability === CAPABILITY ? { token: counter.shows === null ? null : TOKEN } : null,
    leave: keep('leave'),
    takeOver: keep('takeOver'),
    cancel: keep('cancel'),
    sendCode: keep('sendCode'),
    takeCode: keep('takeCode'),
    takeSaved: keep('takeSaved'),
    setPurchaseCode: keep('setPurchaseCode'),
    async opened(token, device) {
      asked.push(['opened', token, device]);
    },
    mailReceipt: keep('mailReceipt'),
    extend: async (token) => {
      asked.push(['extend', token]);
      return true;
    },
    watch: async () => undefined,
  };
  return counter;
}

export const ACCOUNT_TOKEN = 'token-of-an-account';

export const ACCOUNT: AccountVisit = {
  version: 4,
  mode: 'test',
  merchant: VISIT.merchant,
  operator: 'Guichet',
  operatorLogo: null,
  language: null,
  purpose: 'manage',
  payment: null,
  stage: 'offered',
  cards: [],
  purchaseCode: null,
  returnTo: null,
};

export const SAVED: readonly SavedCard[] = [
  { id: 'ins_1', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2034, isDefault: true, isExpired: false },
  { id: 'ins_2', brand: 'mastercard', last4: '4444', expMonth: 3, expYear: 2029, isDefault: false, isExpired: true },
];

/** A desk that shows what the test wants and keeps what it was asked. */
export interface FakeDesk extends AccountDesk {
  shows: AccountVisit | null;
  answers: Taken;
  readonly asked: (readonly unknown[])[];
}

export function fakeDesk(): FakeDesk {
  const keep =
    (name: string) =>
    async (...given: readonly unknown[]): Promise<Taken> => {
      desk.asked.push([name, ...given]);
      return desk.answers;
    };
  const desk: FakeDesk = {
    shows: ACCOUNT,
    answers: { taken: true },
    asked: [],
    visit: async (token) => (token === ACCOUNT_TOKEN ? desk.shows : null),
    sendCode: keep('sendCode'),
    takeCode: keep('takeCode'),
    makeDefault: keep('makeDefault'),
    remove: keep('remove'),
    setPurchaseCode: keep('setPurchaseCode'),
  };
  return desk;
}

export interface Server {
  readonly url: string;
  close(): Promise<void>;
}

/** The page over real HTTP on loopback. */
export async function servePage(counter: Counter, change: Partial<WebPorts> = {}): Promise<Server> {
  const app = express().disable('x-powered-by').disable('etag').set('query parser', false);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let drawn = 0;
  app.use(
    createWebChannel({
      counter,
      account: fakeDesk(),
      say: createSay('page'),
      signing: {
        deviceHash: (cookie) => createHash('sha256').update(cookie).digest('base64url'),
        formNonce,
        isFormNonce: (form, nonce) => formNonce(form) === nonce,
      },
      newToken: () => createHash('sha256').update(String(++drawn)).digest('base64url').slice(0, 22),
      brandsOf: (number) => (number.replace(/\D/g, '').startsWith('49701000') ? ['cb', 'visa'] : ['visa']),
      rulesOf: () => ({ lengths: [16], securityCodeLength: 3 }),
      pictureNamed: () => null,
      now: () => NOW,
      publicUrl: url,
      log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
      ...change,
    }),
  );
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const nothing = (): void => undefined;
const formNonce = (form: object): string =>
  createHmac('sha256', 'key').update(JSON.stringify(form)).digest('base64url');

/**
 * A browser without scripts: keeps cookies, follows nothing by itself, posts the forms it was given. `base` may be asked anew
 * for each request, as where a balancer stands in front.
 */
export function createBrowser(base: string | (() => string)) {
  const cookies = new Map<string, string>();

  async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(cookie !== '' && { cookie }), ...(init.headers as Record<string, string> | undefined) };
    const response = await fetch((typeof base === 'string' ? base : base()) + path, {
      redirect: 'manual',
      ...init,
      headers,
    });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      cookies.set(name, value);
    }
    const { status, headers: answered } = response;
    return { status, headers: answered, body: await response.text() };
  }

  return {
    cookies,
    ask,
    /** Posts the form of `page` whose action ends with `to`, its hidden fields included. */
    submit(page: Answer, to: string, typed: Record<string, string> = {}, init: RequestInit = {}): Promise<Answer> {
      const form = formOf(page.body, to);
      const body = new URLSearchParams({ ...form.fields, ...typed });
      return ask(form.action, { method: 'POST', body, ...init });
    },
    /** Asks for more time by the button that takes the card form's typing along. */
    extend(page: Answer, typed: Record<string, string> = {}): Promise<Answer> {
      const [, path = ''] = /form="card" formaction="([^"]*)"/.exec(page.body) ?? [];
      const body = new URLSearchParams({ ...formOf(page.body, '/card').fields, ...typed });
      return ask(path, { method: 'POST', body });
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** The action and the fields of the form whose action ends with `to`, or goes on below it. */
export function formOf(page: string, to: string): { action: string; fields: Record<string, string> } {
  for (const [, attributes = '', content = ''] of page.matchAll(/<form ([^>]*)>([\s\S]*?)<\/form>/g)) {
    const action = unescaped(/action="([^"]*)"/.exec(attributes)?.[1] ?? '');
    if (!`${action}/`.includes(`${to}/`)) continue;
    const inputs = [...content.matchAll(/<input [^>]*name="([^"]*)"[^>]*>/g)].filter(
      ([input]) => !/type="(?:radio|checkbox)"/.test(input) || input.includes(' checked'),
    );
    const fields = inputs.map(([input, name = '']) => [name, unescaped(/value="([^"]*)"/.exec(input)?.[1] ?? '')]);
    return { action, fields: Object.fromEntries(fields) };
  }
  throw new Error(`no form to ${to} on this page`);
}

export function unescaped(text: string): string {
  const characters: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#96': '`' };
  return text.replace(/&(amp|lt|gt|quot|#39|#96);/g, (_, name: string) => characters[name] ?? '');
}

/** What a person reads. */
export const wordsOf = ({ body }: Answer): string =>
  unescaped(body.replace(/<style[\s\S]*?<\/style>|<title>[\s\S]*?<\/title>|<[^>]*>/g, ' ')).replace(/\s+/g, ' ');
