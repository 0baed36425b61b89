/**
 * The television's page in a real Chromium by key events alone, over a server of screens that answers as it is told: what the page does with what it
 * is given, with a network that comes and goes, and on a box that hands out its keys.
 */

import type { Page } from 'playwright-core';
import decodeQR from 'qr/decode.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTvApp } from '../../channels/tv/app/index.js';
import { systemClock } from '../../src/clock.js';
import type { Screen } from '../../src/contracts/television.js';
import { createServer, type HttpServer } from '../../src/http/server.js';
import { createIds } from '../../src/ids.js';
import { silentLog } from '../support/silent_log.js';
import { needs } from '../support/skip.js';
import { SLOW_MS, useBrowser } from './browser.js';
import { axeFinds } from './inspection.js';
import { type Answer, type Asked, ENTRY, HANDOVER, screenOf, serveScreens, titled } from './tv_screens.js';

const SIZE = { width: 1280, height: 720 };
const clock = systemClock();

needs('chromium')('the page of a television', (executablePath) => {
  const browser = useBrowser(executablePath);
  let server: HttpServer;
  let url: string;
  /** What the picture of a hand-over is drawn from. */
  let drawn: Screen = screenOf(HANDOVER);
  beforeAll(async () => {
    const desk = { look: async (session: string) => ({ session, screen: drawn, pollInterval: 1 }) };
    server = createServer({
      ...{ api: null, routers: [createTvApp({ desk, keys: [], framed: false })], publicUrl: 'http://127.0.0.1' },
      ...{ log: silentLog(), ids: createIds({ clock }), clock, trustedProxies: 0 },
    });
    url = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}/tv/app?session=a-session-of-a-test`;
  }, SLOW_MS);
  afterAll(() => server?.close(0));

  async function turnOn(
    answer: (asked: Asked, before: readonly Asked[]) => Answer,
    prepare = '',
  ): Promise<{ page: Page; asked: readonly Asked[] }> {
    const page = await browser.open({ viewport: SIZE });
    if (prepare !== '') await page.addInitScript(prepare);
    const asked = await serveScreens(page, answer);
    await page.goto(url);
    return { page, asked };
  }

  /** The first screen until something is pressed, and then the next. */
  const shows =
    (first: Screen, next: Screen = first) =>
    (asked: Asked, before: readonly Asked[]): Answer => {
      if (asked.method === 'POST') return next;
      if (asked.query.has('version')) return 'open';
      return before.some(({ method }) => method === 'POST') ? next : first;
    };
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
        return screenOf({ id: 'wait', kind: 'wait', title: 'Done', options: [], version: 99 });
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
      return screenOf({ id: 'wait', kind: 'wait', title: 'Paying', options: [], version: 4 });
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
    const page = await browser.open({ viewport: SIZE });
    const asked: string[] = [];
    await page.clock.install();
    await page.route('**/tv/sessions/**', async (route) => {
      const isOpen = new URL(route.request().url()).searchParams.has('version');
      asked.push(isOpen ? 'open' : 'short');
      if (!isOpen) return route.fulfill({ json: { session: 's', screen: screenOf(), poll_interval: 1 } });
      await page.clock.runFor(6_000);
      return route.abort('failed');
    });
    await page.goto(url);
    await titled(page, 'Pay Maison Lune');
    for (let count = 0; count < 20; count += 1) await page.clock.runFor(1_000);
    expect(asked.filter((kind) => kind === 'open')).toHaveLength(2);
    expect(asked.slice(-5)).toEqual(Array(5).fill('short'));
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

  it('draws the hand-over so that a camera reads it', async () => {
    drawn = screenOf(HANDOVER);
    const { page } = await turnOn(shows(drawn));
    await titled(page, 'TEST : Continuez sur votre téléphone');
    const pixels = (await page.evaluate(`(async () => {
      const image = document.getElementById('qr');
      await image.decode();
      const canvas = document.createElementNS('http://www.w3.org/1999/xhtml', 'canvas');
      canvas.width = image.naturalWidth;
      canvas.height = image.naturalHeight;
      const context = canvas.getContext('2d');
      context.drawImage(image, 0, 0);
      return [canvas.width, canvas.height, image.width, ...context.getImageData(0, 0, canvas.width, canvas.height).data];
    })()`)) as number[];
    const [width = 0, height = 0, shownWidth, ...data] = pixels;
    expect(shownWidth).toBe(width);
    expect(decodeQR({ width, height, data: Uint8ClampedArray.from(data) })).toBe(drawn.handover?.qr);
    expect(await textOf(page, 'code')).toBe('482 109 3756');
    expect(await textOf(page, 'address')).toBe('pay.example.org/link');
  });

  const EVERY: readonly (readonly [string, Partial<Screen>])[] = [
    ['start', {}],
    [
      'many cards',
      { options: [1, 2, 3, 4, 5, 6, 7].map((count) => ({ key: 'OK', label: `Visa ending in 424${count}` }) as const) },
    ],
    ['entry', ENTRY],
    [
      'entry with a notice',
      {
        ...ENTRY,
        text: 'This is not the purchase code. Nothing was charged. Enter the purchase code to pay €42.50 to Maison Lune. Not the code of your bank card.',
      },
    ],
    ['hand-over', HANDOVER],
    ['confirm', { id: 'confirm_cancel', kind: 'confirm', title: 'Annuler ce paiement ?', language: 'fr' }],
    ['wait', { id: 'wait', kind: 'wait', options: [], focus: null }],
    ['paid', { id: 'paid', kind: 'result', status: 'succeeded', options: [], focus: null, expires_in: null }],
    ['hurry', { expires_in: 30 }],
  ];

  it.each(EVERY)('can be seen from across the room: %s', async (_, changes) => {
    const screen = screenOf(changes);
    drawn = screen;
    const { page } = await turnOn(shows(screen));
    await titled(page, screen.title);
    const parts = (await page.evaluate(MEASURE)) as { text: string; size: number; box: number[] }[];
    for (const { text, size, box } of parts) {
      expect(size, text).toBeGreaterThanOrEqual(24);
      const [left = 0, top = 0, right = 0, bottom = 0] = box;
      expect(left >= 128 && top >= 36 && right <= 1_152 && bottom <= 684, `${text}: ${box.join(' ')}`).toBe(true);
    }
    expect(parts.length).toBeGreaterThan(3);
    expect(await axeFinds(page, 'all')).toEqual([]);
    expect(await page.evaluate('document.documentElement.lang')).toBe(screen.language);
    expect(await page.locator('#speech').textContent()).toBe(screen.speech);
    expect(await page.locator('.focused').count()).toBe(screen.focus === null ? 0 : 1);
    expect(await page.evaluate('document.querySelectorAll("*").length')).toBeLessThan(70);
    expect(await page.evaluate(OVERLAPS)).toEqual([]);
  });
});

/** Every part with words of its own: its size and where it stands. */
const MEASURE = `[...document.querySelectorAll('#glass *')]
  .filter((part) => part.checkVisibility() && [...part.childNodes].some((child) => child.nodeType === 3 && child.data.trim() !== ''))
  .map((part) => {
    const { left, top, right, bottom } = part.getBoundingClientRect();
    return { text: part.textContent.slice(0, 40), size: parseFloat(getComputedStyle(part).fontSize), box: [left, top, right, bottom] };
  })`;

/** Parts with words that stand on each other. */
const OVERLAPS = `(() => {
  const parts = ['merchant', 'amount', 'title', 'text', 'ways', 'entry', 'options', 'handover', 'hints', 'time']
    .map((id) => document.getElementById(id))
    .filter((part) => part.checkVisibility() && part.getBoundingClientRect().height > 0);
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return parts.flatMap((part, index) => parts.slice(index + 1)
    .filter((other) => !part.contains(other) && meet(part.getBoundingClientRect(), other.getBoundingClientRect()))
    .map((other) => part.id + ' on ' + other.id));
})()`;
