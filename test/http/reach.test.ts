/** Bringing the payer to an open payment. */
import { describe, expect, it } from 'vitest';
import { at, OPTED_OUT, PAYMENT, startWorld, textAt, type World } from './world.js';

const TO = 'ada@example.org';

async function open({ call }: World, change: object = {}): Promise<string> {
  return textAt(await call('POST', '/v1/payments', { body: { ...PAYMENT, ...change } }), 'id');
}

const reach = ({ call }: World, id: string, body: object, key?: string) =>
  call('POST', `/v1/payments/${id}/reach`, {
    body: { channel: 'email', ...body },
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  });

describe('POST /v1/payments/{id}/reach', () => {
  it('sends the link to the order’s address, or another, and says so masked', async () => {
    const world = await startWorld();
    const id = await open(world, { payer: { email: TO } });
    const sent = await reach(world, id, {});
    expect(sent.status).toBe(202);
    expect(sent.body).toMatchObject({
      object: 'reach',
      payment: id,
      channel: 'email',
      to_masked: 'a•••@example.org',
      status: 'queued',
    });
    await reach(world, id, { to: 'eve@example.com' });
    const payment = await world.store.payments.load(id);
    expect(payment?.reaches.map(({ to }) => to)).toEqual([TO, 'eve@example.com']);
    expect(payment?.events.filter(({ type }) => type === 'channel.email_requested')).toHaveLength(2);
  });

  it.each([
    [422, 'recipient_missing', {}],
    [422, 'recipient_missing', { channel: 'sms' }],
    [422, 'recipient_missing', { channel: 'sms', to: '+33612345678', fallback: ['email'] }],
    [422, 'recipient_missing', { to: TO, fallback: ['sms'] }],
    [422, 'number_not_reachable', { channel: 'sms', to: '+33899123456' }],
    [422, 'number_not_reachable', { channel: 'sms', to: '+33123456789' }],
    [409, 'opted_out', { channel: 'sms', to: OPTED_OUT }],
    [400, 'validation_failed', { channel: 'sms', to: TO }],
    [400, 'validation_failed', { channel: 'ivr', to: '0612345678' }],
    [400, 'validation_failed', { channel: 'sms', to: '+33612345678', fallback: ['ivr', 'sms'] }],
    [400, 'validation_failed', { to: 'ada' }],
    [400, 'validation_failed', { to: TO, fallback: ['email'] }],
    [400, 'validation_failed', { channel: 'pigeon', to: TO }],
  ])('%i %s for %j', async (status, code, body) => {
    const world = await startWorld();
    const answer = await reach(world, await open(world), body);
    expect([answer.status, at(answer, 'code')]).toEqual([status, code]);
  });

  it('writes to one address three times an hour, whatever the payment; a replay does not count', async () => {
    const world = await startWorld();
    const first = await open(world);
    const second = await open(world, { reference: 'ORDER-2' });
    for (let replay = 0; replay < 5; replay += 1)
      expect((await reach(world, first, { to: TO }, 'same')).status).toBe(202);
    expect((await reach(world, second, { to: TO.toUpperCase() })).status).toBe(202);
    expect((await reach(world, second, { to: TO })).status).toBe(202);
    const refused = await reach(world, first, { to: TO });
    expect([refused.status, at(refused, 'code')]).toEqual([429, 'too_many_reaches']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);
    expect((await reach(world, first, { to: 'b@example.org' })).status).toBe(202);
    world.clock.advance(3_600_000);
    expect((await reach(world, first, { to: TO })).status).toBe(202);
  });

  it('texts and calls the order’s number, or the account’s, with what is to be tried next', async () => {
    const world = await startWorld({ channels: ['web', 'ivr'] });
    const order = { payer: { account: 'ada', email: TO }, channels: ['web', 'ivr'] };
    await world.call('PUT', '/v1/payers/ada', { body: { phone: '+33612345678' } });
    const id = await open(world, order);
    const sent = await reach(world, id, { channel: 'sms', fallback: ['ivr', 'email'] });
    expect([sent.status, sent.body]).toMatchObject([
      202,
      { channel: 'sms', to_masked: '+336•••••678', status: 'queued' },
    ]);
    expect((await world.store.payments.load(id))?.reaches).toMatchObject([
      {
        ...{ channel: 'sms', to: '+33612345678', step: 0 },
        fallback: [
          { channel: 'ivr', to: '+33612345678' },
          { channel: 'email', to: TO },
        ],
      },
    ]);
  });

  it('calls nobody about a payment that is not paid by telephone, and reaches nobody in a way there is not', async () => {
    const plain = await startWorld({ reachChannels: ['email'] });
    const text = await reach(plain, await open(plain), { channel: 'sms', to: '+33612345678' });
    expect([text.status, at(text, 'code'), at(text, 'errors.0.pointer')]).toEqual([
      422,
      'channel_not_available',
      '/channel',
    ]);
    const world = await startWorld();
    const id = await open(world, { channels: ['web'] });
    const call = await reach(world, id, { to: TO, fallback: ['ivr'] });
    expect([call.status, at(call, 'code'), at(call, 'errors.0.pointer')]).toEqual([
      422,
      'channel_not_available',
      '/fallback/0',
    ]);
  });

  it.each([
    ['premium', '/to', { channel: 'ivr', to: '+449098790001' }],
    ['hours', '/to', { channel: 'ivr', to: '+2991234567' }],
    ['premium, by text and call', '/to', { channel: 'sms', to: '+33899123456', fallback: ['ivr'] }],
  ])('refuses at once what the number itself rules out: %s', async (_, pointer, body) => {
    const world = await startWorld({ channels: ['web', 'ivr'] });
    const id = await open(world, { channels: ['web', 'ivr'] });
    // What is refused is not counted: it may be asked as often as anybody likes.
    for (let again = 0; again < 4; again += 1) {
      const refused = await reach(world, id, body);
      expect([refused.status, at(refused, 'code'), at(refused, 'errors.0.pointer')]).toEqual([
        ...[422, 'number_not_reachable', pointer],
      ]);
    }
    expect((await world.store.payments.load(id))?.reaches).toEqual([]);
    const order = { ...PAYMENT, reference: 'ORDER-2', channels: ['web', 'ivr'], reach: body };
    const created = await world.call('POST', '/v1/payments', { body: order });
    expect([created.status, at(created, 'errors.0.pointer')]).toEqual([422, `/reach${pointer}`]);
  });

  it('goes on by itself where another way is left: a landline is called, a premium number mailed', async () => {
    const world = await startWorld({ channels: ['web', 'ivr'] });
    const id = await open(world, { channels: ['web', 'ivr'], payer: { email: TO } });
    const landline = { channel: 'sms', to: '+33123456789', fallback: ['ivr'] };
    const called = await reach(world, id, landline);
    expect([called.status, at(called, 'channel')]).toEqual([202, 'ivr']);
    const mailed = await reach(world, id, { channel: 'ivr', to: '+33899123456', fallback: ['email'] });
    expect([mailed.status, at(mailed, 'channel')]).toEqual([202, 'email']);
  });

  it('texts nobody whose account says no, but goes on to what comes next', async () => {
    const world = await startWorld();
    await world.call('PUT', '/v1/payers/ada', { body: { phone: '+33612345678', sms_consent: false } });
    const id = await open(world, { payer: { account: 'ada', email: TO } });
    expect(at(await reach(world, id, { channel: 'sms' }), 'code')).toBe('opted_out');
    expect((await reach(world, id, { channel: 'sms', fallback: ['email'] })).status).toBe(202);
  });

  it('shows in the account that its number wants no texts', async () => {
    const { call } = await startWorld();
    await call('PUT', '/v1/payers/ada', { body: { phone: OPTED_OUT, sms_consent: true } });
    expect(at(await call('GET', '/v1/payers/ada'), 'sms_consent.given')).toBe(false);
  });

  it('counts texts and calls to a number together', async () => {
    const world = await startWorld({ channels: ['web', 'ivr'] });
    const id = await open(world, { channels: ['web', 'ivr'] });
    const to = '+33612345678';
    for (const channel of ['sms', 'ivr', 'sms']) expect((await reach(world, id, { channel, to })).status).toBe(202);
    expect(at(await reach(world, id, { channel: 'ivr', to }), 'code')).toBe('too_many_reaches');
  });

  it('has a most of texts and calls for all that a merchant reaches, by mode; mails and replays are none', async () => {
    const world = await startWorld({ channels: ['web', 'ivr'], reachesPerHour: { live: 4, test: 2 } });
    const id = await open(world, { channels: ['web', 'ivr'] });
    expect((await reach(world, id, { channel: 'sms', to: '+33612345601' }, 'same')).status).toBe(202);
    expect((await reach(world, id, { channel: 'sms', to: '+33612345601' }, 'same')).status).toBe(202);
    expect((await reach(world, id, { to: TO })).status).toBe(202);
    expect((await reach(world, id, { channel: 'ivr', to: '+33612345602' })).status).toBe(202);
    for (let again = 0; again < 4; again += 1) {
      const refused = await reach(world, id, { channel: 'sms', to: '+33612345603' });
      expect([refused.status, at(refused, 'code')]).toEqual([429, 'too_many_reaches']);
      expect(at(refused, 'detail')).toBe(
        'You have asked for 2 texts and calls within the hour, the most in test mode.',
      );
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);
    }
    const order = { ...PAYMENT, reference: 'ORDER-2', reach: { channel: 'sms', to: '+33612345604' } };
    expect(at(await world.call('POST', '/v1/payments', { body: order }), 'code')).toBe('too_many_reaches');
    expect((await reach(world, id, { to: TO })).status).toBe(202);
    world.clock.advance(3_600_000);
    // What was refused for the merchant was not counted for the number.
    expect((await reach(world, id, { channel: 'sms', to: '+33612345603' })).status).toBe(202);
  });

  it('is refused for a payment that waits for nobody', async () => {
    const world = await startWorld();
    const id = await open(world, { pay_with: 'tok_sandbox_approve' });
    expect(at(await reach(world, id, { to: TO }), 'code')).toBe('payment_not_open');
  });
});

describe('`reach` of a new payment', () => {
  it('sends the link at once', async () => {
    const world = await startWorld();
    const id = await open(world, { payer: { email: TO }, reach: { channel: 'email' } });
    expect((await world.store.payments.load(id))?.reaches).toMatchObject([{ channel: 'email', to: TO }]);
  });

  it.each([
    [422, 'recipient_missing', { reach: { channel: 'sms' } }],
    [422, 'recipient_missing', { reach: { channel: 'email' } }],
    [400, 'validation_failed', { reach: { channel: 'email', to: TO }, pay_with: 'tok_sandbox_approve' }],
  ])('%i %s for %j', async (status, code, change) => {
    const { call } = await startWorld();
    const answer = await call('POST', '/v1/payments', { body: { ...PAYMENT, ...change } });
    expect([answer.status, at(answer, 'code')]).toEqual([status, code]);
  });

  it('counts like any other', async () => {
    const world = await startWorld();
    const order = (number: number) =>
      world.call('POST', '/v1/payments', {
        body: { ...PAYMENT, reference: `R-${number}`, reach: { channel: 'email', to: TO } },
      });
    for (const number of [1, 2, 3]) expect((await order(number)).status).toBe(201);
    const refused = await order(4);
    expect([refused.status, at(refused, 'code')]).toEqual([429, 'too_many_reaches']);
    expect(await world.store.payments.holderOf(world.shop.merchant.id, 'test', 'R-4')).toBeNull();
  });
});
