import { describe, expect, test } from 'vitest';
import type { CancelCommand, CaptureCommand, RefundCommand } from '../../src/contracts/engine.js';
import { totalsOf } from '../../src/engine/ledger.js';
import { payWith, type Sketch, START, sketch, type Wanted } from './sketch.js';

/** The money rules, one line each: what happens, and what the payment is then. */

const command = { request: null, deadline: START };
const cancel = (by: CancelCommand['by'] = 'merchant') => ({ type: 'cancel', command: { ...command, by } }) as const;
const capture = (amount: number | null = null, final = true) =>
  ({ type: 'capture', command: { ...command, amount, final } satisfies CaptureCommand }) as const;
const refund = (amount: number | null = null) =>
  ({
    type: 'refund',
    command: { ...command, amount, reason: null, reference: null, metadata: {} } satisfies RefundCommand,
  }) as const;

/** A short language for what happens: a word per step. */
function play(payment: Sketch, story: string): void {
  for (const word of story.split(' ').filter(Boolean)) {
    const [verb = '', detail = ''] = word.split(':');
    if (verb === 'card') payment.giveCard(detail === '' ? {} : { fingerprint: detail, token: `tok_${detail}` });
    else if (verb === 'proved') payment.authenticate(detail || 'Y');
    else if (verb === 'wait') payment.wait();
    else if (verb === 'cancel') payment.tell(cancel((detail || 'merchant') as 'merchant'));
    else if (verb === 'take')
      payment.tell(capture(detail === '' ? null : Math.abs(Number(detail)), !detail.startsWith('-')));
    else if (verb === 'repay') payment.tell(refund(detail === '' ? null : Number(detail)));
    else if (verb === 'keep' || verb === 'return')
      payment.tell({ type: 'resolve', command: { ...command, decision: verb } });
    else payment.answer(verb as 'authorize', detail);
  }
}

const manual: Wanted = { capture: 'manual' };
const noPurchase: Wanted = { acquirer: { purchase: undefined as never } };
const expiring: Wanted = { expiresAt: START + 1_000 };

describe('what happens, and the status then', () => {
  test.each<[name: string, wanted: Wanted, story: string, status: string, attempt: string]>([
    ['a card is paid', {}, 'card proved authorize:purchased', 'succeeded', 'captured'],
    ['an attempt counts as proof', {}, 'card proved:A authorize:purchased', 'succeeded', 'captured'],
    [
      'the ledger captures where the acquirer cannot at once',
      noPurchase,
      'card proved authorize:approved capture:approved',
      'succeeded',
      'captured',
    ],
    ['money is held for a manual capture', manual, 'card proved authorize:approved', 'requires_capture', 'authorized'],
    ['a refused holder is not charged', {}, 'card proved:N', 'requires_payment_method', 'declined'],
    ['what cannot be proved is not charged', {}, 'card proved:U', 'requires_payment_method', 'declined'],
    ['a decline lets the payer try again', {}, 'card proved authorize:declined', 'requires_payment_method', 'declined'],
    [
      'another card after a decline pays',
      {},
      'card proved authorize:declined card:b proved authorize:purchased',
      'succeeded',
      'captured',
    ],
    [
      'tries are bounded',
      {},
      'card proved authorize:declined card proved authorize:declined card proved authorize:declined',
      'failed',
      'declined',
    ],
    ['a stolen card ends it', {}, 'card proved authorize:stop', 'failed', 'declined'],
    ['unknown is never failed', {}, 'card proved authorize:unknown', 'processing', 'processing'],
    ['an inquiry finds the approval', {}, 'card proved authorize:unknown authorize:purchased', 'succeeded', 'captured'],
    [
      'not found is repeated under its identity',
      {},
      'card proved authorize:unknown authorize:not_found authorize:purchased',
      'succeeded',
      'captured',
    ],
    ['a lost lease is unknown', {}, 'card proved wait authorize:purchased', 'succeeded', 'captured'],
    [
      'without the code the repeat becomes a reversal',
      {},
      'card proved authorize:unknown authorize:not_found authorize:security_code_lost reverse:approved',
      'requires_payment_method',
      'reversed',
    ],
    [
      'a reversal is repeated until acknowledged',
      {},
      'card proved authorize:unknown authorize:not_found authorize:security_code_lost reverse:unknown reverse:not_found reverse:approved',
      'requires_payment_method',
      'reversed',
    ],
    [
      'nothing sent and the code lost asks for the code',
      {},
      'card proved authorize:security_code_lost',
      'requires_action',
      'requires_action',
    ],
    [
      'an unreachable acquirer is tried again',
      {},
      'card proved authorize:unreachable wait authorize:purchased',
      'succeeded',
      'captured',
    ],
    [
      'an acquirer that stays away ends the attempt',
      {},
      'card proved authorize:unreachable wait authorize:unreachable wait authorize:unreachable wait authorize:unreachable',
      'requires_payment_method',
      'declined',
    ],
    [
      'another amount is taken back',
      {},
      'card proved authorize:other_amount reverse:approved',
      'requires_payment_method',
      'reversed',
    ],
    ['pending waits', {}, 'card proved authorize:pending', 'processing', 'processing'],
    ['pending comes true', {}, 'card proved authorize:pending wait authorize:purchased', 'succeeded', 'captured'],
    ['a cancel before anything ends at once', {}, 'cancel', 'canceled', ''],
    ['a cancel while authorizing waits for the outcome', {}, 'card proved cancel', 'processing', 'processing'],
    [
      'an approval after cancel is returned',
      {},
      'card proved cancel authorize:purchased reverse:approved',
      'canceled',
      'reversed',
    ],
    [
      'a canceled approval is kept by no terms',
      { terms: { lateMoney: 'keep' } },
      'card proved cancel authorize:purchased reverse:approved',
      'canceled',
      'reversed',
    ],
    ['a decline after cancel ends it', {}, 'card proved cancel authorize:declined', 'canceled', 'declined'],
    [
      'a cancel releases what is held',
      manual,
      'card proved authorize:approved cancel void:approved',
      'canceled',
      'voided',
    ],
    ['expiry ends what waits', expiring, 'wait', 'expired', ''],
    [
      'an approval after expiry is returned',
      expiring,
      'card proved wait authorize:purchased reverse:approved',
      'expired',
      'reversed',
    ],
    [
      'an approval after expiry is kept where the terms say so',
      { ...expiring, terms: { lateMoney: 'keep' } },
      'card proved wait authorize:purchased',
      'succeeded',
      'captured',
    ],
    [
      'a taken reference returns it all the same',
      { ...expiring, terms: { lateMoney: 'keep' }, referenceTaken: true },
      'card proved wait authorize:purchased reverse:approved',
      'expired',
      'reversed',
    ],
    [
      'late money waits for a person',
      { ...expiring, terms: { lateMoney: 'review' } },
      'card proved wait authorize:purchased',
      'requires_review',
      'captured',
    ],
    [
      'the person keeps it',
      { ...expiring, terms: { lateMoney: 'review' } },
      'card proved wait authorize:purchased keep',
      'succeeded',
      'captured',
    ],
    [
      'the person returns it',
      { ...expiring, terms: { lateMoney: 'review' } },
      'card proved wait authorize:purchased return reverse:approved',
      'expired',
      'reversed',
    ],
    [
      'a partial capture that is final pays',
      manual,
      'card proved authorize:approved take:1000 capture:approved void:approved',
      'succeeded',
      'captured',
    ],
    [
      'a partial capture that is not leaves more',
      manual,
      'card proved authorize:approved take:-1000 capture:approved',
      'partially_captured',
      'captured',
    ],
    [
      'the rest can still be captured',
      manual,
      'card proved authorize:approved take:-1000 capture:approved take capture:approved',
      'succeeded',
      'captured',
    ],
    [
      'a failed capture leaves it held',
      manual,
      'card proved authorize:approved take capture:declined',
      'requires_capture',
      'authorized',
    ],
    [
      'a failed automatic capture releases',
      noPurchase,
      'card proved authorize:approved capture:declined void:approved',
      'requires_payment_method',
      'voided',
    ],
    ['a hold that ends is released', manual, 'card proved authorize:approved wait void:approved', 'canceled', 'voided'],
    ['a refund leaves it paid', {}, 'card proved authorize:purchased repay refund:approved', 'succeeded', 'captured'],
    [
      'a void that is refused needs a person',
      manual,
      'card proved authorize:approved cancel void:declined',
      'requires_review',
      'authorized',
    ],
    ['merchant-initiated: paid', payWith('recurring'), 'authorize:purchased', 'succeeded', 'captured'],
    ['merchant-initiated: declined', payWith('recurring'), 'authorize:declined', 'failed', 'declined'],
    [
      'merchant-initiated: the payer may try again',
      payWith('payer_present'),
      'authorize:declined',
      'requires_payment_method',
      'declined',
    ],
    [
      'merchant-initiated: the holder must come',
      payWith('recurring'),
      'authorize:authentication_required',
      'requires_action',
      'declined',
    ],
    [
      'merchant-initiated: the holder comes',
      payWith('recurring'),
      'authorize:authentication_required card proved authorize:purchased',
      'succeeded',
      'captured',
    ],
    [
      'merchant-initiated: never known, nothing taken',
      payWith('recurring'),
      'authorize:unknown authorize:not_found authorize:unknown wait authorize:not_found authorize:unknown wait authorize:not_found reverse:approved',
      'failed',
      'reversed',
    ],
  ])('%s', (_name, wanted, story, status, attempt) => {
    const payment = sketch(wanted);
    play(payment, story);
    expect(payment.payment.status).toBe(status);
    expect(payment.payment.attempts.at(-1)?.status ?? '').toBe(attempt);
    if (!['succeeded', 'canceled', 'failed', 'expired', 'requires_review'].includes(status)) {
      expect(payment.payment.dueAt).not.toBeNull();
    }
  });
});

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
      returnUrl: '',
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
