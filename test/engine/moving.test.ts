/** A payer who goes on with the same card on another device: only the authentication begins anew. */
import { describe, expect, it } from 'vitest';
import type { Reply } from '../../src/contracts/engine.js';
import { isOwnCard, mayTakeOver, triesOf } from '../../src/contracts/open_payment.js';
import { type Sketch, sketch } from './sketch.js';

const TABLET = { channel: 'web', device: 'device-2', browser: null } as const;
const OWN = { ...TABLET, device: 'device-1' } as const;

function challenged(wanted: Parameters<typeof sketch>[0] = {}): Sketch {
  const sketched = sketch({ payer: { account: 'a', email: null, phone: null, name: null, language: null }, ...wanted });
  sketched.giveCard({ token: 'tok_1', save: 'Keep it.' });
  challenge(sketched);
  return sketched;
}

function challenge(sketched: Sketch): void {
  const { id = '', calls = 0 } = sketched.attempt().authentication ?? {};
  const answer = { answer: 'challenge', url: 'https://acs.example', creq: 'x' } as const;
  sketched.tell({ type: 'authenticated', authentication: id, call: calls, answer });
}

const takeOver = (sketched: Sketch, from: Pick<Reply, 'channel' | 'device' | 'browser'> = TABLET): boolean =>
  sketched.tell({ type: 'reply', reply: { type: 'take_over', prompt: sketched.attempt().prompt?.id ?? '', ...from } });

describe('a card that is taken over', () => {
  it('is authenticated anew, on the device that asks for it, and pays once', () => {
    const sketched = challenged();
    const [first] = sketched.payment.attempts;
    // Whoever comes for the first time has no name yet.
    for (const device of ['device-2', null]) expect(mayTakeOver(sketched.payment, device)).toBe(true);
    expect(takeOver(sketched)).toBe(true);
    const [left, begun] = sketched.payment.attempts;
    expect(left).toMatchObject({ end: 'abandoned', status: 'canceled', card: null });
    expect(left?.authentication).toMatchObject({ state: 'unfinished', follow: null });
    expect(begun).toMatchObject({ card: 'tok_1', face: first?.face, initiator: 'holder', device: { id: 'device-2' } });
    expect(begun?.authentication?.id).not.toBe(left?.authentication?.id);
    expect(begun?.save?.consent).toEqual(first?.save?.consent);
    expect(sketched.released).toEqual([]);
    // What the first device comes to is no longer awaited.
    const late = {
      answer: 'final',
      result: 'Y',
      eci: '05',
      value: 'v',
      directoryServerTransaction: null,
      version: null,
    };
    const told = { type: 'authenticated', authentication: left?.authentication?.id ?? '', call: null, answer: late };
    expect(sketched.tell(told as Parameters<Sketch['tell']>[0])).toBe(false);
    sketched.authenticate('Y');
    sketched.answer('authorize', 'purchased');
    expect(sketched.payment.status).toBe('succeeded');
    expect(sketched.payment.attempts.map(({ status }) => status)).toEqual(['canceled', 'captured']);
  });

  it('leaves the vault when it is refused in the end', () => {
    const sketched = challenged();
    takeOver(sketched);
    sketched.authenticate('N');
    expect(sketched.released).toEqual(['tok_1']);
  });

  it('is taken over once: the second asking answers what is asked no more', () => {
    const sketched = challenged();
    const prompt = sketched.attempt().prompt?.id ?? '';
    takeOver(sketched);
    expect(sketched.tell({ type: 'reply', reply: { type: 'take_over', prompt, ...TABLET } })).toBe(false);
    expect(sketched.payment.attempts).toHaveLength(2);
  });
});

describe('a stranger who has the link', () => {
  const from = (device: string) => ({ ...TABLET, device });

  it('takes a card away twice at most, and its payer takes it back each time, with all tries left', () => {
    const sketched = challenged();
    for (const stranger of ['stranger-1', 'stranger-2']) {
      expect(takeOver(sketched, from(stranger))).toBe(true);
      challenge(sketched);
      expect(takeOver(sketched, OWN)).toBe(true);
      challenge(sketched);
    }
    for (const device of ['stranger-3', 'stranger-1', null]) expect(mayTakeOver(sketched.payment, device)).toBe(false);
    expect(takeOver(sketched, from('stranger-3'))).toBe(false);
    expect(triesOf(sketched.payment)).toBe(1);
    sketched.authenticate('N');
    expect(sketched.payment.status).toBe('requires_payment_method');
    sketched.giveCard({ token: 'tok_2' });
    challenge(sketched);
    sketched.authenticate('Y');
    sketched.answer('authorize', 'purchased');
    expect(sketched.payment.status).toBe('succeeded');
  });

  it('who takes it from another stranger leaves it to the payer too', () => {
    const sketched = challenged();
    for (const stranger of ['stranger-1', 'stranger-2']) {
      expect(takeOver(sketched, from(stranger))).toBe(true);
      challenge(sketched);
    }
    expect([mayTakeOver(sketched.payment, 'stranger-3'), takeOver(sketched, OWN)]).toEqual([false, true]);
  });

  it('has given no card of their own', () => {
    const sketched = challenged();
    takeOver(sketched);
    const { attempts } = sketched.payment;
    expect(attempts.map((attempt) => isOwnCard(attempts, attempt))).toEqual([true, false]);
  });
});

describe('nothing is taken over', () => {
  it('by the device that is at the issuer itself', () => {
    const sketched = challenged();
    expect([mayTakeOver(sketched.payment, 'device-1'), takeOver(sketched, OWN)]).toEqual([false, false]);
  });

  it('of a card that the account keeps: each device shows that it has its code', () => {
    const sketched = sketch();
    const face = { brand: 'visa', bin: '424242', last4: '4242', expMonth: 12, expYear: 2034, fingerprint: '1.card' };
    const card = { type: 'card', token: 'tok_1', face, stored: true, proof: null } as const;
    sketched.tell({ type: 'reply', reply: { prompt: 'begin.1', ...OWN, ...card } });
    challenge(sketched);
    expect([mayTakeOver(sketched.payment, 'device-2'), takeOver(sketched)]).toEqual([false, false]);
  });

  it('after the last try, which stays where it is', () => {
    const sketched = challenged({ terms: { attemptsMax: 1 } });
    expect([mayTakeOver(sketched.payment, 'device-2'), takeOver(sketched)]).toEqual([false, false]);
    expect(sketched.payment.status).toBe('requires_action');
  });

  it('while nobody is at an issuer', () => {
    const sketched = sketch();
    sketched.giveCard();
    expect([mayTakeOver(sketched.payment, 'device-2'), takeOver(sketched)]).toEqual([false, false]);
  });

  it('once the payment was canceled', () => {
    const sketched = challenged();
    const prompt = sketched.attempt().prompt?.id ?? '';
    sketched.tell({ type: 'cancel', command: { by: 'payer', request: null, deadline: 0 } });
    expect(sketched.tell({ type: 'reply', reply: { type: 'take_over', prompt, ...TABLET } })).toBe(false);
  });
});
