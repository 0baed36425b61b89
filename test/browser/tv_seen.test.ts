/** Every kind of screen as it stands on the glass: read from across the room, by a camera, and by who hears it. */
import decodeQR from 'qr/decode.js';
import { expect, it } from 'vitest';
import type { Screen } from '../../src/contracts/television.js';
import { needs } from '../support/skip.js';
import { axeFinds } from './inspection.js';
import { TELEVISION } from './television.js';
import { useGlass } from './tv_glass.js';
import { ENTRY, HANDOVER, screenOf, shows, titled } from './tv_screens.js';

needs('chromium')('a screen on the glass', (executablePath) => {
  const { browser, at, turnOn, draw } = useGlass(executablePath);

  it('draws the hand-over so that a camera reads it', async () => {
    const drawn = screenOf(HANDOVER);
    draw(drawn);
    const { page } = await turnOn(shows(drawn));
    await titled(page, 'TEST : Continuez sur votre téléphone');
    const { width, height, shownWidth, pixels } = (await page.evaluate(PIXELS)) as Record<string, number> & {
      pixels: string;
    };
    const data = Uint8ClampedArray.from(Buffer.from(pixels, 'base64'));
    expect(shownWidth).toBe(width);
    expect(decodeQR({ width: Number(width), height: Number(height), data })).toBe(drawn.handover?.qr);
    expect(await page.locator('#code').innerText()).toBe('482 109 3756');
    expect(await page.locator('#address').innerText()).toBe('pay.example.org/link');
  });

  it('is the shell in both languages without a session', async () => {
    const page = await browser.open({ viewport: TELEVISION });
    await page.goto(at().replace(/\?.*$/, ''));
    await titled(page, 'Il n’y a rien à payer ici');
    expect(await axeFinds(page, 'all')).toEqual([]);
    expect(await page.locator('[lang="en"]').first().innerText()).toContain('There is nothing to pay here');
    for (const { text, size, box } of (await page.evaluate(MEASURE)) as Measured[]) {
      expect(size, text).toBeGreaterThanOrEqual(24);
      expect(isSafe(box), text).toBe(true);
    }
    await page.keyboard.press('Backspace');
    await page.getByRole('heading', { level: 1, name: /You can leave this page/ }).waitFor();
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
    ['wait', { id: 'paying', kind: 'wait', options: [], focus: null }],
    ['paid', { id: 'paid', kind: 'result', status: 'succeeded', options: [], focus: null, expires_in: null }],
    ['hurry', { expires_in: 30 }],
  ];

  it.each(EVERY)('can be seen from across the room: %s', async (_, changes) => {
    const screen = screenOf(changes);
    draw(screen);
    const { page } = await turnOn(shows(screen));
    await titled(page, screen.title);
    const parts = (await page.evaluate(MEASURE)) as Measured[];
    for (const { text, size, box } of parts) {
      expect(size, text).toBeGreaterThanOrEqual(24);
      expect(isSafe(box), `${text}: ${box.join(' ')}`).toBe(true);
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

/** The picture of the hand-over as the browser has decoded it. */
const PIXELS = `(async () => {
  const image = document.getElementById('qr');
  await image.decode();
  const canvas = document.createElementNS('http://www.w3.org/1999/xhtml', 'canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
  let text = '';
  for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
  return { width, height, shownWidth: image.width, pixels: btoa(text) };
})()`;

interface Measured {
  readonly text: string;
  readonly size: number;
  readonly box: readonly number[];
}

/** Whether it stands where no set cuts it off. */
function isSafe([left = 0, top = 0, right = 0, bottom = 0]: readonly number[]): boolean {
  return left >= 128 && top >= 36 && right <= 1_152 && bottom <= 684;
}

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
