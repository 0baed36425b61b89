/** What a caller with somebody else's bill can do about it: little, and not often. */
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../src/contracts/calls.js';
import type { Merchant } from '../../src/contracts/merchant.js';
import type { Payer } from '../../src/contracts/payer.js';
import { openPromptOf } from '../../src/engine/prompts.js';
import { sampleInstrument, sampleMerchant } from '../contract/samples.js';
import { START } from '../engine/sketch.js';
import { CALLER, openDesk, order } from './call_desk.js';

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

describe('a number that is called', () => {
  const OWN = '+33123459999';
  function owner(id: string, change: { status?: Merchant['status']; phone?: string; telephone?: string } = {}) {
    const { status = 'enabled', phone = null, telephone = OWN } = change;
    const { profile } = sampleMerchant();
    const support = { ...profile.support, phone };
    return sampleMerchant({ id, status, profile: { ...profile, telephone, support } });
  }
  const lineOf = (...merchants: Merchant[]) => openDesk({}, null, { merchants }).desk.line(OWN);

  it('is its one owner’s, and nobody’s where two have it or its owner is disabled', async () => {
    expect((await lineOf(owner('mer_1'), owner('mer_2', { telephone: '+33123458888' }))).merchant?.id).toBe('mer_1');
    expect((await lineOf(owner('mer_1'), owner('mer_2'))).merchant).toBeNull();
    expect((await lineOf(owner('mer_1', { status: 'disabled' }))).merchant).toBeNull();
    expect((await lineOf(owner('mer_1', { status: 'disabled' }), owner('mer_2'))).merchant?.id).toBe('mer_2');
  });

  it.each([
    ['an ordinary one', '+33 1 98 76 54 32', '+33198765432'],
    ['a premium one', '+33 892 12 34 56', null],
    ['a satellite', '+881612345678', null],
  ])('leads to an agent at %s, or to none', async (_, phone, agent) => {
    expect((await lineOf(owner('mer_1', { phone }))).merchant?.agent).toBe(agent);
  });
});

describe('a code that was one too many', () => {
  it.each([
    ['a number', '+33612345678', 10],
    ['telephones that withhold theirs', null, 100],
  ])('of %s is one when its webhook comes again, and the one before it is not', async (_, number, most) => {
    const { desk } = openDesk({ channels: ['web'] });
    const guess = (isNew: boolean) => desk.enter('4821093756', { ...CALLER, number, isNew }, null);
    for (let guesses = 0; guesses < most; guesses += 1) await guess(true);
    expect(await guess(false)).toEqual({ refused: 'unknown' });
    expect([await guess(true), await guess(false)]).toEqual([{ refused: 'too_many' }, { refused: 'too_many' }]);
  });
});
