/** The counter window by telephone over the true decisions of one payment: who may pay how, and what a number is for. */
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../src/contracts/calls.js';
import type { Merchant } from '../../src/contracts/merchant.js';
import type { Payer } from '../../src/contracts/payer.js';
import type { CallPorts } from '../../src/counter/call_ports.js';
import { createCallDesk } from '../../src/counter/calls.js';
import { createKeyedCards } from '../../src/counter/keyed_cards.js';
import { openPromptOf } from '../../src/engine/prompts.js';
import { isTelephoneOrder } from '../../src/engine/proof.js';
import { readPaymentCode } from '../../src/payment_codes.js';
import { virtualClock } from '../clock.js';
import { sampleInstrument, sampleMerchant } from '../contract/samples.js';
import { type Sketch, START, sketch, type Wanted } from '../engine/sketch.js';
import { vaultWorld } from '../vault/world.js';

const CALLER: Caller = { call: 'CA1', number: '+33612345678', language: 'en', serial: 4, isNew: true };
const KEYED = {
  ...{ transaction: 'tx-1', call: 'CA1', payment: 'pay_1', prompt: 'begin.1', number: '4242424242424242' },
  ...{ expiryMonth: '12', expiryYear: '34', securityCode: '123' },
};

function openDesk(
  wanted: Wanted = {},
  payer: Partial<Payer> | null = null,
  hooks: {
    checkPurchaseCode?: (payer: string) => Promise<{ answer: string }>;
    watch?: () => Promise<void>;
    merchants?: readonly Merchant[];
  } = {},
) {
  const clock = virtualClock(START);
  const sketched = sketch({ channels: ['web', 'ivr'], ...wanted });
  const { vault } = vaultWorld();
  const counted = new Map<string, number>();
  const used = new Set<string>();
  const texts: string[] = [];
  const called: (string | null)[] = [];
  const ports: CallPorts = {
    engine: {
      load: async (id) => (id === 'pay_1' ? sketched.payment : null),
      reply: async (_, reply) => ({ applied: sketched.tell({ type: 'reply', reply }), payment: sketched.payment }),
      watch: hooks.watch ?? (async () => undefined),
      called: async (_, reach) => void called.push(reach),
      texted: async (_, what) => sketched.tell({ type: 'texted', what }),
    },
    store: {
      guards: {
        async raise(key) {
          counted.set(key, (counted.get(key) ?? 0) + 1);
          return { count: counted.get(key) ?? 0, resetsAt: START + 5 * 3_600_000 };
        },
        read: async (key) => counted.get(key) ?? 0,
        lower: async (key) => void counted.set(key, (counted.get(key) ?? 0) - 1),
        clear: async () => undefined,
        useOnce: async (key) => !used.has(key) && used.add(key) !== undefined,
      },
      codes: { find: async () => 'pay_1' },
      merchants: { load: async () => hooks.merchants?.[0] ?? null, list: async () => [...(hooks.merchants ?? [])] },
    },
    vault,
    signing: {
      pseudonymOf: (text) => `<${text}>`,
      deviceHash: (call) => `device of ${call}`,
      keyedCardToken: (transaction) => `tok_${transaction.padEnd(22, '_')}`,
      keyedCardPass: (token, of) => `${token}|${of.payment}|${of.call}`,
      readKeyedCardPass(pass, of) {
        const [token = '', ...named] = pass.split('|');
        return named.join() === [of.payment, of.call].join() ? token : null;
      },
    },
    payers: {
      find: async () => payer as Payer | null,
      checkPurchaseCode: hooks.checkPurchaseCode ?? (async () => ({ answer: 'refused' })),
    },
    texts: {
      link: async (_, to) => texts.push(`link ${to}`) > 0,
      receipt: async (_, to) => texts.push(`receipt ${to}`) > 0,
    },
    cards: {
      checkCard: ({ number }) => ({
        card: { number, expiryMonth: 12, expiryYear: 2034, securityCode: '123', brand: 'visa' },
      }),
      checkSecurityCode: () => null,
    },
    openPromptOf,
    readPaymentCode,
    isTelephoneOrder,
    operator: 'Guichet',
    sharedNumber: '+33199887766',
    clock,
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
  };
  return { desk: createCallDesk(ports), keyedCards: createKeyedCards(ports), sketched, texts, called, counted, clock };
}

const nothing = (): void => undefined;
const LIVE: Wanted = { mode: 'live', origin: 'web', terms: { telephoneOrders: 'begun_by_phone' } };
const order = (phone: string | null, account: string | null = null): Wanted => ({
  payer: { account, email: null, phone, name: null, language: null },
});

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

  it('is over after four hours: what was recorded of it is of no use', async () => {
    const { desk, clock } = openDesk();
    await desk.arrive('CA1', 0, null);
    clock.advance(4 * 3_600_000 - 1);
    expect((await desk.arrive('CA1', 1, START)).state).toBe('new');
    clock.advance(1);
    expect((await desk.arrive('CA1', 2, START)).state).toBe('behind');
  });
});
