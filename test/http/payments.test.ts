import { describe, expect, it } from 'vitest';
import { at, PAYMENT, startWorld, textAt } from './world.js';

describe('a payment', () => {
  it('waits for its payer, and is read as it was answered', async () => {
    const { call, shop } = await startWorld();
    const made = await call('POST', '/v1/payments', { body: PAYMENT });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      object: 'payment',
      mode: 'test',
      merchant: shop.merchant.id,
      status: 'requires_payment_method',
      amount: 4250,
      amount_due: 4250,
      capture: 'automatic',
      instruments: ['card'],
      channels: ['web'],
      version: 1,
      attempts: [],
    });
    expect(at(made, 'next_action')).toEqual({ type: 'redirect_to_url', url: textAt(made, 'links.pay') });
    const read = await call('GET', `/v1/payments/${textAt(made, 'id')}`);
    expect(read).toMatchObject({ status: 200, text: made.text });
  });

  it('keeps everything it was made with', async () => {
    const { call } = await startWorld();
    const body = {
      ...PAYMENT,
      description: 'Two chairs — Zoë’s 👩‍🌾',
      capture: 'manual',
      payer: { account: 'cust-7', email: 'zoe@example.org', phone: '+33612345678', name: 'Zoë', language: 'fr-CA' },
      metadata: { cart: '7', note: 'line\nline' },
      expires_in: 60,
      return_url: 'https://shop.example/back?x=1',
      cancel_url: 'myshop://cancel',
      origin: 'telephone',
      instruments: ['card'],
      channels: ['web'],
    };
    const made = await call('POST', '/v1/payments', { body });
    expect(made.status).toBe(201);
    const { expires_in: _e, return_url: _r, cancel_url: _c, origin: _o, ...shown } = body;
    expect(made.body).toMatchObject(shown);
    const lasts = Date.parse(textAt(made, 'expires_at')) - Date.parse(textAt(made, 'created_at'));
    expect(lasts).toBeGreaterThan(59_000);
    expect(lasts).toBeLessThanOrEqual(60_000);
  });

  it.each([
    ['tok_sandbox_approve', undefined, 'succeeded', 'approved', null],
    ['tok_sandbox_decline', undefined, 'failed', 'declined', 'do_not_honor'],
    ['tok_sandbox_insufficient_funds', 'recurring', 'failed', 'declined', 'insufficient_funds'],
    ['tok_sandbox_decline', 'payer_present', 'requires_payment_method', 'declined', 'do_not_honor'],
    ['tok_sandbox_authentication_required', undefined, 'requires_action', 'declined', 'authentication_required'],
  ])('with %s for reason %s is %s at once', async (pay_with, reason, status, outcome, code) => {
    const { call } = await startWorld();
    const made = await call('POST', '/v1/payments', { body: { ...PAYMENT, pay_with, ...(reason && { reason }) } });
    expect(made.status).toBe(201);
    expect(at(made, 'status')).toBe(status);
    expect(at(made, 'attempts.0.outcome')).toBe(outcome);
    expect(at(made, 'attempts.0.decline.code') ?? null).toBe(code);
    expect(at(made, 'links.pay') === null).toBe(status === 'succeeded' || status === 'failed');
  });

  it('speaks of a decline in the payer’s language', async () => {
    const { call } = await startWorld();
    const body = { ...PAYMENT, pay_with: 'tok_sandbox_decline', payer: { language: 'fr' } };
    const made = await call('POST', '/v1/payments', { body });
    expect(textAt(made, 'attempts.0.decline.message')).toContain('La banque');
  });

  it('is paid with a stored instrument of its own account only', async () => {
    const { call, payers, vault, shop } = await startWorld();
    const { token, face } = await vault.keepCard({
      number: '4242424242424242',
      expiryMonth: 12,
      expiryYear: 2034,
      securityCode: null,
      brand: 'visa',
    });
    const of = { owner: shop.merchant.id, mode: 'test', account: 'cust-7' } as const;
    await payers.storeInstrument(of, { token, face, authenticated: true, consent: { words: 'Yes.', at: 1 } });
    const pay = (account: string | null, reference: string) =>
      call('POST', '/v1/payments', { body: { ...PAYMENT, reference, pay_with: token, payer: { account } } });
    expect(at(await pay('cust-7', 'A'), 'status')).toBe('succeeded');
    expect(at(await pay('cust-8', 'B'), 'code')).toBe('instrument_not_found');
    expect(at(await pay(null, 'C'), 'code')).toBe('instrument_not_found');
    const live = await call('POST', '/v1/payments', {
      key: shop.keys.live,
      body: { ...PAYMENT, pay_with: 'tok_sandbox_approve' },
    });
    expect(live).toMatchObject({ status: 422 });
  });

  it('paid at once draws no payment code and costs no more commits, whatever its channels', async () => {
    const { call, merchants, shop, store } = await startWorld({ channels: ['web', 'ivr', 'sms'] });
    const revisions: unknown[] = [];
    for (const channels of [['web'], ['web', 'ivr', 'sms']] as const) {
      await merchants.update(shop.merchant.id, { channels });
      const body = { ...PAYMENT, reference: channels.join('-'), pay_with: 'tok_sandbox_approve' };
      const made = await call('POST', '/v1/payments', { body });
      expect(made.body).toMatchObject({ status: 'succeeded', channels, payment_code: null });
      revisions.push((await store.payments.load(textAt(made, 'id')))?.revision);
    }
    expect(revisions).toEqual([2, 2]);
  });

  it('needs the page among its channels: some payers can only pay there', async () => {
    const { call, merchants, shop, store } = await startWorld({ channels: ['web', 'ivr', 'sms', 'tv'] });
    await merchants.update(shop.merchant.id, { channels: ['web', 'ivr', 'tv'] });
    const create = (reference: string, channels?: string[]) =>
      call('POST', '/v1/payments', { body: { ...PAYMENT, reference, ...(channels && { channels }) } });
    const refused = await create('A', ['ivr', 'tv']);
    expect([refused.status, at(refused, 'code')]).toEqual([422, 'channel_not_available']);
    expect(at(refused, 'detail')).toContain('`web`');
    expect((await store.payments.list({ merchant: shop.merchant.id, mode: 'test', limit: 1 })).data).toEqual([]);
    const taken = await create('B', ['ivr', 'web']);
    expect(taken.body).toMatchObject({ channels: ['ivr', 'web'], payment_code: '4821093756' });
    expect(at(await create('C'), 'channels')).toEqual(['web', 'ivr', 'tv']);
    await merchants.update(shop.merchant.id, { channels: ['tv'] });
    expect(at(await create('D'), 'code')).toBe('channel_not_available');
  });

  it.each([
    ['currency_not_accepted', { currency: 'USD' }],
    ['instrument_not_available', { instruments: ['card', 'voucher'] }],
    ['channel_not_available', { channels: ['ivr'] }],
    ['recipient_missing', { reach: { channel: 'sms' } }],
    ['return_url_not_registered', { return_url: 'https://shop.example.evil.example/' }],
    ['return_url_not_registered', { return_url: 'https://shop.example@evil.example/' }],
    ['return_url_not_registered', { return_url: 'http://shop.example/' }],
    ['return_url_not_registered', { cancel_url: 'javascript:alert(1)' }],
    ['return_url_not_registered', { return_url: 'otherapp://back' }],
    ['instrument_not_found', { pay_with: 'tok_0123456789' }],
  ])('is refused with %s for %j', async (code, change) => {
    const { call, store, shop } = await startWorld();
    const answer = await call('POST', '/v1/payments', { body: { ...PAYMENT, ...change } });
    expect(answer.status).toBe(422);
    expect(at(answer, 'code')).toBe(code);
    expect((await store.payments.list({ merchant: shop.merchant.id, mode: 'test', limit: 5 })).data).toEqual([]);
  });

  it('is refused in live mode while no acquirer takes it', async () => {
    const { call, shop } = await startWorld();
    const answer = await call('POST', '/v1/payments', { key: shop.keys.live, body: PAYMENT });
    expect(answer.status).toBe(422);
    expect(at(answer, 'code')).toBe('no_acquirer');
  });

  it('holds its reference while it is open or paid, and names itself to the next', async () => {
    const { call } = await startWorld();
    const first = await call('POST', '/v1/payments', { body: PAYMENT });
    const second = await call('POST', '/v1/payments', { body: PAYMENT });
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({ code: 'reference_in_use', payment: textAt(first, 'id') });
    await call('POST', `/v1/payments/${textAt(first, 'id')}/cancel`);
    expect((await call('POST', '/v1/payments', { body: PAYMENT })).status).toBe(201);
  });

  it('is not listed from a place in another list', async () => {
    const { call, merchants, shop } = await startWorld();
    const body = { ...PAYMENT, pay_with: 'tok_sandbox_approve' };
    const id = textAt(await call('POST', '/v1/payments', { body }), 'id');
    const refund = textAt(await call('POST', `/v1/payments/${id}/refunds`, { body: { amount: 1 } }), 'id');
    const url = 'http://127.0.0.1:9/in';
    const endpoint = textAt(await call('POST', '/v1/webhook_endpoints', { body: { url } }), 'id');
    const other = await merchants.create({ displayName: 'Other' });
    const refused = async (path: string, key = shop.keys.test) => {
      const answer = await call('GET', path, { key });
      expect([path, answer.status, at(answer, 'code')]).toEqual([path, 400, 'cursor_invalid']);
      expect(at(answer, 'errors.0.pointer')).toBe('after');
    };
    await refused('/v1/payments?after=pay_01m85qsdww49r7qeaf9sma35qz');
    await refused(`/v1/payments?after=${refund}`);
    await refused(`/v1/payments?after=${id}`, other.keys.test);
    await refused(`/v1/payments?after=${id}`, shop.keys.live);
    await refused(`/v1/refunds?payment=${id}&after=${id}`);
    await refused(`/v1/webhook_endpoints/${endpoint}/deliveries?after=${id}`);
    expect((await call('GET', `/v1/refunds?payment=${id}&after=${refund}`)).body).toEqual({ data: [], next: null });
  });

  it('is listed newest first, by page and by filter', async () => {
    const { call, clock } = await startWorld();
    const ids: string[] = [];
    for (const [index, pay_with] of [null, 'tok_sandbox_approve', null].entries()) {
      clock.advance(1_000);
      const body = { ...PAYMENT, reference: `R${index}`, pay_with };
      ids.unshift(textAt(await call('POST', '/v1/payments', { body }), 'id'));
    }
    const idsIn = async (query: string): Promise<unknown> =>
      ((await call('GET', `/v1/payments${query}`)).body as { data: { id: string }[] }).data.map(({ id }) => id);
    expect(await idsIn('')).toEqual(ids);
    const page = await call('GET', '/v1/payments?limit=2');
    expect(await idsIn(`?limit=2&after=${textAt(page, 'next')}`)).toEqual([ids[2]]);
    expect(await idsIn(`?after=${ids[2]}`)).toEqual([]);
    expect(await idsIn('?status=succeeded')).toEqual([ids[1]]);
    expect(await idsIn('?reference=R2')).toEqual([ids[0]]);
    const middle = textAt(await call('GET', `/v1/payments/${ids[1]}`), 'created_at');
    expect(await idsIn(`?created[gte]=${middle}`)).toEqual([ids[0], ids[1]]);
    expect(await idsIn(`?created[lt]=${middle}`)).toEqual([ids[2]]);
  });
});
