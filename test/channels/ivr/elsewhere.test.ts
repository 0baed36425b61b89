/** A payment that goes on somewhere else: on another device, or in another release. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Payment } from '../../../src/contracts/payment.js';
import { createBrowser } from '../web/page_server.js';
import { openTelephoneHouse, type TelephoneHouse } from './house.js';

const CHALLENGED = { number: '4000000000003220', expiry: '12/34', security_code: '123' };

let house: TelephoneHouse;
beforeAll(async () => {
  house = await openTelephoneHouse();
});
afterAll(() => house?.close());

/** A payment whose payer is with their bank, on the page. */
async function challenged(wanted: Record<string, unknown> = {}) {
  const { id, code, pay } = await house.order(wanted);
  const browser = createBrowser(house.url);
  const path = new URL(pay).pathname;
  await browser.submit(await browser.ask(path), '/card', CHALLENGED);
  const payment = await waitsAtBank(id);
  return { id, code, payment, browser, path };
}

async function waitsAtBank(id: string): Promise<Payment> {
  for (let look = 0; look < 100; look += 1) {
    const payment = await house.settled(id, 'requires_action');
    if (payment.attempts.at(-1)?.prompt?.prompt.kind === 'follow') return payment;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${id} waits for no bank`);
}

describe('a payment that another release goes on with', () => {
  it('is waited for, and changes nothing', async () => {
    const { id, code, payment } = await challenged();
    const newer = structuredClone(payment);
    newer.revision += 1;
    for (const { flow } of newer.attempts) Object.assign(flow ?? {}, { version: 9 });
    const nothing = { feed: null, claims: [], releases: [], codeFreeAt: null };
    expect(await house.store.payments.commit({ payment: newer, ...nothing })).toBe(true);
    const call = await house.calling(code);
    expect(call.exchanges.at(-1)?.text).toContain('One moment.');
    expect(call.has('Redirect')).toBe(true);
    expect(await call.follow()).toBe('');
    expect(call.has('Redirect')).toBe(true);
    expect((await house.payment(id)).attempts).toEqual(newer.attempts);
  });
});

describe('a payment whose payer is at their bank', () => {
  it('goes on by telephone twice; after that a caller gets the link, and whoever began goes on', async () => {
    const { id, code, browser, path } = await challenged();
    for (let left = 0; left < 2; left += 1) {
      const call = await house.calling(code);
      expect(call.exchanges.at(-1)?.text).toContain('You may go on here instead.');
      expect(await call.press('1')).toMatch(/^Have your card at hand\./);
      await browser.submit(await browser.ask(path), '/card', CHALLENGED);
      await waitsAtBank(id);
    }
    const call = await house.calling(code);
    const menu = call.exchanges.at(-1)?.text;
    expect(menu).toContain('begun on another device.');
    for (const offer of ['You may go on here', 'keying in a card', 'saved card']) expect(menu).not.toContain(offer);
    expect(await call.press('1')).toMatch(/^That key is not one of the choices\./);
    expect(await call.press('3')).toMatch(/^That key is not one of the choices\./);
    const { attempts } = await waitsAtBank(id);
    expect(attempts.map(({ end }) => end)).toEqual(['abandoned', 'abandoned', null]);
  });
});
