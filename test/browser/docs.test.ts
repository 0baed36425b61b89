/** `/docs` in a real Chromium: for everybody, on every width, with and without scripts, and with nothing from elsewhere. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { needs } from '../support/skip.js';
import { SLOW_MS, useStreet } from './payer.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WEIGHT_MAX = 60_000;

/** What axe finds, one line each. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = (await page.evaluate('axe.run()')) as {
    violations: { id: string; nodes: { html: string }[] }[];
  };
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

needs('chromium')('the documentation in a browser', (executablePath) => {
  const street = useStreet(executablePath);
  let pages: string[] = [];

  beforeEach(async () => {
    if (pages.length > 0) return;
    const text = await (await fetch(`${street.house.url}/docs`)).text();
    const navigation = /<nav [\s\S]*<\/nav>/.exec(text)?.[0] ?? '';
    pages = [...navigation.matchAll(/href="([^"#]+)"/g)].map(([, href = '']) => href);
    expect(pages.length).toBeGreaterThan(15);
    pages.push('/docs/search?q=refund', '/docs/nothing', '/');
  });

  it.each(['light', 'dark'] as const)(
    'axe finds nothing on any page in %s, and nothing is asked of anybody else',
    {
      timeout: 4 * SLOW_MS,
    },
    async (colorScheme) => {
      const page = await street.open({ colorScheme, viewport: { width: 1_280, height: 900 } });
      const elsewhere: string[] = [];
      page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(street.house.url) && !url.startsWith('data:')) elsewhere.push(url);
      });
      for (const path of pages) {
        await page.goto(street.house.url + path);
        expect([path, await findings(page)]).toEqual([path, []]);
      }
      expect(elsewhere).toEqual([]);
    },
  );

  it('fits a phone, where the contents open and close by themselves', { timeout: 2 * SLOW_MS }, async () => {
    const page = await street.open({ viewport: { width: 390, height: 844 }, hasTouch: true, javaScriptEnabled: false });
    for (const path of pages) {
      await page.goto(street.house.url + path);
      const width = await page.locator('html').evaluate((root) => root.scrollWidth);
      expect([path, width]).toEqual([path, 390]);
    }
    await page.goto(`${street.house.url}/docs`);
    const link = page.getByRole('link', { name: 'Webhooks and the feed' });
    expect(await link.first().isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Contents' }).click();
    await link.first().click();
    await page.getByRole('heading', { level: 1, name: 'Webhooks and the feed' }).waitFor();
  });

  it('with the contents open axe finds nothing on a phone either', { timeout: SLOW_MS }, async () => {
    const page = await street.open({ viewport: { width: 390, height: 844 } });
    await page.goto(`${street.house.url}/docs/webhooks`);
    await page.getByRole('button', { name: 'Contents' }).click();
    expect(await findings(page)).toEqual([]);
  });

  it('is searched by keyboard, with suggestions', { timeout: SLOW_MS }, async () => {
    const page = await street.open();
    await page.goto(`${street.house.url}/docs`);
    await page.keyboard.press('/');
    await page.keyboard.type('reference_in');
    await page.getByRole('option').first().waitFor();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/docs#reference_in_use');
    expect(await page.locator('tr:target').innerText()).toContain('Another payment has this reference');
    await page.keyboard.press('/');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('rotate the secret');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Search' }).waitFor();
  });

  it('is searched without scripts', { timeout: SLOW_MS }, async () => {
    const page = await street.open({ javaScriptEnabled: false });
    await page.goto(`${street.house.url}/docs`);
    await page.getByLabel('Search the documentation').fill('lost answer');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('listitem').filter({ hasText: 'Test cards and faults' }).first().waitFor();
  });

  it('an error’s type leads to its line, without scripts', { timeout: SLOW_MS }, async () => {
    const answer = await fetch(`${street.house.url}/v1/payments/pay_nothing`, {
      headers: { authorization: 'Bearer sk_test_demo' },
    });
    const { type } = (await answer.json()) as { type: string };
    const page = await street.open({ javaScriptEnabled: false });
    await page.goto(type);
    const line = page.locator('tr:target');
    expect(await line.innerText()).toContain('payment_not_found');
    const place = await line.boundingBox();
    const height = page.viewportSize()?.height ?? 0;
    expect(place?.y).toBeGreaterThan(50);
    expect(place?.y).toBeLessThan(height);
  });

  it('is light', { timeout: 2 * SLOW_MS }, async () => {
    const files = ['/docs/assets/docs.css', '/docs/assets/docs.js'];
    const sizes = await Promise.all(
      files.map(async (path) => (await (await fetch(street.house.url + path)).text()).length),
    );
    const assets = sizes.reduce((sum, size) => sum + size, 0);
    for (const path of pages) {
      const text = await (await fetch(street.house.url + path)).text();
      expect([path, text.length + assets < WEIGHT_MAX]).toEqual([path, true]);
    }
  });
});
