/** What is met by telephone: codes, numbers, texts, and calls told apart. */
import { describe, expect, it } from 'vitest';
import type { Merchant } from '../../src/contracts/merchant.js';
import { sampleMerchant } from '../contract/samples.js';
import { type Sketch, START, type Wanted } from '../engine/sketch.js';

import { CALLER, KEYED, openDesk, order } from './call_desk.js';

describe('what is met by telephone', () => {
  it.each([
    ['a payment of the page alone', { channels: ['web'] }],
    ['a card to be stored', { amount: 0 }],
  ] as const)('not %s', async (_, wanted) => {
    const { desk } = openDesk(wanted as Wanted);
    expect(await desk.view('pay_1', 'CA1')).toBeNull();
    expect(await desk.enter('4821093756', CALLER, null)).toEqual({ refused: 'unknown' });
  });

  it('is counted before the look, by number and of those who withhold theirs; only what leads nowhere stays', async () => {
    const { desk, counted } = openDesk();
    await desk.enter('4821093756', CALLER, null);
    await desk.enter('4821093756', { ...CALLER, number: null }, null);
    await desk.enter('4821093757', CALLER, null);
    await desk.enter('4821093756', { ...CALLER, isNew: false }, null);
    expect([counted.get('code:<+33612345678>'), counted.get('code:withheld')]).toEqual([0, 0]);
    const { desk: other, counted: there } = openDesk({ channels: ['web'] });
    await other.enter('4821093756', CALLER, null);
    for (const call of ['CA1', 'CA2']) await other.enter('4821093756', { ...CALLER, call, number: null }, null);
    expect([there.get('code:<+33612345678>'), there.get('code:withheld')]).toEqual([1, 2]);
  });
});

/** What the payment's story has of texts. */
const toldOf = ({ payment }: Sketch): string[] =>
  payment.events.map(({ type }) => type).filter((type) => type.endsWith('_texted'));

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

describe('texts', () => {
  it.each([
    ['the number of the order', order('+33687654321', 'demo'), { phone: '+33600000001' }, '+33687654321'],
    ['nowhere without one', order(null), null, null],
    ['nowhere where the account has one and the order has none', order(null, 'demo'), { phone: '+33600000001' }, null],
  ] as const)('go to %s', async (_, wanted, payer, to) => {
    const { desk, texts, sketched } = openDesk(wanted, payer === null ? null : { erasedAt: null, ...payer });
    expect(await desk.textLink('pay_1')).toBe(to !== null);
    expect(texts).toEqual(to === null ? [] : [`link ${to}`]);
    expect(toldOf(sketched)).toEqual(to === null ? [] : ['channel.link_texted']);
  });

  it('a receipt only for what this call has paid', async () => {
    const { desk, keyedCards, sketched, texts } = openDesk(order('+33687654321'));
    expect(await desk.textReceipt('pay_1', 'CA1')).toBeNull();
    const kept = await keyedCards.keep(KEYED);
    await desk.takeKeyedCard('pay_1', 'begin.1', 'pass' in kept ? kept.pass : '', CALLER);
    sketched.answer('authorize', 'purchased');
    expect(await desk.textReceipt('pay_1', 'CA2')).toBeNull();
    expect(await desk.textReceipt('pay_1', 'CA1')).toEqual({ ending: '21' });
    expect(await desk.textReceipt('pay_1', 'CA1')).toEqual({ ending: '21' });
    expect(await desk.textLink('pay_1')).toBe(false);
    expect(texts).toEqual(['receipt +33687654321', 'receipt +33687654321']);
    // Asked for twice it is one text, and is told once.
    expect(toldOf(sketched)).toEqual(['channel.receipt_texted']);
  });
});

describe('a call', () => {
  it('begins once for a payment, and not for one that has ended', async () => {
    const { desk, called, sketched } = openDesk();
    await desk.began('pay_1', CALLER, 'rch_1');
    await desk.began('pay_1', CALLER, 'rch_1');
    await desk.began('pay_1', { ...CALLER, call: 'CA2', isNew: false }, null);
    expect(called).toEqual(['rch_1']);
    const command = { by: 'merchant', request: null, deadline: START } as const;
    sketched.tell({ type: 'cancel', command });
    await desk.began('pay_1', { ...CALLER, call: 'CA3' }, null);
    expect(called).toEqual(['rch_1']);
  });

  it('does not fill the feed, however many there are', async () => {
    const { desk, called } = openDesk();
    for (let call = 0; call < 50; call += 1) await desk.began('pay_1', { ...CALLER, call: `CA${call}` }, null);
    expect(called).toHaveLength(20);
  });

  it('tells each webhook apart: new, again, behind', async () => {
    const { desk } = openDesk();
    const arrivals: string[] = [];
    for (const serial of [0, 0, 1, 0, 1, 2, 1, 0]) {
      arrivals.push((await desk.arrive('CA1', serial, serial === 0 ? null : START)).state);
    }
    expect(arrivals).toEqual(['new', 'again', 'new', 'behind', 'again', 'new', 'behind', 'behind']);
    expect((await desk.arrive('CA2', 0, null)).state).toBe('new');
  });

  it('is found where it stands, from a webhook that lies a little behind', async () => {
    const { desk } = openDesk();
    for (let serial = 0; serial <= 9; serial += 1) await desk.arrive('CA1', serial, serial === 0 ? null : START);
    expect(await desk.stands('CA1', 9)).toBe(9);
    expect(await desk.stands('CA1', 7)).toBe(9);
    expect(await desk.stands('CA1', 1)).toBe(9);
    expect(await desk.stands('CA1', 0)).toBeNull();
    expect(await desk.stands('CA2', 3)).toBe(3);
  });

  it('is over after four hours: what was recorded of it is of no use', async () => {
    const { desk, clock } = openDesk();
    await desk.arrive('CA1', 0, null);
    clock.advance(4 * 3_600_000 - 1);
    expect((await desk.arrive('CA1', 1, START)).state).toBe('new');
    clock.advance(1);
    expect((await desk.arrive('CA1', 2, START)).state).toBe('behind');
  });
});
