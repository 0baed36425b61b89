/** Merchants' servers that put card numbers where none belongs. */
import { call, newPayment, type Walker } from './walks.js';

/** In requests that are refused: afterwards nothing of them may be anywhere. */
export async function askWrongly(walker: Walker, number: string, securityCode: string): Promise<void> {
  const right = { amount: 100, currency: 'EUR', reference: 'MISUSE' };
  const bodies = [
    { ...right, card: { number, expiry: '12/34', security_code: securityCode } },
    { ...right, number, security_code: securityCode },
    { ...right, [number]: true },
    { ...right, amount: number },
    { ...right, amount: Number(number) },
    { ...right, currency: number },
    { ...right, pay_with: `tok_${number}` },
    { ...right, return_url: `https://shop.example/?card=${number}` },
    { ...right, reference: `${number} `.repeat(20) },
    { ...right, metadata: { card: { number } } },
  ];
  for (const body of bodies) await refused(walker, 'POST', '/v1/payments', JSON.stringify(body));
  await refused(walker, 'POST', '/v1/payments', `{"amount":100,"card":{"number":"${number}","cvc":"${securityCode}"`);
  await refused(walker, 'POST', '/v1/payments', `number=${number}&cvv=${securityCode}`);
  await refused(walker, 'GET', `/v1/payments/${number}`);
  await refused(walker, 'GET', `/v1/payments?number=${number}`);
  await refused(walker, 'GET', `/v1/payers/${number}`);
  await refused(walker, 'POST', `/v1/payments/${number}/refunds`, '{}');
  await refused(walker, 'GET', `/${number}`);
  await refused(walker, 'GET', `/pay/${number}`);
  await refused(walker, 'GET', '/v1/payments', null, { authorization: `Bearer ${number}` });
  await refused(walker, 'GET', '/v1/payments', null, { authorization: `Bearer sk_test_${number}` });
  await refused(walker, 'POST', '/acquirers/sandbox/notifications', JSON.stringify({ number }));
  await refused(walker, 'POST', `/3ds/results/${number}`, JSON.stringify({ acctNumber: number }));
}

/** Whoever sends it may be shown it again; it is not looked for in this answer. */
async function refused(walker: Walker, method: string, path: string, body: string | null = null, headers = {}) {
  const { status, text } = await call({ url: walker.url, seen: [] }, method, path, body, headers);
  if (status < 400 || status >= 500) throw new Error(`${method} ${path} ${body} was answered ${status}: ${text}`);
}

/** In fields that are the merchant's own: kept as they are, for the merchant, and in no log. */
export async function tellWrongly(
  walker: Walker,
  numbers: { readonly hidden: string; readonly shown: string },
): Promise<void> {
  const { hidden, shown } = numbers;
  const quiet = { url: walker.url, seen: [] };
  await newPayment(quiet, {
    reference: `R ${shown}`,
    description: `paid with ${hidden}`,
    metadata: { card: hidden },
    payer: { name: hidden, email: `${hidden}@shop.example` },
  });
  const paid = { amount: 500, currency: 'EUR', pay_with: 'tok_sandbox_approve', reference: shown };
  const { text } = await call(quiet, 'POST', '/v1/payments', JSON.stringify(paid), { 'idempotency-key': shown });
  const { id } = JSON.parse(text) as { id: string };
  const refund = { amount: 100, reason: `card ${shown}`, reference: shown, metadata: { card: shown } };
  await call(quiet, 'POST', `/v1/payments/${id}/refunds`, JSON.stringify(refund));
  await call(quiet, 'PUT', `/v1/payers/${shown}`, JSON.stringify({ name: hidden }));
  const endpoint = { url: `http://127.0.0.1:9/?card=${shown}`, description: shown };
  await call(quiet, 'POST', '/v1/webhook_endpoints', JSON.stringify(endpoint), { 'user-agent': shown });
}
