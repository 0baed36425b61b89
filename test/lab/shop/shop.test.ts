/** The demo shop over real HTTP: it believes signed webhooks and the API, and nobody else. */

import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Order } from '../../../src/lab/shop/order.js';
import { DEMO_PHONE } from '../../../src/payers/demo.js';
import { type LabHouse, openCustomer, openLabHouse, until } from '../house.js';

let house: LabHouse;
beforeAll(async () => {
  house = await openLabHouse();
});
afterAll(() => house?.close());

/** An order whose payment is open, and its page. */
async function order(fields: Record<string, string> = {}) {
  const customer = openCustomer(house.url);
  const payLink = await customer.buy(fields);
  const placed = house.orders.awaited().find((one) => one.payLink === payLink);
  if (placed === undefined) throw new Error(`no order for ${payLink}`);
  return { customer, payLink, placed, path: `/shop/orders/${placed.id}` };
}

const standing = ({ id }: Order): string | null | undefined => house.orders.find(id)?.status;

describe('a customer', () => {
  it('orders, pays, and finds the order paid by a signed webhook', async () => {
    const { customer, payLink, placed, path } = await order({ email: 'someone@example.org', returning: 'yes' });
    expect(await customer.page(path)).toContain('Waiting for your payment');
    const asked = await house.api(`/v1/payments/${placed.payment}`);
    expect(asked).toMatchObject({
      amount: 2_400,
      currency: 'EUR',
      reference: placed.reference,
      description: '2 × Lavender honey',
      payer: { account: 'demo', email: 'someone@example.org', phone: '+33612345678', language: 'en' },
    });
    expect(placed.reference).toMatch(/^SHOP-\d{8}$/);
    await house.pay(payLink);
    await until('paid', async () => (await customer.page(path)).includes('Paid. Thank you!'));
    expect(house.orders.find(placed.id)).toMatchObject({ status: 'succeeded', toldBy: 'webhook' });
    expect(await customer.page(path)).toContain('from a signed webhook');
  });

  it('may call with the code of the order, and asks for a text once however often it is wanted', async () => {
    const { customer, placed, path } = await order({ returning: 'yes' });
    const open = await customer.page(path);
    expect(open).toMatch(/call \+33199001234 and key the payment code \d{10}/);
    const asked = await house.api(`/v1/payments/${placed.payment}`);
    expect(open).toContain(String(asked['payment_code']));
    for (let press = 0; press < 2; press += 1) await customer.post(`${path}/text`, {});
    const offer = await house.twilio?.handset(DEMO_PHONE).receives(/Reply \d{6} to pay Petite Boutique 24\.00 EUR/);
    expect(house.twilio?.handset(DEMO_PHONE).texts()).toHaveLength(1);
    await house.twilio?.handset(DEMO_PHONE).reply(/\d{6}/.exec(offer?.body ?? '')?.[0] ?? '');
    await until('paid', async () => (await customer.page(path)).includes('Paid. Thank you!'));
    expect(await customer.page(path)).not.toContain('payment code');
    const guest = await order();
    expect(await guest.customer.page(guest.path)).not.toContain('Ask me by text');
    // Asked for all the same, nothing is asked of Guichet, which would refuse it: there is no number.
    expect((await guest.customer.post(`${guest.path}/text`, {})).status).toBe(303);
  });

  it('gets the money back, once however often it is asked', async () => {
    const { customer, payLink, placed, path } = await order();
    await house.pay(payLink);
    await until('paid', () => standing(placed) === 'succeeded');
    await Promise.all([customer.post(`${path}/refund`, {}), customer.post(`${path}/refund`, {})]);
    await until('refunded', async () => (await customer.page(path)).includes('Refunded'));
    expect(await house.api(`/v1/payments/${placed.payment}`)).toMatchObject({ amount_refunded: 2_400 });
  });

  it('may be tried again to be given money back, where the refund before has failed', async () => {
    const { customer, payLink, placed, path } = await order();
    await house.pay(payLink, '4000 0010 0000 0042');
    await until('paid', () => standing(placed) === 'succeeded');
    for (const refunds of [1, 2]) {
      await customer.post(`${path}/refund`, {});
      await until('failed', async () => (await customer.page(path)).includes('did not come through'));
      await until('another try', () => house.orders.find(placed.id)?.refundRound === refunds + 1);
      const { data: tried } = await house.api(`/v1/refunds?payment=${placed.payment}`);
      expect(tried).toHaveLength(refunds);
    }
  });

  it('sees what the shop is called on the payment page too, with its logo', async () => {
    const { customer, payLink } = await order();
    const page = await (await customer.ask(payLink)).text();
    expect(page).toContain('La Petite Boutique');
    const [, logo = ''] = /<img class="logo" src="([^"]+)"/.exec(page) ?? [];
    const picture = await customer.ask(logo);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    expect(await customer.page('/shop')).toContain('La Petite Boutique');
  });

  it('makes one payment by pressing twice, and by going back and pressing again', async () => {
    const customer = openCustomer(house.url);
    await customer.post('/shop/cart', { product: 'boat', quantity: '1' });
    const [, cart = ''] = /name="cart" value="([^"]*)"/.exec(await customer.page('/shop/cart')) ?? [];
    const twice = await Promise.all([
      customer.post('/shop/checkout', { cart }),
      customer.post('/shop/checkout', { cart }),
    ]);
    const again = await customer.post('/shop/checkout', { cart });
    const ways = [...twice, again].map((answer) => answer.headers.get('location'));
    expect(new Set(ways).size).toBe(1);
    expect(ways[0]).toMatch(/\/pay\//);
    const { reference } = house.orders.ofCart(cart) ?? {};
    expect((await house.api(`/v1/payments?reference=${reference}`))['data']).toHaveLength(1);
  });

  it('begins another payment where the last has ended without money', async () => {
    const { customer, placed, path } = await order();
    const headers = { authorization: 'Bearer sk_test_demo' };
    await fetch(`${house.url}/v1/payments/${placed.payment}/cancel`, { method: 'POST', headers });
    await until('ended', async () => (await customer.page(path)).includes('Not paid'));
    const way = (await customer.post(`${path}/pay`, {})).headers.get('location') ?? '';
    expect(way).not.toBe(placed.payLink);
    await house.pay(way);
    await until('paid', () => standing(placed) === 'succeeded');
  });

  it('is told how to mend an address, in French too', async () => {
    const customer = openCustomer(house.url);
    await customer.page('/shop?lang=fr');
    await customer.post('/shop/cart', { product: 'mug', quantity: '1' });
    const answer = await customer.post('/shop/checkout', { email: 'nobody', returning: 'yes' });
    expect(answer.status).toBe(422);
    const page = await answer.text();
    expect(page).toContain('Vérifiez l’adresse');
    expect(page).toContain('value="nobody"');
    expect(page).toMatch(/name="returning" value="yes" checked/);
  });

  it('cannot be sent to the till by another site', async () => {
    const answer = await fetch(`${house.url}/shop/checkout`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(answer.status).toBe(403);
  });
});

describe('a webhook', () => {
  /** What Guichet would say when this order is paid; `change` makes it something else. */
  function told(
    { payment, amount }: Order,
    change: Record<string, unknown> = {},
    id = `evt_${payment}`,
  ): [string, string] {
    const data = { object: 'payment', id: payment, version: 900, status: 'succeeded', amount, currency: 'EUR' };
    return [id, JSON.stringify({ id, payment, data: { ...data, amount_refunded: 0, ...change } })];
  }

  async function post([id, body]: [string, string], how: { secret?: string; ageSeconds?: number; sent?: string } = {}) {
    const {
      secret = house.orders.endpoint(`${house.url}/shop/webhooks`)?.secret ?? '',
      ageSeconds = 0,
      sent = body,
    } = how;
    const at = new Date(Date.now() - ageSeconds * 1_000);
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(id, at, body),
    };
    return (await fetch(`${house.url}/shop/webhooks`, { method: 'POST', headers, body: sent })).status;
  }

  it('that is signed pays the order', async () => {
    const { placed } = await order();
    expect(await post(told(placed))).toBe(204);
    expect(standing(placed)).toBe('succeeded');
  });

  it.each([
    ['forged', { secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}` }, 401],
    ['late', { ageSeconds: 301 }, 400],
    ['from the future', { ageSeconds: -330 }, 400],
  ])('that is %s changes nothing', async (_name, how, status) => {
    const { placed } = await order();
    expect(await post(told(placed), how)).toBe(status);
    expect(standing(placed)).toBe('requires_payment_method');
  });

  it('that was altered, or is not signed, changes nothing', async () => {
    const { placed } = await order();
    const honest = told(placed, { status: 'canceled' });
    expect(await post(honest, { sent: told(placed)[1] })).toBe(401);
    const bare = await fetch(`${house.url}/shop/webhooks`, { method: 'POST', body: told(placed)[1] });
    expect(bare.status).toBe(401);
    expect(standing(placed)).toBe('requires_payment_method');
  });

  it('that is heard again changes nothing, whatever it says by then', async () => {
    const { placed } = await order();
    expect(await post(told(placed))).toBe(204);
    expect(await post(told(placed, { status: 'canceled', version: 901 }))).toBe(204);
    expect(standing(placed)).toBe('succeeded');
  });

  it('that was overtaken by a newer one changes nothing', async () => {
    const { placed } = await order();
    expect(await post(told(placed))).toBe(204);
    expect(await post(told(placed, { status: 'processing', version: 899 }, 'evt_late'))).toBe(204);
    expect(standing(placed)).toBe('succeeded');
  });

  it('of another sum than was asked changes nothing', async () => {
    const { placed } = await order();
    expect(await post(told(placed, { amount: 1 }))).toBe(204);
    expect(standing(placed)).toBe('requires_payment_method');
  });

  it('signed for another id than it names changes nothing', async () => {
    const { placed } = await order();
    expect(await post(['evt_other', told(placed)[1]])).toBe(400);
    expect(standing(placed)).toBe('requires_payment_method');
  });
});

describe('a browser that comes back', () => {
  it('is never believed', async () => {
    const { customer, placed, path } = await order();
    const query = new URLSearchParams({ payment: String(placed.payment), reference: placed.reference });
    query.set('status', 'succeeded');
    query.set('ts', String(Math.floor(Date.now() / 1_000)));
    query.set('signature', 'A'.repeat(43));
    const page = await customer.page(`${path}?${query}`);
    expect(page).toContain('Ignored');
    expect(page).toContain('Waiting for your payment');
    expect(page).toContain('without a right signature: paid.');
    expect(await customer.page(`${path}?${query}&lang=fr`)).toContain('sans signature valable\u00a0: payé.');
    expect(standing(placed)).toBe('requires_payment_method');
  });
});
