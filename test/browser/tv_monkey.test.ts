/** 10,000 keys of a child with a remote control, over every screen: never stuck, never a script error, never charged twice. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { leapingClock } from '../clock.js';
import { needs } from '../support/skip.js';
import { approvalsOf } from './house.js';
import { useStreet } from './payer.js';
import { openSession, TELEVISION } from './television.js';

const KEYS = 10_000;
const MONKEY_MS_MAX = 300_000;
const RIGHT = '1234';
const WRONG = '7391';
const HOUR_MS = 3_600_000;
const KEYS_OF_ONE_MAX = 1_000;
const SCREENS = ['start', 'purchase_code', 'handover', 'confirm_cancel', 'locked', 'paid', 'canceled'];
const ENDS = ['paid', 'canceled', 'expired', 'failed'];

/** What a monkey has done with one payment. */
interface Played {
  readonly pressed: number;
  readonly seen: readonly string[];
}

needs('chromium')('a monkey with a remote control', (executablePath) => {
  const clock = leapingClock();
  const street = useStreet(executablePath, { clock });

  it('pays once or not at all, and always finds a way out', { timeout: MONKEY_MS_MAX }, async () => {
    const page = await street.open({ viewport: TELEVISION });
    const seen = new Set<string>();
    const payments: string[] = [];
    let pressed = 0;
    const unseen = (): string[] => SCREENS.filter((screen) => !seen.has(screen));
    // On a machine that answers slowly, a few keys more until every screen had its share.
    while (pressed < KEYS || (unseen().length > 0 && pressed < 2 * KEYS)) {
      const { id } = await street.house.order({ payer: { language: 'en' } });
      payments.push(id);
      const account = payments.length % 3 === 0 ? null : 'demo';
      const code = payments.length % 3 === 1 ? WRONG : RIGHT;
      // Codes that were wrong too often are forgiven with time.
      if (code === RIGHT) clock.leap(HOUR_MS);
      await page.goto((await openSession(street.house.url, id, { at: clock.now(), account })).app);
      await page.locator('#glass.requires_payment_method').waitFor();
      const played = (await page.evaluate(
        `(${MONKEY})(${payments.length}, ${KEYS_OF_ONE_MAX}, ${JSON.stringify([...code].map((digit) => digit.charCodeAt(0)))})`,
      )) as Played;
      pressed += played.pressed;
      for (const screen of played.seen) seen.add(screen);
      await goOut(page);
    }
    expect(unseen()).toEqual([]);
    for (const id of payments) {
      const payment = await street.house.payment(id);
      const taken = (await street.house.ledger(id)).reduce((sum, line) => sum + line.captured - line.refunded, 0);
      const isPaid = payment.status === 'succeeded';
      expect([payment.status, approvalsOf(payment), taken]).toEqual([
        isPaid ? 'succeeded' : 'canceled',
        isPaid ? 1 : 0,
        isPaid ? 4_250 : 0,
      ]);
    }
  });

  /** Whatever is shown: going back leads to where one may cancel, and that ends it. */
  async function goOut(page: Page): Promise<void> {
    for (let tries = 0; tries < 40; tries += 1) {
      const screen = String(await page.evaluate(`document.getElementById('glass').className`)).split(' ')[1] ?? '';
      if (ENDS.includes(screen) || (await page.getByText('You can leave this page').count()) > 0) return;
      await page.evaluate(
        `document.dispatchEvent(new KeyboardEvent('keydown', { keyCode: ${screen === 'confirm_cancel' ? 403 : 461} }))`,
      );
      await page.waitForTimeout(200);
    }
    throw new Error(`stuck: ${await page.locator('#glass').innerText()}`);
  }
});

/** Runs in the page: presses any key of a remote control, now and then a whole code, until nothing is left to press. */
const MONKEY = `async (seed, count, code) => {
  let state = seed * 2654435761 >>> 0;
  const random = (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
  const codes = [13, 13, 13, 461, 38, 40, 40, 37, 39, 403, 404, 404, 405, 406, 415, 19, 447, 0, 8, 27,
    48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 96, 105];
  const glass = document.getElementById('glass');
  const seen = new Set();
  let pressed = 0;
  const press = (keyCode) => {
    document.dispatchEvent(new KeyboardEvent('keydown', { keyCode, bubbles: true, cancelable: true }));
    pressed += 1;
  };
  const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  while (pressed < count) {
    seen.add(glass.className.split(' ')[1]);
    if (glass.className.startsWith('result')) {
      for (let more = 0; more < 20 && pressed < count; more += 1) press([13, 38, 40, 37, 39, 49, 403][random(7)]);
      break;
    }
    if (glass.className.includes('purchase_code') && random(6) === 0) for (const key of [...code, 13]) press(key);
    for (let keys = random(12); keys >= 0 && pressed < count; keys -= 1) press(codes[random(codes.length)]);
    await rest(random(4) === 0 ? 60 : 5);
  }
  seen.add(glass.className.split(' ')[1]);
  return { pressed: Math.min(pressed, count), seen: [...seen] };
}`;
