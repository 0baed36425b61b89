import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { approvalsOf, type House, openHouse } from './house.js';

export const SLOW_MS = 30_000;
export const APPROVED = '4242 4242 4242 4242';
export const CHALLENGED = '4000 0000 0000 3220';
export const CHECKED_AND_CHALLENGED = '4000 0010 0000 0224';
export const REFUSED = '4000 0000 0000 0002';

/** A house and a browser for the tests of one `describe`; each test ends without an error in any console. */
export interface Street {
  readonly house: House;
  /** A new device with an empty page. */
  open(options?: BrowserContextOptions): Promise<Page>;
  /** The payment has succeeded, after so many attempts, and money was taken once. */
  paidOnce(id: string, attempts?: number): Promise<void>;
}

export function useStreet(executablePath: string, parts: Parameters<typeof openHouse>[0] = {}): Street {
  let house: House | undefined;
  let browser: Browser | undefined;
  let contexts: BrowserContext[] = [];
  let troubles: string[] = [];

  beforeAll(async () => {
    // Chromium refuses its own sandbox to root, which is who tests run as in a container.
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
    house = await openHouse(parts);
  }, SLOW_MS);
  afterAll(async () => {
    await browser?.close();
    await house?.close();
  });
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
    const found = troubles;
    troubles = [];
    expect(found).toEqual([]);
  });

  function standing(): House {
    if (house === undefined) throw new Error('the house is not open yet');
    return house;
  }

  return {
    get house() {
      return standing();
    },
    async open(options = {}) {
      if (browser === undefined) throw new Error('the browser is not open yet');
      const context = await browser.newContext({ locale: 'en-GB', ...options });
      context.setDefaultTimeout(12_000);
      contexts.push(context);
      const page = await context.newPage();
      page.on('pageerror', (error) => troubles.push(error.message));
      page.on('console', (message) => {
        // A form that is answered 422 is written to the console by the browser itself.
        const isOurs = message.type() === 'error' && !/status of 4\d\d/.test(message.text());
        if (isOurs) troubles.push(message.text());
      });
      return page;
    },
    async paidOnce(id, attempts = 1) {
      const payment = await standing().settled(id, 'succeeded');
      expect(payment.attempts).toHaveLength(attempts);
      expect(approvalsOf(payment)).toBe(1);
    },
  };
}

export async function fill(page: Page, number: string): Promise<void> {
  await page.getByLabel('Card number').fill(number);
  await page.getByLabel('Expiry date').fill('12/34');
  await page.getByLabel('Security code').fill('123');
}

export const pay = (page: Page): Promise<void> => page.getByRole('button', { name: 'Pay €42.50' }).click();
export const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
export const paid = (page: Page): Promise<void> => heading(page, 'Paid').waitFor();
export const approve = (page: Page): Promise<void> => page.getByRole('button', { name: 'Approve' }).click();

/** Without scripts nothing goes on by itself: the payer presses what is there. */
export async function clickThrough(page: Page): Promise<void> {
  for (;;) {
    const next = page
      .getByRole('button', { name: /^(?:Continue|Go to my bank)$/ })
      .or(page.getByRole('link', { name: 'Check now' }));
    await next
      .or(page.getByRole('button', { name: 'Approve' }))
      .first()
      .waitFor();
    if ((await page.getByRole('button', { name: 'Approve' }).count()) > 0) return;
    await next.first().click();
  }
}

export async function clickBack(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Continue' }).click();
  await waitFor(page, false, 'Paid');
}

/** Waits for a page; without scripts by pressing what leads on. */
export async function waitFor(page: Page, scripts: boolean, title: string): Promise<void> {
  const wanted = heading(page, title);
  const goOn = page
    .getByRole('link', { name: 'Check now' })
    .or(page.getByRole('button', { name: 'Continue', exact: true }));
  for (;;) {
    await (scripts ? wanted : wanted.or(goOn).first()).waitFor();
    if ((await wanted.count()) > 0) return;
    await goOn.first().click();
  }
}
