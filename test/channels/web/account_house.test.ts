/** Saved cards from the first tick to the last removal, over the real counter, engine, vault, store and sandbox. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CodeMail } from '../../../src/contracts/mail.js';
import type { Payment } from '../../../src/contracts/payment.js';
import { approvalsOf, type House, openHouse } from '../../browser/house.js';
import { createBrowser, formOf, wordsOf } from './page_server.js';

const CARD = { number: '4242424242424242', expiry: '12/34', security_code: '123' };
const DECLINED = { ...CARD, number: '4000000000000002' };

const mailed: CodeMail[] = [];
const links: string[] = [];
const receipts: string[] = [];
let house: House;
let account = '';
let made = 0;
beforeAll(async () => {
  house = await openHouse({
    mails: {
      code: async (mail) => mailed.push(mail) > 0,
      accountChanged: async () => undefined,
      accountLink: async (_, { id }) => void links.push(id),
      receipt: async (_, to) => void receipts.push(to),
    },
  });
}, 20_000);
afterAll(() => house.close());
beforeEach(async () => {
  made += 1;
  account = `cust-${made}`;
  await call('PUT', `/v1/payers/${account}`, { email: `${account}@example.org` });
});

interface Body {
  readonly url: string;
  readonly payment: string;
  readonly instruments: readonly { readonly id: string; readonly token: string; readonly authenticated: boolean }[];
  readonly purchase_code_set: boolean;
}

async function call(method: string, path: string, body?: object): Promise<Body> {
  const answer = await fetch(house.url + path, {
    method,
    headers: { authorization: 'Bearer sk_test_demo', 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Body;
}

const payer = () => call('GET', `/v1/payers/${account}`);
const pathOf = (url: string): string => new URL(url).pathname;

async function visit(browser = createBrowser(house.url)) {
  const order = await house.order({ payer: { account, email: 'order@example.com' } });
  const path = pathOf(order.pay);
  return { ...order, path, browser, page: await browser.ask(path) };
}

/** A payment whose payer ticks the box. */
async function savedOnce(card = CARD, status: Payment['status'] = 'succeeded'): Promise<Payment> {
  const { id, browser, page } = await visit();
  await browser.submit(page, '/card', { ...card, save: 'en' });
  return house.settled(id, status);
}

/** Waits until the account was asked about the card of the payment. */
async function storedCards(count: number): Promise<Body['instruments']> {
  for (let look = 0; look < 50; look += 1) {
    const { instruments } = await payer();
    if (instruments.length === count) return instruments;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`no ${count} cards in the account`);
}

describe('a card that its payer wants kept', () => {
  it('is in the account after the approval, and pays the next time behind a code', async () => {
    await savedOnce();
    const [stored] = await storedCards(1);
    expect(stored?.authenticated).toBe(true);
    const { id, path, browser, page } = await visit();
    const body = new URLSearchParams(formOf(page.body, '/card').fields);
    expect((await browser.ask(`${path}/send-code`, { method: 'POST', body })).status).toBe(303);
    expect(mailed.at(-1)?.to).toBe(`${account}@example.org`);
    await browser.submit(await browser.ask(path), '/code', { code: mailed.at(-1)?.code ?? '' });
    const cards = await browser.ask(path);
    expect(wordsOf(cards)).toContain('Visa ending in 4242');
    expect((await createBrowser(house.url).ask(path)).body).not.toContain('ending in 4242');
    await browser.submit(cards, '/saved', { saved: stored?.id ?? '' });
    const paid = await house.settled(id, 'succeeded');
    expect(approvalsOf(paid)).toBe(1);
    expect(paid.attempts[0]).toMatchObject({ stored: true, authentication: { state: 'passed' } });
    expect(await storedCards(1)).toEqual([stored]);
  });

  it('that is declined is not', async () => {
    await savedOnce(DECLINED, 'requires_payment_method');
    expect((await payer()).instruments).toEqual([]);
  });
});

describe('an `add_instrument` link', () => {
  it('leads to the page that stores a card, takes nothing, and says so', async () => {
    const session = await call('POST', `/v1/payers/${account}/sessions`, {
      purpose: 'add_instrument',
      reach: { channel: 'email' },
    });
    expect(links).toHaveLength(1);
    const browser = createBrowser(house.url);
    const lead = await browser.ask(pathOf(session.url));
    const path = lead.headers.get('location') ?? '';
    const page = await browser.ask(path);
    expect(wordsOf(page)).toContain('Nothing is taken now');
    const without = await browser.submit(page, '/card', CARD);
    expect([without.status, (await house.payment(session.payment)).attempts]).toEqual([422, []]);
    await browser.submit(page, '/card', { ...CARD, save: 'en' });
    const over = await house.settled(session.payment, 'succeeded');
    expect(over.attempts[0]?.operations).toMatchObject([{ type: 'authorize', amount: 0, status: 'approved' }]);
    await storedCards(1);
    expect(wordsOf(await browser.ask(path))).toContain('Your card is saved');
    const { instruments } = await payer();
    const order = await house.order({ payer: { account }, pay_with: instruments[0]?.token });
    await house.settled(order.id, 'succeeded');
  });
});

describe('a `manage` link', () => {
  it('shows what is stored behind a code, and removes it', async () => {
    await savedOnce();
    await storedCards(1);
    const { url } = await call('POST', `/v1/payers/${account}/sessions`, { purpose: 'manage' });
    const path = pathOf(url);
    const browser = createBrowser(house.url);
    await browser.submit(await browser.ask(path), '/send-code');
    await browser.submit(await browser.ask(path), '/code', { code: mailed.at(-1)?.code ?? '' });
    const page = await browser.ask(path);
    expect(wordsOf(page)).toContain('Visa ending in 4242');
    const step = /href="([^"]*remove=[^"]*)"/.exec(page.body)?.[1] ?? '';
    await browser.submit(await browser.ask(step), '/remove');
    expect(wordsOf(await browser.ask(path))).toContain('No card is saved.');
    expect((await payer()).instruments).toEqual([]);
  });
});

describe('erasing', () => {
  it('leaves no link that leads anywhere, and feed, timeline and figures whole', async () => {
    const paid = await savedOnce();
    await storedCards(1);
    const add = await call('POST', `/v1/payers/${account}/sessions`, { purpose: 'add_instrument' });
    const manage = await call('POST', `/v1/payers/${account}/sessions`, { purpose: 'manage' });
    const browser = createBrowser(house.url);
    const path = (await browser.ask(pathOf(add.url))).headers.get('location') ?? '';
    const page = await browser.ask(path);
    const told = async () => [
      await call('GET', `/v1/payments/${paid.id}/events`),
      await call('GET', `/v1/payments/${paid.id}/timeline`),
    ];
    const before = await told();
    await call('POST', `/v1/payers/${account}/erase`);
    for (const link of [pathOf(add.url), pathOf(manage.url), path]) expect((await browser.ask(link)).status).toBe(404);
    const late = await browser.submit(page, '/card', { ...CARD, save: 'en' });
    expect(late.status).toBe(404);
    expect((await house.payment(add.payment)).attempts).toEqual([]);
    expect(await told()).toEqual(before);
    expect((await payer()).instruments).toEqual([]);
  });

  it('while a card is on its way stores nothing', async () => {
    const { id, browser, page } = await visit();
    await Promise.all([
      browser.submit(page, '/card', { ...CARD, save: 'en' }),
      call('POST', `/v1/payers/${account}/erase`),
    ]);
    await house.settled(id, 'succeeded');
    for (let look = 0; look < 50; look += 1) {
      const { attempts } = await house.payment(id);
      if (attempts[0]?.save?.state === 'dropped' && attempts[0].card === null) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect((await house.payment(id)).attempts[0]).toMatchObject({ card: null, save: { state: 'dropped' } });
    expect((await payer()).instruments).toEqual([]);
  });
});

describe('the receipt', () => {
  it('is mailed from the outcome page to an address that is then said no more', async () => {
    const order = await house.order({ return_url: null });
    const path = pathOf(order.pay);
    const browser = createBrowser(house.url);
    await browser.submit(await browser.ask(path), '/card', CARD);
    await house.settled(order.id, 'succeeded');
    await browser.submit(await browser.ask(path), '/receipt', { email: 'ada@example.net' });
    expect(receipts).toEqual(['ada@example.net']);
    const after = await browser.ask(path);
    expect(wordsOf(after)).toContain('The receipt is on its way.');
    expect(after.body).not.toContain('ada@');
    expect(JSON.stringify(await house.payment(order.id))).not.toContain('ada@');
  });
});
