/** Every page and state in both languages, light and dark, on a phone and at a desk: axe finds nothing, and nothing moves. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { needs } from '../support/skip.js';
import { DESKTOP, PHONE, useBrowser } from './browser.js';
import { axeFinds, overflows, shiftOf, watchRequests, watchShifts } from './inspection.js';
import { APPROVED, CHALLENGED, fill, pay, useStreet } from './payer.js';
import { openStage, STATES, type Stage, type State } from './states.js';

const STATE_MS = 60_000;
const SHIFT_MAX = 0.1;
/** 1280 pixels at 400 %: WCAG 2.2, 1.4.10. */
const NARROW = { width: 320, height: 640 };
const ISSUER = 'https://acs.bank.example';

/** Everything on a phone by day and at a desk by night; contrast, which alone depends on it, crosswise too in one language. */
async function inspect(page: Page, crosswise: boolean): Promise<string[]> {
  const found: string[] = [];
  for (const viewport of [PHONE, DESKTOP]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const isMain = (viewport === PHONE) === (colorScheme === 'light');
      if (!isMain && !crosswise) continue;
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const findings = await axeFinds(page, isMain ? 'all' : 'contrast');
      found.push(...findings.map((finding) => `${viewport.width} ${colorScheme}: ${finding}`));
    }
  }
  await page.setViewportSize(NARROW);
  if (await overflows(page)) found.push('wider than 320 pixels');
  return found;
}

needs('chromium')('axe', (executablePath) => {
  const devices = useBrowser(executablePath);
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  async function setUp(state: State, locale: string) {
    const page = await devices.open({ locale, viewport: PHONE });
    const { origins } = watchRequests(page);
    await watchShifts(page);
    // The issuer is nowhere, and who has been there once is not sent again.
    await page.route(`${ISSUER}/**`, (route) => route.fulfill({ status: 204 }));
    await page.addInitScript(`try { sessionStorage.setItem('challenge Y3JlcQ', 'shown') } catch {}`);
    stage.set(state.visit ?? {});
    if (state.name.startsWith('back from')) stage.counter.shows = null;
    await page.goto(state.path === undefined ? stage.link : stage.url + state.path);
    await page.waitForLoadState('load');
    await state.act?.(page, stage);
    return { page, origins };
  }

  it.each(STATES)('finds nothing, and nothing moves: $name', { timeout: STATE_MS }, async (state) => {
    for (const locale of ['en-GB', 'fr-FR']) {
      const { page, origins } = await setUp(state, locale);
      expect(await page.evaluate('document.documentElement.lang')).toBe(locale.slice(0, 2));
      expect(await shiftOf(page)).toBeLessThanOrEqual(SHIFT_MAX);
      expect(await inspect(page, locale === 'en-GB')).toEqual([]);
      expect([...origins].filter((origin) => origin !== ISSUER)).toEqual([stage.url]);
      await page.close();
    }
  });

  it('would find something', async () => {
    const page = await devices.open();
    await page.setContent('<p style="color:#ccc">Too pale</p><input>');
    expect((await inspect(page, true)).join()).toMatch(/color-contrast.*label/);
    await watchShifts(page);
    await page.goto(stage.link);
    await page.waitForTimeout(600);
    await page.evaluate(`document.body.style.paddingTop = '400px'`);
    await expect.poll(() => shiftOf(page)).toBeGreaterThan(SHIFT_MAX);
  });
});

needs('chromium')('axe at the issuer of the sandbox', (executablePath) => {
  const street = useStreet(executablePath);

  it.each(['en-GB', 'fr-FR'])('finds nothing: %s', { timeout: STATE_MS }, async (locale) => {
    const { pay: link } = await street.house.order({ payer: { language: 'en' } });
    const page = await street.open({ locale });
    await page.goto(link);
    await fill(page, CHALLENGED);
    await pay(page);
    const code = page.locator('#code');
    await code.waitFor();
    expect(await inspect(page, true)).toEqual([]);
    await code.fill('000000');
    await page.locator('[value=code]').click();
    await page.locator('.wrong').waitFor();
    expect(await inspect(page, true)).toEqual([]);
  });

  it('finds nothing on a page that a real payer has paid with', { timeout: STATE_MS }, async () => {
    const { pay: link } = await street.house.order({ return_url: null });
    const page = await street.open();
    await page.goto(link);
    await fill(page, APPROVED);
    await pay(page);
    await page.getByRole('heading', { name: 'Paid' }).waitFor();
    expect(await inspect(page, true)).toEqual([]);
  });
});
