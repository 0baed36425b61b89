/** The lab's television in a real Chromium: bought with its remote control, and watched while the telephone pays. */
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type LabHouse, openLabHouse } from '../lab/house.js';
import { needs } from '../support/skip.js';
import { axeFinds } from './inspection.js';
import { fill } from './payer.js';

const SLOW_MS = 60_000;

needs('chromium')('the lab’s television', (executablePath) => {
  let browser: Browser;
  let house: LabHouse;
  const troubles: string[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
    house = await openLabHouse();
  }, SLOW_MS);
  afterAll(async () => {
    await browser?.close();
    await house?.close();
  });
  afterEach(() => expect(troubles.splice(0)).toEqual([]));

  async function open(reference: string): Promise<Page> {
    await house.api('/v1/payments', { amount: 4_250, currency: 'EUR', reference, payer: { language: 'en' } });
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(message.text());
    });
    await page.goto(`${house.url}/lab`);
    await page.getByRole('heading', { name: reference }).waitFor();
    await page.getByLabel('Language of the box').selectOption('en');
    await page.getByRole('button', { name: 'Show the payment on television' }).click();
    return page;
  }

  const screen = (page: Page, title: string): Promise<void> =>
    page.frameLocator('iframe').getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
  const key = (page: Page, name: string): Promise<void> =>
    page.getByRole('group', { name: 'Remote control' }).getByRole('button', { name, exact: true }).click();

  it('buys with the remote control', { timeout: SLOW_MS }, async () => {
    const page = await open('SET-1');
    await screen(page, 'TEST: Pay La Petite Boutique');
    await key(page, 'OK');
    await screen(page, 'TEST: Your purchase code');
    for (const digit of '1234') await key(page, digit);
    await key(page, 'OK');
    await screen(page, 'TEST: Paid');
    await page.getByText('The operator’s signature was accepted.').waitFor();
    expect(await axeFinds(page, 'all')).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  });

  it('hears a keyboard, hands over to a telephone, and turns to paid', { timeout: SLOW_MS }, async () => {
    const page = await open('SET-2');
    await screen(page, 'TEST: Pay La Petite Boutique');
    await page.getByRole('button', { name: 'OK', exact: true }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('b');
    await screen(page, 'TEST: Continue on your phone');
    const [phone] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('link', { name: 'this page' }).click(),
    ]);
    await screen(page, 'TEST: Open on a telephone');
    await fill(phone, '4242 4242 4242 4242');
    await phone.getByRole('button', { name: 'Pay €42.50' }).click();
    await phone.getByRole('heading', { level: 1, name: 'Paid' }).waitFor();
    await screen(page, 'TEST: Paid');
  });
});
