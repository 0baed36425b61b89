/** Who may pay with a card keyed on a telephone, as an order without authentication: the engine's word alone. */
import { describe, expect, it } from 'vitest';
import type { Reply } from '../../src/contracts/engine.js';
import type { Origin, Terms } from '../../src/contracts/payment.js';
import { openPromptOf } from '../../src/engine/prompts.js';
import { isTelephoneOrder } from '../../src/engine/proof.js';
import { type Sketch, sketch } from './sketch.js';

const FACE = { brand: 'visa', bin: '424242', last4: '4242', expMonth: 12, expYear: 2034, fingerprint: '1.card' };

function keyed(sketched: Sketch, change: Partial<Extract<Reply, { type: 'card' }>> = {}): boolean {
  const prompt = openPromptOf(sketched.payment, sketched.now)?.id ?? 'none';
  const common = { prompt, channel: 'ivr', device: 'call-1', browser: null } as const;
  const card = { type: 'card', token: 'tok_1', face: FACE, stored: false, proof: null } as const;
  return sketched.tell({ type: 'reply', reply: { ...common, ...card, ...change } });
}

const payment = (mode: 'test' | 'live', origin: Origin, telephoneOrders?: Terms['telephoneOrders']): Sketch =>
  sketch({ mode, origin, terms: telephoneOrders === undefined ? {} : { telephoneOrders } });

describe('a telephone order', () => {
  it.each([
    ['live', 'telephone', 'begun_by_phone', true],
    ['live', 'web', 'begun_by_phone', false],
    ['live', 'mail', 'begun_by_phone', false],
    ['live', 'tv', 'begun_by_phone', false],
    ['live', 'web', 'any', true],
    ['live', 'telephone', 'any', true],
    ['live', 'telephone', 'never', false],
    ['live', 'telephone', undefined, false],
    ['test', 'web', 'begun_by_phone', true],
    ['test', 'web', 'never', true],
    ['test', 'web', undefined, true],
  ] as const)('%s, ordered by %s, merchant says %s: %s', (mode, origin, terms, isTaken) => {
    const sketched = payment(mode, origin, terms);
    expect(isTelephoneOrder(sketched.payment, null)).toBe(isTaken);
    expect(keyed(sketched)).toBe(isTaken);
    expect(sketched.payment.attempts.map(({ initiator }) => initiator)).toEqual(isTaken ? ['telephone_order'] : []);
    expect(sketched.calls.map(({ kind }) => kind)).toEqual(isTaken ? ['operation'] : []);
  });

  it('is nothing that a channel may claim', () => {
    const sketched = payment('test', 'web');
    keyed(sketched, { channel: 'web', proof: 'telephone_order' });
    expect(sketched.attempt()).toMatchObject({ initiator: 'holder', authentication: { state: 'asking' } });
    const merchant = payment('test', 'web');
    keyed(merchant, { channel: 'web', proof: 'merchant_agreement' });
    expect(merchant.attempt().initiator).toBe('holder');
  });

  it('is refused to a card whose authentication was refused or left on this payment, and to no other', () => {
    for (const leave of [true, false]) {
      const sketched = payment('test', 'web');
      sketched.giveCard({ fingerprint: '1.card' });
      const prompt = sketched.attempt().prompt?.id ?? '';
      const device = { channel: 'web', device: 'device-1', browser: null } as const;
      if (leave) sketched.tell({ type: 'reply', reply: { type: 'leave', prompt, ...device } });
      else sketched.authenticate('N');
      expect(isTelephoneOrder(sketched.payment, FACE)).toBe(false);
      expect(isTelephoneOrder(sketched.payment, { ...FACE, fingerprint: '1.other' })).toBe(true);
      const before = sketched.payment;
      expect(keyed(sketched)).toBe(false);
      expect(sketched.payment).toBe(before);
      expect(keyed(sketched, { face: { ...FACE, fingerprint: '1.other' } })).toBe(true);
    }
  });

  it('that the bank wants authenticated goes on elsewhere, on the same payment', () => {
    const sketched = payment('test', 'web');
    keyed(sketched);
    const declined = { outcome: 'declined', code: 'authentication_required', advice: 'other_channel' } as const;
    sketched.answer('authorize', declined);
    expect(sketched.payment.status).toBe('requires_payment_method');
    expect(keyed(sketched)).toBe(false);
    sketched.giveCard({ token: 'tok_2', fingerprint: '1.card' });
    expect(sketched.attempt().authentication?.state).toBe('asking');
  });
});

describe('a call', () => {
  it('is noted in the journal, with the wish it was placed for', () => {
    const sketched = payment('test', 'web');
    const { status, channel } = sketched.payment;
    sketched.tell({ type: 'called', reach: 'rch_1' });
    expect(sketched.payment.events.at(-1)).toMatchObject({ type: 'channel.call_started', about: 'rch_1', note: null });
    expect(sketched.payment).toMatchObject({ status, channel });
  });
});
