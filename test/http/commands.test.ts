import { describe, expect, it } from 'vitest';
import { at, PAYMENT, startWorld, textAt, type World } from './world.js';

const paid = async ({ call }: World, change: object = {}): Promise<string> => {
  const body = { ...PAYMENT, pay_with: 'tok_sandbox_approve', ...change };
  return textAt(await call('POST', '/v1/payments', { body }), 'id');
};

describe('capture', () => {
  it('takes parts, then the rest, and releases what is left', async () => {
    const world = await startWorld();
    const id = await paid(world, { capture: 'manual' });
    const path = `/v1/payments/${id}/capture`;
    const first = await world.call('POST', path, { body: { amount: 1000, final: false } });
    expect(first.body).toMatchObject({ status: 'partially_captured', amount_captured: 1000, amount_capturable: 3250 });
    const last = await world.call('POST', path, { body: { amount: 2000 } });
    expect(last.body).toMatchObject({
      status: 'succeeded',
      amount_captured: 3000,
      amount_authorized: 3000,
      amount_capturable: 0,
    });
    const again = await world.call('POST', path);
    expect(at(again, 'code')).toBe('payment_not_capturable');
  });

  it('takes all when no amount is given, with or without a body', async () => {
    const world = await startWorld();
    const id = await paid(world, { capture: 'manual' });
    expect(at(await world.call('POST', `/v1/payments/${id}/capture`), 'amount_captured')).toBe(4250);
  });

  it('names how much is left when too much is asked for', async () => {
    const world = await startWorld();
    const id = await paid(world, { capture: 'manual' });
    const answer = await world.call('POST', `/v1/payments/${id}/capture`, { body: { amount: 4251 } });
    expect(answer.status).toBe(422);
    expect(at(answer, 'errors.0')).toMatchObject({ pointer: '/amount', code: 'too_large' });
  });
});

describe('refund', () => {
  it('goes back in parts, never above what was captured, and can be read', async () => {
    const world = await startWorld();
    const id = await paid(world);
    const path = `/v1/payments/${id}/refunds`;
    const body = { amount: 250, reason: 'damaged', reference: 'RMA-1', metadata: { box: '3' } };
    const first = await world.call('POST', path, { body });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ ...body, object: 'refund', payment: id, status: 'succeeded', currency: 'EUR' });
    expect((await world.call('POST', path, { body: { amount: 4001 } })).status).toBe(422);
    expect(at(await world.call('POST', path, { body: {} }), 'amount')).toBe(4000);
    expect(at(await world.call('POST', path), 'code')).toBe('payment_not_refundable');
    expect((await world.call('GET', `/v1/refunds/${textAt(first, 'id')}`)).text).toBe(first.text);
    const list = await world.call('GET', `/v1/refunds?payment=${id}&limit=1`);
    expect(at(list, 'data.0.amount')).toBe(4000);
    const rest = await world.call('GET', `/v1/refunds?payment=${id}&after=${textAt(list, 'next')}`);
    expect(at(rest, 'data.0.id')).toBe(textAt(first, 'id'));
    expect(at(rest, 'next')).toBeNull();
    expect(at(await world.call('GET', `/v1/payments/${id}`), 'amount_refunded')).toBe(4250);
  });
});

describe('cancel', () => {
  it('releases what was authorized', async () => {
    const world = await startWorld();
    const id = await paid(world, { capture: 'manual' });
    const answer = await world.call('POST', `/v1/payments/${id}/cancel`);
    expect(answer.body).toMatchObject({
      status: 'canceled',
      canceled_by: 'merchant',
      cancel_requested: true,
      amount_authorized: 0,
    });
    expect(at(answer, 'attempts.0.operations.1.type')).toBe('void');
  });

  it('is too late once money was taken', async () => {
    const world = await startWorld();
    const answer = await world.call('POST', `/v1/payments/${await paid(world)}/cancel`);
    expect(answer.status).toBe(409);
    expect(at(answer, 'code')).toBe('payment_not_cancelable');
  });
});

describe('resolve', () => {
  it('is for payments in review', async () => {
    const world = await startWorld();
    const path = `/v1/payments/${await paid(world)}/resolve`;
    expect(at(await world.call('POST', path, { body: { decision: 'keep' } }), 'code')).toBe('payment_not_in_review');
    expect((await world.call('POST', path, { body: { decision: 'maybe' } })).status).toBe(400);
  });
});
