import { join } from 'node:path';
import express, { type RequestHandler, Router } from 'express';
import type { Clock } from '../../contracts/clock.js';
import type { Ids } from '../../contracts/ids.js';
import type { Log } from '../../contracts/log.js';
import { openDatabase } from '../../store/sqlite/database.js';
import { serveAssets } from '../assets.js';
import { cookieOf, fieldOf, isFromElsewhere, queryOf } from '../requests.js';
import { describe, readCart, totalOf, withQuantity, writeCart } from './cart.js';
import { type Counter, createCounter } from './counter.js';
import { createIntegration, type Verdict } from './integration.js';
import { createJournal, type Journal } from './journal.js';
import { createLookOut } from './look_out.js';
import type { Order } from './order.js';
import { standingOf } from './order.js';
import { createOrders, type Orders } from './orders.js';
import { productOf } from './products.js';
import { MIGRATIONS } from './schema.js';
import { createWire, type Wire } from './wire.js';

export interface ShopPorts {
  /** Where Guichet and the shop are reached. */
  readonly publicUrl: string;
  readonly key: string;
  readonly returnSecret: string;
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export interface Shop {
  readonly router: Router;
  /** An order as a customer places it, and where its payer must go. */
  buy(product: string, customer?: Pick<Order, 'account' | 'language'>): Promise<{ order: Order; payLink: string }>;
  /** Has the customer of an order asked for its money by text. */
  askByText(order: Order): Promise<void>;
  /** Asks about what no webhook has told; answers when to call again. */
  run(): Promise<number | null>;
  readonly wire: Wire;
  readonly journal: Journal;
  close(): void;
}

const WEBHOOK_BYTES_MAX = 262_144;
const CART_BITS = 128;
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,180}\.[^\s@]{2,60}$/;
const STATUS: Readonly<Record<Verdict, number>> = {
  accepted: 204,
  repeated: 204,
  unsigned: 401,
  forged: 401,
  late: 400,
  unreadable: 400,
};

/** The demo shop: a merchant like any other, with a small file of its own. The integration itself is `integration.ts`. */
export function createShop(ports: ShopPorts): Shop {
  const { publicUrl, key, returnSecret, clock, ids, log } = ports;
  const database = openDatabase({ path: join(ports.dataFolder, 'shop.sqlite'), migrations: MIGRATIONS });
  const orders = createOrders(database, clock.now);
  const wire = createWire(database, clock);
  const shop = `${publicUrl}/shop`;
  const guichet = createIntegration({
    ...{ api: publicUrl, key, returnSecret, shop, orders },
    fetch: wire.fetch,
    now: clock.now,
  });
  const counter = createCounter(publicUrl);

  function place(cart: string, wanted: Pick<Order, 'lines' | 'email' | 'account' | 'language'>): Order {
    const { lines, language } = wanted;
    return orders.place({
      ...wanted,
      id: ids.token(CART_BITS),
      reference: `SHOP-${ids.digits(8)}`,
      cart,
      amount: totalOf(lines),
      description: describe(lines, language),
      createdAt: clock.now(),
      round: 1,
      ...{ payment: null, payLink: null, status: null, version: 0, toldBy: null, toldAt: null, refunded: 0 },
    });
  }

  /** Where the browser is to go on: the payment page, or the order where there is nothing to pay. */
  async function wayOf(order: Order): Promise<string> {
    const standing = standingOf(order);
    if (standing === 'ended') return guichet.pay(orders.begin(order.id) ?? order);
    if (standing !== 'open') return `/shop/orders/${order.id}`;
    return order.payLink ?? guichet.pay(order);
  }

  const putInCart: RequestHandler = (request, response) => {
    const product = fieldOf(request, 'product');
    const quantity = fieldOf(request, 'quantity');
    const cart = readCart(cookieOf(request, 'shop_cart')) ?? { id: ids.token(CART_BITS), lines: [] };
    const isRight = productOf(product) !== undefined && /^\d{1,2}$/.test(quantity);
    if (isRight) counter.keepCart(response, writeCart(withQuantity(cart, product, Number(quantity))));
    response.redirect(303, '/shop/cart');
  };

  const checkOut: RequestHandler = async (request, response) => {
    const before = orders.ofCart(fieldOf(request, 'cart'));
    if (before !== null) return response.redirect(303, await wayOf(before));
    const cart = readCart(cookieOf(request, 'shop_cart'));
    if (cart === null || cart.lines.length === 0) return response.redirect(303, '/shop/cart');
    const email = fieldOf(request, 'email').trim();
    const isReturning = fieldOf(request, 'returning') === 'yes';
    if (email !== '' && !EMAIL.test(email)) return counter.askAgain(request, response, { email, isReturning });
    const { language } = counter.frameOf(request);
    const account = isReturning ? 'demo' : null;
    const order = place(cart.id, { lines: cart.lines, email: email || null, account, language });
    const way = await wayOf(order);
    counter.keepCart(response, '');
    response.redirect(303, way);
  };

  const withOrder = createWithOrder(orders, counter);

  const hearWebhook: RequestHandler = async (request, response) => {
    const at = clock.now();
    const body = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
    const verdict = await guichet.webhook(request.headers, body);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    wire.keep({ kind: 'webhook', at, headers, body, verdict, status: STATUS[verdict] });
    response.status(STATUS[verdict]).end();
  };

  const router = Router({ caseSensitive: true });
  const form = express.urlencoded({ extended: false, limit: 8_192, parameterLimit: 20, inflate: false });
  router.post(
    '/shop/webhooks',
    express.raw({ type: () => true, limit: WEBHOOK_BYTES_MAX, inflate: false }),
    hearWebhook,
  );
  router.use('/shop', counter.dress, form);
  router.post(/^\/shop\/.*/, (request, response, next) => {
    if (isFromElsewhere(request)) counter.trouble(request, response, 403, null);
    else next();
  });
  serveAssets(router, counter.assets);
  router.get('/shop', (request, response) => counter.showShop(request, response));
  router.get('/shop/cart', (request, response) => counter.showCart(request, response));
  router.post('/shop/cart', putInCart);
  router.post('/shop/checkout', checkOut);
  router.get(
    '/shop/orders/:id',
    withOrder((order, request, response) => {
      counter.showOrder(request, response, order, guichet.hint(queryOf(request), order));
    }),
  );
  router.post(
    '/shop/orders/:id/pay',
    withOrder(async (order, _request, response) => response.redirect(303, await wayOf(order))),
  );
  router.post(
    '/shop/orders/:id/text',
    withOrder(async (order, _request, response) => {
      if (standingOf(order) === 'open' && order.account !== null) await guichet.askByText(order);
      response.redirect(303, `/shop/orders/${order.id}`);
    }),
  );
  router.post(
    '/shop/orders/:id/refund',
    withOrder(async (order, _request, response) => {
      if (standingOf(order) === 'paid') await guichet.refund(order);
      response.redirect(303, `/shop/orders/${order.id}`);
    }),
  );
  router.use('/shop', (request, response) => counter.trouble(request, response, 404, null));
  router.use('/shop', counter.apologize(log));

  return {
    router,
    wire,
    journal: createJournal(database),
    askByText: guichet.askByText,
    async buy(product, customer = { account: null, language: 'en' }) {
      const wanted = { ...customer, lines: [{ product, quantity: 1 }], email: null } as const;
      const order = place(ids.token(CART_BITS), wanted);
      const payLink = await guichet.pay(order);
      return { order: orders.find(order.id) ?? order, payLink };
    },
    run: createLookOut({ orders, lookUp: guichet.lookUp, clock, log }),
    close: () => database.close(),
  };
}

type Handle = (order: Order, ...exchange: Parameters<RequestHandler>) => Promise<void> | void;

/** Has a page of an order handled with the order of its address. */
function createWithOrder(orders: Orders, counter: Counter): (handle: Handle) => RequestHandler {
  return (handle) => async (request, response, next) => {
    const order = orders.find(String(request.params['id']));
    if (order === null) counter.trouble(request, response, 404, null);
    else await handle(order, request, response, next);
  };
}
