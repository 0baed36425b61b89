import { describe, expect, it } from 'vitest';
import { DECLINES } from '../../src/acquirers/sandbox/declines.js';
import type { Payment } from '../../src/contracts/payment.js';
import * as shapes from '../../src/http/shapes.js';
import { DECLINE_MESSAGES } from '../../src/presentation/declines.js';
import { createPresenter } from '../../src/presentation/payment.js';
import { type Sketch, START, sketch } from '../engine/sketch.js';

const presenter = createPresenter({
  publicUrl: 'https://pay.example',
  payLink: ({ id, generation }) => (generation === null ? null : `https://pay.example/pay/${id}.${generation}`),
  telephone: () => '+33123456789',
  clock: { now: () => START },
});

/** As merchants read it: through JSON, and held to the documented shape. */
function shown(payment: Payment) {
  const body = JSON.parse(JSON.stringify(presenter.payment(payment))) as unknown;
  return shapes.payment.parse(body);
}

const pay = (sketched: Sketch, outcome: Parameters<Sketch['answer']>[1]): Sketch => {
  sketched.giveCard();
  sketched.authenticate();
  sketched.answer('authorize', outcome);
  return sketched;
};

/** Every field of the paid payment in the public description, in its order. */
const FIELDS =
  'id object mode merchant status amount currency amount_authorized amount_captured amount_refunded amount_disputed ' +
  'amount_due amount_capturable capture_before reference payment_code description capture instruments channels payer ' +
  'next_action next_actions channel cancel_requested canceled_by version metadata created_at updated_at expires_at ' +
  'attempts links';
const ATTEMPT_FIELDS =
  'id instrument channel status outcome next_check_at amount amount_authorized amount_captured amount_refunded acquirer ' +
  'authorization_code decline card authentication operations';

describe('a payment as merchants see it', () => {
  it('has every field in its order', () => {
    const body = JSON.parse(JSON.stringify(presenter.payment(pay(sketch(), 'approved').payment)));
    expect(Object.keys(body).join(' ')).toBe(FIELDS);
    const [attempt] = body['attempts'] as object[];
    expect(Object.keys(attempt ?? {}).join(' ')).toBe(ATTEMPT_FIELDS);
  });

  it('holds nothing of the card but its face, and nothing of the flow', () => {
    const sketched = pay(sketch(), 'approved');
    const text = JSON.stringify(presenter.payment(sketched.payment));
    for (const secret of ['fingerprint', 'tok_1', 'snapshot', 'device', 'cavv', 'terms', 'revision']) {
      expect(text).not.toContain(secret);
    }
  });

  it('is paid', () => {
    const { attempts, ...body } = shown(pay(sketch(), 'purchased').payment);
    expect(body).toMatchObject({ status: 'succeeded', amount_authorized: 4250, amount_captured: 4250, amount_due: 0 });
    expect(body.next_actions).toEqual([]);
    expect(attempts[0]).toMatchObject({ status: 'captured', outcome: 'approved', next_check_at: null, decline: null });
    expect(attempts[0]?.authentication).toMatchObject({ method: 'three_d_secure', result: 'Y' });
  });

  it('tells a decline and lets the payer try again', () => {
    const body = shown(pay(sketch(), 'declined').payment);
    expect(body).toMatchObject({ status: 'requires_payment_method', amount_due: 4250, amount_authorized: 0 });
    expect(body.attempts[0]).toMatchObject({ status: 'declined', outcome: 'declined' });
    expect(body.next_action).toMatchObject({ type: 'redirect_to_url' });
  });

  it('shows an unknown outcome as processing, with the time of the next look', () => {
    const sketched = pay(sketch(), { outcome: 'unknown', reason: 'timeout' });
    sketched.answer('authorize', { outcome: 'unknown', reason: 'timeout' });
    const body = shown(sketched.payment);
    expect(body.status).toBe('processing');
    const [attempt] = body.attempts;
    expect(attempt).toMatchObject({ status: 'processing', outcome: 'unknown' });
    expect(attempt?.next_check_at).not.toBeNull();
    expect(body.next_action).toEqual({ type: 'wait', next_check_at: attempt?.next_check_at });
  });

  it('says until when it can be captured, and how much', () => {
    const sketched = pay(sketch({ capture: 'manual' }), 'approved');
    const held = shown(sketched.payment);
    expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 4250, amount_captured: 0 });
    expect(Date.parse(held.capture_before ?? '')).toBeGreaterThan(START);
    const command = { amount: 400, final: true, request: null, deadline: START };
    sketched.tell({ type: 'capture', command });
    sketched.answer('capture', 'approved');
    sketched.answer('void', 'approved');
    expect(shown(sketched.payment)).toMatchObject({
      status: 'succeeded',
      amount_authorized: 400,
      amount_captured: 400,
      amount_capturable: 0,
      capture_before: null,
    });
  });

  it('offers every way that is open, the telephone and the television by the payment code', () => {
    const { payment } = sketch({ channels: ['web', 'ivr', 'tv'] });
    payment.generation = 1;
    payment.code = '4821093756';
    const body = shown(payment);
    expect(body.next_actions.map(({ type }) => type)).toEqual(['redirect_to_url', 'ivr_prompt', 'device_code']);
    expect(body.next_actions[1]).toMatchObject({ telephone: '+33123456789', payment_code: '4821093756' });
    expect(body.next_actions[2]).toMatchObject({
      user_code: '4821093756',
      verification_uri: 'https://pay.example/link',
    });
  });

  it('names the reason while a person must look', () => {
    const sketched = sketch();
    sketched.tell({ type: 'quarantine', detail: 'bug' });
    expect(shown(sketched.payment)).toMatchObject({ status: 'requires_review', review: { reason: 'quarantine' } });
  });
});

describe('the feed', () => {
  it('renders each object once, without anything that names a person or opens the payment', () => {
    const person = { account: 'cust-7', email: 'ada@example.org', phone: '+33612345678', name: 'Ada', language: 'fr' };
    const sketched = pay(sketch({ payer: person, description: 'For Ada', metadata: { who: 'Ada' } }), 'purchased');
    sketched.tell({
      type: 'refund',
      command: {
        amount: 100,
        reason: 'late',
        reference: null,
        metadata: { who: 'Ada' },
        request: null,
        deadline: START,
      },
    });
    const { payment } = sketched;
    const { data, events } = presenter.feed(payment, payment.events);
    const objects = JSON.parse(data) as Record<string, Record<string, unknown>>;
    expect(Object.keys(objects).sort()).toEqual([payment.attempts[0]?.id, payment.id, payment.refunds[0]?.id].sort());
    expect(events.every(({ object }) => objects[object] !== undefined)).toBe(true);
    expect(data).not.toMatch(/Ada|ada@|\+336|"metadata"|"next_action|"payment_code"|"pay":/);
    expect(objects[payment.id]).toMatchObject({ version: payment.events.length, links: { self: expect.any(String) } });
  });
});

describe('decline messages', () => {
  it('are there for everything the sandbox and the engine may say', () => {
    const engine = ['authentication_failed', 'authentication_rejected', 'authentication_unavailable'];
    const codes = [...Object.keys(DECLINES), ...engine, 'acquirer_unavailable', 'card_unavailable', 'not_supported'];
    expect(codes.filter((code) => DECLINE_MESSAGES[code] === undefined)).toEqual([]);
  });
});
