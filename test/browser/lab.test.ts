/** From the shop to the payment page, back to the order, and into the lab, in a real Chromium. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type LabHouse, openLabHouse } from '../lab/house.js';
import { needs } from '../support/skip.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SLOW_MS = 40_000;
const PHONE = { width: 390, height: 844 };

needs('chromium')('shop and lab in a browser', (executablePath) => {
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

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', ...options });
    context.setDefaultTimeout(12_000);
    const page = await context.newPage();
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) troubles.push(message.text());
    });
    page.on('request', (request) => {
      if (!/^(?:http:\/\/127\.0\.0\.1[:/]|data:)/.test(request.url())) troubles.push(`asked ${request.url()}`);
    });
    return page;
  }

  async function fillCard(page: Page): Promise<void> {
    await page.getByLabel(/Card number|Numéro de carte/).fill('4242 4242 4242 4242');
    await page.getByLabel(/Expiry date|Date d’expiration/).fill('12/34');
    await page.getByLabel(/Security code|Code de sécurité|Cryptogramme/).fill('123');
  }

  it('buys, pays, sees the order paid, and finds all of it in the lab', { timeout: SLOW_MS }, async () => {
    const page = await open();
    await page.goto(`${house.url}/shop`);
    expect(await findings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add to cart Lavender honey' }).click();
    await page.getByLabel('E-mail').fill('someone@example.org');
    expect(await findings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Pay €12.00' }).click();
    await fillCard(page);
    await page.getByRole('button', { name: 'Pay €12.00' }).click();
    await page.waitForURL('**/shop/orders/**');
    await page.getByRole('heading', { name: 'Paid. Thank you!' }).waitFor();
    await page.getByText('rightly signed').waitFor();
    await page.getByText('from a signed webhook').waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByRole('link', { name: 'See what went over the wire' }).click();
    await page.getByText('The payment succeeded.').waitFor();
    await page.getByText('signature right').first().waitFor();
    await page.getByText('POST /v1/payments').click();
    await page.getByText("curl -X POST 'http://127.0.0.1").waitFor();
    await page.getByText('to someone@example.org').waitFor();
    expect(await findings(page)).toEqual([]);
  });

  it('shows the mailbox in the style of the lab, and who got what', { timeout: SLOW_MS }, async () => {
    const page = await open({ viewport: PHONE });
    const missing: string[] = [];
    page.on('response', (response) => void (response.status() >= 400 && missing.push(response.url())));
    await page.goto(`${house.url}/lab/mailbox`);
    await page.getByText('to someone@example.org').waitFor();
    expect(await findings(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.getByLabel('Recipient').selectOption('orders@shop.example');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('heading', { name: 'Mails to orders@shop.example' }).waitFor();
    expect(await page.getByRole('link', { name: 'someone@example.org' }).count()).toBe(0);
    await page.getByLabel('Be gone').check();
    await page.getByRole('button', { name: 'Behave so' }).click();
    await page.getByText('It is gone').waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByLabel('Be gone').uncheck();
    await page.getByRole('button', { name: 'Behave so' }).click();
    await page.getByRole('link', { name: /paid/ }).first().click();
    await page.getByText('As it came over the wire').waitFor();
    await page.getByRole('link', { name: 'The lab' }).click();
    await page.getByRole('heading', { name: 'The lab' }).waitFor();
    expect(missing).toEqual([]);
  });

  it('follows a purchase made by its own button, step by step', { timeout: SLOW_MS }, async () => {
    const page = await open({ viewport: PHONE, colorScheme: 'dark' });
    await page.goto(`${house.url}/lab`);
    await page.getByRole('button', { name: 'Lose the answer' }).click();
    await page.getByText('unknown', { exact: true }).waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByText('exactly one authorization').waitFor();
    expect(await page.locator('.steps .done').count()).toBe(5);
    expect(await findings(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });

  it('an open order changes by itself, and keeps what was unfolded in the lab', { timeout: SLOW_MS }, async () => {
    const page = await open();
    await page.goto(`${house.url}/shop`);
    await page.getByRole('button', { name: /Enamel mug/ }).click();
    await page.getByRole('button', { name: 'Pay €14.50' }).click();
    await page.getByLabel('Card number').waitFor();
    const payLink = page.url();
    const order = house.orders.awaited().find((one) => one.payLink === payLink);
    const lab = await open();
    await lab.goto(`${house.url}/lab?payment=${order?.payment}`);
    await lab.getByText('POST /v1/payments').click();
    await page.goto(`${house.url}/shop/orders/${order?.id}`);
    await page.getByText('Waiting for your payment').waitFor();
    await house.pay(payLink);
    await page.getByRole('heading', { name: 'Paid. Thank you!' }).waitFor();
    await lab.getByText('The payment succeeded.').waitFor();
    await lab.getByText("curl -X POST 'http").waitFor();
    await page.getByRole('button', { name: 'Give €14.50 back' }).click();
    await page.getByRole('heading', { name: 'Refunded' }).waitFor();
  });

  it('works without scripts, on a phone, in French and in the dark', { timeout: SLOW_MS }, async () => {
    const page = await open({ javaScriptEnabled: false, viewport: PHONE, locale: 'fr-FR', colorScheme: 'dark' });
    await page.goto(`${house.url}/shop`);
    await page.getByRole('button', { name: /Petit voilier/ }).click();
    await page.getByLabel(/déjà client/).check();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.getByRole('button', { name: /^Payer \d/ }).click();
    await page.locator('[name="number"]').fill('4242 4242 4242 4242');
    await page.locator('[name="expiry"]').fill('12/34');
    await page.locator('[name="security_code"]').fill('123');
    const order = house.orders.awaited().find((one) => one.payLink === page.url());
    await page.getByRole('button', { name: /^Payer \d/ }).click();
    await page.goto(`${house.url}/shop/orders/${order?.id}`);
    // It reloads by itself: nobody presses anything.
    await page.getByRole('heading', { name: /^Payé. Merci/ }).waitFor();
  });
});

/** What axe finds, in words. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    interface Violation {
      id: string;
      nodes: { html: string }[];
    }
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  });
}

/** How many pixels the page is wider than its window. */
async function overflow(page: Page): Promise<number> {
  const width = page.viewportSize()?.width ?? 0;
  const box = await page.locator('main').evaluate((main: { scrollWidth: number }) => main.scrollWidth);
  return box - width;
}
