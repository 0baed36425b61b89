/** Keying a card, and being faster or slower than somebody else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalsOf } from '../../browser/house.js';
import { createBrowser } from '../web/page_server.js';
import { openTelephoneHouse, type TelephoneHouse } from './house.js';
import { allOf, type Element, elementsOf, find, parseTwiml, secondsOf, spokenIn, withoutAddresses } from './twiml.js';

const CARD = { number: '4242424242424242', expiry: '12/34', security_code: '123' };

let house: TelephoneHouse;
beforeAll(async () => {
  house = await openTelephoneHouse();
});
afterAll(() => house?.close());

describe('while the card is keyed', () => {
  async function keying(wanted: Record<string, unknown> = {}) {
    const { id, code } = await house.order(wanted);
    const call = await house.calling(code);
    await call.press('1');
    return { id, code, call };
  }

  it('digits go to the connector alone, fifteen seconds each, and no postal code is asked', async () => {
    const { call } = await keying({ currency: 'EUR' });
    const pay = find(call.document(), 'Pay');
    expect(pay?.attributes).toMatchObject({
      timeout: '15',
      postalCode: 'false',
      securityCode: 'true',
      currency: 'eur',
      paymentConnector: 'Default',
    });
    expect(pay?.attributes['chargeAmount']).toBeUndefined();
    expect(call.has('Gather')).toBe(false);
  });

  it('a star leaves it and nothing was charged', async () => {
    const { call, id } = await keying();
    expect(await call.payEnds('caller-interrupted-with-star')).toMatch(/^You have left the card entry\..*press 1/);
    expect((await house.payment(id)).attempts).toEqual([]);
  });

  it('a miss is given twice the time, and ends the third time', async () => {
    const { call } = await keying();
    expect(await call.payEnds('too-many-failed-attempts')).toMatch(/^The card could not be taken\./);
    expect(call.attribute('Pay', 'timeout')).toBe('30');
    await call.payEnds('validation-error');
    expect(await call.payEnds('internal-error')).toContain('Nothing was charged. We cannot go on this time.');
  });

  it('the verb after it does the same as its result', async () => {
    const { call } = await keying();
    expect(await call.listen()).toMatch(/The card could not be taken\./);
  });

  it('what hangs up changes nothing', async () => {
    const { call, id } = await keying();
    const { status, text } = await call.post(call.attribute('Pay', 'action'), {
      Result: 'caller-hung-up',
      CallStatus: 'completed',
    });
    expect([status, text]).toEqual([200, expect.stringContaining('<Response/>')]);
    expect((await house.payment(id)).status).toBe('requires_payment_method');
  });

  it.each([
    ['4242424242424241', {}, 'No card has that number.'],
    ['4242424242424242', { year: '20' }, 'That expiry date is not good.'],
    ['378282246310005', { code: '123' }, 'That security code does not fit the card.'],
  ])('%s %o: %s', async (number, change, heard) => {
    const { call } = await keying();
    expect(await call.keyCard({ number, ...change })).toMatch(new RegExp(`^${heard}`));
    await call.keyCard();
    expect(await call.listen()).toContain('You have paid');
  });
});

describe('one winner', () => {
  it('a call that is open while the page pays is told so', async () => {
    const { id, code, pay } = await house.order();
    const call = await house.calling(code);
    await call.press('1');
    const browser = createBrowser(house.url);
    await browser.submit(await browser.ask(new URL(pay).pathname), '/card', CARD);
    await house.settled(id, 'succeeded');
    expect(await call.keyCard()).toContain('This payment has been paid already. Nothing more is due');
    expect(approvalsOf(await house.payment(id))).toBe(1);
  });

  it('page and telephone in the same instant: one pays, the other is told', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { id, code, pay } = await house.order();
      const call = await house.calling(code);
      await call.press('1');
      const browser = createBrowser(house.url);
      const page = await browser.ask(new URL(pay).pathname);
      const [said] = await Promise.all([call.keyCard(), browser.submit(page, '/card', CARD)]);
      const heard = `${said} ${await call.listen()}`;
      const payment = await house.settled(id, 'succeeded');
      expect(approvalsOf(payment)).toBe(1);
      const winner = payment.attempts.find(({ status }) => status === 'captured')?.channel;
      expect(heard).toContain(winner === 'ivr' ? 'Done. You have paid' : 'has been paid already');
    }
  });

  it.each([
    ['canceled', 'This payment was canceled.'],
    ['succeeded', 'This payment has been paid already.'],
  ])('a code of a payment that is %s', async (status, heard) => {
    const { id, code, pay } = await house.order();
    if (status === 'canceled') {
      const headers = { authorization: 'Bearer sk_test_demo', 'content-type': 'application/json' };
      await fetch(`${house.url}/v1/payments/${id}/cancel`, { method: 'POST', headers, body: '{}' });
    } else {
      const browser = createBrowser(house.url);
      await browser.submit(await browser.ask(new URL(pay).pathname), '/card', CARD);
      await house.settled(id, 'succeeded');
    }
    const call = await house.calling(code);
    expect(call.exchanges.at(-1)?.text).toContain(heard);
    expect(call.hasEnded()).toBe(true);
  });
});

describe('a saved card', () => {
  const PAYER = { payer: { account: 'demo' } };

  async function asked(wanted: Record<string, unknown> = PAYER) {
    const { id, code } = await house.order(wanted);
    const call = await house.calling(code);
    expect(await call.press('3')).toContain('Key in your purchase code');
    return { id, call };
  }

  it('is paid with by who keys the purchase code, and is named nowhere', async () => {
    const { id, call } = await asked();
    await call.press('1234');
    expect(await call.listen()).toContain('You have paid');
    const { attempts } = await house.settled(id, 'succeeded');
    expect(attempts).toMatchObject([{ stored: true, channel: 'ivr', initiator: 'merchant' }]);
    expect(call.exchanges.map(({ text }) => withoutAddresses(text)).join('\n')).not.toContain('4242');
    const answer = await fetch(`${house.url}/v1/payments/${id}`, { headers: { authorization: 'Bearer sk_test_demo' } });
    const shown = (await answer.json()) as { attempts: { authentication: { method: string } }[] };
    expect(shown.attempts[0]?.authentication.method).toBe('purchase_code');
  });

  it.each([
    ['a wrong code', PAYER, '9999'],
    ['no account', {}, '1234'],
    ['an account without a card', { payer: { account: 'nobody' } }, '1234'],
  ])('%s sounds like any other', async (_, wanted, code) => {
    const { id, call } = await asked(wanted);
    const heard = await call.press(code);
    expect(heard).toBe(
      'That did not work. Nothing was charged. Key in your purchase code, then hash. It is not the code of your bank card.',
    );
    // The same webhook once more counts no second error.
    const last = call.exchanges.at(-1);
    expect((await call.post(last?.url ?? '', { Digits: code })).text).toBe(last?.text);
    await call.press(`${code}9`);
    expect(await call.press('')).toContain('We cannot go on this time.');
    expect((await house.payment(id)).attempts).toEqual([]);
  });

  it.each([
    ['without an account', {}],
    ['of an account with a code', PAYER],
  ])(
    'is guessed four times for one payment %s, in however many calls, and its holder pays another',
    async (_, wanted) => {
      // The holder's right code: none of the errors before it is left.
      const before = await asked();
      await before.call.press('1234');
      await house.settled(before.id, 'succeeded');
      const { id, code } = await house.order(wanted);
      const heard: string[] = [];
      for (let calls = 0; calls < 3; calls += 1) {
        const call = await house.calling(code);
        await call.press('3');
        for (let guess = 0; guess < 2 && !call.hasEnded(); guess += 1)
          heard.push(await call.press(`55${calls}${guess}`));
      }
      expect(heard.slice(0, 4).every((said) => said.startsWith('That did not work.'))).toBe(true);
      const over = /^Too many codes were tried\. Nothing was charged\. You may pay on a page\./;
      expect(heard.slice(4)).toEqual([expect.stringMatching(over)]);
      expect((await house.payment(id)).status).toBe('requires_payment_method');
      const other = await asked();
      await other.call.press('1234');
      await house.settled(other.id, 'succeeded');
    },
  );
});

/** What is said from one breath to the next. */
function promptsIn(gather: Element): Element[][] {
  const prompts: Element[][] = [[]];
  for (const element of elementsOf(gather)) {
    if (element.name === 'Pause') prompts.push([]);
    else prompts.at(-1)?.push(element);
  }
  return prompts;
}

describe('everything said', () => {
  const MERCHANT = { channels: ['web', 'ivr'], displayName: 'Maison Lune' } as const;
  const PERSON = { support: { email: null, phone: '+33198765432', url: null } };
  afterAll(() => house.change({ ...MERCHANT, support: { email: null, phone: null, url: null } }));

  /** Keys a card that is refused, then one that pays, and lets the menus be repeated. */
  async function paidAfterRefusal(reference: string, language: '1' | '2') {
    const { code } = await house.order({ amount: 99_999_999, reference });
    const call = house.call();
    for (const keys of ['', '9', language, '', code, '5', '1']) {
      await (call.exchanges.length === 0 ? call.dial() : call.press(keys));
    }
    await call.keyCard({ number: '4000000000009995' });
    await call.listen();
    await call.press('1');
    await call.keyCard();
    await call.listen();
    await call.press('5');
    return call;
  }

  it.each([
    ['French', '1'],
    ['English', '2'],
  ] as const)(
    'in %s takes less than twenty seconds, by sentence and by what is said before a key is awaited',
    async (_, language) => {
      await house.change(PERSON);
      const long = language === '1' ? 'CMD-2030-000-417' : 'ORD-2030-000-417';
      const calls = [
        await paidAfterRefusal(long, language),
        await paidAfterRefusal((language === '1' ? 'A' : 'B').repeat(64), language),
      ];
      const said = calls.map((call) => spokenIn(call.document()));
      expect(said[0]?.split(long)).toHaveLength(3);
      expect(said[1]?.split(/\b(?:A{8}|B{8})\b/)).toHaveLength(3);
      const documents = calls.flatMap(({ exchanges }) => exchanges.map(({ text }) => parseTwiml(text)));
      const sentences = documents.flatMap((document) => allOf(document, 'Say').map((one) => [one]));
      const prompts = documents.flatMap((document) => allOf(document, 'Gather').flatMap(promptsIn));
      expect([sentences.length > 60, prompts.length > 30]).toEqual([true, true]);
      const isLong = (elements: readonly Element[]) => elements.reduce((sum, one) => sum + secondsOf(one), 0) >= 20;
      expect([...sentences, ...prompts].filter(isLong).map((elements) => elements.map(spokenIn))).toEqual([]);
    },
  );

  it('at a menu takes less than twenty seconds in all, for an amount that people pay', async () => {
    await house.change(PERSON);
    for (const language of ['1', '2']) {
      const { code } = await house.order();
      const call = house.call();
      await call.dial();
      await call.press(language);
      await call.press(code);
      expect(secondsOf(call.document())).toBeLessThan(20);
      expect(spokenIn(call.document())).toMatch(/0\.$|9\.$/);
    }
  });
});
