import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { at, PAYMENT, startWorld, textAt, type World } from './world.js';

/** Values no field takes, whatever its type. */
const WRONG: readonly unknown[] = [
  { $ne: null },
  { $gt: '' },
  [],
  ['a', 'b'],
  [[[]]],
  { toString: 'x' },
  1.5,
  -1,
  0,
  1e21,
  2 ** 53,
  100_000_000,
  true,
  '',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x'.repeat(5_000),
];

/** Values that some of the fields above rightly take. */
const RIGHT: Readonly<Record<string, readonly unknown[]>> = {
  final: [true],
  sms_consent: [true],
  events: [[]],
  fallback: [[]],
  // Names are the merchant's own there, and mean nothing to us.
  metadata: [{ $gt: '' }, { toString: 'x' }],
};

/** What a body needs beside the field that is wrong. */
const BASES: Readonly<Record<string, object>> = {
  createPayment: { ...PAYMENT, reference: 'OTHER' },
  reachPayer: { channel: 'email', to: 'a@example.org' },
  createPayerSession: { purpose: 'manage' },
  createWebhookEndpoint: { url: 'https://hooks.example/other' },
};

async function snapshot({ store, shop }: World): Promise<string> {
  const { id } = shop.merchant;
  const payments = await store.payments.list({ merchant: id, mode: 'test', limit: 100 });
  const endpoints = await store.endpoints.list(id, 'test');
  const payer = await store.payers.byAccount(id, 'test', 'cust-7');
  return JSON.stringify([payments, endpoints, payer, await store.feed.head(id, 'test')]);
}

/** A path to objects that are there for every parameter. */
async function paths({ call }: World): Promise<(path: string) => string> {
  const payment = textAt(
    await call('POST', '/v1/payments', { body: { ...PAYMENT, pay_with: 'tok_sandbox_approve' } }),
    'id',
  );
  await call('PUT', '/v1/payers/cust-7', { body: { name: 'Zoë' } });
  const url = 'https://hooks.example/in';
  const endpoint = textAt(await call('POST', '/v1/webhook_endpoints', { body: { url } }), 'id');
  return (path) =>
    path.replace('{account}', 'cust-7').replace('{id}', path.startsWith('/v1/payments') ? payment : endpoint);
}

describe('a field of the wrong kind', () => {
  it('is named with a pointer, in every body, and changes nothing', async () => {
    const world = await startWorld();
    const { api, call } = world;
    const pathOf = await paths(world);
    const before = await snapshot(world);
    let tried = 0;
    for (const route of api.routes) {
      if (!(route.body instanceof z.ZodObject)) continue;
      for (const name of Object.keys(route.body.shape)) {
        for (const value of WRONG) {
          if (RIGHT[name]?.some((right) => JSON.stringify(right) === JSON.stringify(value))) continue;
          const base = BASES[route.operationId] ?? {};
          const answer = await call(route.method, pathOf(route.path), { body: { ...base, [name]: value } });
          const seen = `${route.operationId} ${name} ${JSON.stringify(value)?.slice(0, 40)} ${answer.status}`;
          expect(seen).toMatch(/ 4(?:00|22)$/);
          expect(JSON.stringify(at(answer, 'errors'))).toContain(`"/${name}`);
          tried += 1;
        }
      }
    }
    expect(tried).toBeGreaterThan(400);
    expect(await snapshot(world)).toBe(before);
  });

  it('is refused in the query of every list', async () => {
    const world = await startWorld();
    const { api, call } = world;
    const pathOf = await paths(world);
    for (const route of api.routes) {
      const names = Object.keys(route.query.shape);
      const queries = [
        'unknown=1',
        ...names.flatMap((name) => [`${name}=%00`, `${name}=`, `${name}=${'9'.repeat(200)}`, `${name}[$ne]=1`]),
        ...names.map((name) => `${name}=1&${name}=2`),
      ];
      for (const query of queries) {
        const body = route.body === null ? undefined : {};
        const answer = await call(route.method, `${pathOf(route.path)}?${query}`, { body });
        expect([route.operationId, query, answer.status]).toEqual([route.operationId, query, 400]);
      }
    }
  });
});

describe('a field nobody knows', () => {
  it('is refused, at any depth', async () => {
    const { call } = await startWorld();
    const body = { ...PAYMENT, amout: 1, payer: { mail: 'x' }, 'a/b~c': 1 };
    const answer = await call('POST', '/v1/payments', { body });
    expect(answer.status).toBe(400);
    const errors = at(answer, 'errors') as { pointer: string; code: string }[];
    expect(errors.map(({ pointer, code }) => `${pointer} ${code}`).sort()).toEqual([
      '/amout unknown_field',
      '/a~1b~0c unknown_field',
      '/payer/mail unknown_field',
    ]);
  });
});

describe('a body that cannot be read', () => {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  it.each([
    ['nothing at all', '', 400, 'validation_failed'],
    ['cut off', '{"amount":', 400, 'json_invalid'],
    ['no JSON', 'amount=1', 400, 'json_invalid'],
    ['no UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d), 400, 'json_invalid'],
    ['a list', '[]', 400, 'validation_failed'],
    ['a text', '"x"', 400, 'validation_failed'],
    ['null', 'null', 400, 'validation_failed'],
    ['very deep', deep, 400, 'json_too_deep'],
    ['deep inside', `{"metadata":${'{"a":'.repeat(20)}1${'}'.repeat(20)}}`, 400, 'json_too_deep'],
    ['a member twice', '{"amount":1,"amount":2}', 400, 'json_duplicate_member'],
    ['a member twice, once in disguise', '{"amount":1,"\\u0061mount":2}', 400, 'json_duplicate_member'],
    ['__proto__', '{"__proto__":{"amount":1}}', 400, 'json_forbidden_member'],
    ['__proto__ in disguise', '{"\\u005f_proto__":{"amount":1}}', 400, 'json_forbidden_member'],
    ['constructor inside', '{"metadata":{"constructor":"x"}}', 400, 'json_forbidden_member'],
    ['too large', JSON.stringify({ description: 'x'.repeat(70_000) }), 413, 'body_too_large'],
  ])('is refused: %s', async (_, raw, status, code) => {
    const world = await startWorld();
    const answer = await world.call('POST', '/v1/payments', { raw });
    expect(answer.status).toBe(status);
    expect(at(answer, 'code')).toBe(code);
    expect(JSON.parse(await snapshot(world))[0].data).toEqual([]);
    expect(({} as Record<string, unknown>)['amount']).toBeUndefined();
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1', 'application/jsonp'])(
    'is refused as %s',
    async (type) => {
      const { call } = await startWorld();
      const answer = await call('POST', '/v1/payments', { body: PAYMENT, headers: { 'content-type': type } });
      expect(answer.status).toBe(415);
    },
  );

  it('is taken with its charset named', async () => {
    const { call } = await startWorld();
    const headers = { 'content-type': 'application/json; charset=UTF-8' };
    expect((await call('POST', '/v1/payments', { body: PAYMENT, headers })).status).toBe(201);
  });

  it('is not expected where there is nothing to say', async () => {
    const { call } = await startWorld();
    const answer = await call('DELETE', '/v1/webhook_endpoints/whk_x', { body: {} });
    expect(at(answer, 'code')).toBe('unexpected_body');
  });
});

describe('a path that cannot be read', () => {
  it.each([
    ['GET', '/v1/payments/%ff', 400],
    ['GET', '/v1/payments/%00', 404],
    ['GET', '/v1/payments/pay_..%2f..', 404],
    ['GET', '/v1/payments/[object Object]', 404],
    ['GET', `/v1/payments/${'a'.repeat(500)}`, 400],
    ['GET', '/v1/payers/a@example.org', 404],
    ['PUT', '/v1/payers/a@example.org', 400],
    ['GET', '/v1/nothing', 404],
    ['GET', '/v1/payments/', 404],
    ['GET', '/V1/payments', 404],
    ['POST', '/v1/merchant', 405],
    ['DELETE', '/v1/payments/pay_1', 405],
  ])('%s %s is a clear %i', async (method, path, status) => {
    const { call } = await startWorld();
    const answer = await call(method, path, { body: method === 'PUT' || method === 'POST' ? {} : undefined });
    expect(answer.status).toBe(status);
    if (status === 405) expect(answer.headers.get('allow')).toMatch(/GET/);
  });
});

describe('anything at all', () => {
  it('gets a clear 4xx on every route, and changes nothing', async () => {
    const world = await startWorld();
    const { api, call } = world;
    const pathOf = await paths(world);
    const before = await snapshot(world);
    const routes = api.routes.filter(({ body }) => body !== null);
    const junk = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      // A body with a member that no route knows, so that nothing in it can be right.
      fc.json({ maxDepth: 6 }).map((text) => `{"nobody_knows_this":${text}}`),
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), junk, async (route, raw) => {
        if (raw.length === 0 || raw === '{}') return;
        const answer = await call(route.method, pathOf(route.path), { raw });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 200 },
    );
    expect(world.errors).toEqual([]);
    expect(await snapshot(world)).toBe(before);
  });

  it('in a path or query is a clear answer too', async () => {
    const { api, call, errors } = await startWorld();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...api.routes),
        fc.string({ unit: 'grapheme', maxLength: 100 }),
        fc.string({ unit: 'binary', maxLength: 100 }),
        async (route, part, query) => {
          const path = route.path.replaceAll(/\{\w+\}/g, encodeURIComponent(part));
          const body = route.body === null ? undefined : { nobody_knows_this: 1 };
          const answer = await call(route.method, `${path}?${encodeURI(query.replaceAll(/\p{Cs}/gu, ''))}`, { body });
          expect(answer.status).toBeLessThan(500);
        },
      ),
      { numRuns: 150 },
    );
    expect(errors).toEqual([]);
  });
});
