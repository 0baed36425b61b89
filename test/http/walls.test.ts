import { describe, expect, it } from 'vitest';
import type { Route } from '../../src/http/route.js';
import { at, PAYMENT, startWorld, textAt, type World } from './world.js';

/** One object of every kind that a path or query may name, made by the shop in test mode. */
async function belongings({ call, payers, vault, shop }: World): Promise<Record<string, string>> {
  const body = { ...PAYMENT, pay_with: 'tok_sandbox_approve', payer: { account: 'cust-7' } };
  const payment = textAt(await call('POST', '/v1/payments', { body }), 'id');
  const refund = textAt(await call('POST', `/v1/payments/${payment}/refunds`, { body: { amount: 1 } }), 'id');
  const kept = await vault.keepCard({
    number: '4242424242424242',
    expiryMonth: 12,
    expiryYear: 2034,
    securityCode: null,
    brand: 'visa',
  });
  const of = { owner: shop.merchant.id, mode: 'test', account: 'cust-7' } as const;
  const { instrument } = await payers.storeInstrument(of, { ...kept, authenticated: true, consent: null });
  const url = 'http://127.0.0.1:9/in';
  const endpoint = textAt(await call('POST', '/v1/webhook_endpoints', { body: { url } }), 'id');
  const delivery = textAt(await call('POST', `/v1/webhook_endpoints/${endpoint}/test`), 'id');
  return { payment, refund, account: 'cust-7', instrument: instrument.id, endpoint, delivery };
}

/** The path of a route with the shop's own objects in it, or null for one that names none. */
function pathWith({ path, operationId }: Route, things: Readonly<Record<string, string>>): string | null {
  if (operationId === 'listRefunds') return `${path}?payment=${things['payment']}`;
  if (!path.includes('{')) return null;
  const id = path.startsWith('/v1/payments')
    ? things['payment']
    : path.startsWith('/v1/refunds')
      ? things['refund']
      : path.startsWith('/v1/payers')
        ? things['instrument']
        : path.includes('/deliveries/')
          ? things['delivery']
          : things['endpoint'];
  return path.replace('{account}', things['account'] ?? '').replace('{id}', id ?? '');
}

const BODIES: Readonly<Record<string, unknown>> = {
  resolvePayment: { decision: 'return' },
  reachPayer: { channel: 'email', to: 'a@example.org' },
};

const MAKES_ONES_OWN: ReadonlySet<string> = new Set(['putPayer', 'createPayerSession']);

describe('what belongs to another merchant or the other mode', () => {
  it('is not found, by any route that names it, and stays as it is', async () => {
    const world = await startWorld();
    const { api, call, merchants, shop, store } = world;
    const things = await belongings(world);
    const other = await merchants.create({ displayName: 'Other' });
    const before = JSON.stringify(await store.payments.load(things['payment'] ?? ''));
    let tried = 0;
    for (const route of api.routes) {
      const path = pathWith(route, things);
      // Both make one's own payer: nobody else's is named.
      if (path === null || MAKES_ONES_OWN.has(route.operationId)) continue;
      for (const key of [other.keys.test, other.keys.live, shop.keys.live]) {
        const body = route.body === null ? undefined : (BODIES[route.operationId] ?? {});
        const answer = await call(route.method, path, { key, body });
        expect([route.operationId, answer.status]).toEqual([route.operationId, 404]);
        tried += 1;
      }
      const unknown = path.replace(/(pay|rfd|ins|whk|dlv)_\w+/, '$1_01m85qsdww49r7qeaf9sma35qz').replace('cust-7', 'x');
      const answer = await call(route.method, unknown, { body: BODIES[route.operationId] });
      expect([route.operationId, answer.status]).toEqual([route.operationId, 404]);
    }
    expect(tried).toBeGreaterThan(50);
    expect(JSON.stringify(await store.payments.load(things['payment'] ?? ''))).toBe(before);
  });

  it('is in no list', async () => {
    const world = await startWorld();
    await belongings(world);
    const other = await world.merchants.create({ displayName: 'Other' });
    for (const path of ['/v1/payments', '/v1/webhook_endpoints', '/v1/events']) {
      for (const key of [other.keys.test, other.keys.live, world.shop.keys.live]) {
        expect(at(await world.call('GET', path, { key }), 'data')).toEqual([]);
      }
      expect(at(await world.call('GET', path), 'data')).not.toEqual([]);
    }
  });

  it('is each its own under the same account', async () => {
    const { call, merchants } = await startWorld();
    const other = await merchants.create({ displayName: 'Other' });
    const mine = await call('PUT', '/v1/payers/cust-7', { body: { name: 'Mine' } });
    const theirs = await call('PUT', '/v1/payers/cust-7', { key: other.keys.test, body: { name: 'Theirs' } });
    expect(textAt(theirs, 'id')).not.toBe(textAt(mine, 'id'));
    expect(at(await call('GET', '/v1/payers/cust-7'), 'name')).toBe('Mine');
  });
});

describe('a key', () => {
  it.each([
    ['nothing', {}],
    ['no key', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: 'Basic c2tfdGVzdDo=' }],
    ['a key that opens nothing', { authorization: 'Bearer sk_test_0123456789abcdef0123456789abcdef' }],
    ['another shape', { authorization: 'Bearer {"$ne":null}' }],
    ['the demo key, which is not seeded here', { authorization: 'Bearer sk_test_demo' }],
  ])('is asked for: %s', async (_, headers) => {
    const { call } = await startWorld();
    const answer = await call('GET', '/v1/merchant', { key: null, headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('is not taken from the query', async () => {
    const { call, shop } = await startWorld();
    expect((await call('GET', `/v1/merchant?key=${shop.keys.test}`, { key: null })).status).toBe(401);
  });

  it('of the wrong kind slows its address down; the right one goes on working', async () => {
    const { call, clock } = await startWorld();
    const wrong = () => call('GET', '/v1/merchant', { key: 'sk_test_wrongwrongwrong' });
    for (let count = 0; count < 20; count += 1) expect((await wrong()).status).toBe(401);
    const limited = await wrong();
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await call('GET', '/v1/merchant')).status).toBe(200);
    clock.advance(61_000);
    expect((await wrong()).status).toBe(401);
  });

  it('of a disabled merchant opens nothing', async () => {
    const { call, merchants, shop } = await startWorld();
    await merchants.disable(shop.merchant.id);
    expect((await call('GET', '/v1/merchant')).status).toBe(401);
  });
});
