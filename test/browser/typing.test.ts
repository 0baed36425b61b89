/** The card form while somebody types, pastes, deletes, or lets a program fill it in. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { needs } from '../support/skip.js';
import { useBrowser } from './browser.js';
import { openStage, type Stage } from './states.js';

needs('chromium')('typing a card', (executablePath) => {
  const devices = useBrowser(executablePath);
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  async function open(locale = 'en-GB'): Promise<Page> {
    const page = await devices.open({ locale });
    stage.set({});
    await page.goto(stage.link);
    return page;
  }
  const number = (page: Page) => page.locator('#number');
  const caret = (page: Page) => page.evaluate(`document.querySelector('#number').selectionStart`);

  it('groups the digits as they come, four by four, and as American Express prints them', async () => {
    const page = await open();
    await number(page).pressSequentially('42424242');
    expect(await number(page).inputValue()).toBe('4242 4242');
    await number(page).fill('');
    await number(page).pressSequentially('378282246310005');
    expect(await number(page).inputValue()).toBe('3782 822463 10005');
    expect(await page.locator('#security_code-hint').textContent()).toBe('4 digits on the front');
  });

  it('leaves the caret where the typing is, in the middle too, and deletes in both directions', async () => {
    const page = await open();
    await number(page).pressSequentially('42421234');
    for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowLeft');
    await page.keyboard.type('99');
    expect(await number(page).inputValue()).toBe('4242 9912 34');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    expect(await number(page).inputValue()).toBe('4242 1234');
    await page.keyboard.press('Home');
    for (let press = 0; press < 9; press++) await page.keyboard.press('Delete');
    expect(await number(page).inputValue()).toBe('');
    await page.keyboard.type('42424');
    for (let press = 0; press < 6; press++) await page.keyboard.press('Backspace');
    expect([await number(page).inputValue(), await caret(page)]).toEqual(['', 0]);
  });

  it('takes what is pasted and what a program fills in, whatever parts the digits', async () => {
    const page = await open();
    for (const text of ['4242424242424242', '4242-4242-4242-4242', ' 4242  4242 4242 4242 ']) {
      await number(page).fill('');
      await number(page).focus();
      await page.keyboard.insertText(text);
      expect(await number(page).inputValue()).toBe('4242 4242 4242 4242');
    }
    // What is no digit is not taken away from under the payer's eyes.
    await number(page).fill('4242 abcd');
    expect(await number(page).inputValue()).toBe('4242 abcd');
  });

  it('recognises the brand, shows and says it, and offers both of a co-badged card', async () => {
    const page = await open();
    await number(page).pressSequentially('4970 10');
    await page.getByRole('status').getByText('Card recognised: CB, Visa').waitFor({ state: 'attached' });
    expect(await page.locator('[data-marks]').innerText()).toMatch(/CB\s*VISA/);
    expect(await page.getByLabel('CB').isChecked()).toBe(true);
    await page.getByLabel('Visa').check();
    await number(page).press('End');
    await page.keyboard.type('00 00');
    await expect.poll(() => page.getByLabel('Visa').isChecked()).toBe(true);
    await number(page).fill('5555 5555');
    await page.getByText('Card recognised: Mastercard').waitFor({ state: 'attached' });
    expect(await page.locator('[data-brands]').isVisible()).toBe(false);
    expect(await page.locator('[name=brand]').count()).toBe(0);
  });

  it('asks programs for exactly what a card has, and for no name', async () => {
    const page = await open();
    const asked = await page
      .locator('main input:not([type=hidden])')
      .evaluateAll((inputs) =>
        inputs.map((input) => `${input.getAttribute('autocomplete')} ${input.getAttribute('inputmode')}`),
      );
    expect(asked).toEqual(['cc-number numeric', 'cc-exp numeric', 'cc-csc numeric']);
  });

  const SLIPS = [
    ['number', '4242 4242 4242 4243', 'There is a slip in the card number.'],
    ['number', '4242 4242', 'too few or too many digits'],
    ['expiry', '13/34', 'Enter the expiry date as month and year'],
    ['expiry', '10/29', 'This card has expired.'],
    ['expiry', '01/60', 'No card is good for that long.'],
  ] as const;

  it('says what is wrong on leaving a field, beside it, and takes it back once it is mended', async () => {
    const page = await open();
    for (const [field, wrong, words] of SLIPS) {
      const input = page.locator(`#${field}`);
      await input.fill(wrong);
      await page.locator('#security_code').focus();
      await page.locator(`#${field}-problem`).getByText(words).waitFor();
      expect(await input.getAttribute('aria-describedby')).toContain(`${field}-problem`);
      await input.fill(field === 'number' ? '4242 4242 4242 4242' : '12/34');
      await expect.poll(() => page.locator(`#${field}-problem`).count()).toBe(0);
      expect(await input.getAttribute('aria-invalid')).toBeNull();
    }
  });

  it('says nothing about what is right, in every way people write a date', async () => {
    const page = await open();
    for (const date of ['12/34', '12 34', '1234', '1/34', '12/2034', '122034', '2034-12', '12 / 34', '01/30']) {
      await page.locator('#expiry').fill(date);
      await page.locator('#number').focus();
      expect([date, await page.locator('.wrong').count()]).toEqual([date, 0]);
    }
  });

  it('an empty form is not sent: the summary leads to each field, in both languages', async () => {
    for (const [locale, first] of [
      ['en-GB', 'Enter the card number.'],
      ['fr-FR', 'Saisissez le numéro de carte.'],
    ] as const) {
      const page = await open(locale);
      stage.counter.asked.length = 0;
      await page.locator('[data-pay]').click();
      const links = page.getByRole('alert').getByRole('link');
      expect(await links.count()).toBe(3);
      expect(await page.evaluate(`document.activeElement.getAttribute('role')`)).toBe('alert');
      await links.filter({ hasText: first }).click();
      expect(await page.evaluate('document.activeElement.id')).toBe('number');
      expect(stage.counter.asked).toEqual([]);
    }
  });
});
