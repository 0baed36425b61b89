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
