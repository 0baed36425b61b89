import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Order, PaymentNews, RefundNews } from './order.js';
import type { Orders, WebhookEndpoint } from './orders.js';

/**
 * All that a shop needs to be paid through Guichet: ask for a payment, hear webhooks, show what became of it, give money
 * back. An order is paid when a signed webhook or the API says so, never because somebody came back from the payment page.
 */
export interface IntegrationPorts {
  /** Where Guichet answers, and the merchant's secret key there. */
  readonly api: string;
  readonly key: string;
  /** Signs the hints that browsers bring back; given with the merchant. */
  readonly returnSecret: string;
  /** Where this shop is, as browsers and Guichet reach it. */
  readonly shop: string;
  readonly orders: Orders;
  readonly fetch: typeof fetch;
  now(): number;
}

/** What became of a webhook: `accepted` and `repeated` are answered 204, the others changed nothing. */
export type Verdict = 'accepted' | 'repeated' | 'unsigned' | 'forged' | 'late' | 'unreadable';

const API_TIMEOUT_MS = 20_000;
/** Older or newer webhooks are refused, as Standard Webhooks advises: a recorded one is worth nothing tomorrow. */
const TOLERANCE_SECONDS = 300;

/** What the shop's customers left with it, by account: receipts by text go to the number of an order alone. */
const PHONES: ReadonlyMap<string, string> = new Map([['demo', '+33612345678']]);
const phoneOf = ({ account }: Order): string | null => PHONES.get(account ?? '') ?? null;

export function createIntegration({ api, key, returnSecret, shop, orders, fetch, now }: IntegrationPorts) {
  const url = `${shop}/webhooks`;

  /** One call of the merchant API. With an Idempotency-Key it may be repeated at will: it happens once. */
  async function call<T>(method: string, path: string, body?: object, idempotencyKey?: string): Promise<T> {
    const headers: Record<string, string> = { authorization: `Bearer ${key}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
    const signal = AbortSignal.timeout(API_TIMEOUT_MS);
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${api}${path}`, { method, headers, signal, ...sent });
    const answer = (await response.json()) as T & { code: string; detail: string };
    if (!response.ok) throw new Refused(`${answer.code}: ${answer.detail}`);
    return answer;
  }

  /** Registers where webhooks are to be sent, once. The secret is shown this one time: it is kept before anything else. */
  async function listen(): Promise<void> {
    if (orders.endpoint(url) !== null) return;
    const made = await call<WebhookEndpoint>('POST', '/v1/webhook_endpoints', { url }, `endpoint ${url}`);
    const rotate = `/v1/webhook_endpoints/${made.id}/rotate`;
    // No secret: we asked before and died before we kept it.
    const { secret } = made.secret ? made : await call<WebhookEndpoint>('POST', rotate);
    orders.keepEndpoint({ id: made.id, url, secret });
  }

  /** Asks for the order's payment. Asked twice, or again after a crash, there is one. Answers where to send the browser. */
  async function pay(order: Order): Promise<string> {
    await listen();
    const wanted = {
      amount: order.amount,
      currency: 'EUR',
      reference: order.reference,
      description: order.description,
      payer: { account: order.account, email: order.email, phone: phoneOf(order), language: order.language },
      return_url: `${shop}/orders/${order.id}`,
    };
    const payment = await call<PaymentNews>('POST', '/v1/payments', wanted, `${order.reference} ${order.round}`);
    orders.attach(order.id, payment);
    return payment.links.pay;
  }

  /** Has the order's payer asked for the money by text, at the number that Guichet keeps for the account. */
  async function askByText({ payment, reference, round }: Order): Promise<void> {
    if (payment === null) return;
    await call('POST', `/v1/payments/${payment}/reach`, { channel: 'sms' }, `${reference} ${round} text`);
  }

  /**
   * A webhook, as raw as it came: parsing and writing it again would change what was signed. What was heard before is
   * acknowledged and not done again; of two that overtook each other the newer version stays.
   */
  async function webhook(headers: Readonly<Record<string, unknown>>, body: string): Promise<Verdict> {
    const verdict = check(headers, body);
    if (verdict !== null) return verdict;
    const event = JSON.parse(body) as { id: string; payment: string | null; data: { object: string } & PaymentNews };
    if (orders.hasHeard(event.id)) return 'repeated';
    if (event.data.object === 'payment') orders.learn(event.data, 'webhook');
    // A refund tells of itself: how its payment stands now, the payment knows.
    else if (event.data.object === 'refund' && event.payment !== null) {
      orders.learnRefund(event.payment, event.data);
      await lookUp(event.payment);
    }
    orders.heard(event.id, now());
    return 'accepted';
  }

  /** Standard Webhooks: HMAC-SHA-256 of id, time and body under the endpoint's secret, in base64. Null when all is well. */
  function check(headers: Readonly<Record<string, unknown>>, body: string): Verdict | null {
    const secret = orders.endpoint(url)?.secret.replace('whsec_', '');
    const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) => headers[`webhook-${name}`]);
    if (secret === undefined || !id || !timestamp || typeof signatures !== 'string') return 'unsigned';
    const mac = createHmac('sha256', Buffer.from(secret, 'base64')).update(`${id}.${timestamp}.${body}`);
    const expected = `v1,${mac.digest('base64')}`;
    // Several while a secret is being rotated.
    if (!signatures.split(' ').some((signature) => isSame(signature, expected))) return 'forged';
    const ageSeconds = Math.abs(now() / 1_000 - Number(timestamp));
    if (!(ageSeconds <= TOLERANCE_SECONDS)) return 'late';
    return idOf(body) === id ? null : 'unreadable';
  }

  /** Where no webhook came, the payment itself is asked. */
  async function lookUp(payment: string): Promise<void> {
    orders.learn(await call<PaymentNews>('GET', `/v1/payments/${payment}`), 'api');
  }

  /** Gives all of it back. Pressed twice, it is given back once: only after a refund that has failed another one is tried. */
  async function refund(order: Order): Promise<void> {
    if (order.payment === null) return;
    const reason = { reason: 'requested_by_customer' };
    const key = `${order.reference} refund ${order.refundRound ?? 1}`;
    orders.learnRefund(
      order.payment,
      await call<RefundNews>('POST', `/v1/payments/${order.payment}/refunds`, reason, key),
    );
    await lookUp(order.payment);
  }

  /** What a browser says when it comes back: signed or not, it is a hint, good for a friendly sentence and nothing more. */
  function hint(query: URLSearchParams, order: Order): { status: string; isSigned: boolean } | null {
    const names = ['payment', 'reference', 'status', 'ts', 'signature'];
    const [payment, reference, status, ts, signature] = names.map((name) => query.get(name) ?? '');
    if (!status || !signature || !/^[a-z_]{1,40}$/.test(status)) return null;
    const mac = createHmac('sha256', returnSecret).update(`${payment}.${reference}.${status}.${ts}`);
    const isOurs = payment === order.payment && reference === order.reference;
    return { status, isSigned: isOurs && isSame(signature, mac.digest('base64url')) };
  }

  return { listen, pay, askByText, webhook, lookUp, refund, hint };
}

/** The API said no: a stable code, and a sentence for people. */
export class Refused extends Error {}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function idOf(body: string): unknown {
  try {
    return JSON.parse(body).id;
  } catch {
    return null;
  }
}
