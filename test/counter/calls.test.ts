/** The counter window by telephone over the true decisions of one payment: who may pay how, and what a number is for. */
import { describe, expect, it } from 'vitest';
import { type Sketch, START, type Wanted } from '../engine/sketch.js';
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

describe('what is met by telephone', () => {
  it.each([
    ['a payment of the page alone', { channels: ['web'] }],
    ['a card to be stored', { amount: 0 }],
  ] as const)('not %s', async (_, wanted) => {
    const { desk } = openDesk(wanted as Wanted);
    expect(await desk.view('pay_1', 'CA1')).toBeNull();
    expect(await desk.enter('4821093756', CALLER, null)).toEqual({ refused: 'unknown' });
  });

  it('is counted before the look, by number; of those who withhold theirs only what leads nowhere stays', async () => {
    const { desk, counted } = openDesk();
    await desk.enter('4821093756', CALLER, null);
    await desk.enter('4821093756', { ...CALLER, number: null }, null);
    await desk.enter('4821093757', CALLER, null);
    await desk.enter('4821093756', { ...CALLER, isNew: false }, null);
    expect([counted.get('code:<+33612345678>'), counted.get('code:withheld')]).toEqual([1, 0]);
    const { desk: other, counted: there } = openDesk({ channels: ['web'] });
    for (const call of ['CA1', 'CA2']) await other.enter('4821093756', { ...CALLER, call, number: null }, null);
    expect(there.get('code:withheld')).toBe(2);
  });
});

/** What the payment's story has of texts. */
const toldOf = ({ payment }: Sketch): string[] =>
  payment.events.map(({ type }) => type).filter((type) => type.endsWith('_texted'));

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
