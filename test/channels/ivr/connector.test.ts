/** The pay connector: retried, at once, forged, for what is over; and a token that pays nothing by itself. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalsOf } from '../../browser/house.js';
import { askConnector, CARD, CONNECTOR } from './caller.js';
import { openTelephoneHouse, type TelephoneHouse } from './house.js';

let house: TelephoneHouse;
beforeAll(async () => {
  house = await openTelephoneHouse();
});
afterAll(() => house?.close());

async function keying() {
  const { id, code } = await house.order();
  const call = await house.calling(code);
  await call.press('1');
  return { id, code, call };
}

const vaultTokens = async (): Promise<number> =>
  (await house.store.vault.wrappedByOthers('no such key', 10_000)).length;

describe('who may ask', () => {
  it.each([
    ['nobody', null],
    ['another user', { ...CONNECTOR, username: 'twiliox' }],
    ['another secret', { ...CONNECTOR, password: 'connector-secret-2' }],
    ['an empty secret', { ...CONNECTOR, password: '' }],
  ])('%s is answered 401', async (_, credentials) => {
    const { call } = await keying();
    const before = await vaultTokens();
    const body = { method: 'tokenize', transaction_id: 'tx', cardnumber: CARD.number, parameters: { call: call.sid } };
    const { status, body: answer } = await askConnector(house.url, body, credentials);
    expect([status, answer]).toMatchObject([401, { token_id: null, error_code: 'unauthorized' }]);
    expect(await vaultTokens()).toBe(before);
  });
});

describe('one transaction', () => {
  it('is one record, however often and at once it is told of', async () => {
    const { id, call } = await keying();
    const before = await vaultTokens();
    const answers = await Promise.all(Array.from({ length: 6 }, () => call.connect(CARD, 'tx-at-once')));
    expect(new Set(answers.map(({ body }) => body.token_id)).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ token_id: expect.stringMatching(/^tok_/), error_code: null });
    expect(await vaultTokens()).toBe(before + 1);
    const again = await call.connect(CARD, 'tx-at-once');
    expect(again.body).toEqual(answers[0]?.body);
    await call.payEnds('success', { PaymentToken: again.body.token_id ?? '' });
    await call.listen();
    expect(approvalsOf(await house.settled(id, 'succeeded'))).toBe(1);
  });

  it('that is retried after it paid answers the same, and nothing is kept anew', async () => {
    const { id, call } = await keying();
    const first = await call.connect(CARD, 'tx-late');
    const pay = call.attribute('Pay', 'action');
    const parameters = { payment: id, prompt: 'begin.1', call: call.sid };
    await call.go(pay, { Result: 'success', PaymentToken: first.body.token_id ?? '' });
    await call.listen();
    await house.settled(id, 'succeeded');
    const before = await vaultTokens();
    const { body } = await call.connect(CARD, 'tx-late', { parameters } as never);
    expect(body).toMatchObject({ token_id: null, error_code: 'payment_closed' });
    expect(await vaultTokens()).toBe(before);
  });

  it('counts as one try of the payment, and there are not many', async () => {
    const { call } = await keying();
    for (let round = 0; round < 25; round += 1) await call.connect(CARD, 'tx-counted');
    const answers = [];
    for (let round = 0; round < 25; round += 1)
      answers.push((await call.connect(CARD, `tx-many-${round}`)).body.error_code);
    expect(answers.slice(0, 19).every((code) => code === null)).toBe(true);
    expect(answers.at(-1)).toBe('too_many_tries');
  });
});

describe('what is refused, with 200 and a code', () => {
  it.each([
    ['no JSON', '{"cardnumber":"4242', 'bad_request'],
    ['nothing', '', 'bad_request'],
    ['a list', '[]', 'bad_request'],
    ['no transaction', { method: 'tokenize', cardnumber: CARD.number }, 'bad_request'],
    [
      'a charge',
      { method: 'charge', transaction_id: 't', amount: '42.50', currency_code: 'EUR' },
      'method_not_supported',
    ],
    [
      'a payment that is not there',
      { method: 'tokenize', transaction_id: 't', parameters: { payment: 'pay_x', prompt: 'begin.1', call: 'CA1' } },
      'payment_closed',
    ],
  ])('%s', async (_, body, code) => {
    const { status, body: answer } = await askConnector(house.url, body);
    expect([status, answer]).toMatchObject([200, { token_id: null, error_code: code }]);
  });

  it('is bounded in size', async () => {
    const big = await fetch(`${house.url}/ivr/pay-connector`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('twilio:connector-secret-1').toString('base64')}` },
      body: JSON.stringify({ cardnumber: '4'.repeat(20_000) }),
    });
    expect([big.status, await big.text()]).toEqual([413, 'Not understood.\n']);
  });

  it('a prompt that no longer waits', async () => {
    const { id, call } = await keying();
    const asked = async (prompt: string) => {
      const parameters = { payment: id, prompt, call: call.sid };
      return (await call.connect(CARD, `tx-${prompt}`, { parameters } as never)).body.error_code;
    };
    expect([await asked('begin.2'), await asked('begin.1')]).toEqual(['payment_closed', null]);
  });
});

describe('a token', () => {
  it('pays nothing by itself, in no other call and for no other payment', async () => {
    const one = await keying();
    const other = await keying();
    const { body } = await one.call.connect(CARD, 'tx-alone');
    const token = body.token_id ?? '';
    // Another call brings it, for its own payment.
    await other.call.payEnds('success', { PaymentToken: token });
    expect((await house.payment(other.id)).attempts).toEqual([]);
    // The merchant's key does not pay with it either.
    const [vaultToken = ''] = token.split('.');
    const answer = await fetch(`${house.url}/v1/payments`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_demo', 'content-type': 'application/json' },
      body: JSON.stringify({
        amount: 100,
        currency: 'EUR',
        reference: `R-${vaultToken}`.slice(0, 60),
        pay_with: vaultToken,
      }),
    });
    expect(answer.status).toBe(422);
    // Another call, forged to look like the action of the first: the provider signs, but the pass names its call.
    const forged = house.call();
    const heard = await forged.go(one.call.attribute('Pay', 'action'), { Result: 'success', PaymentToken: token });
    expect(heard).toContain('The card could not be taken.');
    expect((await house.payment(one.id)).attempts).toEqual([]);
  });

  it.each(['', 'tok_', `tok_${'a'.repeat(22)}`, `tok_${'a'.repeat(22)}.k1.${'b'.repeat(22)}`, 'tok_sandbox_approve'])(
    '%s is none of ours',
    async (token) => {
      const { id, call } = await keying();
      expect(await call.payEnds('success', { PaymentToken: token })).toContain('The card could not be taken.');
      expect((await house.payment(id)).attempts).toEqual([]);
    },
  );
});
