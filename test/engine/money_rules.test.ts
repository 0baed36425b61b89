import { describe, expect, test } from 'vitest';
import { payWith, START, sketch, type Wanted } from './sketch.js';
import { play } from './story.js';

/** The money rules, one line each: what happens, and what the payment is then. */

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
      'a code that another process holds is not lost: nothing is taken back',
      {},
      'card proved authorize:unknown authorize:not_found authorize:held_elsewhere wait authorize:not_found authorize:purchased',
      'succeeded',
      'captured',
    ],
    [
      'nor is the payer asked where nothing was sent',
      {},
      'card proved authorize:held_elsewhere wait authorize:purchased',
      'succeeded',
      'captured',
    ],
    [
      'whoever holds it and never sends it is not waited for',
      {},
      'card proved authorize:held_elsewhere wait authorize:held_elsewhere',
      'requires_action',
      'requires_action',
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
