/** A household's own pages, over the real counter, engine, vault, store and sandbox: payers' pages in the name of an operator. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CodeMail } from '../../../src/contracts/mail.js';
import { signedHeaders } from '../../../src/notify/signature.js';
import { DEMO_OPERATOR, DEMO_OPERATOR_SECRET } from '../../../src/operators/demo.js';
import { type House, openHouse } from '../../browser/house.js';
import { createBrowser, wordsOf } from './page_server.js';

const mailed: CodeMail[] = [];
let house: House;
let messages = 0;
beforeAll(async () => {
  house = await openHouse({
    mails: {
      code: async (mail) => mailed.push(mail) > 0,
      accountChanged: async () => undefined,
      accountLink: async () => undefined,
      receipt: async () => undefined,
    },
  });
}, 20_000);
afterAll(() => house.close());

interface Household {
  readonly operator: string;
  readonly url: string;
  readonly payment: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly instruments: readonly { readonly card: { readonly last4: string }; readonly authenticated: boolean }[];
  readonly purchase_code_set: boolean;
}

async function ask(method: string, path: string, given?: object): Promise<Household> {
  messages += 1;
  const operator = DEMO_OPERATOR.id;
  const body = given === undefined ? undefined : JSON.stringify({ operator, ...given });
  const address = body === undefined ? `${path}?operator=${operator}` : path;
  const headers = signedHeaders(`msg_${messages}`, Date.now(), body ?? address, [DEMO_OPERATOR_SECRET]);
  const answer = await fetch(house.url + address, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Household;
}

const pathOf = (account: string): string => `/tv/payers/${account}`;
const read = (account: string): Promise<Household> => ask('GET', pathOf(account));
const settle = (account: string) =>
  ask('PUT', pathOf(account), { account, email: `${account}@example.org`, language: 'fr' });

/** The page of a new link, in a browser that has given back the code. */
async function visit(account: string, purpose: string, language: string) {
  const { url } = await ask('POST', `${pathOf(account)}/sessions`, { account, purpose, language });
  const path = new URL(url).pathname;
  const browser = createBrowser(house.url);
  const first = await browser.ask(path);
  await browser.submit(first, '/send-code');
  await browser.submit(await browser.ask(path), '/code', { code: mailed.at(-1)?.code ?? '' });
  return { path, browser, first, page: await browser.ask(path) };
}

describe('the household of the first start', () => {
  it('has a card, a telephone and a purchase code, as the customer of the demo merchant has', async () => {
    expect(await ask('GET', '/tv/payers/demo')).toMatchObject({
      operator: 'op_demo',
      phone: '+33612345678',
      instruments: [{ card: { last4: '4242' } }],
      purchase_code_set: true,
    });
  });
});

describe('the link of a household', () => {
  it('to store a card leads to a page in the operator’s name, and the card to the household', async () => {
    await settle('home-1');
    const add = { account: 'home-1', purpose: 'add_instrument', language: 'en' };
    const { url, payment } = await ask('POST', '/tv/payers/home-1/sessions', add);
    const browser = createBrowser(house.url);
    const path = (await browser.ask(new URL(url).pathname)).headers.get('location') ?? '';
    const page = await browser.ask(path);
    expect(wordsOf(page)).toContain(DEMO_OPERATOR.name);
    expect(wordsOf(page)).toContain('Nothing is taken now');
    const card = { number: '4242424242424242', expiry: '12/34', security_code: '123', save: 'en' };
    await browser.submit(page, '/card', card);
    await house.settled(payment, 'succeeded');
    for (let look = 0; look < 50 && (await read('home-1')).instruments.length === 0; look += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect((await read('home-1')).instruments).toMatchObject([{ card: { last4: '4242' }, authenticated: true }]);
    expect(wordsOf(await browser.ask(path))).toContain('Your card is saved');
    // What is stored is shown behind a code, which is mailed in the operator's name.
    const { first, page: known } = await visit('home-1', 'manage', 'en');
    expect(mailed.at(-1)).toMatchObject({ to: 'home-1@example.org', merchantName: DEMO_OPERATOR.name });
    expect(wordsOf(first)).toContain(DEMO_OPERATOR.name);
    expect(wordsOf(first)).not.toContain('4242');
    expect(wordsOf(known)).toContain('Visa ending in 4242');
  });

  it('to set the purchase code sets it, in French too', async () => {
    await settle('home-2');
    const { path, browser, page } = await visit('home-2', 'set_purchase_code', 'fr');
    expect(wordsOf(page)).toContain('code d’achat');
    await browser.submit(page, '/purchase-code', { purchase_code: '2741', purchase_code_again: '2741' });
    expect((await read('home-2')).purchase_code_set).toBe(true);
    expect(wordsOf(await browser.ask(path))).not.toContain('2741');
  });

  it('leads nowhere once the household is forgotten', async () => {
    await settle('home-3');
    const { path, browser } = await visit('home-3', 'manage', 'en');
    await ask('POST', '/tv/payers/home-3/erase', { account: 'home-3', erase: true });
    expect((await browser.ask(path)).status).toBe(404);
    expect(await read('home-3')).toMatchObject({ email: null, instruments: [], purchase_code_set: false });
  });

  it('leads nowhere while its operator is disabled', async () => {
    await settle('home-4');
    const { path, browser } = await visit('home-4', 'manage', 'en');
    const turn = async (status: 'enabled' | 'disabled') => {
      const stored = await house.operators.load(DEMO_OPERATOR.id);
      if (stored === null) throw new Error('no operator');
      await house.operators.commit({ ...stored, status, revision: stored.revision + 1 });
    };
    await turn('disabled');
    expect((await browser.ask(path)).status).toBe(404);
    await turn('enabled');
    expect((await browser.ask(path)).status).toBe(200);
  });
});
