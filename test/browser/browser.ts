import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

export const SLOW_MS = 30_000;
export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 800 };

/** A browser for the tests of one `describe`; each test ends without an error in any console. */
export interface Devices {
  /** A new device with an empty page. */
  open(options?: BrowserContextOptions): Promise<Page>;
}

/** What Chromium writes by itself: a form that was answered 4xx or 5xx, and a server that a test has taken away. */
const EXPECTED = /status of [45]\d\d|net::ERR_(?:FAILED|INTERNET_DISCONNECTED)/;
const ARGUMENTS = [
  // Chromium refuses its own sandbox to root, which is who tests run as in a container.
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function useBrowser(executablePath: string): Devices {
  let browser: Browser | undefined;
  let contexts: BrowserContext[] = [];
  let troubles: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  }, SLOW_MS);
  afterAll(() => browser?.close());
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
    const found = troubles;
    troubles = [];
    expect(found).toEqual([]);
  });

  return {
    async open(options = {}) {
      if (browser === undefined) throw new Error('the browser is not open yet');
      const context = await browser.newContext({ locale: 'en-GB', ...options });
      context.setDefaultTimeout(12_000);
      contexts.push(context);
      const page = await context.newPage();
      page.on('pageerror', (error) => troubles.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' && !EXPECTED.test(message.text())) troubles.push(message.text());
      });
      return page;
    },
  };
}
