/** Moving to another channel never lowers the proof asked: whatever came of a card's authentication, wherever the card returns. */
import { describe, expect, it } from 'vitest';
import type { Source } from '../../src/contracts/payment.js';
import type { CardFace } from '../../src/contracts/vault.js';
import { isTakenHere, isTextEnough, requiredProof } from '../../src/engine/proof.js';
import { type Sketch, sketch } from './sketch.js';

const CARD: CardFace = {
  ...{ brand: 'visa', bin: '424242', last4: '4242', expMonth: 12, expYear: 2034 },
  fingerprint: '1.card',
};
const DEVICE = { device: 'device-1', browser: null } as const;

/** How a card may be offered: everything that goes without its holder being authenticated, on each channel. */
const WITHOUT_HOLDER = [
  ['ivr', false, null, 'telephone_order'],
  ['ivr', true, 'purchase_code', 'purchase_code'],
  ['sms', true, 'sms_code', 'sms_code'],
  ['tv', true, 'purchase_code', 'purchase_code'],
  ['api', true, 'merchant_agreement', 'merchant_agreement'],
] as const;

const begun = (): Sketch => {
  const sketched = sketch({ terms: { telephoneOrders: 'any', attemptsMax: 9 } });
  sketched.giveCard();
  return sketched;
};
const answered = (answer: 'device_check' | 'challenge'): Sketch => {
  const sketched = begun();
  const { id = '', calls = 0 } = sketched.attempt().authentication ?? {};
  const to = { url: 'https://acs.example', data: 'x', creq: 'x' };
  sketched.tell({ type: 'authenticated', authentication: id, call: calls, answer: { answer, ...to } });
  return sketched;
};
const left = (sketched: Sketch, channel: Source = 'web'): Sketch => {
  const prompt = sketched.attempt().prompt?.id ?? '';
  sketched.tell({ type: 'reply', reply: { type: 'leave', prompt, channel, ...DEVICE } });
  return sketched;
};
const declined = (channel: Source, stored: boolean): Sketch => {
  const sketched = sketch({ terms: { telephoneOrders: 'any', attemptsMax: 9 } });
  const card = { token: 'tok_1', face: CARD, stored, proof: stored ? 'purchase_code' : null } as const;
  sketched.tell({ type: 'reply', reply: { type: 'card', prompt: 'begin.1', channel, ...DEVICE, ...card } });
  sketched.answer('authorize', 'authentication_required');
  return sketched;
};

const refused = (result: string): Sketch => {
  const sketched = begun();
  sketched.authenticate(result);
  return sketched;
};
const overdue = (sketched: Sketch): Sketch => {
  sketched.wait();
  return sketched;
};

/** Everything that makes a card one that needs its holder. */
const SUSPECT: readonly (readonly [string, () => Sketch])[] = [
  ['its authentication failed', () => refused('N')],
  ['its issuer rejected it', () => refused('R')],
  ['it could not be authenticated', () => refused('U')],
  ['its authentication had only begun', () => left(begun())],
  ['its device check was left', () => left(answered('device_check'))],
  ['its challenge was left', () => left(answered('challenge'))],
  ['its challenge was left by a caller', () => left(answered('challenge'), 'ivr')],
  ['its challenge ran out of time', () => overdue(answered('challenge'))],
  ['its bank asked for its holder, by telephone', () => declined('ivr', false)],
  ['its bank asked for its holder, by purchase code', () => declined('ivr', true)],
  ['its bank asked for its holder, by text', () => declined('sms', true)],
];

describe.each(SUSPECT)('a card is taken with authentication alone after %s', (_, suspect) => {
  it.each(WITHOUT_HOLDER)('by %s (stored: %s, %s)', (channel, stored, proof, otherwise) => {
    const { payment } = suspect();
    expect(payment.status).toBe('requires_payment_method');
    const reply = { channel, stored, proof, face: CARD };
    expect(requiredProof(payment, reply)).toBe('authentication');
    expect(isTakenHere(payment, reply)).toBe(channel === 'api');
    const renewed = { ...CARD, expMonth: 1, expYear: 2040, brand: 'cb' };
    expect(requiredProof(payment, { ...reply, face: renewed })).toBe('authentication');
    // Another card is none of it; nor is one whose fingerprint is of another key, as long as its digits tell them apart.
    for (const other of [
      { ...CARD, fingerprint: '1.other' },
      { ...CARD, fingerprint: '2.whichever', last4: '0006' },
      { ...CARD, fingerprint: '2.whichever', bin: '497010' },
    ]) {
      expect(requiredProof(payment, { ...reply, face: other })).toBe(otherwise);
    }
    // Nobody can tell that it is another.
    expect(requiredProof(payment, { ...reply, face: { ...renewed, fingerprint: '2.whichever' } })).toBe(
      'authentication',
    );
  });
});

it('a card whose holder was authenticated here is taken as if nothing had been', () => {
  const sketched = begun();
  sketched.authenticate('Y');
  sketched.answer('authorize', 'declined');
  for (const [channel, stored, proof, otherwise] of WITHOUT_HOLDER) {
    expect(requiredProof(sketched.payment, { channel, stored, proof, face: CARD })).toBe(otherwise);
  }
});

it('nobody is authenticated where they cannot be sent to their bank: the card is given elsewhere', () => {
  const sketched = left(answered('challenge'));
  const before = sketched.payment;
  for (const [channel, stored, proof] of WITHOUT_HOLDER.filter(([name]) => name !== 'api')) {
    const card = { token: 'tok_2', face: CARD, stored, proof } as const;
    const reply = { type: 'card', prompt: 'begin.2', channel, ...DEVICE, ...card } as const;
    expect(sketched.tell({ type: 'reply', reply })).toBe(false);
  }
  expect(sketched.payment).toBe(before);
  expect(isTextEnough(before, CARD)).toBe(false);
  expect(isTextEnough(before, { ...CARD, fingerprint: '1.other' })).toBe(true);
  sketched.giveCard({ token: 'tok_2' });
  expect(sketched.attempt().authentication?.state).toBe('asking');
});
