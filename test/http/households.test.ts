/** An operator's households and boxes over real HTTP: what it may do, and what nobody else may. */
import { describe, expect, it } from 'vitest';
import { signedHeaders } from '../../src/notify/signature.js';
import { askSigned, makeOperator, nextMessage, type Signer } from './operators.js';
import { at, startWorld, textAt, type World } from './world.js';

const PATH = '/tv/payers/home-7';
const CONTACTS = { account: 'home-7', email: 'ada@example.org', phone: '+33612345678', name: 'Ada', language: 'fr' };

async function opened() {
  const world = await startWorld();
  const made = await makeOperator(world);
  const ask = (method: string, path: string, body?: Readonly<Record<string, unknown>>, by: Signer = made.test) =>
    askSigned(world, by, method, path, body === undefined ? {} : { body });
  return { world, ask, ...made };
}

const householdOf = ({ store }: World, owner: string, mode: 'test' | 'live' = 'test') =>
  store.payers.byAccount(owner, mode, 'home-7');

describe('a household', () => {
  it('is made by its contacts, read, and changed: a payer of the operator', async () => {
    const { world, ask, operator } = await opened();
    expect(at(await ask('GET', PATH), 'code')).toBe('payer_not_found');
    const made = await ask('PUT', PATH, CONTACTS);
    expect(made.body).toMatchObject({ object: 'payer', operator: operator.id, mode: 'test', ...CONTACTS });
    expect((await ask('GET', PATH)).body).toEqual(made.body);
    const changed = await ask('PUT', PATH, { account: 'home-7', email: 'eve@example.org' });
    expect(changed.body).toMatchObject({ id: textAt(made, 'id'), email: 'eve@example.org', phone: null });
    expect(at(await ask('PUT', PATH, { ...CONTACTS, phone: '0612' }), 'errors.0.pointer')).toBe('/phone');
    expect(at(await ask('PUT', PATH, { ...CONTACTS, return_url: 'https://a.example' }), 'code')).toBe(
      'validation_failed',
    );
    expect((await householdOf(world, operator.id))?.owner).toBe(operator.id);
  });

  it('exists in one mode of one operator, and for no merchant', async () => {
    const { world, ask, test, live } = await opened();
    await ask('PUT', PATH, CONTACTS);
    const other = await makeOperator(world, 'Other');
    for (const by of [live, other.test, other.live]) {
      expect([by.operator, at(await ask('GET', PATH, undefined, by), 'code')]).toEqual([
        by.operator,
        'payer_not_found',
      ]);
      expect(at(await ask('POST', `${PATH}/erase`, { account: 'home-7', erase: true }, by), 'code')).toBe(
        'payer_not_found',
      );
    }
    // A name for another operator in path or body is not believed: the secret says who asks.
    const swapped = await ask('GET', PATH, undefined, { operator: test.operator, secret: other.test.secret });
    expect([swapped.status, at(swapped, 'code')]).toEqual([401, 'signature_invalid']);
    expect(swapped.headers.get('www-authenticate')).toBe('StandardWebhooks');
    expect((await world.call('GET', '/v1/payers/home-7')).status).toBe(404);
    expect((await world.call('GET', PATH)).status).toBe(401);
    const { body } = await ask('GET', PATH);
    expect(body).toMatchObject({ email: 'ada@example.org' });
    await ask('PUT', PATH, { ...CONTACTS, email: 'theirs@example.org' }, other.test);
    expect((await ask('GET', PATH)).body).toEqual(body);
  });

  it('gets links, of which the mail goes to the contact that the operator gave', async () => {
    const { world, ask, operator } = await opened();
    await ask('PUT', PATH, CONTACTS);
    const made = await ask('POST', `${PATH}/sessions`, { account: 'home-7', purpose: 'set_purchase_code' });
    expect(made.status).toBe(201);
    expect(textAt(made, 'url')).toContain('/account/');
    const again = await ask('POST', `${PATH}/sessions`, { account: 'home-7', purpose: 'set_purchase_code' });
    expect(textAt(again, 'id')).not.toBe(textAt(made, 'id'));
    const mailed = { account: 'home-7', purpose: 'manage', reach: { channel: 'email' } };
    const sent = await ask('POST', `${PATH}/sessions`, mailed);
    expect(world.links).toEqual([{ to: 'ada@example.org', session: textAt(sent, 'id') }]);
    const codes = [];
    for (let count = 0; count < 3; count += 1) codes.push(at(await ask('POST', `${PATH}/sessions`, mailed), 'code'));
    expect(codes).toEqual([undefined, undefined, 'too_many_reaches']);
    const elsewhere = { account: 'home-7', purpose: 'manage', return_url: 'https://shop.example/me' };
    expect(at(await ask('POST', `${PATH}/sessions`, elsewhere), 'errors.0.code')).toBe('unknown_field');
    expect((await householdOf(world, operator.id))?.sessions).toHaveLength(5);
  });

  it('stores a card with a payment of 0 that is the operator’s own, and no merchant’s', async () => {
    const { world, ask, operator, live } = await opened();
    const add = { account: 'home-7', purpose: 'add_instrument' };
    const made = await ask('POST', `${PATH}/sessions`, add);
    const payment = await world.store.payments.load(textAt(made, 'payment'));
    expect(payment).toMatchObject({
      amount: 0,
      currency: 'EUR',
      merchant: operator.id,
      payer: { account: 'home-7', email: null },
      terms: { merchantName: 'Télé Test' },
      returnUrl: null,
    });
    expect(at(await world.call('GET', '/v1/payments'), 'data')).toEqual([]);
    expect((await world.call('GET', `/v1/payments/${textAt(made, 'payment')}`)).status).toBe(404);
    expect(at(await ask('POST', `${PATH}/sessions`, add, live), 'code')).toBe('no_acquirer');
  });

  it('is forgotten, and stays so', async () => {
    const { world, ask, operator } = await opened();
    await ask('PUT', PATH, CONTACTS);
    await ask('POST', `${PATH}/sessions`, { account: 'home-7', purpose: 'manage' });
    const erase = { account: 'home-7', erase: true };
    for (let count = 0; count < 2; count += 1) {
      const gone = await ask('POST', `${PATH}/erase`, erase);
      expect(gone.body).toMatchObject({ email: null, name: null, erased_at: expect.any(String) });
    }
    expect(at(await ask('PUT', PATH, CONTACTS), 'code')).toBe('payer_erased');
    expect(JSON.stringify(await householdOf(world, operator.id))).not.toContain('ada@');
  });
});

describe('the key of a box', () => {
  it('is shown once, kept sealed, and revoked for good', async () => {
    const { world, ask, operator, live } = await opened();
    const made = await ask('POST', '/tv/devices', { device: 'box 1', account: 'home-7' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ operator: operator.id, mode: 'test', device: 'box 1', account: 'home-7' });
    const id = textAt(made, 'id');
    expect(textAt(made, 'secret')).toMatch(/^whsec_[\w+/]{43}=$/);
    expect(JSON.stringify(await world.store.deviceKeys.load(id))).not.toContain(textAt(made, 'secret').slice(6));
    expect(at(await ask('POST', '/tv/devices', { device: 'box-2' }), 'account')).toBeNull();
    const other = await makeOperator(world, 'Other');
    for (const by of [live, other.test]) {
      expect(at(await ask('DELETE', `/tv/devices/${id}`, undefined, by), 'code')).toBe('device_key_not_found');
    }
    const gone = await ask('DELETE', `/tv/devices/${id}`);
    expect(textAt(gone, 'revoked_at')).not.toBe('');
    expect(at(gone, 'secret')).toBeUndefined();
    expect((await ask('DELETE', `/tv/devices/${id}`)).body).toEqual(gone.body);
    expect(at(await ask('DELETE', '/tv/devices/dvk_none'), 'code')).toBe('device_key_not_found');
  });

  it('opens neither households nor keys', async () => {
    const { world, ask, operator } = await opened();
    await ask('PUT', PATH, CONTACTS);
    const made = await ask('POST', '/tv/devices', { device: 'box-1', account: 'home-7' });
    const [key, secret] = [textAt(made, 'id'), textAt(made, 'secret')];
    const before = await householdOf(world, operator.id);
    const calls = [
      ['PUT', PATH, { ...CONTACTS, email: 'thief@example.org' }],
      ['POST', `${PATH}/sessions`, { account: 'home-7', purpose: 'set_purchase_code' }],
      ['POST', `${PATH}/erase`, { account: 'home-7', erase: true }],
      ['POST', '/tv/devices', { device: 'box-2', account: 'home-8' }],
    ] as const;
    for (const [method, path, body] of calls) {
      const answer = await askSigned(world, { operator: operator.id, secret }, method, path, {
        body: { ...body, device_key_id: key },
      });
      expect([path, answer.status, at(answer, 'code')]).toEqual([path, 403, 'operator_only']);
    }
    for (const [method, path] of [
      ['GET', PATH],
      ['DELETE', `/tv/devices/${key}`],
    ] as const) {
      const address = `${path}?operator=${operator.id}&device_key_id=${key}`;
      const headers = signedHeaders(nextMessage(), world.clock.now(), address, [secret]);
      expect(at(await world.call(method, address, { key: null, headers }), 'code')).toBe('operator_only');
    }
    expect(await householdOf(world, operator.id)).toEqual(before);
    expect(await world.store.deviceKeys.ofDevice(operator.id, 'test', 'box-2')).toEqual([]);
  });
});

describe('what is not signed for this, now, and for the first time', () => {
  /** Every call of an operator, with a body it would take. */
  const CALLS = [
    ['PUT', PATH, { account: 'home-7', email: 'eve@example.org' }],
    ['POST', `${PATH}/sessions`, { account: 'home-7', purpose: 'manage' }],
    ['POST', `${PATH}/erase`, { account: 'home-7', erase: true }],
    ['POST', '/tv/devices', { device: 'box-1', account: 'home-7' }],
    ['GET', PATH, undefined],
    ['DELETE', '/tv/devices/ID', undefined],
  ] as const;

  async function scene() {
    const all = await opened();
    const { world, ask, operator } = all;
    await ask('PUT', PATH, CONTACTS);
    await ask('PUT', '/tv/payers/home-8', { account: 'home-8', email: 'neighbour@example.org' });
    const key = textAt(await ask('POST', '/tv/devices', { device: 'box-0' }), 'id');
    const state = async () => [
      await householdOf(world, operator.id),
      await world.store.payers.byAccount(operator.id, 'test', 'home-8'),
      await world.store.deviceKeys.load(key),
      await world.store.deviceKeys.ofDevice(operator.id, 'test', 'box-1'),
      world.links.length,
    ];
    const calls = CALLS.map(([method, path, body]) => [method, path.replace('ID', key), body] as const);
    return { ...all, state, calls };
  }

  it('changes nothing when it is unsigned, stale, or signed with another secret', async () => {
    const { world, state, calls, test, live } = await scene();
    const before = await state();
    const other = await makeOperator(world, 'Other');
    for (const [method, path, body] of calls) {
      const given = body === undefined ? {} : { body };
      const headers = { 'webhook-signature': '', 'webhook-id': '', 'webhook-timestamp': '' };
      const answers = [
        await askSigned(world, test, method, path, { ...given, headers }),
        await askSigned(world, test, method, path, { ...given, late: -301 }),
        await askSigned(world, test, method, path, { ...given, late: 301 }),
        await askSigned(world, { ...test, secret: other.test.secret }, method, path, given),
        await askSigned(world, { ...test, operator: 'op_none' }, method, path, given),
      ];
      const said = answers.map(({ status, text }) => [status, text]);
      expect(new Set(said.map((one) => JSON.stringify(one))).size).toBe(1);
      expect([path, said[0]?.[0]]).toEqual([path, 401]);
    }
    expect(await state()).toEqual(before);
    expect(live.secret).not.toBe(test.secret);
  });

  it('changes nothing when it comes a second time', async () => {
    const { world, state, calls, test } = await scene();
    for (const [method, path, body] of calls) {
      const message = nextMessage();
      const given = body === undefined ? { message } : { message, body };
      const first = await askSigned(world, test, method, path, given);
      expect([path, first.status < 300]).toEqual([path, true]);
      const after = await state();
      const again = await askSigned(world, test, method, path, given);
      expect([path, again.status, at(again, 'code')]).toEqual([path, 409, 'message_replayed']);
      expect(await state()).toEqual(after);
      // What was signed for later is not good twice either.
      if (path.endsWith('/erase')) break;
    }
  });

  it('changes nothing under another path or method: the body says what it was signed for', async () => {
    const { world, state, calls, test } = await scene();
    const before = await state();
    const places = calls.map(([method, path]) => [method, path] as const);
    const neighbours = places.map(([method, path]) => [method, path.replace('home-7', 'home-8')] as const);
    for (const [method, path, body] of calls) {
      for (const [otherMethod, otherPath] of [...places, ...neighbours]) {
        if (otherPath === path && otherMethod === method) continue;
        const message = nextMessage();
        const address = `${path}?operator=${test.operator}`;
        const raw = body === undefined ? undefined : JSON.stringify({ operator: test.operator, ...body });
        const headers = signedHeaders(message, world.clock.now(), raw ?? address, [test.secret]);
        const takesBody = otherMethod === 'PUT' || otherMethod === 'POST';
        const to = takesBody && raw !== undefined ? otherPath : `${otherPath}?operator=${test.operator}`;
        const given = takesBody && raw !== undefined ? { raw } : {};
        const answer = await world.call(otherMethod, to, { key: null, headers, ...given });
        expect([method, path, otherMethod, to, answer.status >= 400]).toEqual([method, path, otherMethod, to, true]);
      }
    }
    expect(await state()).toEqual(before);
  });

  it('changes nothing with any field of the body altered, doubled or gone', async () => {
    const { world, state, calls, test } = await scene();
    const before = await state();
    for (const [method, path, body] of calls) {
      if (body === undefined) continue;
      const right = { operator: test.operator, ...body } as Record<string, unknown>;
      const signed = JSON.stringify(right);
      const altered = Object.keys(right).flatMap((name) => [
        JSON.stringify({ ...right, [name]: `${String(right[name])}x` }),
        JSON.stringify({ ...right, [name]: null }),
        JSON.stringify({ ...right, [name]: undefined }),
        `${signed.slice(0, -1)},"${name}":${JSON.stringify(right[name])}}`,
      ]);
      for (const raw of [...altered, `${signed}\n`, ` ${signed}`]) {
        const headers = signedHeaders(nextMessage(), world.clock.now(), signed, [test.secret]);
        const answer = await world.call(method, path, { key: null, raw, headers });
        expect([raw, answer.status]).toEqual([raw, isDoubled(raw) ? 400 : 401]);
      }
    }
    expect(await state()).toEqual(before);
  });

  it('changes nothing when a request that has no body brings one', async () => {
    const { world, state, test } = await scene();
    const before = await state();
    const raw = JSON.stringify({ operator: test.operator });
    const headers = signedHeaders(nextMessage(), world.clock.now(), raw, [test.secret]);
    const answer = await world.call('DELETE', '/tv/devices/dvk_1', { key: null, raw, headers });
    expect([answer.status, at(answer, 'code')]).toEqual([400, 'unexpected_body']);
    expect(await state()).toEqual(before);
  });

  it('is taken from the demo operator by this machine alone', async () => {
    const { world, operators, shop } = await startWorld().then((made) => ({ world: made, ...made }));
    await operators.seedDemo(shop.merchant.id);
    const demo = { operator: 'op_demo', secret: 'whsec_Z3VpY2hldC1kZW1vLXR2LW9wZXJhdG9yLXNlY3JldA==' };
    const ask = (headers: Record<string, string>) =>
      askSigned(world, demo, 'PUT', '/tv/payers/demo', { body: { account: 'demo' }, headers });
    expect((await ask({ 'x-forwarded-for': '203.0.113.7' })).status).toBe(401);
    expect(await world.store.payers.byAccount('op_demo', 'test', 'demo')).toBeNull();
    expect((await ask({})).status).toBe(200);
  });
});

/** Whether a member stands twice in a text of JSON: what two parsers could read differently is never looked at. */
function isDoubled(raw: string): boolean {
  const names = [...raw.matchAll(/"(\w+)":/g)].map(([, name]) => name);
  return new Set(names).size < names.length;
}
