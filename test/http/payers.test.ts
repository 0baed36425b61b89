import { describe, expect, it } from 'vitest';
import { at, PAYMENT, startWorld, textAt, type World } from './world.js';

const CARD = { number: '4242424242424242', expiryMonth: 12, expiryYear: 2034, securityCode: null, brand: 'visa' };
const OTHER_CARD = { ...CARD, number: '5555555555554444', brand: 'mastercard' };

async function stored({ vault, payers, shop }: World, card = CARD) {
  const kept = await vault.keepCard(card);
  const of = { owner: shop.merchant.id, mode: 'test', account: 'cust-7' } as const;
  const { instrument } = await payers.storeInstrument(of, {
    ...kept,
    authenticated: true,
    consent: { words: 'Keep my card.', at: 1 },
  });
  return instrument;
}

describe('/v1/payers', () => {
  it('sets contacts whole, and keeps consent until it is said otherwise', async () => {
    const { call } = await startWorld();
    expect((await call('GET', '/v1/payers/cust-7')).status).toBe(404);
    const contacts = { email: 'a@example.org', phone: '+33612345678', name: 'Ada', language: 'fr' };
    const put = await call('PUT', '/v1/payers/cust-7', { body: { ...contacts, sms_consent: true } });
    expect(put.body).toMatchObject({ ...contacts, object: 'payer', account: 'cust-7', purchase_code_set: false });
    const again = await call('PUT', '/v1/payers/cust-7', { body: { name: 'Ada L.' } });
    expect(again.body).toMatchObject({
      id: textAt(put, 'id'),
      name: 'Ada L.',
      email: null,
      sms_consent: { given: true },
    });
    expect((await call('GET', '/v1/payers/cust-7')).text).toBe(again.text);
  });

  it('is not made or changed by a payment that names the account', async () => {
    const { call } = await startWorld();
    await call('POST', '/v1/payments', { body: { ...PAYMENT, payer: { account: 'cust-7', name: 'Ada' } } });
    expect((await call('GET', '/v1/payers/cust-7')).status).toBe(404);
  });

  it('lists stored instruments, makes one the default and removes them with their cards', async () => {
    const world = await startWorld();
    const { call, vault } = world;
    const first = await stored(world);
    const second = await stored(world, OTHER_CARD);
    const list = await call('GET', '/v1/payers/cust-7/instruments');
    expect(list.body).toMatchObject({
      data: [
        { id: second.id, default: false },
        { id: first.id, default: true },
      ],
    });
    expect(list.text).not.toContain('fingerprint');
    const chosen = await call('POST', `/v1/payers/cust-7/instruments/${second.id}/default`);
    expect(at(chosen, 'default_instrument')).toBe(second.id);
    const removed = await call('DELETE', `/v1/payers/cust-7/instruments/${second.id}`);
    expect(removed.body).toMatchObject({ default_instrument: first.id, instruments: [{ id: first.id }] });
    expect(await vault.openCard(second.token)).toBeNull();
    expect(await vault.openCard(first.token)).not.toBeNull();
    const gone = await call('DELETE', `/v1/payers/cust-7/instruments/${second.id}`);
    expect(at(gone, 'code')).toBe('stored_instrument_not_found');
  });

  it('keeps a stored card beyond the life of what nobody claims', async () => {
    const world = await startWorld();
    const { token } = await stored(world);
    world.clock.advance(3_600_000);
    await world.vault.sweep(world.clock.now());
    expect(await world.vault.openCard(token)).not.toBeNull();
  });

  it('answers a repeated POST as the first time', async () => {
    const world = await startWorld();
    const { id } = await stored(world);
    const path = `/v1/payers/cust-7/instruments/${id}/default`;
    const headers = { 'idempotency-key': 'd' };
    const first = await world.call('POST', path, { headers });
    await world.call('PUT', '/v1/payers/cust-7', { body: { name: 'Ada' } });
    const again = await world.call('POST', path, { headers });
    expect(again.text).toBe(first.text);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect((await world.call('POST', '/v1/payers/cust-7/erase', { headers })).status).toBe(422);
  });
});

describe('erasing a person', () => {
  it('leaves their data nowhere, and their payments standing', async () => {
    const world = await startWorld();
    const { call, store, vault, shop, merchants } = world;
    const { token, id: instrument } = await stored(world);
    const person = { email: 'ada@example.org', phone: '+33612345678', name: 'Ada Lovelace' };
    await call('PUT', '/v1/payers/cust-7', { body: { ...person, sms_consent: true } });
    const headers = { 'idempotency-key': 'pay' };
    const body = { ...PAYMENT, pay_with: token, payer: { account: 'cust-7', ...person } };
    const paid = await call('POST', '/v1/payments', { body, headers });
    await call('POST', `/v1/payers/cust-7/instruments/${instrument}/default`, {
      headers: { 'idempotency-key': 'def' },
    });

    const erased = await call('POST', '/v1/payers/cust-7/erase', { headers: { 'idempotency-key': 'era' } });
    expect(erased.body).toMatchObject({ email: null, name: null, instruments: [], sms_consent: null });
    expect(textAt(erased, 'erased_at')).toBeTruthy();
    expect(await vault.openCard(token)).toBeNull();

    const payer = await store.payers.byAccount(shop.merchant.id, 'test', 'cust-7');
    const payment = await store.payments.load(textAt(paid, 'id'));
    const feed = await store.feed.after(shop.merchant.id, 'test', 0, 100);
    const everything = JSON.stringify([payer, payment, feed]);
    for (const value of Object.values(person)) expect(everything).not.toContain(value);

    // The first answer still comes, as far as it may.
    const again = await call('POST', '/v1/payments', { body, headers });
    expect(again.status).toBe(201);
    expect(again.body).toMatchObject({ status: 'succeeded', payer: { account: 'cust-7', email: null, name: null } });
    expect((await call('PUT', '/v1/payers/cust-7', { body: { name: 'Ada' } })).status).toBe(409);
    expect((await call('POST', '/v1/payers/cust-7/erase')).status).toBe(200);
    expect((await merchants.list())[0]?.profile.displayName).toBe('Shop');
  });

  it('reaches an account that only payments name, and leaves a tombstone', async () => {
    const { call, store } = await startWorld();
    const payer = { account: 'guest-1', email: 'ada@example.org', phone: '+33612345678', name: 'Ada Lovelace' };
    const body = { ...PAYMENT, payer, description: 'Flowers for Ada Lovelace' };
    const key = { headers: { 'idempotency-key': 'made' } };
    const made = await call('POST', '/v1/payments', { body, ...key });
    const erase = () => call('POST', '/v1/payers/guest-1/erase', { headers: { 'idempotency-key': 'erase' } });
    const erased = await erase();
    expect(erased.body).toMatchObject({ account: 'guest-1', email: null, name: null });
    expect(textAt(erased, 'erased_at')).toBeTruthy();
    const payment = await store.payments.load(textAt(made, 'id'));
    for (const word of ['Ada', 'ada@', '+336']) expect(JSON.stringify(payment)).not.toContain(word);
    const again = await call('POST', '/v1/payments', { body, ...key });
    expect(again.body).toMatchObject({ description: null, payer: { account: 'guest-1', email: null } });
    expect((await erase()).headers.get('idempotent-replayed')).toBe('true');
    expect((await call('PUT', '/v1/payers/guest-1', { body: { name: 'Ada' } })).status).toBe(409);
  });

  it('does not find an account that is named nowhere', async () => {
    const { call, store, shop } = await startWorld();
    expect(at(await call('POST', '/v1/payers/nobody/erase'), 'code')).toBe('payer_not_found');
    expect(await store.payers.byAccount(shop.merchant.id, 'test', 'nobody')).toBeNull();
  });

  it('touches nobody else', async () => {
    const { call } = await startWorld();
    await call('PUT', '/v1/payers/cust-7', { body: {} });
    const body = { ...PAYMENT, payer: { account: 'cust-8', name: 'Grace' } };
    const other = await call('POST', '/v1/payments', { body });
    await call('POST', '/v1/payers/cust-7/erase');
    expect(at(await call('GET', `/v1/payments/${textAt(other, 'id')}`), 'payer.name')).toBe('Grace');
  });
});
