/** The news of a payment and the webhook that is on its way in the same instant, in either order. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalsOf } from '../../browser/house.js';
import { createBrowser } from '../web/page_server.js';
import { CARD, type Call } from './caller.js';
import { openTelephoneHouse, type TelephoneHouse } from './house.js';

let house: TelephoneHouse;
beforeAll(async () => {
  house = await openTelephoneHouse();
});
afterAll(() => house?.close());

const PAID = 'This payment has been paid already.';
const serialIn = (address: string): number => Number(new URL(address).searchParams.get('n'));

/** Another device pays with this card, and the call is taken to the news; answers where. */
async function paidOnThePage(pay: string, call: Call, number = '4242 4242 4242 4242'): Promise<string> {
  const browser = createBrowser(house.url);
  const page = await browser.ask(new URL(pay).pathname);
  await browser.submit(page, '/card', { number, expiry: '12/34', security_code: '123' });
  return newsOf(call);
}

async function newsOf(call: Call): Promise<string> {
  const find = () => house.redirected.find(({ sid }) => sid === call.sid);
  await expect.poll(find, { timeout: 10_000, interval: 20 }).toBeDefined();
  return find()?.url ?? '';
}

/** A call in which a card is being keyed: the connector has taken it, and its result is on its way. */
async function keying() {
  const { id, code, pay } = await house.order();
  const call = await house.calling(code);
  await call.press('1');
  const action = call.attribute('Pay', 'action');
  const { body } = await call.connect(CARD, `tx-${call.sid}`);
  return { id, pay, call, action, result: { Result: 'success', PaymentToken: body.token_id ?? '' } };
}

describe('another device has paid while the card of a caller is on its way', () => {
  it('and the news comes first: the card is not taken, and the call goes on after the news', async () => {
    const { id, pay, call, action, result } = await keying();
    const news = await paidOnThePage(pay, call);
    expect(serialIn(news)).toBe(serialIn(action));
    await house.settled(id, 'succeeded');
    expect(await call.go(news)).toContain(PAID);
    const late = await call.post(action, result);
    expect([late.status, late.text]).toEqual([200, expect.stringContaining(PAID)]);
    expect(approvalsOf(await house.payment(id))).toBe(1);
    expect((await house.payment(id)).attempts).toHaveLength(1);
  });

  it('and the card comes first: it is not taken either, and the news tells the same', async () => {
    const { id, pay, call, action, result } = await keying();
    const news = await paidOnThePage(pay, call);
    await house.settled(id, 'succeeded');
    expect(await call.go(action, result)).toContain(PAID);
    expect(await call.go(news)).toContain(PAID);
    expect(approvalsOf(await house.payment(id))).toBe(1);
    expect((await house.payment(id)).attempts).toHaveLength(1);
  });

  it('and is refused by the bank: the caller goes on where they were, and pays', async () => {
    const { id, pay, call } = await keying();
    const news = await paidOnThePage(pay, call, '4000 0000 0000 0002');
    let heard = await call.go(news);
    heard += await call.listen();
    expect(heard).toContain('To pay by keying in a card, press 1.');
    expect(heard).not.toMatch(/Your payment is being made|declined|refused/);
    await call.press('1');
    await call.keyCard();
    await call.listen();
    expect(approvalsOf(await house.settled(id, 'succeeded'))).toBe(1);
  });
});

it('a call that has gone on while it was taken elsewhere goes on from there, and nothing else that lies behind is taken', async () => {
  const { id, code, pay } = await house.order();
  const call = await house.calling(code);
  const menu = call.attribute('Gather', 'action');
  const news = await paidOnThePage(pay, call);
  await call.press('9');
  if (call.has('Redirect')) await call.follow();
  await house.settled(id, 'succeeded');
  const furthest = Math.max(...call.exchanges.map(({ url }) => serialIn(url)));
  await call.post(menu.replace(/n=\d+/, `n=${furthest + 1}`), { Digits: '9' });
  const behind = await call.post(menu, { Digits: '9' });
  expect(behind.status).toBe(409);
  const before = await house.payment(id);
  for (let time = 0; time < 2; time += 1) expect(await call.go(news)).toContain(PAID);
  expect(await house.payment(id)).toEqual(before);
});

it('a call that pays by itself is taken nowhere, and neither is one whose payment goes on here as it was', async () => {
  const { id, code } = await house.order();
  const other = await house.calling(code);
  const own = await house.calling(code);
  await own.press('1');
  await own.keyCard();
  await own.listen();
  await house.settled(id, 'succeeded');
  // The other caller is told: so the house knew of it, and left alone who paid.
  expect(await other.go(await newsOf(other))).toContain(PAID);
  expect(house.redirected.filter(({ sid }) => sid === own.sid)).toEqual([]);
});

it('a call that has ended is taken nowhere', async () => {
  const { id, code, pay } = await house.order();
  const [gone, here] = [await house.calling(code), await house.calling(code)];
  await gone.post(`${house.url}/ivr/status`, { CallStatus: 'completed' });
  await paidOnThePage(pay, here);
  await house.settled(id, 'succeeded');
  expect(house.redirected.filter(({ sid }) => sid === gone.sid)).toEqual([]);
});
