import { describe, expect, it } from 'vitest';
import { at, PAYMENT, startWorld, textAt } from './world.js';

type Event = { type: string; position: number; sequence: number; data: Record<string, unknown> };
const PERSON = { account: 'cust-7', email: 'ada@example.org', phone: '+33612345678', name: 'Ada', language: 'fr' };

describe('events', () => {
  it('tell the whole story of a payment, in order and without a person', async () => {
    const { call } = await startWorld();
    const body = {
      ...PAYMENT,
      payer: PERSON,
      description: 'For Ada',
      metadata: { who: 'Ada' },
      pay_with: 'tok_sandbox_approve',
    };
    const id = textAt(await call('POST', '/v1/payments', { body }), 'id');
    await call('POST', `/v1/payments/${id}/refunds`, { body: { amount: 100, metadata: { who: 'Ada' } } });
    const answer = await call('GET', `/v1/payments/${id}/events?limit=100`);
    const events = at(answer, 'data') as Event[];
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ type }) => type)).toEqual([
      'payment.created',
      'attempt.processing',
      'payment.processing',
      'attempt.captured',
      'payment.succeeded',
      'refund.pending',
      'refund.succeeded',
    ]);
    for (const word of ['Ada', 'ada@', '+336', '"metadata"', '"next_action', '"payment_code"', '"pay":']) {
      expect(answer.text).not.toContain(word);
    }
    expect(events[0]?.data).toMatchObject({ object: 'payment', payer: { account: 'cust-7', language: 'fr' } });
    expect(events[3]?.data).toMatchObject({ object: 'attempt', payment: id, version: 5, status: 'captured' });
    expect(events[6]?.data).toMatchObject({ object: 'refund', payment: id, amount: 100, status: 'succeeded' });
    const page = await call('GET', `/v1/payments/${id}/events?limit=4`);
    expect(at(page, 'next')).toBe('4');
    const rest = await call('GET', `/v1/payments/${id}/events?after=4`);
    expect((at(rest, 'data') as Event[]).map(({ sequence }) => sequence)).toEqual([5, 6, 7]);
    expect(at(rest, 'next')).toBeNull();
  });

  it('of all payments are one feed that never ends', async () => {
    const { call } = await startWorld();
    for (const reference of ['A', 'B']) await call('POST', '/v1/payments', { body: { ...PAYMENT, reference } });
    const first = await call('GET', '/v1/events?limit=1');
    expect((at(first, 'data') as Event[]).map(({ position }) => position)).toEqual([1]);
    const second = await call('GET', `/v1/events?after=${textAt(first, 'next')}`);
    expect((at(second, 'data') as Event[]).map(({ position }) => position)).toEqual([2]);
    const end = await call('GET', `/v1/events?after=${textAt(second, 'next')}`);
    expect(end.body).toEqual({ data: [], next: '2' });
    await call('POST', '/v1/payments', { body: { ...PAYMENT, reference: 'C' } });
    expect((at(await call('GET', '/v1/events?after=2'), 'data') as Event[])[0]?.type).toBe('payment.created');
  });

  it('are not read from a place that is not there yet, which would leave out what comes before it', async () => {
    const { call } = await startWorld();
    const refused = async (path: string) => {
      const answer = await call('GET', path);
      expect([answer.status, at(answer, 'code')]).toEqual([400, 'cursor_invalid']);
      return at(answer, 'detail');
    };
    expect(await refused('/v1/events?after=1')).toBe('The last place is 0.');
    const id = textAt(await call('POST', '/v1/payments', { body: PAYMENT }), 'id');
    expect(await refused('/v1/events?after=2')).toBe('The last place is 1.');
    expect(await refused('/v1/events?after=999999999999999')).toBe('The last place is 1.');
    expect(await refused(`/v1/payments/${id}/events?after=2`)).toBe('The last place is 1.');
    expect((await call('GET', '/v1/events?after=1')).body).toEqual({ data: [], next: '1' });
    expect((await call('GET', `/v1/payments/${id}/events?after=1`)).body).toEqual({ data: [], next: null });
  });
});

describe('the timeline', () => {
  it.each([
    ['en', 'en-GB,en;q=0.9', 'The payment of €42.50 was created.', 'If nobody has paid by then, the payment expires.'],
    [
      'fr',
      'fr-CA, en;q=0.5',
      'Le paiement de 42,50 € a été créé.',
      'Si personne n’a payé d’ici là, le paiement expire.',
    ],
    ['en', 'de', 'The payment of €42.50 was created.', 'If nobody has paid by then, the payment expires.'],
  ])('is told in %s for %s', async (language, header, created, next) => {
    const { call } = await startWorld();
    const id = textAt(await call('POST', '/v1/payments', { body: PAYMENT }), 'id');
    const answer = await call('GET', `/v1/payments/${id}/timeline`, { headers: { 'accept-language': header } });
    expect(answer.headers.get('content-language')).toBe(language);
    const plain = (text: unknown): string => String(text).replaceAll(/[\u00a0\u202f]/g, ' ');
    expect(plain(at(answer, 'data.0.text'))).toBe(created);
    expect(plain(at(answer, 'next.text'))).toBe(next);
    expect(textAt(answer, 'next.at')).toBe(textAt(await call('GET', `/v1/payments/${id}`), 'expires_at'));
  });
});
