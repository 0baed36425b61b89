/** The counter window by telephone over the true decisions of one payment: who may pay how, and what a number is for. */
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../src/contracts/calls.js';
import type { Payer } from '../../src/contracts/payer.js';
import { openPromptOf } from '../../src/engine/prompts.js';
import { sampleInstrument } from '../contract/samples.js';
import { START } from '../engine/sketch.js';

import { CALLER, KEYED, LIVE, openDesk, order } from './call_desk.js';

describe('a payment that takes no telephone orders', () => {
  it('takes no card by telephone, neither at the connector nor at the desk', async () => {
    const { desk, keyedCards, sketched } = openDesk(LIVE);
    expect(await desk.view('pay_1', 'CA1')).toMatchObject({ takesCard: false, hasPage: true, own: null });
    expect(await keyedCards.keep(KEYED)).toEqual({ refused: 'payment_closed' });
    const allowed = openDesk();
    const kept = await allowed.keyedCards.keep(KEYED);
    const pass = 'pass' in kept ? kept.pass : '';
    expect(await desk.takeKeyedCard('pay_1', 'begin.1', pass, CALLER)).toBe('lost');
    expect(sketched.payment.attempts).toEqual([]);
  });

  it('takes one where the customer ordered by telephone', async () => {
    const { desk, keyedCards, sketched } = openDesk({ ...LIVE, origin: 'telephone' });
    const kept = await keyedCards.keep(KEYED);
    expect(await desk.takeKeyedCard('pay_1', 'begin.1', 'pass' in kept ? kept.pass : '', CALLER)).toBe('taken');
    expect(sketched.attempt()).toMatchObject({ initiator: 'telephone_order', device: { id: 'device of CA1' } });
  });

  it('asks for the page where the card was refused its authentication meanwhile', async () => {
    const { desk, keyedCards, sketched } = openDesk();
    const first = await keyedCards.keep(KEYED);
    await desk.takeKeyedCard('pay_1', 'begin.1', 'pass' in first ? first.pass : '', CALLER);
    sketched.answer('authorize', { outcome: 'declined', code: 'authentication_required', advice: 'other_channel' });
    const again = await keyedCards.keep({ ...KEYED, transaction: 'tx-2', prompt: 'begin.2' });
    const pass = 'pass' in again ? again.pass : '';
    expect(await desk.takeKeyedCard('pay_1', 'begin.2', pass, CALLER)).toBe('needs_authentication');
    expect(sketched.payment.attempts).toHaveLength(1);
  });
});

describe('a purchase code', () => {
  const PAYER: Partial<Payer> = { id: 'pyr_1', erasedAt: null, instruments: [sampleInstrument({ id: 'ins_1' })] };
  const { face } = sampleInstrument();
  const EXPIRED = sampleInstrument({ id: 'ins_2', face: { ...face, expMonth: 1, expYear: 2020 } });
  const again = { ...CALLER, isNew: false };
  const keyed = (desk: ReturnType<typeof openDesk>['desk'], caller: Caller) =>
    desk.takeSavedCard('pay_1', 'begin.1', '1234', caller);

  it('that comes again while the first is looked at is not told that nothing was charged', async () => {
    let verify: (found: { answer: string }) => void = () => undefined;
    const checked = new Promise<{ answer: string }>((resolve) => {
      verify = resolve;
    });
    let watched: () => Promise<void> = async () => undefined;
    const hooks = { checkPurchaseCode: () => checked, watch: () => watched() };
    const { desk, sketched } = openDesk(order(null, 'demo'), PAYER, hooks);
    const first = keyed(desk, CALLER);
    expect(await keyed(desk, again)).toBe('unclear');
    watched = async () => {
      verify({ answer: 'verified' });
      await first;
    };
    expect(await keyed(desk, again)).toBe('stale');
    expect([await first, sketched.payment.attempts.length]).toEqual(['taken', 1]);
  });

  it('that was refused is refused again, uncounted, and not in the next webhook or another call', async () => {
    const { desk, counted } = openDesk(order(null, 'demo'), PAYER);
    expect([await keyed(desk, CALLER), await keyed(desk, again)]).toEqual(['refused', 'refused']);
    expect(counted.get('purchase-code:pay_1')).toBe(1);
    expect(await keyed(desk, { ...again, serial: 5 })).toBe('unclear');
    expect(await keyed(desk, { ...again, call: 'CA2' })).toBe('unclear');
  });

  it.each<[string, string | null, Partial<Payer> | null, string]>([
    ['an account that is locked', 'demo', PAYER, 'locked'],
    ['an account without a code', 'demo', PAYER, 'not_set'],
    ['an account without a card', 'demo', { ...PAYER, instruments: [] }, 'verified'],
    ['an account whose card has expired', 'demo', { ...PAYER, instruments: [EXPIRED] }, 'verified'],
    ['an account that was erased', 'demo', { ...PAYER, erasedAt: START - 1 }, 'not_set'],
    ['an account that is not there', 'demo', null, 'not_set'],
    ['no account', null, null, 'not_set'],
  ])('of %s is refused like a wrong one, after as slow a look', async (_, account, payer, answer) => {
    const looked: string[] = [];
    const hooks = {
      async checkPurchaseCode(id: string) {
        looked.push(id);
        return { answer };
      },
    };
    const { desk, sketched } = openDesk(order(null, account), payer, hooks);
    const heard: string[] = [];
    for (let serial = 4; serial < 9; serial += 1) heard.push(await keyed(desk, { ...CALLER, serial }));
    expect(heard).toEqual(['refused', 'refused', 'refused', 'refused', 'too_many']);
    expect(looked).toHaveLength(4);
    expect(sketched.payment.attempts).toEqual([]);
  });

  it('is right where somebody else was faster', async () => {
    const hooks = {
      async checkPurchaseCode() {
        sketched.giveCard();
        return { answer: 'verified' };
      },
    };
    const { desk, sketched } = openDesk(order(null, 'demo'), PAYER, hooks);
    expect(await keyed(desk, CALLER)).toBe('stale');
  });
});

describe('what was begun on another device', () => {
  /** The page's payer is with their bank. */
  function toBank({ sketched }: ReturnType<typeof openDesk>): string {
    sketched.giveCard();
    const { id, calls } = sketched.attempt().authentication ?? { id: '', calls: 0 };
    const answer = { answer: 'challenge', url: 'https://acs.example', creq: 'creq' } as const;
    sketched.tell({ type: 'authenticated', authentication: id, call: calls, answer });
    return openPromptOf(sketched.payment, START)?.id ?? 'none';
  }
  const callAt = (number: number): Caller => ({ ...CALLER, call: `CA${number}` });

  it('is left by telephone twice at most, in however many calls, and the page’s payer may try on', async () => {
    const opened = openDesk();
    const { desk, sketched } = opened;
    const ends: (string | null)[] = [];
    for (let number = 1; number < 5; number += 1) {
      const prompt = sketched.payment.attempts.at(-1)?.prompt?.id ?? toBank(opened);
      expect((await desk.view('pay_1', `CA${number}`))?.takesCard).toBe(number < 3);
      await desk.leave('pay_1', prompt, callAt(number));
      // The same webhook once more takes no second try.
      await desk.leave('pay_1', prompt, { ...callAt(number), isNew: false });
      ends.push(sketched.attempt().end);
    }
    expect(ends).toEqual(['abandoned', 'abandoned', null, null]);
    expect(sketched.payment).toMatchObject({ status: 'requires_action', attempts: { length: 3 } });
    expect(await desk.view('pay_1', 'CA9')).toMatchObject({ takesCard: false, hasPage: true });
  });

  it('is not left where no other try would be left', async () => {
    const opened = openDesk({ terms: { attemptsMax: 1 } });
    const { desk, sketched } = opened;
    const prompt = toBank(opened);
    expect((await desk.view('pay_1', 'CA1'))?.takesCard).toBe(false);
    await desk.leave('pay_1', prompt, CALLER);
    expect([sketched.payment.status, sketched.attempt().end]).toEqual(['requires_action', null]);
  });
});

describe('a card handed over', () => {
  it('for what is not asked any more, or not yet, is kept nowhere', async () => {
    const { keyedCards, counted } = openDesk();
    for (const prompt of ['begin.2', 'begin.0', 'att_1.1']) {
      expect(await keyedCards.keep({ ...KEYED, prompt })).toEqual({ refused: 'payment_closed' });
    }
    expect([...counted.keys()]).toEqual([]);
  });

  it('again by the provider is one try of this card', async () => {
    const { keyedCards, counted } = openDesk({ ...LIVE, origin: 'telephone' });
    for (let hand = 0; hand < 6; hand += 1) expect(await keyedCards.keep(KEYED)).toHaveProperty('pass');
    const tries = () => [...counted].filter(([key]) => key.startsWith('fingerprint:')).map(([, count]) => count);
    expect(tries()).toEqual([1]);
    await keyedCards.keep({ ...KEYED, transaction: 'tx-2' });
    expect(tries()).toEqual([2]);
    for (let other = 3; other < 21; other += 1) {
      await keyedCards.keep({ ...KEYED, call: `CA${other}`, transaction: `tx-${other}` });
    }
    const last = { ...KEYED, call: 'CA21', transaction: 'tx-21' };
    // What was refused stays refused when it is handed over again.
    for (let hand = 0; hand < 3; hand += 1) expect(await keyedCards.keep(last)).toEqual({ refused: 'too_many_tries' });
    expect(tries()).toEqual([21]);
  });
});
