/** What becomes of a saved card that is saved again, and who hears of it, over the whole house. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Payment } from '../../../src/contracts/payment.js';
import { type House, openHouse } from '../../browser/house.js';
import { createBrowser } from './page_server.js';

const ACCOUNT = 'cust-told';
const CARD = { number: '4242424242424242', expiry: '12/34', security_code: '123' };
const RENEWED = { ...CARD, expiry: '12/38' };

interface Stored {
  readonly id: string;
  readonly token: string;
  readonly card: { readonly exp_year: number };
}

const changes: (readonly [what: string, about: string | null, to: string | null])[] = [];
let house: House;
beforeAll(async () => {
  house = await openHouse({
    mails: {
      accountChanged: async (_, what, about, to) => void changes.push([what, about, to]),
      accountLink: async () => undefined,
      code: async () => true,
      receipt: async () => undefined,
    },
  });
}, 20_000);
afterAll(() => house.close());

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${house.url}/v1/payers/${ACCOUNT}${path}`, {
    method,
    headers: { authorization: 'Bearer sk_test_demo', 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Ticks the box, and waits until the account was asked. */
async function ticked(card: typeof CARD): Promise<Payment> {
  const order = await house.order({ payer: { account: ACCOUNT } });
  const browser = createBrowser(house.url);
  await browser.submit(await browser.ask(new URL(order.pay).pathname), '/card', { ...card, save: 'en' });
  await house.settled(order.id, 'succeeded');
  for (let look = 0; look < 100; look += 1) {
    const payment = await house.payment(order.id);
    if (payment.attempts[0]?.save?.state === 'kept') return payment;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the card was not kept');
}

it('a card that is ticked again, or was renewed, pays under the token that the merchant has', async () => {
  await call('PUT', '', { email: 'ada@example.org' });
  await ticked(CARD);
  const { instruments } = await call<{ instruments: Stored[] }>('GET', '');
  const [first] = instruments;
  if (first === undefined) throw new Error('no card was stored');
  for (const [card, year] of [
    [CARD, 2034],
    [RENEWED, 2038],
  ] as const) {
    const { attempts } = await ticked(card);
    expect(attempts[0]?.card).toBeNull();
    const after = await call<{ instruments: Stored[] }>('GET', '');
    expect(after.instruments).toMatchObject([{ id: first.id, token: first.token, card: { exp_year: year } }]);
    const order = await house.order({ payer: { account: ACCOUNT }, pay_with: first.token });
    const paid = await house.settled(order.id, 'succeeded');
    expect(paid.attempts[0]).toMatchObject({ stored: true, face: { expYear: year } });
  }
  await call('PUT', '', { email: 'grace@example.org' });
  await call('DELETE', `/instruments/${first.id}`);
  expect(changes).toEqual([
    ['card_saved', first.id, null],
    ['card_saved', first.id, null],
    ['contact_changed', null, 'ada@example.org'],
    ['contact_changed', null, null],
    ['card_removed', first.id, null],
  ]);
});
