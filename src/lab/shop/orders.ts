import type { Database } from '../../store/sqlite/database.js';
import { callOf, isAwaited, type Order, type PaymentNews, type RefundNews } from './order.js';

/** What the shop keeps: orders, the secret of its webhooks, and which of them it has heard. A killed process loses nothing. */
export interface Orders {
  /** The order of this cart: the first one that was offered stays. */
  place(order: Order): Order;
  find(id: string): Order | null;
  ofPayment(payment: string): Order | null;
  ofCart(cart: string): Order | null;
  /** Orders whose money is still awaited, newest first. */
  awaited(): Order[];
  /** The order's payment as the API just answered it. */
  attach(id: string, payment: PaymentNews): void;
  /** Begins another round: the payment before has ended without money. */
  begin(id: string): Order | null;
  /** What a payment says of itself. Older than what is known already, or of another sum than was asked, it changes nothing. */
  learn(payment: PaymentNews, from: 'webhook' | 'api'): void;
  /** What a refund of a payment says of itself: one that has failed makes room for another try, once. */
  learnRefund(payment: string, refund: RefundNews): void;
  hasHeard(webhook: string): boolean;
  heard(webhook: string, at: number): void;
  /** The endpoint at this address: a shop that has moved to another port has another one. */
  endpoint(url: string): WebhookEndpoint | null;
  keepEndpoint(endpoint: WebhookEndpoint): void;
}

export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
}

/** Webhooks are refused after five minutes and repeated for three days, each time with a new signature: kept for a week. */
const HEARD_FOR_MS = 7 * 24 * 3_600_000;
const AWAITED_MAX = 20;

export function createOrders(database: Database, now: () => number): Orders {
  const inserting = database.prepare(
    'INSERT OR IGNORE INTO orders (id, cart, payment, is_awaited, created_at, document) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const updating = database.prepare('UPDATE orders SET payment = ?, is_awaited = ?, document = ? WHERE id = ?');
  const byId = database.prepare('SELECT document FROM orders WHERE id = ?');
  const byCart = database.prepare('SELECT document FROM orders WHERE cart = ?');
  const byPayment = database.prepare('SELECT document FROM orders WHERE payment = ?');
  const waiting = database.prepare(
    `SELECT document FROM orders WHERE is_awaited = 1 ORDER BY created_at DESC LIMIT ${AWAITED_MAX}`,
  );
  const hearing = database.prepare('INSERT OR IGNORE INTO webhooks (id, at) VALUES (?, ?)');
  const forgetting = database.prepare('DELETE FROM webhooks WHERE at < ?');
  const hearsay = database.prepare('SELECT 1 AS found FROM webhooks WHERE id = ?');
  const setting = database.prepare('SELECT value FROM settings WHERE name = ?');
  const keeping = database.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)');

  function keep(order: Order): Order {
    updating.run(order.payment, isAwaited(order) ? 1 : 0, JSON.stringify(order), order.id);
    return order;
  }

  const find = (id: string): Order | null => orderIn(byId.get(id));
  const ofPayment = (payment: string): Order | null => orderIn(byPayment.get(payment));
  const ofCart = (cart: string): Order | null => orderIn(byCart.get(cart));

  return {
    find,
    ofPayment,
    ofCart,
    place(order) {
      const { id, cart, payment, createdAt } = order;
      inserting.run(id, cart, payment, 0, createdAt, JSON.stringify(order));
      return ofCart(cart) ?? order;
    },
    awaited: () => waiting.all().flatMap((row) => orderIn(row) ?? []),
    attach(id, payment) {
      const order = find(id);
      if (order === null || order.payment === payment.id) return;
      const { status, version, links } = payment;
      const told = { status, version, toldBy: 'api', toldAt: now() } as const;
      keep({ ...order, payment: payment.id, payLink: links.pay, call: callOf(payment), ...told });
    },
    begin(id) {
      const order = find(id);
      if (order === null) return null;
      const blank = { payment: null, payLink: null, call: null, status: null, version: 0, toldBy: null, toldAt: null };
      return keep({ ...order, ...blank, round: order.round + 1 });
    },
    learn({ id, version, status, amount, currency, amount_refunded }, toldBy) {
      const order = ofPayment(id);
      if (order === null || version <= order.version) return;
      if (amount !== order.amount || currency !== 'EUR') return;
      keep({ ...order, status, version, refunded: amount_refunded, toldBy, toldAt: now() });
    },
    learnRefund(payment, { id, status }) {
      const order = ofPayment(payment);
      if (order === null || status !== 'failed' || order.failedRefund === id) return;
      keep({ ...order, refundRound: (order.refundRound ?? 1) + 1, failedRefund: id });
    },
    hasHeard: (webhook) => hearsay.get(webhook) !== undefined,
    heard(webhook, at) {
      hearing.run(webhook, at);
      forgetting.run(at - HEARD_FOR_MS);
    },
    endpoint(url) {
      const row = setting.get(`endpoint ${url}`) as { value: string } | undefined;
      return row === undefined ? null : (JSON.parse(row.value) as WebhookEndpoint);
    },
    keepEndpoint(endpoint) {
      keeping.run(`endpoint ${endpoint.url}`, JSON.stringify(endpoint));
    },
  };
}

function orderIn(row: unknown): Order | null {
  return row === undefined ? null : (JSON.parse((row as { document: string }).document) as Order);
}
