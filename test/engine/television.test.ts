import { describe, expect, it } from 'vitest';
import { isPurchaseCodeEnough, requiredProof } from '../../src/engine/proof.js';
import { presentTimeline } from '../../src/presentation/timeline.js';
import { type Sketch, sketch } from './sketch.js';

const FACE = { brand: 'visa', bin: '424242', last4: '4242', expMonth: 12, expYear: 2034, fingerprint: '1.card' };
const CARD = { type: 'card', device: 'box', browser: null, token: 'tok_1', face: FACE } as const;
const AT_HOME = { ...CARD, channel: 'tv', stored: true, proof: 'purchase_code' } as const;

const give = (sketched: Sketch, given: object = {}): boolean => {
  const prompt = `begin.${sketched.payment.attempts.length + 1}`;
  return sketched.tell({ type: 'reply', reply: { ...AT_HOME, prompt, ...given } });
};

describe('a card on television', () => {
  it.each([
    ['a stored card with the purchase code', {}, 'purchase_code'],
    ['a stored card without it', { proof: null }, 'authentication'],
    ['a card that was typed', { stored: false }, 'authentication'],
    ['a stored card on the page that claims it', { channel: 'web' }, 'authentication'],
    ['a stored card for which authentication is asked', { proof: 'authentication' }, 'authentication'],
    ['digits of a text', { proof: 'sms_code' }, 'authentication'],
    ['a claimed telephone order', { proof: 'telephone_order', stored: false }, 'authentication'],
  ] as const)('%s: %o needs %s', (_, given, expected) => {
    const sketched = sketch();
    expect(requiredProof(sketched.payment, { ...AT_HOME, ...given })).toBe(expected);
    if (!('channel' in given)) expect(give(sketched, given)).toBe(expected === 'purchase_code');
  });

  it('is the holder’s word and no authentication: the merchant begins it for the acquirer', () => {
    const sketched = sketch();
    expect(give(sketched)).toBe(true);
    expect(sketched.attempt()).toMatchObject({ channel: 'tv', initiator: 'merchant', authentication: null });
    expect(sketched.payment.channel).toBe('tv');
  });

  it.each(['N', 'R', 'U'])('is not taken once its authentication came to %s on this payment', (result) => {
    const sketched = sketch();
    expect(isPurchaseCodeEnough(sketched.payment, FACE)).toBe(true);
    sketched.giveCard();
    sketched.authenticate(result);
    expect(isPurchaseCodeEnough(sketched.payment, FACE)).toBe(false);
    expect(give(sketched)).toBe(false);
    expect(give(sketched, { face: { ...FACE, fingerprint: '1.other' } })).toBe(true);
  });

  it('is not taken once its authentication was left unfinished, nor once its bank wants it authenticated', () => {
    const left = sketch();
    left.giveCard();
    const prompt = left.attempt().prompt?.id ?? '';
    left.tell({ type: 'reply', reply: { type: 'leave', prompt, channel: 'web', device: 'device-1', browser: null } });
    if (left.attempt().flow !== null) left.wait();
    expect(isPurchaseCodeEnough(left.payment, FACE)).toBe(false);
    const wanted = sketch();
    give(wanted);
    wanted.answer('authorize', 'authentication_required');
    expect(wanted.payment.status).toBe('requires_payment_method');
    expect(isPurchaseCodeEnough(wanted.payment, FACE)).toBe(false);
    expect(give(wanted)).toBe(false);
  });
});

describe('how a payment was met', () => {
  it.each([
    ['device_paired', 'tv', 'A television shows the payment.', 'Un téléviseur affiche le paiement.'],
    ['page_opened', 'web', /^The page was opened on a device/, /^La page a été ouverte sur un appareil/],
  ] as const)('%s is told in its story, and changes nothing', (how, channel, english, french) => {
    const sketched = sketch();
    const { status, dueAt, channel: before } = sketched.payment;
    expect(sketched.tell({ type: 'met', how })).toBe(true);
    expect(sketched.payment).toMatchObject({ status, dueAt, channel: before });
    const lastOf = (language: 'en' | 'fr') =>
      (presentTimeline(sketched.payment, language)['data'] as { type: string; channel: string; text: string }[]).at(-1);
    expect(lastOf('en')).toMatchObject({ type: `channel.${how}`, channel });
    expect(lastOf('en')?.text).toMatch(english);
    expect(lastOf('fr')?.text).toMatch(french);
  });
});
