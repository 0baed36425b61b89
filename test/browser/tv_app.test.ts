/**
 * The television's page in a real Chromium by key events alone, over a server of screens that answers as it is told: what the page does with what it
 * is given, with a network that comes and goes, and on a box that hands out its keys.
 */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { Screen } from '../../src/contracts/television.js';
import { needs } from '../support/skip.js';
import { SLOW_MS } from './browser.js';
import { TELEVISION } from './television.js';
import { useGlass } from './tv_glass.js';
import { type Asked, ENTRY, HANDOVER, screenOf, shows, titled } from './tv_screens.js';

needs('chromium')('the page of a television', (executablePath) => {
  const { browser, at, turnOn } = useGlass(executablePath);
  const posts = (asked: readonly Asked[]) => asked.filter(({ method }) => method === 'POST').map(({ body }) => body);
  const textOf = (page: Page, id: string): Promise<string> => page.locator(`#${id}`).innerText();

  it('moves the focus by itself and presses what has it, by the key that the option has', async () => {
    const { page, asked } = await turnOn(shows(screenOf({ version: 7 }), screenOf({ ...HANDOVER, version: 8 })));
    await titled(page, 'Pay Maison Lune');
    expect(await page.evaluate('document.activeElement.textContent')).toContain('Pay with your saved card');
    for (const key of ['ArrowUp', 'ArrowDown']) await page.keyboard.press(key);
    expect(await page.evaluate('document.activeElement.textContent')).toContain('Continue on your phone');
    await page.keyboard.press('Enter');
    await titled(page, 'TEST : Continuez sur votre téléphone');
    expect(posts(asked)).toEqual([{ key: 'BLUE', version: 7 }]);
  });

  it('reaches an option without a key of its own as a box does that sends every key', async () => {
    const options = ['one', 'two', 'three'].map((label) => ({ key: 'OK', label }) as const);
    const cards = (focus: number): Screen => screenOf({ id: 'choose_card', options, focus, version: 10 + focus });
    const { page, asked } = await turnOn((question, before) => {
      const moves = [...before, question].filter(({ body }) => body?.['key'] === 'DOWN').length;
      if (question.body?.['key'] === 'OK')
        return screenOf({ id: 'paying', kind: 'wait', title: 'Done', options: [], version: 99 });
      return question.query.has('version') ? 'open' : cards(moves);
    });
    await titled(page, 'Pay Maison Lune');
    for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    await titled(page, 'Done');
    expect(posts(asked)).toEqual([
      { key: 'DOWN', version: 10 },
      { key: 'DOWN', version: 11 },
      { key: 'OK', version: 12 },
    ]);
  });

  it('collects a code as dots, sends it as one value, and has it nowhere in the page', async () => {
    const { page, asked } = await turnOn(
      shows(
        screenOf({ ...ENTRY, version: 3 }),
        screenOf({ id: 'paid', kind: 'result', title: 'Paid', options: [], focus: null, expires_in: null, version: 4 }),
      ),
    );
    await titled(page, 'Your purchase code');
    for (const key of ['1', '2', '9', 'ArrowLeft', '3']) await page.keyboard.press(key);
    expect(await textOf(page, 'entry')).toBe('● ● ●');
    expect(await page.locator('#entry').getAttribute('aria-label')).toBe('Digits typed: 3');
    expect(await page.content()).not.toContain('123');
    await page.keyboard.press('Enter');
    await titled(page, 'Paid');
    expect(posts(asked)).toEqual([{ value: '123', version: 3 }]);
  });

  it('takes no more digits than the code may have, and none where none is asked', async () => {
    const { page, asked } = await turnOn(shows(screenOf({ ...ENTRY, version: 3 }), screenOf({ version: 4 })));
    await titled(page, 'Your purchase code');
    for (let count = 0; count < 12; count += 1) await page.keyboard.press('5');
    expect(await textOf(page, 'entry')).toBe(Array(8).fill('●').join(' '));
    await page.keyboard.press('Backspace');
    await titled(page, 'Pay Maison Lune');
    await page.keyboard.press('5');
    expect(posts(asked)).toEqual([{ key: 'BACK', version: 3 }]);
  });

  it('keeps what was typed when the same screen comes with other words', async () => {
    let isOpened = false;
    const { page } = await turnOn((asked) => {
      if (asked.query.has('version') && !isOpened) return 'open';
      return screenOf({ ...ENTRY, version: isOpened ? 4 : 3, ...(isOpened && { text: 'Open on a telephone.' }) });
    });
    await titled(page, 'Your purchase code');
    await page.keyboard.press('4');
    isOpened = true;
    await page.evaluate(`window.dispatchEvent(new Event('offline'))`);
    await page.getByText('Open on a telephone.').first().waitFor();
    expect(await textOf(page, 'entry')).toBe('●');
  });

  it('says the same again until it is answered, and presses nothing twice meanwhile', async () => {
    const { page, asked } = await turnOn((question, before) => {
      if (question.method === 'GET') return question.query.has('version') ? 'open' : screenOf({ ...ENTRY, version: 3 });
      const said = posts(before).length;
      if (said === 0) return 'lost';
      if (said === 1) return { status: 503 };
      return screenOf({ id: 'paying', kind: 'wait', title: 'Paying', options: [], version: 4 });
    });
    await titled(page, 'Your purchase code');
    for (const key of ['1', '2', '3', '4', 'Enter', 'Enter', '5', 'Enter', 'Backspace', 'F1'])
      await page.keyboard.press(key);
    await titled(page, 'Paying');
    expect(posts(asked)).toEqual(Array(3).fill({ value: '1234', version: 3 }));
  });

  it('says that there is no connection, and goes on by itself', { timeout: SLOW_MS }, async () => {
    let isAway = false;
    const { page } = await turnOn((asked) => {
      if (isAway) return 'lost';
      return asked.query.has('version') ? 'open' : screenOf();
    });
    await titled(page, 'Pay Maison Lune');
    isAway = true;
    await page.evaluate(`window.dispatchEvent(new Event('offline'))`);
    await page.waitForTimeout(1_500);
    expect(await textOf(page, 'away')).toBe('');
    await page.getByText('No connection. Trying again…').waitFor();
    expect(await textOf(page, 'merchant')).toBe('Maison Lune');
    expect(await textOf(page, 'amount')).toBe('€42.50');
    isAway = false;
    await page.getByText('No connection').waitFor({ state: 'hidden' });
  });

  it('looks again now and then where no question may stay open', { timeout: SLOW_MS }, async () => {
    // A proxy that cuts what takes longer than it likes.
    const page = await browser.open({ viewport: TELEVISION });
    const asked: string[] = [];
    await page.clock.install();
    await page.route('**/tv/sessions/**', async (route) => {
      const isOpen = new URL(route.request().url()).searchParams.has('version');
      asked.push(isOpen ? 'open' : 'short');
      if (!isOpen) return route.fulfill({ json: { session: 's', screen: screenOf(), poll_interval: 1 } });
      await page.clock.runFor(6_000);
      return route.abort('failed');
    });
    await page.goto(at());
    await titled(page, 'Pay Maison Lune');
    for (let count = 0; count < 20; count += 1) await page.clock.runFor(1_000);
    expect(asked.filter((kind) => kind === 'open')).toHaveLength(2);
    expect(asked.slice(-5)).toEqual(Array(5).fill('short'));
  });

  it('does not ask without end where a question comes back at once', async () => {
    const { page, asked } = await turnOn(() => screenOf());
    await titled(page, 'Pay Maison Lune');
    await page.waitForTimeout(3_000);
    expect(asked.filter(({ query }) => query.has('wait'))).toHaveLength(2);
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.length).toBeLessThan(8);
  });

  it.each([404, 410])('says that the session is over, and then only leaving is left: %i', async (status) => {
    const { page } = await turnOn((asked) => (asked.method === 'GET' ? screenOf() : { status }));
    await titled(page, 'Pay Maison Lune');
    await page.keyboard.press('Enter');
    await titled(page, 'This page is over');
    await page.keyboard.press('Backspace');
    await titled(page, 'You can leave this page');
  });

  it('asks the box for digits only while a code is asked, for colours only where they mean something, and gives all back', async () => {
    const box = `window.masks = []; window.left = 0;
      HTMLObjectElement.prototype.getOwnerApplication = () => ({
        show() {}, hide() {}, destroyApplication() { window.left += 1; },
        privateData: { keyset: { setValue(mask) { window.masks.push(mask); } } },
      });
      window.VK_RED = 5001; window.KeyEvent = { VK_GREEN: 5002 };`;
    const masks = (page: Page) => page.evaluate('window.masks');
    const paid = screenOf({
      id: 'paid',
      kind: 'result',
      title: 'Paid',
      options: [],
      focus: null,
      expires_in: null,
      version: 3,
    });
    const { page } = await turnOn((asked, before) => {
      const said = [...before, asked].filter(({ method }) => method === 'POST').length;
      if (asked.query.has('version')) return 'open';
      return said === 0 ? screenOf() : said === 1 ? screenOf({ ...ENTRY, version: 2 }) : paid;
    }, box);
    await titled(page, 'Pay Maison Lune');
    expect(await masks(page)).toEqual([0x10, 0x10 + 0x1 + 0x2 + 0x8]);
    // The box's own code of its green key.
    await page.evaluate(`document.dispatchEvent(new KeyboardEvent('keydown', { keyCode: 5002, cancelable: true }))`);
    await titled(page, 'Your purchase code');
    expect(((await masks(page)) as number[]).at(-1)).toBe(0x10 + 0x4 + 0x100);
    for (const key of ['1', '2', '3', '4', 'Enter']) await page.keyboard.press(key);
    await titled(page, 'Paid');
    expect(((await masks(page)) as number[]).at(-1)).toBe(0x10);
    await page.keyboard.press('Backspace');
    expect(((await masks(page)) as number[]).at(-1)).toBe(0);
    expect(await page.evaluate('window.left')).toBe(1);
  });

  it('leaves keys to the box that mean nothing here, and takes those that do', async () => {
    const { page } = await turnOn(shows(screenOf()));
    await titled(page, 'Pay Maison Lune');
    const isTaken = (keyCode: number) =>
      page.evaluate(`!document.dispatchEvent(new KeyboardEvent('keydown', { keyCode: ${keyCode}, cancelable: true }))`);
    for (const code of [13, 8, 461, 27, 38, 40, 37, 39, 403, 404, 405, 406])
      expect(await isTaken(code), String(code)).toBe(true);
    for (const code of [48, 57, 96, 105, 415, 19, 447, 0]) expect(await isTaken(code), String(code)).toBe(false);
  });

  it('works with a clock that is wrong or missing, without storage, and with the old name of the keyset', async () => {
    const poor = `Object.defineProperty(window, 'localStorage', { get() { throw new Error('none'); } });
      delete window.fetch; delete window.Promise; delete window.Map; delete window.Set; delete window.Symbol;
      Date = undefined;
      HTMLObjectElement.prototype.getOwnerApplication = () => ({ show() {}, private: { keyset: { setValue(mask) { window.mask = mask; } } } });`;
    const { page } = await turnOn(shows(screenOf({ ...ENTRY, expires_in: 125 })), poor);
    await page.locator('#title', { hasText: 'Your purchase code' }).waitFor({ state: 'attached' });
    expect(await textOf(page, 'time')).toBe('Time left: 3 min');
  });
});
