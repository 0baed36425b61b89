/** What people do with a page: click twice, go back, reload, open it twice. In a real Chromium, and paid exactly once. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { needs } from '../support/skip.js';
import { PHONE } from './browser.js';
import { watchRequests } from './inspection.js';
import { APPROVED, approve, CHALLENGED, fill, heading, paid, pay, SLOW_MS, useStreet, waitFor } from './payer.js';

needs('chromium')('a payer with habits', (executablePath) => {
  const street = useStreet(executablePath);

  it('a double click pays once', { timeout: SLOW_MS }, async () => {
    const { id, pay: link } = await street.house.order();
    const page = await street.open({ javaScriptEnabled: false });
    await page.goto(link);
    await fill(page, APPROVED);
    await page.getByRole('button', { name: 'Pay €42.50' }).dblclick({ noWaitAfter: true });
    await waitFor(page, false, 'Paid');
    await street.paidOnce(id);
  });

  it('going back and reloading show what is', { timeout: SLOW_MS }, async () => {
    const { id, pay: link } = await street.house.order({ return_url: null });
    const page = await street.open();
    await page.goto(link);
    await page.reload();
    await fill(page, APPROVED);
    await pay(page);
    await paid(page);
    await page.goBack({ waitUntil: 'commit' }).catch(() => null);
    await page.goto(link);
    await paid(page);
    await page.reload();
    await paid(page);
    expect(await page.getByRole('button', { name: /Pay/ }).count()).toBe(0);
    await street.paidOnce(id);
  });

  it('goes back from the bank and takes the challenge up again', { timeout: SLOW_MS }, async () => {
    const { id, pay: link } = await street.house.order();
    const page = await street.open();
    await page.goto(link);
    await fill(page, CHALLENGED);
    await pay(page);
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    await page.goto(link);
    await page.getByRole('button', { name: 'Go to my bank' }).click();
    await approve(page);
    await paid(page);
    await street.paidOnce(id);
  });

  it('in two tabs pays once, and both say so', { timeout: SLOW_MS }, async () => {
    const { id, pay: link } = await street.house.order({ return_url: null });
    const one = await street.open();
    await one.goto(link);
    const other = await one.context().newPage();
    await other.goto(link);
    await fill(one, APPROVED);
    await fill(other, '5555 5555 5555 4444');
    // Pressed without looking: the tab that comes second gives way as soon as it hears of the first.
    await Promise.all([one, other].map((tab) => tab.evaluate(`document.querySelector('[data-pay]').click()`)));
    await Promise.all([paid(one), paid(other)]);
    await street.paidOnce(id);
  });

  it('on another device begins again, and the first device’s challenge pays nothing', {
    timeout: SLOW_MS,
  }, async () => {
    const { id, pay: link } = await street.house.order({ return_url: null });
    const first = await street.open();
    await first.goto(link);
    await fill(first, CHALLENGED);
    await pay(first);
    await first.getByRole('button', { name: 'Approve' }).waitFor();
    const second = await street.open();
    await second.goto(link);
    await second.getByText('begun on another device').waitFor();
    await second.getByRole('button', { name: 'Use another card' }).click();
    await fill(second, APPROVED);
    await pay(second);
    await paid(second);
    await approve(first);
    await paid(first);
    await street.paidOnce(id, 2);
  });

  it('comes back from the bank’s own site: by the cookie to the page, without it to none', {
    timeout: SLOW_MS,
  }, async () => {
    const { id, pay: link } = await street.house.order({ return_url: null });
    const page = await street.open();
    const back = page.waitForRequest(
      (request) => request.url().includes('/3ds/return/') && request.method() === 'POST',
    );
    await page.goto(link);
    await fill(page, CHALLENGED);
    await pay(page);
    await approve(page);
    const address = (await back).url();
    await paid(page);
    expect(page.url()).toBe(link);

    // Every port of one host is one site to a browser, so the bank here is none of its own. An empty page is.
    const form = `<form method="post" action="${address}"><button name="cres" value="x">Back</button></form>`;
    const comeFromElsewhere = async (from: Page) => {
      await from.goto('about:blank');
      await from.setContent(form);
      const posted = from.waitForRequest(address);
      await from.getByRole('button', { name: 'Back' }).click();
      expect(await (await posted).headerValue('cookie')).toBeNull();
    };
    await comeFromElsewhere(page);
    await paid(page);
    expect(page.url()).toBe(link);

    const other = await street.open();
    await comeFromElsewhere(other);
    await heading(other, 'Your bank has answered').waitFor();
    expect(await other.content()).not.toContain(new URL(link).pathname);
    await street.paidOnce(id);
  });

  it('gets more time without losing what was typed', { timeout: SLOW_MS }, async () => {
    const { id, pay: link } = await street.house.order({ expires_in: 90 });
    const { expiresAt } = await street.house.payment(id);
    const page = await street.open();
    await page.goto(link);
    await fill(page, APPROVED);
    await page.getByRole('button', { name: 'Give me more time' }).click();
    await page.getByText('You have more time now.').waitFor();
    expect((await street.house.payment(id)).expiresAt).toBe(expiresAt + 600_000);
    await pay(page);
    await paid(page);
    await street.paidOnce(id);
  });

  it('enters by the code from a bill', { timeout: SLOW_MS }, async () => {
    const page = await street.open();
    await page.goto(`${street.house.url}/link`);
    await page.getByLabel('Payment code').fill('4821 093 757');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('link', { name: 'slip of the finger' }).waitFor();
  });

  it('cancels, and goes to the cancel address by itself; going back is no trap', { timeout: SLOW_MS }, async () => {
    const { id, pay: link } = await street.house.order();
    const page = await street.open();
    await page.goto(link);
    await page.getByRole('button', { name: 'Cancel the payment' }).click();
    await heading(page, 'Canceled').waitFor();
    await page.waitForURL(`**payment=${id}**status=canceled**`);
    expect((await street.house.payment(id)).canceledBy).toBe('payer');
    const returns = street.house.returns.length;
    await page.goBack();
    await heading(page, 'Canceled').waitFor();
    // Longer than it takes to be sent on: who has come back stays, with a link.
    await page.waitForTimeout(6_000);
    expect(street.house.returns).toHaveLength(returns);
    await page.getByRole('link', { name: 'Back to La Petite Boutique' }).click();
    await page.waitForURL(`**payment=${id}**status=canceled**`);
    expect(await street.house.ledger(id)).toEqual([]);
  });

  it('reloads at every step: form, form with a slip, challenge, bank, outcome', { timeout: SLOW_MS }, async () => {
    const { id, pay: link } = await street.house.order({ return_url: null });
    const page = await street.open();
    await page.goto(link);
    await page.reload();
    await fill(page, '4242 4242 4242 4243');
    await pay(page);
    await page.getByRole('alert').waitFor();
    await page.reload();
    await fill(page, CHALLENGED);
    await pay(page);
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    // The bank's page was posted to: a reload asks the bank again, and the bank asks the holder again.
    await page.reload();
    await page.goto(link);
    await page.reload();
    await page.getByRole('button', { name: 'Go to my bank' }).click();
    await approve(page);
    await paid(page);
    for (let reload = 0; reload < 3; reload++) await page.reload();
    await paid(page);
    await street.paidOnce(id);
  });

  it('waits while the bank’s answer is lost, on a page that is loaded once, and has paid once', {
    timeout: SLOW_MS,
  }, async () => {
    const { id, pay: link } = await street.house.order({ return_url: null });
    const page = await street.open();
    await page.goto(link);
    await street.house.trouble('authorize', 'lost_answer');
    await fill(page, APPROVED);
    const { navigations } = watchRequests(page);
    await pay(page);
    await paid(page);
    // The post and where it led: what came after, came in place.
    expect(navigations()).toBe(2);
    await street.paidOnce(id);
  });

  it('sends the outcome to somebody, who sees it and no more, and is sent nowhere twice', {
    timeout: SLOW_MS,
  }, async () => {
    const { id, pay: link } = await street.house.order({ return_url: null, description: 'A private thing' });
    const page = await street.open();
    await page.goto(link);
    await fill(page, APPROVED);
    await pay(page);
    await paid(page);
    const friend = await street.open({ locale: 'fr-FR' });
    await friend.goto(link);
    // In the language of the payer, until the friend chooses theirs.
    await heading(friend, 'Paid').waitFor();
    await friend.getByRole('link', { name: 'Français' }).click();
    await heading(friend, 'Payé').waitFor();
    const seen = await friend.content();
    expect(seen).not.toMatch(/4242|A private thing/);
    expect(await friend.locator('form').count()).toBe(0);
    await friend.reload();
    await heading(friend, 'Payé').waitFor();
    await street.paidOnce(id);
  });

  it('by the Enter key, without scripts, in the last minutes too', { timeout: SLOW_MS }, async () => {
    const { id, pay: link } = await street.house.order({ expires_in: 90 });
    const { expiresAt } = await street.house.payment(id);
    const page = await street.open({ javaScriptEnabled: false });
    await page.goto(link);
    await fill(page, APPROVED);
    await page.getByLabel('Security code').press('Enter');
    await waitFor(page, false, 'Paid');
    await street.paidOnce(id);
    expect((await street.house.payment(id)).expiresAt).toBe(expiresAt);
  });

  it('with the keyboard alone', { timeout: SLOW_MS }, async () => {
    const { id, pay: link } = await street.house.order();
    const page = await street.open();
    await page.goto(link);
    for (const text of ['4242424242424242', '12/34', '123']) {
      await tabTo(page, 'INPUT');
      await page.keyboard.type(text);
    }
    await tabTo(page, 'BUTTON');
    await page.keyboard.press('Enter');
    await paid(page);
    expect(await page.evaluate('document.activeElement?.tagName')).toBe('H1');
    await street.paidOnce(id);
  });

  for (const javaScriptEnabled of [true, false]) {
    it(`in French, on a phone, ${javaScriptEnabled ? 'with' : 'without'} scripts, to the end`, {
      timeout: SLOW_MS,
    }, async () => {
      const { id, pay: link } = await street.house.order({ return_url: null });
      const page = await street.open({ viewport: PHONE, hasTouch: true, javaScriptEnabled });
      await page.goto(link);
      await page.getByRole('link', { name: 'Français' }).tap();
      await page.getByLabel('Numéro de carte').fill(APPROVED);
      await page.getByLabel('Date d’expiration').fill('1234');
      await page.getByLabel('Cryptogramme').fill('123');
      await page.getByRole('button', { name: 'Payer 42,50 €' }).tap();
      const check = page.getByRole('link', { name: 'Vérifier maintenant' });
      const done = heading(page, 'Payé');
      for (;;) {
        await (javaScriptEnabled ? done : done.or(check).first()).waitFor();
        if ((await done.count()) > 0) break;
        await check.tap();
      }
      await street.paidOnce(id);
    });
  }
  it('in French by a link, on a phone, to the end', { timeout: SLOW_MS }, async () => {
    const { id, pay: link } = await street.house.order();
    const page = await street.open({ viewport: { width: 390, height: 844 }, hasTouch: true });
    await page.goto(link);
    await page.getByRole('link', { name: 'Français' }).click();
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBe(390);
    await page.getByLabel('Numéro de carte').fill(CHALLENGED);
    await page.getByLabel('Date d’expiration').fill('1234');
    await page.getByLabel('Cryptogramme').fill('123');
    await page.getByRole('button', { name: 'Payer 42,50 €' }).click();
    await page.getByRole('button', { name: /Approuver|Approve/ }).click();
    await heading(page, 'Payé').waitFor();
    await street.paidOnce(id);
  });
});

async function tabTo(page: Page, tag: string): Promise<void> {
  for (let presses = 0; presses < 10; presses++) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate('document.activeElement?.tagName')) === tag) return;
  }
  throw new Error(`no ${tag} within ten presses of Tab`);
}
