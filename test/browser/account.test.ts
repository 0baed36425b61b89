/** Saved cards and the account in a real Chromium, at phone and desktop width, light and dark: done by hand, and looked at by axe. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { CodeMail } from '../../src/contracts/mail.js';
import { needs } from '../support/skip.js';
import { APPROVED, fill, heading, SLOW_MS, useStreet, waitFor } from './payer.js';

const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' } as const;
const DESKTOP = { viewport: { width: 1_280, height: 900 }, colorScheme: 'light' } as const;

/** What axe finds in what is ours here, by rule and place. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const violations = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
    "axe.run('main').then((found) => found.violations)",
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

/** A page that people can use: axe finds nothing, and nothing stands beside the window. */
async function look(page: Page, name: string): Promise<void> {
  expect([name, await findings(page)]).toEqual([name, []]);
  const beside = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  expect([name, Math.max(0, beside)]).toEqual([name, 0]);
}

needs('chromium')('a payer with an account', (executablePath) => {
  const mailed: CodeMail[] = [];
  const street = useStreet(executablePath, {
    mails: {
      code: async (mail) => mailed.push(mail) > 0,
      accountChanged: async () => undefined,
      accountLink: async () => undefined,
      receipt: async () => undefined,
    },
  });
  const code = (): string => mailed.at(-1)?.code ?? '';

  async function merchant(method: string, path: string, body: object): Promise<{ url: string }> {
    const answer = await fetch(street.house.url + path, {
      method,
      headers: { authorization: 'Bearer sk_test_demo', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await answer.json()) as { url: string };
  }

  async function session(account: string, purpose: string): Promise<string> {
    return (await merchant('POST', `/v1/payers/${account}/sessions`, { purpose })).url;
  }

  for (const [how, options, account] of [
    ['a phone in the dark', PHONE, 'phone'],
    ['a desktop', DESKTOP, 'desktop'],
    ['a phone without scripts', { ...PHONE, javaScriptEnabled: false }, 'plain'],
  ] as const) {
    const scripts = !('javaScriptEnabled' in options);
    const seen = async (page: Page, name: string): Promise<void> => {
      if (scripts) await look(page, name);
    };

    it(`saves a card, pays with it, and removes it, on ${how}`, { timeout: 2 * SLOW_MS }, async () => {
      await merchant('PUT', `/v1/payers/${account}`, { email: `${account}@example.org` });
      const page = await street.open(options);

      await page.goto(await session(account, 'add_instrument'));
      await heading(page, 'Save a card').waitFor();
      await seen(page, 'save a card');
      await fill(page, APPROVED);
      await page.getByRole('button', { name: 'Save the card' }).click();
      await page.getByText('Tick the box to have the card saved.').first().waitFor();
      await seen(page, 'consent is missing');
      await page.getByLabel('Save this card with').check();
      await page.getByLabel('Security code').fill('123');
      await page.getByRole('button', { name: 'Save the card' }).click();
      await waitFor(page, scripts, 'Your card is saved');
      await seen(page, 'saved');

      const { id, pay } = await street.house.order({ payer: { account }, return_url: null });
      await page.goto(pay);
      await seen(page, 'offer');
      await page.getByLabel('Card number').fill('4242');
      await page.getByRole('button', { name: 'Pay with a saved card' }).click();
      await heading(page, 'Enter the code from your e-mail').waitFor();
      await seen(page, 'code');
      await page.getByLabel('Code', { exact: true }).fill('12');
      await page.keyboard.press('Enter');
      await page.getByText('The code has 6 digits.').first().waitFor();
      await seen(page, 'code is wrong');
      await page.getByLabel('Code', { exact: true }).fill(code());
      await page.keyboard.press('Enter');
      await heading(page, 'Choose a saved card').waitFor();
      await seen(page, 'choose');
      await page.getByRole('button', { name: 'Pay €42.50' }).click();
      await waitFor(page, scripts, 'Paid');
      await street.paidOnce(id);
      await seen(page, 'receipt');
      await page.getByLabel('E-mail address').fill('ada@example.org');
      await page.keyboard.press('Enter');
      await page.getByText('The receipt is on its way.').waitFor();
      await seen(page, 'receipt asked');

      // Half a minute lies between two codes for one account: this link is another payer's.
      const other = `${account}-code`;
      await merchant('PUT', `/v1/payers/${other}`, { email: `${other}@example.org` });
      await page.goto(await session(other, 'set_purchase_code'));
      await seen(page, 'identify');
      await page.getByRole('button', { name: 'Send me a code' }).click();
      await page.getByLabel('Code', { exact: true }).fill(code());
      await page.getByRole('button', { name: 'Continue' }).click();
      await heading(page, 'Choose your purchase code').waitFor();
      await seen(page, 'purchase code');
      await page.getByLabel('Purchase code', { exact: true }).fill('1234');
      await page.getByLabel('Purchase code, once more').fill('1234');
      await page.keyboard.press('Enter');
      await page.getByText('among the first that anybody would try').first().waitFor();
      await seen(page, 'purchase code is trivial');
      await page.getByLabel('Purchase code', { exact: true }).fill('2580');
      await page.getByLabel('Purchase code, once more').fill('2580');
      await page.keyboard.press('Enter');
      await heading(page, 'Your purchase code is set').waitFor();
      await seen(page, 'purchase code set');
    });

    it(`manages what is stored, on ${how}`, { timeout: SLOW_MS }, async () => {
      const owner = `${account}-manage`;
      await merchant('PUT', `/v1/payers/${owner}`, { email: `${owner}@example.org` });
      const page = await street.open(options);
      const { pay, id } = await street.house.order({ payer: { account: owner }, return_url: null });
      await page.goto(pay);
      await fill(page, APPROVED);
      await page.getByLabel('Save this card with').check();
      // By the Enter key, from a field: what is sent is the card.
      await page.getByLabel('Security code').press('Enter');
      await waitFor(page, scripts, 'Paid');
      await street.paidOnce(id);
      await page.goto(await session(owner, 'manage'));
      await page.getByRole('button', { name: 'Send me a code' }).click();
      await page.getByLabel('Code', { exact: true }).fill(code());
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByText('Visa ending in 4242').first().waitFor();
      await seen(page, 'manage');
      await page.getByRole('link', { name: /^Remove/ }).click();
      await heading(page, 'Remove this card?').waitFor();
      await seen(page, 'remove');
      await page.getByRole('button', { name: 'Remove the card' }).click();
      await page.getByText('No card is saved.').waitFor();
      await seen(page, 'removed');
    });
  }

  it('by the Enter key in the form for a card pays, and asks for no code', { timeout: SLOW_MS }, async () => {
    await merchant('PUT', '/v1/payers/enter', { email: 'enter@example.org' });
    const page = await street.open();
    const save = await street.house.order({ payer: { account: 'enter' } });
    await page.goto(save.pay);
    await fill(page, APPROVED);
    await page.getByLabel('Save this card with').check();
    await page.getByLabel('Security code').press('Enter');
    await street.paidOnce(save.id);
    const sent = mailed.length;
    const again = await street.house.order({ payer: { account: 'enter' } });
    await page.goto(again.pay);
    await page.getByRole('button', { name: 'Pay with a saved card' }).waitFor();
    await fill(page, APPROVED);
    await page.getByLabel('Card number').press('Enter');
    await street.paidOnce(again.id);
    expect(mailed).toHaveLength(sent);
  });
});
