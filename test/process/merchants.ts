/** Merchants under load: each creates, captures, refunds and cancels under keys, and writes down what it was told. */
import type { Random } from '../simulation/random.js';
import { type Answer, type Caller, get, pause, post } from './requests.js';

/** A request with a key, and the first final answer to it. */
export interface Told {
  readonly path: string;
  readonly body: object;
  readonly key: string;
  readonly answer: Answer;
}

export interface Order {
  readonly reference: string;
  readonly amount: number;
  /** Requests for refunds that were ever made, each under a key of its own. */
  refundsAsked: number;
  /** The payment that its creation was acknowledged with. */
  payment: string | null;
}

/** All that the callers of one run know. */
export interface Book {
  readonly orders: Map<string, Order>;
  readonly told: Told[];
}

/** When people stop: nobody begins anything new once it is over, nobody waits for anything after `waitUntil`. */
export interface Hours {
  isOver: boolean;
  /** Milliseconds since the epoch. */
  waitUntil: number;
}

export interface Shop {
  readonly caller: Caller;
  readonly random: Random;
  readonly book: Book;
  readonly hours: Hours;
  /** Of this shop among the others. */
  readonly name: string;
}

const APPROVE = 'tok_sandbox_approve';
const TOKENS = [APPROVE, APPROVE, APPROVE, 'tok_sandbox_decline', 'tok_sandbox_insufficient_funds'];
const PAUSE_MS_MAX = 120;

/** Takes one order after the other until the run is over. Each is followed to its end. */
export async function sell(shop: Shop): Promise<void> {
  while (!shop.hours.isOver) {
    await takeOrder(shop);
    await pause(shop.random.between(0, PAUSE_MS_MAX));
  }
}

/** Creates a payment; answers its body. */
export async function order(shop: Shop, wanted: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { random, book, name } = shop;
  const reference = `${name}-${book.orders.size + 1}-${random.between(0, 0xffffff).toString(16)}`;
  const amount = random.between(200, 9_999);
  const placed: Order = { reference, amount, refundsAsked: 0, payment: null };
  book.orders.set(reference, placed);
  const body = { amount, currency: 'EUR', reference, ...wanted };
  const answer = await ask(shop, '/v1/payments', body);
  if (answer.status !== 201) {
    shop.caller.wrong(`${reference} was answered ${answer.status} ${JSON.stringify(answer.body)}`);
  }
  placed.payment = String(answer.body['id']);
  return answer.body;
}

/** A request under a fresh key, repeated until answered; now and then once more, to hear the same again. */
async function ask(shop: Shop, path: string, body: object): Promise<Answer> {
  const { caller, random, book, name } = shop;
  const key = `${name}-key-${book.told.length}-${random.between(0, 0xffffff).toString(16)}`;
  const answer = await post(caller, path, body, key);
  const told = { path, body, key, answer };
  book.told.push(told);
  if (random.chance(0.1)) await askAgain(caller, told);
  return answer;
}

/** The same request again must be answered the same, and do nothing. A refusal was not kept and proves nothing. */
export async function askAgain(caller: Caller, { path, body, key, answer }: Told): Promise<void> {
  if (answer.status >= 300) return;
  const again = await post(caller, path, body, key);
  const isSame = again.body['id'] === answer.body['id'] && again.headers.get('idempotent-replayed') === 'true';
  if (!isSame) caller.wrong(`POST ${path} under ${key} made ${answer.body['id']}, and again ${again.body['id']}`);
}

async function takeOrder(shop: Shop): Promise<void> {
  const { random } = shop;
  const capture = random.pick(['automatic', 'manual']);
  const payment = await order(shop, { capture, pay_with: random.pick(TOKENS) });
  const path = `/v1/payments/${payment['id']}`;
  const placed = shop.book.orders.get(String(payment['reference']));
  if (payment['status'] === 'failed' || placed === undefined) return;
  if (capture === 'manual') {
    if (random.chance(0.25)) {
      await ask(shop, `${path}/cancel`, {});
      return;
    }
    await captureSome(shop, path, placed.amount);
  }
  if (random.chance(0.6)) await refundSome(shop, path, placed);
}

async function captureSome(shop: Shop, path: string, amount: number): Promise<void> {
  const { random } = shop;
  const half = Math.floor(amount / 2);
  if (random.chance(0.5)) {
    await ask(shop, `${path}/capture`, {});
    return;
  }
  await ask(shop, `${path}/capture`, { amount: half, final: random.chance(0.3) });
  if (random.chance(0.5)) await ask(shop, `${path}/capture`, {});
}

/** Refunds of a third each, some side by side: one more than there can be. */
async function refundSome(shop: Shop, path: string, placed: Order): Promise<void> {
  const { random } = shop;
  const third = Math.floor(placed.amount / 3);
  const wanted = Array.from({ length: random.between(1, 4) }, () => ({ amount: third }));
  placed.refundsAsked += wanted.length;
  if (random.chance(0.5)) await Promise.all(wanted.map((body) => ask(shop, `${path}/refunds`, body)));
  else for (const body of wanted) await ask(shop, `${path}/refunds`, body);
  if (random.chance(0.2)) await get(shop.caller, path);
}
