import { describe, expect, it } from 'vitest';
import { at, PAYMENT, startWorld, textAt } from './world.js';

const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });

describe('a request with an idempotency key', () => {
  it('is answered the same for ever, whatever became of the payment', async () => {
    const { call, clock } = await startWorld();
    const first = await call('POST', '/v1/payments', { body: PAYMENT, ...keyed('a') });
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    await call('POST', `/v1/payments/${textAt(first, 'id')}/cancel`);
    clock.advance(400 * 86_400_000);
    const again = await call('POST', '/v1/payments', { body: PAYMENT, ...keyed('a') });
    expect(again).toMatchObject({ status: 201, text: first.text });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('is the same whatever the order of its members', async () => {
    const { call } = await startWorld();
    const first = await call('POST', '/v1/payments', { body: PAYMENT, ...keyed('a') });
    const { amount, currency, reference } = PAYMENT;
    const again = await call('POST', '/v1/payments', { body: { reference, currency, amount }, ...keyed('a') });
    expect(again.text).toBe(first.text);
  });

  it('is refused for another body, another path or another call', async () => {
    const { call } = await startWorld();
    const { body } = await call('POST', '/v1/payments', { body: PAYMENT, ...keyed('a') });
    const other = await call('POST', '/v1/payments', { body: { ...PAYMENT, amount: 1 }, ...keyed('a') });
    expect(other.status).toBe(422);
    expect(at(other, 'code')).toBe('idempotency_key_reused');
    const cancel = await call('POST', `/v1/payments/${(body as { id: string }).id}/cancel`, keyed('a'));
    expect(at(cancel, 'code')).toBe('idempotency_key_reused');
  });

  it('belongs to one merchant, mode and family', async () => {
    const { call, merchants, shop } = await startWorld();
    await call('POST', '/v1/payments', { body: PAYMENT, ...keyed('a') });
    const other = await merchants.create({ displayName: 'Other' });
    expect((await call('POST', '/v1/payments', { key: other.keys.test, body: PAYMENT, ...keyed('a') })).status).toBe(
      201,
    );
    const live = await call('POST', '/v1/payments', { key: shop.keys.live, body: PAYMENT, ...keyed('a') });
    expect(at(live, 'code')).toBe('no_acquirer');
    const url = 'https://hooks.example/in';
    expect((await call('POST', '/v1/webhook_endpoints', { body: { url }, ...keyed('a') })).status).toBe(201);
  });

  it('keeps only answers that are 2xx', async () => {
    const { call } = await startWorld();
    const { body } = await call('POST', '/v1/payments', { body: PAYMENT });
    expect((await call('POST', '/v1/payments', { body: PAYMENT, ...keyed('a') })).status).toBe(409);
    await call('POST', `/v1/payments/${(body as { id: string }).id}/cancel`);
    expect((await call('POST', '/v1/payments', { body: PAYMENT, ...keyed('a') })).status).toBe(201);
  });

  it('makes one payment, whatever number arrive at once', async () => {
    const { call, store, shop } = await startWorld();
    const body = { ...PAYMENT, pay_with: 'tok_sandbox_approve' };
    const calls = Array.from({ length: 10 }, () => call('POST', '/v1/payments', { body, ...keyed('a') }));
    const answers = await Promise.all(calls);
    for (const answer of answers) expect([201, 409]).toContain(answer.status);
    for (const answer of answers.filter(({ status }) => status === 409)) {
      expect(at(answer, 'code')).toBe('idempotency_key_in_use');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    const { data } = await store.payments.list({ merchant: shop.merchant.id, mode: 'test', limit: 20 });
    expect(data).toHaveLength(1);
    expect(data[0]?.attempts).toHaveLength(1);
  });

  it('refunds once, whatever number arrive at once', async () => {
    const { call } = await startWorld();
    const body = { ...PAYMENT, pay_with: 'tok_sandbox_approve' };
    const id = textAt(await call('POST', '/v1/payments', { body }), 'id');
    const path = `/v1/payments/${id}/refunds`;
    const calls = Array.from({ length: 10 }, () => call('POST', path, { body: { amount: 100 }, ...keyed('r') }));
    for (const { status } of await Promise.all(calls)) expect([201, 409]).toContain(status);
    expect(at(await call('GET', `/v1/payments/${id}`), 'amount_refunded')).toBe(100);
    const again = await call('POST', path, { body: { amount: 100 }, ...keyed('r') });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('says that the first still runs, and after its deadline shows the payment as it is', async () => {
    const world = await startWorld();
    const { call, clock } = world;
    let open = (): void => undefined;
    world.gate = new Promise((resolve) => {
      open = resolve;
    });
    const request = { body: { ...PAYMENT, pay_with: 'tok_sandbox_approve' }, ...keyed('a') };
    const first = call('POST', '/v1/payments', request);
    while ((await world.store.payments.byRequest(world.shop.merchant.id, 'test', 'a')) === null) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(at(await call('POST', '/v1/payments', request), 'code')).toBe('idempotency_key_in_use');
    clock.advance(10_001);
    const late = await call('POST', '/v1/payments', request);
    expect(late.status).toBe(201);
    expect(late.body).toMatchObject({ status: 'processing', next_action: { type: 'wait' } });
    open();
    const answered = await first;
    await world.engine.idle();
    const last = await call('POST', '/v1/payments', request);
    expect(at(last, 'status')).toBe('succeeded');
    expect(textAt(last, 'id')).toBe(textAt(answered, 'id'));
  });

  it.each(['', 'x'.repeat(256), 'ümlaut'])('is refused with the key %j', async (key) => {
    const { call } = await startWorld();
    const headers = { 'idempotency-key': Buffer.from(key, 'utf8').toString('latin1') };
    const answer = await call('POST', '/v1/payments', { body: PAYMENT, headers });
    expect(at(answer, 'code')).toBe('idempotency_key_invalid');
  });
});
