import { describe, expect, test } from 'vitest';
import type { InquiryOutcome } from '../../src/contracts/acquirer.js';
import { totalsOf } from '../../src/engine/ledger.js';
import { type Sketch, START, sketch, type Wanted } from './sketch.js';
import { play } from './story.js';

/** Acquirers that contradict themselves or lack abilities, and what a person may decide about it. */

const manual: Wanted = { capture: 'manual' };
const withoutReversal: Wanted = { acquirer: { reverse: undefined as never } };
const other = (amount: number): InquiryOutcome => ({
  outcome: 'approved',
  reference: 'r',
  money: { amount, currency: 'EUR' },
});

/** The first call's answer, long after the ladder has gone on. */
function firstCallSays(payment: Sketch, outcome: InquiryOutcome): boolean {
  const { id } = payment.operation('authorize');
  return payment.tell({ type: 'outcome', operation: id, call: 1, asking: 'perform', outcome });
}

describe('what a person decides about a quarantined payment', () => {
  test.each(['keep', 'return'])('a contradicted capture: %s', (decision) => {
    const payment = sketch(manual);
    play(payment, 'card proved authorize:approved take');
    payment.answer('capture', other(4249));
    expect(payment.payment.status).toBe('requires_review');
    expect(totalsOf(payment.payment).captured).toBe(4249);
    play(payment, decision);
    expect(payment.payment.review).toBeNull();
  });

  test('returning after refunds gives back the rest and nothing twice', () => {
    const payment = sketch();
    play(payment, 'card proved authorize:purchased repay:4000 refund:approved repay:200');
    payment.answer('refund', other(199));
    play(payment, 'return');
    expect(payment.operation('refund')).toMatchObject({ amount: 51, status: 'sent' });
    expect(payment.payment.attempts[0]?.operations.some(({ type }) => type === 'reverse')).toBe(false);
    play(payment, 'refund:approved');
    expect(payment.payment.status).toBe('canceled');
    expect(totalsOf(payment.payment)).toMatchObject({ captured: 4250, refunded: 4250 });
  });

  test('nothing new is charged before he has decided', () => {
    const payment = sketch();
    payment.giveCard();
    payment.tell({ type: 'quarantine', detail: 'test' });
    payment.authenticate();
    expect(payment.attempt().operations).toHaveLength(0);
  });

  test('what exceeds the amount is not kept, whoever says so', () => {
    const payment = sketch(withoutReversal);
    play(payment, 'card proved');
    payment.answer('authorize', { ...other(4251), captured: true } as InquiryOutcome);
    play(payment, 'refund:declined');
    expect(payment.payment.status).toBe('requires_review');
    play(payment, 'keep');
    expect(payment.attempt().late).toBe('returned');
    expect(payment.payment.status).not.toBe('succeeded');
  });

  test('a void that is refused can be left as it is', () => {
    const payment = sketch(manual);
    play(payment, 'card proved authorize:approved cancel void:declined keep');
    expect(payment.payment.status).toBe('requires_capture');
    expect(payment.payment.openReference).toBe('ORDER-1');
  });
});

describe('an approval after a decline is never ignored', () => {
  test('the acquirer is asked, and the money goes back', () => {
    const payment = sketch();
    play(payment, 'card proved wait authorize:declined');
    expect(payment.payment.status).toBe('requires_payment_method');
    const money = { amount: 4250, currency: 'EUR' };
    expect(firstCallSays(payment, { outcome: 'approved', reference: 'r', money, captured: true })).toBe(true);
    play(payment, 'wait authorize:purchased');
    expect(payment.attempt().late).toBe('returned');
    play(payment, 'reverse:approved');
    expect(payment.attempt().status).toBe('reversed');
  });

  test('a refund that succeeds after it failed is in the books, and a person is told', () => {
    const payment = sketch();
    play(payment, 'card proved authorize:purchased repay:1000 wait refund:declined');
    const { id } = payment.operation('refund');
    const late = { type: 'outcome', operation: id, call: 1, asking: 'perform', outcome: other(1000) } as const;
    expect(payment.tell(late)).toBe(true);
    expect(payment.payment.status).toBe('requires_review');
    expect(totalsOf(payment.payment).refunded).toBe(1000);
  });
});

describe('an acquirer that cannot take back', () => {
  test('silence beyond the horizon ends nothing', () => {
    const payment = sketch(withoutReversal);
    play(payment, 'card proved authorize:unknown');
    for (let look = 0; look < 12; look++) play(payment, 'authorize:unknown wait');
    expect(payment.now).toBeGreaterThan(START + 60_000);
    expect(payment.payment.status).toBe('processing');
  });

  test('not found at the end of the horizon is final', () => {
    const payment = sketch(withoutReversal);
    play(
      payment,
      'card proved authorize:unknown authorize:not_found authorize:unknown wait authorize:not_found authorize:unknown',
    );
    for (let look = 0; payment.payment.status === 'processing'; look++) {
      expect(look).toBeLessThan(30);
      play(payment, 'wait authorize:not_found');
    }
    expect(payment.attempt().status).toBe('reversed');
    expect(payment.now).toBeGreaterThanOrEqual(payment.operation('authorize').horizonAt ?? 0);
  });

  test('late captured money is refunded once, and a refusal of that needs a person', () => {
    const payment = sketch({ ...withoutReversal, expiresAt: START + 1_000 });
    play(payment, 'card proved wait authorize:purchased');
    expect(payment.operation('refund')).toMatchObject({ amount: 4250, status: 'sent' });
    const declined = structuredClone(payment.payment);
    play(payment, 'refund:approved');
    expect(payment.payment.status).toBe('expired');
    expect(payment.attempt().operations.filter(({ type }) => type === 'refund')).toHaveLength(1);
    payment.payment = declined;
    play(payment, 'refund:declined');
    expect(payment.payment.status).toBe('requires_review');
  });
});

describe('while something is under way', () => {
  test('an approval in time is not overtaken by the expiry of its payment', () => {
    const payment = sketch({ acquirer: { purchase: undefined as never }, expiresAt: START + 1_000 });
    play(payment, 'card proved authorize:approved');
    payment.now = START + 2_000;
    expect(payment.tell({ type: 'time', timer: 'expiry:0' })).toBe(false);
    play(payment, 'capture:approved');
    expect(payment.payment.status).toBe('succeeded');
  });

  test('an approval that meets its own reversal is not told as one', () => {
    const payment = sketch(manual);
    play(payment, 'card proved authorize:unknown authorize:not_found authorize:security_code_lost');
    const money = { amount: 4250, currency: 'EUR' };
    firstCallSays(payment, { outcome: 'approved', reference: 'r', money });
    expect(payment.payment.status).toBe('processing');
    expect(payment.payment.events.map(({ type }) => type)).not.toContain('payment.requires_capture');
    play(payment, 'reverse:approved');
    expect(payment.payment.status).toBe('requires_payment_method');
  });

  test('a notification repeats nothing whose reversal is on its way', () => {
    const payment = sketch();
    play(payment, 'card proved authorize:unknown authorize:not_found authorize:security_code_lost');
    expect(payment.tell({ type: 'notified', operation: payment.operation('authorize').id })).toBe(false);
  });

  test('a long pending authorization is not reversed for one silence', () => {
    const payment = sketch();
    play(payment, 'card proved authorize:pending');
    for (let look = 0; look < 9; look++) play(payment, 'wait authorize:pending');
    play(payment, 'wait authorize:unknown');
    expect(payment.attempt().operations.map(({ type }) => type)).toEqual(['authorize']);
  });

  test('nothing new begins beside money that is on its way back', () => {
    const payment = sketch(withoutReversal);
    play(payment, 'card proved');
    payment.answer('authorize', { ...other(4249), captured: true } as InquiryOutcome);
    expect(payment.operation('refund')).toMatchObject({ amount: 4249, status: 'sent' });
    expect(payment.payment.status).toBe('processing');
    play(payment, 'refund:approved');
    expect(payment.payment.status).toBe('requires_payment_method');
  });

  test.each([
    ['pending', 'card proved authorize:pending cancel'],
    ['doubtful', 'card proved authorize:unknown authorize:not_found authorize:security_code_lost'],
  ])('a %s authorization is looked at once more, however late its reversal is acknowledged', (_name, story) => {
    const payment = sketch();
    play(payment, story);
    payment.now = (payment.operation('authorize').horizonAt ?? 0) + 60_000;
    play(payment, 'reverse:approved');
    expect(payment.operation('authorize').nextAt).toBeGreaterThan(payment.now);
    play(payment, 'wait authorize:reversed');
    expect(payment.operation('authorize').nextAt).toBeNull();
  });
});
