/** Calls over the whole house: what is heard, what is keyed, and what it comes to. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callAddresses } from '../../../channels/ivr/index.js';
import { approvalsOf } from '../../browser/house.js';
import { createBrowser } from '../web/page_server.js';
import { openTelephoneHouse, type TelephoneHouse } from './house.js';
import { find } from './twiml.js';

const CARD = { number: '4242424242424242', expiry: '12/34', security_code: '123' };

let house: TelephoneHouse;
beforeAll(async () => {
  house = await openTelephoneHouse();
});
afterAll(() => house?.close());
beforeEach(() => {
  house.mobile.reachable = true;
  house.texts.length = 0;
});

describe('a caller who pays', () => {
  it('hears merchant and amount, keys a card, and hears the reference twice', async () => {
    const { id, code } = await house.order({ reference: 'ORDER-1042' });
    const call = house.call();
    const greeting = await call.dial();
    expect(greeting).toMatch(/^Prenez votre temps\. .*Guichet.*appuyez sur 1.*For English, press 2\.$/);
    expect(await call.press('2')).toBe('Please key in your payment code, then hash. To start again, press star.');
    const menu = await call.press(code);
    expect(menu).toContain('This is a test. No money moves. Maison Lune. The amount is forty-two euros fifty.');
    expect(menu).toContain('To pay by keying in a card, press 1.');
    expect(await call.press('1')).toMatch(/^Have your card at hand\./);
    expect(await call.keyCard()).toBe('Thank you. Your payment is being made. One moment.');
    const heard = await call.listen();
    expect(heard).toContain('Done. You have paid forty-two euros fifty to Maison Lune.');
    expect(heard).toContain('The reference is ORDER-1042. Once more: ORDER-1042.');
    const payment = await house.settled(id, 'succeeded');
    expect(payment.channel).toBe('ivr');
    expect(payment.attempts).toMatchObject([{ channel: 'ivr', initiator: 'telephone_order', authentication: null }]);
    expect(payment.events.filter(({ type }) => type === 'channel.call_started')).toHaveLength(1);
    expect(await call.silence()).toBe('Goodbye.');
    expect(call.hasEnded()).toBe(true);
  });

  it('is spoken to in French all the way', async () => {
    const { id, code } = await house.order({ amount: 8_100, reference: 'CMD 7' });
    const call = house.call();
    await call.dial();
    expect(await call.press('1')).toBe(
      'Composez votre code de paiement, puis dièse. Pour recommencer, appuyez sur étoile.',
    );
    expect(await call.press(code)).toContain('Le montant est de quatre-vingt-un euros.');
    await call.press('1');
    expect(call.attribute('Pay', 'language')).toBe('fr-FR');
    await call.keyCard();
    expect(await call.listen()).toContain('Vous avez payé quatre-vingt-un euros à Maison Lune.');
    expect((await house.payment(id)).payer.language).toBe('fr');
  });

  it('gets the receipt by text, to the number of the order only', async () => {
    const { id, code } = await house.order({ payer: { phone: '+33687654321' } });
    const call = await house.calling(code, { from: '+33600000000' });
    await call.press('1');
    await call.keyCard();
    await call.listen();
    expect(await call.press('1')).toBe('The receipt goes to the number of your order, which ends in 21. Goodbye.');
    expect(house.texts).toEqual([{ what: 'receipt', payment: id, to: '+33687654321' }]);
  });

  it('is bid goodbye after three wrong keys, and not told that nothing was charged', async () => {
    const { code } = await house.order();
    const call = await house.calling(code);
    await call.press('1');
    await call.keyCard();
    await call.listen();
    for (const key of ['5', '6']) expect(await call.press(key)).toMatch(/^That key is .* You have paid/);
    expect(await call.press('7')).toBe('Goodbye.');
    expect(call.hasEnded()).toBe(true);
  });

  it.each([
    ['wrong keys', ['5', '6']],
    ['one of which is none', ['5', '']],
  ])('elsewhere meanwhile is told so after %s, and not that nothing was charged', async (_, keys) => {
    const { code, pay, id } = await house.order();
    const call = await house.calling(code);
    for (const key of keys) await call.press(key);
    const browser = createBrowser(house.url);
    await browser.submit(await browser.ask(new URL(pay).pathname), '/card', CARD);
    await house.settled(id, 'succeeded');
    expect(await call.press('7')).toContain('This payment has been paid already.');
    expect(house.texts).toEqual([]);
  });

  it.each([
    ['a key for a card that the provider could not take', 'input-timeout'],
    ['a star', 'caller-interrupted-with-star'],
  ])('elsewhere while a card is keyed is told so after %s', async (_, result) => {
    const { code, pay, id } = await house.order();
    const call = await house.calling(code);
    await call.press('1');
    const browser = createBrowser(house.url);
    await browser.submit(await browser.ask(new URL(pay).pathname), '/card', CARD);
    await house.settled(id, 'succeeded');
    expect(await call.payEnds(result)).toMatch(/^This payment has been paid already\./);
    const other = await house.calling((await house.order()).code);
    await other.press('1');
    expect(await other.payEnds(result)).toContain('Nothing was charged.');
  });

  it('hears the address and the code twice where no text goes', async () => {
    const { code } = await house.order();
    const call = await house.calling(code);
    await call.press('1');
    await call.keyCard();
    await call.listen();
    const heard = await call.press('1');
    expect(heard.match(/Go to 127 dot 0 dot 0 dot 1 colon \d+ slash link\./g)).toHaveLength(2);
    expect(heard.replaceAll(' ', '').split(code)).toHaveLength(3);
    expect(house.texts).toEqual([]);
  });

  it('is told of a refusal and may try another card', async () => {
    const { id, code } = await house.order();
    const call = await house.calling(code);
    await call.press('1');
    await call.keyCard({ number: '4000000000009995' });
    expect(await call.listen()).toMatch(
      /^(?:.* )?There is not enough money available on this card\. Nothing was charged\./,
    );
    expect(await call.press('1')).toContain('Have your card at hand');
    await call.keyCard();
    expect(await call.listen()).toContain('You have paid');
    expect(approvalsOf(await house.settled(id, 'succeeded'))).toBe(1);
  });

  it('gets a link on the same payment when the bank wants an authentication', async () => {
    const { id, code, pay } = await house.order({ payer: { phone: '+33687654321' } });
    const call = await house.calling(code);
    await call.press('1');
    await call.keyCard({ number: '4000002760003184' });
    const heard = await call.listen();
    expect(heard).toContain('Your bank wants you to confirm this payment on a page of its own.');
    expect(heard).toContain('A link goes to the number of your order. Open it to pay.');
    expect(house.texts).toEqual([{ what: 'link', payment: id, to: '+33687654321' }]);
    const payment = await house.settled(id, 'requires_payment_method');
    expect(payment.attempts[0]?.decline?.code).toBe('authentication_required');
    // By telephone this card is not even tried again.
    const again = await house.calling(code);
    await again.press('1');
    expect(await again.keyCard({ number: '4000002760003184' })).toContain(
      'your bank must confirm the payment on a page',
    );
    expect((await house.payment(id)).attempts).toHaveLength(1);
    // On the page another card pays it.
    const browser = createBrowser(house.url);
    const path = new URL(pay).pathname;
    await browser.submit(await browser.ask(path), '/card', CARD);
    await house.settled(id, 'succeeded');
  });
});

describe('a number of one merchant', () => {
  const OWN = '+33123459999';
  beforeAll(() => house.change({ telephone: OWN, spokenName: { fr: 'La Maison Lune', en: null } }));
  afterAll(() =>
    house.change({
      telephone: null,
      spokenName: { fr: null, en: null },
      support: { email: null, phone: null, url: null },
    }),
  );

  it('greets with its name, in its language', async () => {
    await house.change({ language: 'fr' });
    expect(await house.call({ to: OWN }).dial()).toContain('la ligne de paiement de La Maison Lune.');
    await house.change({ language: 'en' });
    expect(await house.call({ to: OWN }).dial()).toMatch(
      /^Take your time\. This is the payment line of Maison Lune\. For English/,
    );
  });

  it('takes only its codes', async () => {
    const { code, id } = await house.order();
    expect(await (await house.calling(code, { to: OWN })).silence()).toContain('Maison Lune');
    // The same payment, as if it were somebody else's.
    const merchants = await house.store.merchants.list();
    const other = {
      ...merchants[0],
      id: 'mer_other',
      revision: 1,
      demo: false,
      keys: [],
    } as (typeof merchants)[number];
    const profile = { ...other.profile, telephone: '+33123458888' };
    expect(await house.store.merchants.commit({ ...other, profile })).toBe(true);
    const call = await house.calling(code, { to: '+33123458888' });
    expect(await call.silence()).not.toContain('Maison Lune');
    expect(call.exchanges.some(({ text }) => text.includes('No payment waits under that code.'))).toBe(true);
    expect((await house.payment(id)).events.map(({ type }) => type)).toContain('channel.call_started');
  });

  it('puts callers through to a person, where there is one', async () => {
    await house.change({ support: { email: null, phone: '+33 1 98 76 54 32', url: null } });
    const call = house.call({ to: OWN });
    expect(await call.dial()).toContain('To speak to somebody, press 0.');
    expect(await call.press('0')).toContain('One moment. You are being put through.');
    expect(find(call.document(), 'Dial')?.children).toEqual(['+33198765432']);
  });

  it('puts them through from every menu', async () => {
    await house.change({ support: { email: null, phone: '+33198765432', url: null } });
    const { id, code } = await house.order({ payer: { language: 'en' } });
    const atMenu = await house.calling(code);
    const paid = await house.calling((await house.order()).code);
    await paid.press('1');
    await paid.keyCard();
    expect(await paid.listen()).toContain('To speak to somebody, press 0.');
    const called = house.call({ from: OWN, to: '+33687654321', fields: { Direction: 'outbound-api' } });
    await called.go(callAddresses(house.url, id, 'rch_1').url);
    for (const call of [atMenu, paid, called]) {
      expect(await call.press('0')).toContain('One moment. You are being put through.');
      expect(find(call.document(), 'Dial')?.children).toEqual(['+33198765432']);
    }
  });
});

describe('a menu', () => {
  it.each([
    ['9', /Maison Lune\. The amount is/],
    ['5', /^That key is not one of the choices\..*Maison Lune/],
    ['#', /^That key is not one of the choices\./],
    ['0', /^That key is not one of the choices\./],
    ['', /^Nothing was keyed\..*Maison Lune/],
    ['*', /^Please key in your payment code/],
  ])('%s: %s', async (key, heard) => {
    const { code } = await house.order();
    const call = await house.calling(code);
    expect(await call.press(key)).toMatch(heard);
  });

  it('ends politely after three wrong keys, and never before', async () => {
    const { code } = await house.order();
    const call = await house.calling(code);
    await call.press('5');
    await call.press('6');
    expect(call.hasEnded()).toBe(false);
    expect(await call.press('7')).toBe(
      'Nothing was charged. We cannot go on this time. Please call again whenever it suits you. Goodbye.',
    );
  });

  it('is repeated as often as one likes, but not for ever', async () => {
    const { code } = await house.order();
    const call = await house.calling(code);
    let presses = 0;
    while (!call.hasEnded() && presses < 200) {
      await call.press('9');
      presses += 1;
    }
    expect(presses).toBeGreaterThan(50);
    expect(presses).toBeLessThan(160);
  });
});
