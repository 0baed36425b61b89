/** What goes wrong in living rooms: the network is away, the box is switched off and on, its clock is wrong, the viewer walks off. Paid once, or not at all. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { leapingClock } from '../clock.js';
import { needs } from '../support/skip.js';
import { SLOW_MS, useStreet } from './payer.js';
import { BLUE, openSession, press, pressCode, TELEVISION, YELLOW } from './television.js';
import { titled } from './tv_screens.js';

const TROUBLE_MS = 2 * SLOW_MS;

needs('chromium')('a television in trouble', (executablePath) => {
  const clock = leapingClock();
  const street = useStreet(executablePath, { clock });

  async function turnOn(wanted: Record<string, unknown> = {}): Promise<{ id: string; page: Page; app: string }> {
    const { id } = await street.house.order({ payer: { language: 'en' }, ...wanted });
    const { app } = await openSession(street.house.url, id, { at: clock.now() });
    const page = await street.open({ viewport: TELEVISION });
    return { id, page, app };
  }

  it('loses the network for ten seconds while it pays, says so, and goes on by itself', {
    timeout: TROUBLE_MS,
  }, async () => {
    const { id, page, app } = await turnOn();
    await page.goto(app);
    await titled(page, 'TEST: Pay La Petite Boutique');
    await press(page, 'Enter');
    await titled(page, 'TEST: Your purchase code');
    await press(page, '1', '2', '3', '4');
    await page.context().setOffline(true);
    await press(page, 'Enter', 'Enter', '5', 'Enter');
    await page.getByText('No connection. Trying again…').waitFor();
    await page.waitForTimeout(10_000);
    expect(await page.locator('#amount').innerText()).toBe('€42.50');
    expect((await street.house.payment(id)).attempts).toEqual([]);
    await page.context().setOffline(false);
    await titled(page, 'TEST: Paid');
    await page.getByText('No connection').waitFor({ state: 'hidden' });
    await street.paidOnce(id);
  });

  it('loses the answer to the code, and pays once', { timeout: TROUBLE_MS }, async () => {
    const { id, page, app } = await turnOn();
    let lost = 0;
    await page.route('**/keys', async (route) => {
      // It arrives, and what is said to it does not.
      await route.fetch();
      lost += 1;
      if (lost > 3) await route.continue();
      else await route.abort('failed');
    });
    await page.goto(app);
    await titled(page, 'TEST: Pay La Petite Boutique');
    await press(page, 'Enter');
    await titled(page, 'TEST: Your purchase code');
    await press(page, '1', '2', '3', '4', 'Enter');
    await titled(page, 'TEST: Paid');
    expect(lost).toBeGreaterThan(3);
    await street.paidOnce(id);
  });

  it('is loaded again at every screen, with a clock of 1970, and stands where it stood', {
    timeout: TROUBLE_MS,
  }, async () => {
    const { id, page, app } = await turnOn();
    await page.clock.setFixedTime(0);
    await page.goto(app);
    const stands = async (title: string): Promise<void> => {
      await titled(page, title);
      await page.reload();
      await titled(page, title);
    };
    await stands('TEST: Pay La Petite Boutique');
    await press(page, 'Backspace');
    await stands('TEST: Cancel this payment?');
    await press(page, 'Enter');
    await titled(page, 'TEST: Pay La Petite Boutique');
    await pressCode(page, BLUE);
    await stands('TEST: Continue on your phone');
    await press(page, 'Enter');
    await stands('TEST: Your purchase code');
    await press(page, '9', '8', '7', '6', 'Enter');
    await page.locator('#text', { hasText: 'This is not the purchase code. Nothing was charged.' }).waitFor();
    await stands('TEST: Your purchase code');
    await pressCode(page, YELLOW);
    await stands('TEST: Continue on your phone');
    await press(page, 'Enter');
    await titled(page, 'TEST: Your purchase code');
    await press(page, '1', '2', '3', '4', 'Enter');
    await titled(page, 'TEST: Paid');
    await stands('TEST: Paid');
    await street.paidOnce(id);
  });

  it('is left alone until the time is up, and says that nothing was charged', { timeout: TROUBLE_MS }, async () => {
    const { id, page, app } = await turnOn({ expires_in: 120 });
    await page.goto(app);
    await titled(page, 'TEST: Pay La Petite Boutique');
    expect(await page.locator('#time').innerText()).toMatch(/^Time left: [12] min$/);
    await press(page, 'Enter');
    await titled(page, 'TEST: Your purchase code');
    await press(page, '1', '2');
    clock.leap(121_000);
    await titled(page, 'TEST: Time is up');
    await street.house.settled(id, 'expired');
    expect(await street.house.ledger(id)).toEqual([]);
    await press(page, '3', '4', 'Enter');
    await titled(page, 'You can leave this page');
    expect((await street.house.payment(id)).attempts).toEqual([]);
  });
});
