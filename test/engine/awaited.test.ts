import { describe, expect, test } from 'vitest';
import { totalsOf } from '../../src/engine/ledger.js';
import { payWith, type Sketch, START, sketch, type Wanted } from './sketch.js';
import { cancel, capture, command, play, refund } from './story.js';

/** What still counts and what no longer does: late money, second clicks, old timers, commands that the state forbids. */

const manual: Wanted = { capture: 'manual' };

describe('late money', () => {
  /** Reversed and acknowledged; then the original surfaces, because the acquirer forgot the reversal. */
  const forgotten = 'card proved authorize:unknown authorize:not_found authorize:security_code_lost reverse:approved';

  test('inquiries go on until the horizon after a reversal, and end with it', () => {
    const payment = sketch();
    play(payment, forgotten);
    let looks = 0;
    while (payment.operation('authorize').nextAt !== null) {
      play(payment, 'wait authorize:reversed');
      looks += 1;
      expect(looks).toBeLessThan(20);
    }
    expect(looks).toBeGreaterThan(1);
    expect(payment.now).toBeGreaterThanOrEqual(payment.operation('authorize').horizonAt ?? 0);
  });

  test('an approval that surfaces behind its reversal is returned, beside another paid attempt', () => {
    const payment = sketch({ terms: { lateMoney: 'keep' } });
    play(payment, forgotten);
    play(payment, 'card:b proved authorize:purchased');
    expect(payment.payment.status).toBe('succeeded');
    const first = payment.payment.attempts[0]?.operations[0];
    while (first !== undefined && payment.payment.attempts[0]?.operations[0]?.asking === null) payment.wait();
    const { calls } = payment.payment.attempts[0]?.operations[0] ?? { calls: 0 };
    const outcome = {
      outcome: 'approved',
      reference: 'r',
      money: { amount: 4250, currency: 'EUR' },
      captured: true,
    } as const;
    payment.tell({ type: 'outcome', operation: first?.id ?? '', call: calls, asking: 'inquire', outcome });
    expect(payment.payment.attempts[0]?.late).toBe('returned');
    play(payment, 'reverse:approved');
    expect(payment.payment.status).toBe('succeeded');
    expect(totalsOf(payment.payment)).toMatchObject({ authorized: 4250, captured: 4250 });
  });
});

describe('what is no longer awaited is dropped', () => {
  test('a second click answers the same prompt once', () => {
    const payment = sketch();
    const reply = {
      type: 'card',
      prompt: 'begin.1',
      channel: 'web',
      device: 'd',
      browser: null,
      token: 't',
      face: payment_face,
      stored: false,
      proof: null,
    } as const;
    expect(payment.tell({ type: 'reply', reply })).toBe(true);
    expect(payment.tell({ type: 'reply', reply })).toBe(false);
    expect(payment.payment.attempts).toHaveLength(1);
  });

  test('a timer from before names nothing', () => {
    const payment = sketch();
    expect(payment.tell({ type: 'time', timer: 'expiry:0' })).toBe(false);
    payment.tell({ type: 'extend' });
    payment.now += 3_600_000;
    expect(payment.tell({ type: 'time', timer: 'expiry:0' })).toBe(false);
  });

  test('an old call doubts in vain, but its approval counts', () => {
    const payment = sketch();
    play(payment, 'card proved wait'); // the lease is over, an inquiry is in flight
    const { id } = payment.operation('authorize');
    const stale = { type: 'outcome', operation: id, call: 1, asking: 'perform' } as const;
    expect(payment.tell({ ...stale, outcome: { outcome: 'unknown', reason: 'x' } })).toBe(false);
    const money = { amount: 4250, currency: 'EUR' };
    expect(payment.tell({ ...stale, outcome: { outcome: 'approved', reference: 'r', money, captured: true } })).toBe(
      true,
    );
    expect(payment.payment.status).toBe('succeeded');
  });

  test('the result of another authentication changes nothing', () => {
    const payment = sketch();
    payment.giveCard();
    const answer = {
      answer: 'final',
      result: 'Y',
      eci: null,
      value: null,
      directoryServerTransaction: null,
      version: null,
    } as const;
    expect(payment.tell({ type: 'authenticated', authentication: 'ath_other', call: null, answer })).toBe(false);
  });
});

describe('commands that the state forbids', () => {
  const problem = (code: string) => expect.objectContaining({ name: 'Problem', code });
  test.each<[name: string, wanted: Wanted, story: string, last: Parameters<Sketch['tell']>[0], code: string]>([
    ['cancel after capture', {}, 'card proved authorize:purchased', cancel(), 'payment_not_cancelable'],
    [
      'the payer cancels what is held',
      manual,
      'card proved authorize:approved',
      cancel('payer'),
      'payment_not_cancelable',
    ],
    ['capture of what is captured', {}, 'card proved authorize:purchased', capture(), 'payment_not_capturable'],
    ['capture above what is held', manual, 'card proved authorize:approved', capture(4251), 'amount_too_large'],
    [
      'capture while one is under way',
      manual,
      'card proved authorize:approved take:-1000',
      capture(),
      'operation_in_progress',
    ],
    [
      'cancel while a capture is under way',
      manual,
      'card proved authorize:approved take',
      cancel(),
      'operation_in_progress',
    ],
    [
      'several captures at an acquirer that captures once',
      { ...manual, acquirer: { capturePart: undefined as never } },
      'card proved authorize:approved',
      capture(1000, false),
      'multiple_captures_not_supported',
    ],
    ['refund before capture', manual, 'card proved authorize:approved', refund(), 'payment_not_refundable'],
    ['refund above what was captured', {}, 'card proved authorize:purchased', refund(4251), 'amount_too_large'],
    [
      'an unknown refund counts as refunded',
      {},
      'card proved authorize:purchased repay:4000 refund:unknown',
      refund(251),
      'amount_too_large',
    ],
    [
      'resolve without a review',
      {},
      '',
      { type: 'resolve', command: { ...command, decision: 'keep' } },
      'payment_not_in_review',
    ],
  ])('%s', (_name, wanted, story, last, code) => {
    const payment = sketch(wanted);
    play(payment, story);
    const before = JSON.stringify(payment.payment);
    expect(() => payment.tell(last)).toThrow(problem(code));
    expect(JSON.stringify(payment.payment)).toBe(before);
  });

  test('a key asks once, however often a lost race is decided again', () => {
    const payment = sketch();
    play(payment, 'card proved authorize:purchased');
    const request = { key: 'key-1', fingerprint: 'f', deadline: START };
    const keyed = { type: 'refund', command: { ...refund(100).command, request } } as const;
    payment.tell(keyed);
    expect(() => payment.tell(keyed)).toThrow(expect.objectContaining({ name: 'DuplicateKey', index: 'request' }));
    expect(payment.payment.refunds).toHaveLength(1);
  });

  test('refunds run side by side up to what was captured', () => {
    const payment = sketch();
    play(payment, 'card proved authorize:purchased repay:4000 repay:250');
    expect(payment.payment.refunds.map(({ status }) => status)).toEqual(['pending', 'pending']);
  });
});

describe('a challenge belongs to its device, and proof is never lowered', () => {
  test('a card left in a challenge comes back only with authentication', () => {
    const payment = sketch({ ...payWith('payer_present') });
    play(payment, 'authorize:authentication_required');
    payment.giveCard({ fingerprint: '1.card' });
    expect(payment.attempt().initiator).toBe('holder');
    expect(payment.attempt().flow?.snapshot.state).toBe('authenticating');
  });
});

const payment_face = { brand: 'visa', bin: '424242', last4: '4242', expMonth: 12, expYear: 2034, fingerprint: 'f' };
