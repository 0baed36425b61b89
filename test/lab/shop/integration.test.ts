import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIntegration } from '../../../src/lab/shop/integration.js';
import { createLookOut } from '../../../src/lab/shop/look_out.js';
import type { Order, PaymentNews } from '../../../src/lab/shop/order.js';
import { createOrders, type Orders } from '../../../src/lab/shop/orders.js';
import { MIGRATIONS } from '../../../src/lab/shop/schema.js';
import { returnSignature } from '../../../src/signing.js';
import { type Database, openDatabase } from '../../../src/store/sqlite/database.js';
import { type VirtualClock, virtualClock } from '../../clock.js';

const PAYMENT = 'pay_00000000000001';
const LINKS = { pay: 'http://pay.test/pay/1' };
const news = (change: Partial<PaymentNews> = {}): PaymentNews => {
  const base = { id: PAYMENT, version: 1, status: 'requires_payment_method', amount: 1_200, currency: 'EUR' };
  return { ...base, amount_refunded: 0, links: LINKS, ...change };
};

let database: Database;
let orders: Orders;
let clock: VirtualClock;
let order: Order;
let asked: string[];
/** What the API answers, by `METHOD /path`. */
let answers: Record<string, object>;

beforeEach(() => {
  clock = virtualClock(1_800_000_000_000);
  database = openDatabase({ path: ':memory:', migrations: MIGRATIONS });
  orders = createOrders(database, clock.now);
  asked = [];
  answers = {
    'POST /v1/webhook_endpoints': { id: 'whk_1', secret: 'whsec_c2VjcmV0' },
    'POST /v1/webhook_endpoints/whk_1/rotate': { id: 'whk_1', secret: 'whsec_bmV3' },
    'POST /v1/payments': news(),
  };
  order = orders.place({
    ...{ id: 'order', reference: 'SHOP-1', cart: 'cart', lines: [], amount: 1_200, description: 'honey', email: null },
    ...{ account: null, language: 'en', createdAt: clock.now(), round: 1, payment: null, payLink: null, status: null },
    ...{ version: 0, toldBy: null, toldAt: null, refunded: 0 },
  });
});
afterEach(() => database.close());

function integration() {
  const fetch = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    const call = `${init.method} ${new URL(String(input)).pathname}`;
    asked.push(call);
    return Response.json(answers[call] ?? { code: 'route_not_found', detail: '' }, {
      status: call in answers ? 200 : 404,
    });
  };
  const at = { api: 'http://pay.test', key: 'sk_test_x', returnSecret: 'return', shop: 'http://shop.test/shop' };
  return createIntegration({ ...at, orders, fetch, now: clock.now });
}

describe('the integration', () => {
  it('registers its endpoint once, and again after a death before the secret was kept', async () => {
    answers['POST /v1/webhook_endpoints'] = { id: 'whk_1' };
    await integration().pay(order);
    await integration().listen();
    expect(asked).toEqual([
      'POST /v1/webhook_endpoints',
      'POST /v1/webhook_endpoints/whk_1/rotate',
      'POST /v1/payments',
    ]);
    const url = 'http://shop.test/shop/webhooks';
    expect(orders.endpoint(url)).toEqual({ id: 'whk_1', url, secret: 'whsec_bmV3' });
  });

  it('takes a rightly signed hint for a hint', async () => {
    await integration().pay(order);
    const hint = { payment: PAYMENT, reference: 'SHOP-1', status: 'succeeded', ts: 1_800_000_000 };
    const query = new URLSearchParams({ ...hint, ts: String(hint.ts), signature: returnSignature('return', hint) });
    const paid = orders.find('order') ?? order;
    expect(integration().hint(query, paid)).toEqual({ status: 'succeeded', isSigned: true });
    expect(integration().hint(query, { ...paid, payment: 'pay_2' })).toEqual({ status: 'succeeded', isSigned: false });
    query.set('status', 'canceled');
    expect(integration().hint(query, paid)).toEqual({ status: 'canceled', isSigned: false });
    expect(orders.find('order')?.status).toBe('requires_payment_method');
  });

  it('says what the API refused', async () => {
    delete answers['POST /v1/payments'];
    await expect(integration().pay(order)).rejects.toThrow('route_not_found');
  });
});

describe('an order of which no webhook tells', () => {
  it('is asked about, ever more rarely, until its money is known', async () => {
    await integration().pay(order);
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const looks: number[] = [];
    const begun = clock.now();
    const lookOut = createLookOut({
      ...{ orders, clock, log },
      async lookUp() {
        looks.push((clock.now() - begun) / 1_000);
        if (looks.length === 4) orders.learn(news({ version: 2, status: 'succeeded' }), 'api');
      },
    });
    let next = await lookOut();
    while (next !== null) {
      clock.advanceTo(next);
      next = await lookOut();
    }
    expect(looks).toHaveLength(4);
    const pauses = looks.map((at, index) => at - (looks[index - 1] ?? 0));
    expect(pauses[0]).toBe(10);
    expect(pauses.at(-1)).toBeGreaterThanOrEqual(10);
    expect(orders.find('order')).toMatchObject({ status: 'succeeded', toldBy: 'api' });
  });
});
