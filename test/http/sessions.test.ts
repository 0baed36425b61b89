/** Links for payers to their own account. */
import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/contracts/errors.js';
import { at, startWorld, textAt, type World } from './world.js';

const PATH = '/v1/payers/cust-7/sessions';
const ask = ({ call }: World, body: object, key?: string) =>
  call('POST', PATH, { body, ...(key !== undefined && { headers: { 'idempotency-key': key } }) });
const withEmail = ({ call }: World) =>
  call('PUT', '/v1/payers/cust-7', { body: { email: 'ada@example.org', language: 'fr' } });
const payerOf = ({ store, shop }: World) => store.payers.byAccount(shop.merchant.id, 'test', 'cust-7');

describe('POST /v1/payers/{account}/sessions', () => {
  it.each(['manage', 'set_purchase_code'])('makes a link to %s, and the payer if there is none', async (purpose) => {
    const world = await startWorld();
    const made = await ask(world, { purpose });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ object: 'payer_session', purpose, reach: null, payment: null });
    expect(textAt(made, 'url')).toMatch(/^http:\/\/127\.0\.0\.1:3000\/account\/[\w.-]{30,}$/);
    const payer = await payerOf(world);
    expect(payer?.sessions).toMatchObject([{ id: textAt(made, 'id'), purpose }]);
    // The link is derived: nothing at rest leads to the account.
    expect(JSON.stringify(payer)).not.toContain(textAt(made, 'url').split('/').at(-1)?.split('.')[1]);
  });

  it('for `add_instrument` makes a payment of 0 that names nobody', async () => {
    const world = await startWorld();
    await withEmail(world);
    const made = await ask(world, { purpose: 'add_instrument', return_url: 'https://shop.example/me' });
    const payment = await world.store.payments.load(textAt(made, 'payment'));
    expect(payment).toMatchObject({
      amount: 0,
      currency: 'EUR',
      reference: textAt(made, 'id'),
      channels: ['web'],
      returnUrl: 'https://shop.example/me',
      payer: { account: 'cust-7', email: null, phone: null, name: null, language: 'fr' },
      generation: 1,
      status: 'requires_payment_method',
    });
    expect(new Date(payment?.expiresAt ?? 0).toISOString()).toBe(new Date(textAt(made, 'expires_at')).toISOString());
  });

  it('has the link sent to the address that the account keeps, and to no other', async () => {
    const world = await startWorld();
    expect(at(await ask(world, { purpose: 'manage', reach: { channel: 'email' } }), 'code')).toBe(
      'payer_without_email',
    );
    expect(world.links).toEqual([]);
    expect((await payerOf(world))?.sessions).toEqual([]);
    await withEmail(world);
    const made = await ask(world, { purpose: 'manage', reach: { channel: 'email' } });
    expect(made.body).toMatchObject({ reach: { channel: 'email', to_masked: 'a•••@example.org', status: 'queued' } });
    expect(world.links).toEqual([{ to: 'ada@example.org', session: textAt(made, 'id') }]);
    expect((await ask(world, { purpose: 'manage', reach: { channel: 'email', to: 'eve@example.org' } })).status).toBe(
      400,
    );
    for (const channel of ['sms', 'ivr']) {
      expect(at(await ask(world, { purpose: 'manage', reach: { channel } }), 'code')).toBe('channel_not_available');
    }
  });

  it('writes to one address three times an hour, links of payments counted too; a replay does not count', async () => {
    const world = await startWorld();
    await withEmail(world);
    const order = { amount: 100, currency: 'EUR', reference: 'R-1', payer: { email: 'Ada@example.org' } };
    const reached = { ...order, reach: { channel: 'email' } };
    expect((await world.call('POST', '/v1/payments', { body: reached })).status).toBe(201);
    const body = { purpose: 'manage', reach: { channel: 'email' } };
    for (let again = 0; again < 4; again += 1) expect((await ask(world, body, 'same')).status).toBe(201);
    expect((await ask(world, body)).status).toBe(201);
    const refused = await ask(world, body);
    expect([refused.status, at(refused, 'code')]).toEqual([429, 'too_many_reaches']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);
    expect((await payerOf(world))?.sessions).toHaveLength(2);
    expect((await ask(world, { purpose: 'manage' })).status).toBe(201);
    world.clock.advance(3_600_000);
    expect((await ask(world, body)).status).toBe(201);
  });

  it('shows the link once: a replay has the same session without it', async () => {
    const world = await startWorld();
    const first = await ask(world, { purpose: 'add_instrument' }, 'key-1');
    const again = await ask(world, { purpose: 'add_instrument' }, 'key-1');
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual({ ...(first.body as object), url: null });
    expect((await payerOf(world))?.sessions).toHaveLength(1);
    expect(at(await ask(world, { purpose: 'manage' }, 'key-1'), 'code')).toBe('idempotency_key_reused');
  });

  it('is one session for the same request eight times at once', async () => {
    const world = await startWorld();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => ask(world, { purpose: 'add_instrument' }, 'same')),
    );
    expect(new Set(answers.map((answer) => textAt(answer, 'id'))).size).toBe(1);
    const payer = await payerOf(world);
    expect(payer?.sessions).toHaveLength(1);
    const { data } = await world.store.payments.list({ merchant: world.shop.merchant.id, mode: 'test', limit: 10 });
    expect(data.map(({ id }) => id)).toEqual([payer?.sessions[0]?.payment]);
  });

  it('that a crash cut short after the first write is completed when it comes again: payment and mail', async () => {
    let works = false;
    const sent: string[] = [];
    const world = await startWorld({
      mails: {
        async accountLink(_, { id }) {
          if (!works) throw new Problem(503, 'busy', 'down', { retryAfterSeconds: 1 });
          sent.push(id);
        },
      },
    });
    await withEmail(world);
    const body = { purpose: 'add_instrument', reach: { channel: 'email' } };
    expect((await ask(world, body, 'key-1')).status).toBe(503);
    works = true;
    const again = await ask(world, body, 'key-1');
    expect(again.status).toBe(201);
    expect(sent).toEqual([textAt(again, 'id')]);
    expect(await world.store.payments.load(textAt(again, 'payment'))).not.toBeNull();
    expect((await payerOf(world))?.sessions).toHaveLength(1);
  });

  it('is refused for who was erased, for too many, and for an address elsewhere', async () => {
    const world = await startWorld();
    const elsewhere = await ask(world, { purpose: 'manage', return_url: 'https://evil.example/' });
    expect(at(elsewhere, 'code')).toBe('return_url_not_registered');
    for (let made = 0; made < 20; made += 1) expect((await ask(world, { purpose: 'manage' })).status).toBe(201);
    expect(at(await ask(world, { purpose: 'manage' }), 'code')).toBe('too_many_sessions');
    world.clock.advance(86_400_000);
    expect((await ask(world, { purpose: 'manage' }, 'before')).status).toBe(201);
    expect((await payerOf(world))?.sessions).toHaveLength(1);
    await world.call('POST', '/v1/payers/cust-7/erase');
    expect(at(await ask(world, { purpose: 'manage' }), 'code')).toBe('payer_erased');
    expect((await payerOf(world))?.sessions).toEqual([]);
    expect((await ask(world, { purpose: 'manage' }, 'before')).status).toBe(201);
  });

  it('is not made where no acquirer could verify the card', async () => {
    const world = await startWorld();
    const live = await world.call('POST', PATH, { key: world.shop.keys.live, body: { purpose: 'add_instrument' } });
    expect(at(live, 'code')).toBe('no_acquirer');
  });

  it('keeps nothing of the masked address once the payer is erased', async () => {
    const world = await startWorld();
    await withEmail(world);
    await ask(world, { purpose: 'manage', reach: { channel: 'email' } }, 'key-1');
    await world.call('POST', '/v1/payers/cust-7/erase');
    expect(JSON.stringify(await payerOf(world))).not.toContain('example.org');
    const replay = await ask(world, { purpose: 'manage', reach: { channel: 'email' } }, 'key-1');
    expect(at(replay, 'reach.to_masked')).toBeNull();
  });
});
