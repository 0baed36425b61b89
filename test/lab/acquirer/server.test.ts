import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../../src/lab/acquirer/server.js';
import { CREDENTIAL, quietLog, randomIds, type SandboxWorld, sandboxWorld } from './support.js';

/** The protocol itself, spoken by hand: credentials, strictness, idempotency, the ledger. */

let world: SandboxWorld;
beforeAll(async () => {
  world = await sandboxWorld();
});
afterAll(() => world.close());

const card = { number: '4242424242424242', expiry_month: 12, expiry_year: 2034, security_code: '123' };
const authorization = {
  operation: 'opn_server_1',
  payment: 'pay_server_1',
  merchant: 'mer_1',
  amount: 1_000,
  currency: 'EUR',
  capture: false,
  card,
  initiator: 'holder',
  authentication: null,
  statement_descriptor: null,
};

describe('who may call', () => {
  it.each([undefined, '', 'Bearer', 'Bearer wrong', CREDENTIAL, `bearer ${CREDENTIAL}`])(
    'not with %j',
    async (given) => {
      const headers = given === undefined ? {} : { authorization: given };
      for (const path of ['/ledger', '/operations/x', '/faults', '/exchanges']) {
        expect((await fetch(world.sandbox.url + path, { headers })).status).toBe(401);
      }
      expect((await fetch(`${world.sandbox.url}/authorizations`, { method: 'POST', headers, body: '{}' })).status).toBe(
        401,
      );
    },
  );

  it('anybody may ask whether it lives', async () => {
    expect((await fetch(`${world.sandbox.url}/health`)).status).toBe(200);
  });
});

describe('what it takes', () => {
  it.each<[string, unknown]>([
    ['no JSON', undefined],
    ['a list', [authorization]],
    ['no operation', { ...authorization, operation: '' }],
    ['a long operation', { ...authorization, operation: 'x'.repeat(129) }],
    ['amount 0 to be taken', { ...authorization, amount: 0, capture: true }],
    ['a negative amount', { ...authorization, amount: -1 }],
    ['a fraction', { ...authorization, amount: 10.5 }],
    ['an amount in text', { ...authorization, amount: '1000' }],
    ['an unknown currency', { ...authorization, currency: 'XXQ' }],
    ['a small currency', { ...authorization, currency: 'eur' }],
    ['capture in text', { ...authorization, capture: 'true' }],
    ['an unknown initiator', { ...authorization, initiator: 'neighbour' }],
    ['no card', { ...authorization, card: null }],
    ['a number with spaces', { ...authorization, card: { ...card, number: '4242 4242 4242 4242' } }],
    ['month 13', { ...authorization, card: { ...card, expiry_month: 13 } }],
    ['a short year', { ...authorization, card: { ...card, expiry_year: 34 } }],
    ['a security code of letters', { ...authorization, card: { ...card, security_code: 'abc' } }],
    ['an operator object for a number', { ...authorization, card: { ...card, number: { $ne: '' } } }],
    ['authentication in text', { ...authorization, authentication: 'Y' }],
  ])('not %s', async (_, body) => {
    expect(await world.post('/authorizations', body)).toEqual({ status: 400, body: { error: 'invalid_request' } });
  });

  it('no body without end', async () => {
    const response = await fetch(`${world.sandbox.url}/authorizations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${CREDENTIAL}` },
      body: 'x'.repeat(100_000),
    }).catch(() => null);
    expect([413, undefined]).toContain(response?.status);
  });

  it('no path or method of its own invention', async () => {
    expect((await world.get('/nothing')).status).toBe(404);
    expect((await world.get('/operations/a/b')).status).toBe(404);
    expect((await world.post('/nothing', {})).status).toBe(404);
    expect((await world.get('/ledger?limit=0')).status).toBe(400);
    expect((await world.get('/ledger?after=x')).status).toBe(400);
    const page = await fetch(`${world.sandbox.url}/acs/challenge`);
    expect(page.status).toBe(405);
  });
});

describe('the same operation', () => {
  it('is answered the same for ever, without the security code too', async () => {
    const request = { ...authorization, operation: 'opn_same' };
    const first = await world.post('/authorizations', request);
    world.clock.advance(30 * 24 * 3_600_000);
    expect(await world.post('/authorizations', request)).toEqual(first);
    const codeless = { ...request, card: { ...card, security_code: null } };
    expect(await world.post('/authorizations', codeless)).toEqual(first);
  });

  it('is refused with another body or as another kind', async () => {
    const request = { ...authorization, operation: 'opn_other_body' };
    await world.post('/authorizations', request);
    const others: [string, object][] = [
      ['/authorizations', { ...request, amount: 1_001 }],
      ['/authorizations', { ...request, capture: true }],
      ['/authorizations', { ...request, card: { ...card, number: '4111111111111111' } }],
      ['/captures', { ...request, original: { operation: 'opn_1', reference: null } }],
    ];
    for (const [path, body] of others) {
      expect(await world.post(path, body)).toMatchObject({ status: 422, body: { error: 'operation_reused' } });
    }
  });

  it('is taken once when it arrives many times at once', async () => {
    const request = { ...authorization, operation: 'opn_race', payment: 'pay_race', capture: true };
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.post('/authorizations', request)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await world.ledger('pay_race')).toMatchObject([{ captured: 1_000, net: 1_000 }]);
  });

  it('lets only as many refunds through as there is money when they race', async () => {
    const original = { ...authorization, operation: 'opn_refunds', payment: 'pay_refunds', capture: true };
    await world.post('/authorizations', original);
    const refund = (index: number) => ({
      ...{ operation: `opn_refund_${index}`, payment: 'pay_refunds', merchant: 'mer_1', amount: 300, currency: 'EUR' },
      original: { operation: 'opn_refunds', reference: null },
    });
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => world.post('/refunds', refund(index))));
    expect(answers.filter(({ body }) => body['status'] === 'approved')).toHaveLength(3);
    const [entry] = await world.ledger('pay_refunds');
    expect(entry).toMatchObject({ captured: 1_000, refunded: 900, net: 100 });
  });

  it('of another payment is not found by an operation that follows it', async () => {
    await world.post('/authorizations', { ...authorization, operation: 'opn_mine', payment: 'pay_mine' });
    const capture = {
      ...{ operation: 'opn_theirs', payment: 'pay_theirs', merchant: 'mer_1', amount: 1, currency: 'EUR' },
      original: { operation: 'opn_mine', reference: null },
    };
    expect((await world.post('/captures', capture)).body).toMatchObject({
      status: 'declined',
      code: 'original_not_found',
    });
    const reversal = { ...capture, operation: 'opn_theirs_2' };
    expect((await world.post('/reversals', reversal)).body).toMatchObject({ status: 'declined' });
    expect(await world.ledger('pay_mine')).toMatchObject([{ status: 'approved', authorized: 1_000 }]);
  });
});

it('pages through its ledger without a gap', async () => {
  const seen: unknown[] = [];
  let after: unknown = 0;
  while (after !== null) {
    const { body } = await world.get(`/ledger?after=${after}&limit=3`);
    seen.push(...(body['operations'] as { operation: string }[]).map(({ operation }) => operation));
    after = body['next'];
  }
  expect(seen.length).toBeGreaterThan(8);
  expect(new Set(seen).size).toBe(seen.length);
});

it('says who is there when its port is taken', async () => {
  const second = startSandbox({
    dataFolder: world.folder,
    port: world.sandbox.port,
    credential: 'x',
    clock: world.clock,
    ids: randomIds,
    log: quietLog,
  });
  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
