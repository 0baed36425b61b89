/** An operator's households and boxes over real HTTP: what it may do, and what nobody else may. */
import { describe, expect, it } from 'vitest';
import { signedHeaders } from '../../src/notify/signature.js';
import { askSigned, CONTACTS, householdOf, makeOperator, nextMessage, openedForOperator, PATH } from './operators.js';
import { at, textAt } from './world.js';

describe('a household', () => {
  it('is made by its contacts, read, and changed: a payer of the operator', async () => {
    const { world, ask, operator } = await openedForOperator();
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
    const { world, ask, test, live } = await openedForOperator();
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
    const { world, ask, operator } = await openedForOperator();
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
    const { world, ask, operator, live } = await openedForOperator();
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
    const { world, ask, operator } = await openedForOperator();
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
    const { world, ask, operator, live } = await openedForOperator();
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
    const { world, ask, operator } = await openedForOperator();
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
