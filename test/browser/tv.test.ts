/** Paying on the television in a real Chromium of its size, by key events alone, over a whole house. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { Screen } from '../../src/contracts/television.js';
import { needs } from '../support/skip.js';
import { fill, paid, pay, SLOW_MS, useStreet } from './payer.js';
import { openSession, press, pressCode, RED, TELEVISION } from './television.js';
import { titled } from './tv_screens.js';

const ENGLISH = { payer: { language: 'en' } };

needs('chromium')('paying on a television', (executablePath) => {
  const street = useStreet(executablePath);

  async function turnOn(wanted: Record<string, unknown> = {}, opening: Parameters<typeof openSession>[2] = {}) {
    const order = await street.house.order({ ...ENGLISH, ...wanted });
    const { session, app } = await openSession(street.house.url, order.id, opening);
    const page = await street.open({ viewport: TELEVISION });
    await page.goto(app);
    return { ...order, session, page };
  }

  /** From the first screen to the one that asks for the code, by keys that are counted. */
  async function payByCode(page: Page, code = '1234'): Promise<void> {
    await titled(page, 'TEST: Pay La Petite Boutique');
    await press(page, 'Enter');
    await titled(page, 'TEST: Your purchase code');
    await press(page, ...code, 'Enter');
  }

  it('buys with the purchase code in six keys', { timeout: SLOW_MS }, async () => {
    const { id, page } = await turnOn();
    await page.evaluate(`window.pressed = 0; addEventListener('keydown', () => { window.pressed += 1; }, true)`);
    await payByCode(page);
    await titled(page, 'TEST: Paid');
    expect(await page.evaluate('window.pressed')).toBe(6);
    expect(await page.locator('#text').innerText()).toContain('Visa ending in 4242');
    await street.paidOnce(id);
    const payment = await street.house.payment(id);
    expect(payment.attempts.map(({ channel }) => channel)).toEqual(['tv']);
  });

  it('goes on with a telephone, and follows it until it is paid', { timeout: SLOW_MS }, async () => {
    const { id, session, page } = await turnOn();
    await titled(page, 'TEST: Pay La Petite Boutique');
    await press(page, 'ArrowDown', 'Enter');
    await titled(page, 'TEST: Continue on your phone');
    const { screen } = (await (await fetch(`${street.house.url}/tv/sessions/${session}`)).json()) as { screen: Screen };
    const phone = await street.open({ viewport: { width: 390, height: 844 }, isMobile: true });
    await phone.goto(screen.handover?.qr ?? '');
    await titled(page, 'TEST: Open on a telephone');
    await fill(phone, '4242 4242 4242 4242');
    await pay(phone);
    await paid(phone);
    await titled(page, 'TEST: Paid');
    await street.paidOnce(id);
  });

  it('is refused: canceled in three keys, and nothing is taken', { timeout: SLOW_MS }, async () => {
    const { id, page } = await turnOn();
    await titled(page, 'TEST: Pay La Petite Boutique');
    await pressCode(page, RED);
    await titled(page, 'TEST: Cancel this payment?');
    await pressCode(page, RED);
    await titled(page, 'TEST: Payment canceled');
    expect((await street.house.settled(id, 'canceled')).canceledBy).toBe('payer');
    expect(await street.house.ledger(id)).toEqual([]);
    await press(page, 'Backspace');
    await titled(page, 'You can leave this page');
  });
});
