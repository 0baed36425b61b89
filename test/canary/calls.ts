/** The ways of a card number over the telephone: keyed for the provider, keyed where it does not belong, and told wrongly. */
import { join } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite/index.js';
import { ACCOUNT, AUTH_TOKEN, askConnector, CONNECTOR, openCall, SHARED_NUMBER } from '../channels/ivr/caller.js';
import { KEY, type Seen, type Typed, type Walker } from './walks.js';

/** Settings of a house that can be called. */
export const TELEPHONE = {
  TWILIO_ACCOUNT_SID: ACCOUNT,
  TWILIO_AUTH_TOKEN: AUTH_TOKEN,
  TWILIO_VOICE_FROM: SHARED_NUMBER,
  TWILIO_MESSAGING_FROM: SHARED_NUMBER,
  PAY_CONNECTOR_USERNAME: CONNECTOR.username,
  PAY_CONNECTOR_PASSWORD: CONNECTOR.password,
};

/** The demo merchant lets its payers call, text and pay on television. */
export async function takeCalls(dataDir: string): Promise<void> {
  const store = openSqliteStore({ path: join(dataDir, 'guichet.sqlite') });
  const merchant = await store.merchants.load('mer_demo');
  if (merchant === null) throw new Error('no demo merchant');
  const profile = { ...merchant.profile, channels: ['web', 'ivr', 'sms', 'tv'] as const };
  const isChanged = await store.merchants.commit({ ...merchant, profile, revision: merchant.revision + 1 });
  await store.close();
  if (!isChanged) throw new Error('the demo merchant changed meanwhile');
}

async function orderByTelephone({ url, seen }: Walker, more: object = {}) {
  const reference = `CALL-${seen.length}-${Math.random().toString(36).slice(2)}`;
  const answer = await fetch(`${url}/v1/payments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ amount: 4_250, currency: 'EUR', reference, channels: ['web', 'ivr'], ...more }),
  });
  const made = (await answer.json()) as { id: string; payment_code: string; links: { pay: string } };
  return { id: made.id, code: made.payment_code, path: new URL(made.links.pay).pathname };
}

/** Everything that was answered in a call. */
function heardIn(call: ReturnType<typeof openCall>): Seen[] {
  return call.exchanges.map(({ url, status, text }) => ({ where: `${new URL(url).pathname} ${status}`, text }));
}

/** Pays by telephone with one card: first keyed where codes belong, then in every wrong way, then rightly, told twice. */
export async function payByTelephone(walker: Walker, { number, securityCode }: Typed): Promise<void> {
  const { url, seen } = walker;
  const { code } = await orderByTelephone(walker);
  const call = openCall({ url });
  await call.dial();
  await call.press('2');
  await call.press(number);
  await call.press(`${number}*${code}`);
  await call.press('1');
  const card = { number, month: '12', year: '34', code: securityCode };
  const wrong = { ...CONNECTOR, password: 'another-secret-of-it' };
  const body = { method: 'tokenize', transaction_id: number, cardnumber: number, cvv: securityCode };
  await askConnector(url, body, wrong);
  await askConnector(url, JSON.stringify(body).slice(0, -3));
  await askConnector(url, { ...body, method: 'charge' });
  await askConnector(url, { ...body, cardnumber: number.repeat(40), parameters: { payment: number } });
  await call.connect({ ...card, month: number }, `tx-wrong-${call.sid}`);
  await call.connect({ ...card, code: number }, `tx-wrong-too-${call.sid}`);
  await call.post(`${url}/ivr/code?n=1&number=${number}`, { Digits: number }, { signature: null });
  const transaction = `tx-${call.sid}`;
  const answers = await Promise.all([call.connect(card, transaction), call.connect(card, transaction)]);
  seen.push(...answers.map((answer) => ({ where: `connector ${answer.status}`, text: JSON.stringify(answer.body) })));
  await call.keyCard(card, transaction);
  seen.push({ where: 'heard', text: await call.listen() }, ...heardIn(call));
}

/** Pays with the stored card, by its purchase code: keyed where others belong, mistyped, then rightly. A page listens. */
export async function payWithPurchaseCode(
  walker: Walker,
  codes: { readonly right: string; readonly wrong: string; readonly oneTime: string },
): Promise<void> {
  const { url, seen } = walker;
  const { code, path } = await orderByTelephone(walker, { payer: { account: 'demo', language: 'en' } });
  // A version that the payment comes to in this call.
  const told = fetch(`${url}${path}/events?version=2`).then((stream) => stream.text());
  const call = openCall({ url });
  await call.dial();
  await call.press('2');
  await call.press(codes.oneTime);
  await call.press(code);
  await call.press('3');
  await call.press(codes.wrong);
  await call.press(codes.right);
  const heard = await call.listen();
  if (!/You have paid/.test(heard)) throw new Error(`not paid: ${heard}`);
  seen.push({ where: 'live events', text: await told }, { where: 'heard', text: heard }, ...heardIn(call));
}
