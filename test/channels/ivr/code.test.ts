/** The payment code as callers key it: what it tells, and to whom how often. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTelephoneHouse, type TelephoneHouse } from './house.js';
import { withoutAddresses } from './twiml.js';

let house: TelephoneHouse;
beforeAll(async () => {
  house = await openTelephoneHouse();
});
afterAll(() => house?.close());
beforeEach(() => {
  house.texts.length = 0;
});

describe('the code', () => {
  it('that was mistyped is told at once, costs no guess, and ends the call the third time', async () => {
    const { code } = await house.order();
    const wrong = `${code.slice(0, -1)}${(Number(code.at(-1)) + 1) % 10}`;
    const calling = async () => {
      const call = house.call({ from: '+33611111111' });
      await call.dial();
      await call.press('2');
      for (let slip = 0; slip < 2; slip += 1)
        expect(await call.press(wrong)).toContain('There is a slip in that code.');
      return call;
    };
    for (let calls = 0; calls < 4; calls += 1) {
      const call = await calling();
      expect(await call.press(wrong)).toContain('We cannot go on this time.');
      expect(call.hasEnded()).toBe(true);
    }
    // Twelve slips are no guess.
    expect(await (await calling()).press(code)).toContain('Maison Lune');
  });

  it('begins again after a star', async () => {
    const { code } = await house.order();
    const call = house.call();
    await call.dial();
    await call.press('2');
    expect(await call.press('48210*')).toMatch(/^Let us start again\./);
    expect(await call.press(`123*${code}`)).toContain('Maison Lune');
  });

  it('that leads nowhere three times ends politely', async () => {
    const call = house.call({ from: '+33611111112' });
    await call.dial();
    await call.press('2');
    for (let round = 0; round < 2; round += 1) {
      expect(await call.press('4000000002')).toMatch(/^No payment waits under that code\. .*under payment code\./);
    }
    expect(await call.press('4000000002')).toBe(
      'We cannot go on this time. Please call again whenever it suits you. Goodbye.',
    );
    expect(call.hasEnded()).toBe(true);
  });

  it('is guessed ten times from one number, however many calls it takes', async () => {
    const { code } = await house.order();
    const from = '+33611111113';
    for (let calls = 0; calls < 5; calls += 1) {
      const call = house.call({ from });
      await call.dial();
      await call.press('2');
      for (let guess = 0; guess < 2; guess += 1) await call.press('4000000002');
    }
    const last = house.call({ from });
    await last.dial();
    await last.press('2');
    expect(await last.press(code)).toContain('Too many codes were tried from this telephone.');
    // Somebody who withholds their number is counted with those who do the same.
    expect(await (await house.calling(code, { from: 'anonymous' })).silence()).toContain('Maison Lune');
  });

  it('is guessed a hundred times from hidden numbers together, and right ones do not count', async () => {
    const { code } = await house.order();
    const hidden = ['anonymous', '+266696687', 'unknown', '+86282452253'];
    const arrived = async (from: string | undefined) => {
      const call = house.call({ ...(from !== undefined && { from }) });
      await call.dial();
      await call.press('2');
      return call;
    };
    for (let right = 0; right < 3; right += 1) {
      expect(await (await arrived('anonymous')).press(code)).toContain('Maison Lune');
    }
    const heard: string[] = [];
    for (let calls = 0; calls < 50; calls += 1) {
      const call = await arrived(hidden[calls % hidden.length]);
      for (let guess = 0; guess < 2; guess += 1) heard.push(await call.press('4000000002'));
    }
    expect(heard.filter((text) => text.includes('No payment waits under that code.'))).toHaveLength(100);
    const told = 'Too many codes were tried from telephones that hide their number.';
    for (const from of hidden) expect(await (await arrived(from)).press(code)).toContain(told);
    expect(await (await arrived(undefined)).press(code)).toContain('Maison Lune');
  });

  it('silence is given twice the time, and help, and ends the third time', async () => {
    const call = house.call();
    await call.dial();
    await call.press('2');
    expect(call.attribute('Gather', 'timeout')).toBe('10');
    expect(await call.silence()).toMatch(/^Nothing was keyed\. The code has ten digits/);
    expect(call.attribute('Gather', 'timeout')).toBe('20');
    await call.silence();
    expect(await call.silence()).toContain('We cannot go on this time.');
  });

  it('tells merchant and amount, and nothing of the payer', async () => {
    const payer = { account: 'demo', name: 'Ada Lovelace', phone: '+33687654321', email: 'ada@example.org' };
    const { code } = await house.order({ payer, description: 'A secret present', reference: 'ORDER-77' });
    const call = await house.calling(code);
    const told = call.exchanges.map(({ text }) => withoutAddresses(text)).join('\n');
    expect(told).toContain('forty-two euros fifty');
    for (const secret of ['Ada', '687654321', '654321', 'ada@', 'secret', '4242', 'ORDER-77'])
      expect(told).not.toContain(secret);
  });

  it('has a link sent without a digit of where to, and only to a number of the order', async () => {
    const { code, id } = await house.order({ payer: { phone: '+33687654321' } });
    const call = await house.calling(code);
    expect(await call.press('2')).toBe('A link goes to the number of your order. Open it to pay. Goodbye.');
    expect(house.texts).toEqual([{ what: 'link', payment: id, to: '+33687654321' }]);
    // The account has a number; the order has none.
    const other = await house.order({ payer: { account: 'demo' } });
    expect(await (await house.calling(other.code)).press('2')).toContain('You may pay on a page.');
    expect(house.texts).toHaveLength(1);
  });
});
