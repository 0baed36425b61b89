/** What people do, in a real Chromium against the whole house: pays once, whatever they click. */
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { needs } from '../support/skip.js';
import { approvalsOf, type House, openHouse } from './house.js';

const SLOW_MS = 30_000;
const APPROVED = '4242 4242 4242 4242';
const CHALLENGED = '4000 0000 0000 3220';
const REFUSED = '4000 0000 0000 0002';

needs('chromium')('a payer in a browser', (executablePath) => {
  let house: House;
  let browser: Browser;
  let contexts: BrowserContext[] = [];
  let troubles: string[] = [];

  beforeAll(async () => {
    // Chromium refuses its own sandbox to root, which is who tests run as in a container.
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
    house = await openHouse();
  }, SLOW_MS);
  afterAll(async () => {
    await browser?.close();
    await house?.close();
  });
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
    expect(troubles).toEqual([]);
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', ...options });
    context.setDefaultTimeout(12_000);
    contexts.push(context);
    const page = await context.newPage();
    troubles = [];
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => {
      // A form that is answered 422 is written to the console by the browser itself.
      const isOurs = message.type() === 'error' && !/status of 4\d\d/.test(message.text());
      if (isOurs) troubles.push(message.text());
    });
    return page;
  }

  async function fill(page: Page, number: string): Promise<void> {
    await page.getByLabel('Card number').fill(number);
    await page.getByLabel('Expiry date').fill('12/34');
    await page.getByLabel('Security code').fill('123');
  }
  const pay = (page: Page): Promise<void> => page.getByRole('button', { name: 'Pay €42.50' }).click();
  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
  const paid = (page: Page): Promise<void> => heading(page, 'Paid').waitFor();
  const approve = (page: Page): Promise<void> => page.getByRole('button', { name: 'Approve' }).click();

  async function paidOnce(id: string, attempts = 1): Promise<void> {
    const payment = await house.settled(id, 'succeeded');
    expect(payment.attempts).toHaveLength(attempts);
    expect(approvalsOf(payment)).toBe(1);
  }

  it('pays, and is taken back to the shop with a signed hint', { timeout: SLOW_MS }, async () => {
    const { id, pay: link } = await house.order();
    const page = await open();
    await page.goto(link);
    await fill(page, APPROVED);
    await pay(page);
    await paid(page);
    await page.waitForURL('**/back?cart=7&payment=*');
    expect(house.returns.at(-1)).toMatch(
      new RegExp(
        `^/back\\?cart=7&payment=${id}&reference=ORDER-[\\w-]+&status=succeeded&ts=\\d+&signature=[\\w-]{43}$`,
      ),
    );
    await paidOnce(id);
  });

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'with scripts' : 'without scripts';

    it(`${how}: passes the challenge`, { timeout: SLOW_MS }, async () => {
      const { id, pay: link } = await house.order();
      const page = await open({ javaScriptEnabled });
      await page.goto(link);
      await fill(page, CHALLENGED);
      await pay(page);
      if (!javaScriptEnabled) await clickThrough(page);
      await approve(page);
      if (!javaScriptEnabled) await clickBack(page);
      await paid(page);
      await paidOnce(id);
      expect((await house.payment(id)).attempts[0]?.authentication?.proof?.result).toBe('Y');
    });

    it(`${how}: is refused, tries another card, and has paid once`, { timeout: SLOW_MS }, async () => {
      const { id, pay: link } = await house.order();
      const page = await open({ javaScriptEnabled });
      await page.goto(link);
      await fill(page, REFUSED);
      await pay(page);
      await waitFor(page, javaScriptEnabled, 'Pay by card');
      await page.getByRole('alert').getByText('without saying why').waitFor();
      await fill(page, APPROVED);
      await pay(page);
      await waitFor(page, javaScriptEnabled, 'Paid');
      await paidOnce(id, 2);
    });

    it(`${how}: mends a slip, and nothing typed is lost but the code`, { timeout: SLOW_MS }, async () => {
      const { id, pay: link } = await house.order();
      const page = await open({ javaScriptEnabled });
      await page.goto(link);
      await fill(page, '4242 4242 4242 4243');
      await pay(page);
      await page.getByRole('link', { name: 'There is a slip in the card number.' }).click();
      expect(await page.getByLabel('Card number').inputValue()).toBe('4242 4242 4242 4243');
      expect(await page.getByLabel('Expiry date').inputValue()).toBe('12/34');
      expect(await page.getByLabel('Security code').inputValue()).toBe('');
      await fill(page, APPROVED);
      await pay(page);
      await waitFor(page, javaScriptEnabled, 'Paid');
      await paidOnce(id);
    });

    it(`${how}: chooses the brand of a co-badged card`, { timeout: SLOW_MS }, async () => {
      const { id, pay: link } = await house.order();
      const page = await open({ javaScriptEnabled });
      await page.goto(link);
      await fill(page, '4970 1000 0000 0006');
      if (!javaScriptEnabled) {
        await pay(page);
        await page.getByRole('alert').getByText('Choose the brand').waitFor();
        await page.getByLabel('Security code').fill('123');
      }
      expect(await page.getByLabel('CB').isChecked()).toBe(true);
      await page.getByLabel('Visa').check();
      await pay(page);
      await waitFor(page, javaScriptEnabled, 'Paid');
      expect((await house.settled(id, 'succeeded')).attempts[0]?.face?.brand).toBe('visa');
    });
  }

  /** Without scripts nothing goes on by itself: the payer presses what is there. */
  async function clickThrough(page: Page): Promise<void> {
    for (;;) {
      const next = page
        .getByRole('button', { name: /^(?:Continue|Go to my bank)$/ })
        .or(page.getByRole('link', { name: 'Check now' }));
      await next
        .or(page.getByRole('button', { name: 'Approve' }))
        .first()
        .waitFor();
      if ((await page.getByRole('button', { name: 'Approve' }).count()) > 0) return;
      await next.first().click();
    }
  }

  async function clickBack(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Continue' }).click();
    await waitFor(page, false, 'Paid');
  }

  /** Waits for a page; without scripts by pressing what leads on. */
  async function waitFor(page: Page, scripts: boolean, title: string): Promise<void> {
    const wanted = heading(page, title);
    const goOn = page
      .getByRole('link', { name: 'Check now' })
      .or(page.getByRole('button', { name: 'Continue', exact: true }));
    for (;;) {
      await (scripts ? wanted : wanted.or(goOn).first()).waitFor();
      if ((await wanted.count()) > 0) return;
      await goOn.first().click();
    }
  }

  it('a double click pays once', { timeout: SLOW_MS }, async () => {
    const { id, pay: link } = await house.order();
    const page = await open({ javaScriptEnabled: false });
    await page.goto(link);
    await fill(page, APPROVED);
    await page.getByRole('button', { name: 'Pay €42.50' }).dblclick({ noWaitAfter: true });
    await waitFor(page, false, 'Paid');
    await paidOnce(id);
  });

  it('going back and reloading show what is', { timeout: SLOW_MS }, async () => {
    const { id, pay: link } = await house.order({ return_url: null });
    const page = await open();
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
    await paidOnce(id);
  });

  it('goes back from the bank and takes the challenge up again', { timeout: SLOW_MS }, async () => {
    const { id, pay: link } = await house.order();
    const page = await open();
    await page.goto(link);
    await fill(page, CHALLENGED);
    await pay(page);
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    await page.goto(link);
    await page.getByRole('button', { name: 'Go to my bank' }).click();
    await approve(page);
    await paid(page);
    await paidOnce(id);
  });

  it('in two tabs pays once, and both say so', { timeout: SLOW_MS }, async () => {
    const { id, pay: link } = await house.order({ return_url: null });
    const one = await open();
    await one.goto(link);
    const other = await one.context().newPage();
    await other.goto(link);
    await fill(one, APPROVED);
    await fill(other, '5555 5555 5555 4444');
    await Promise.all([pay(one), pay(other)]);
    await Promise.all([paid(one), paid(other)]);
    await paidOnce(id);
  });

  it('on another device begins again, and the first device’s challenge pays nothing', {
    timeout: SLOW_MS,
  }, async () => {
    const { id, pay: link } = await house.order({ return_url: null });
    const first = await open();
    await first.goto(link);
    await fill(first, CHALLENGED);
    await pay(first);
    await first.getByRole('button', { name: 'Approve' }).waitFor();
    const second = await open();
    await second.goto(link);
    await second.getByText('begun on another device').waitFor();
    await second.getByRole('button', { name: 'Begin again here' }).click();
    await fill(second, APPROVED);
    await pay(second);
    await paid(second);
    await approve(first);
    await paid(first);
    await paidOnce(id, 2);
  });

  it('cancels, and goes to the cancel address', { timeout: SLOW_MS }, async () => {
    const { id, pay: link } = await house.order();
    const page = await open();
    await page.goto(link);
    await page.getByRole('button', { name: 'Cancel the payment' }).click();
    await heading(page, 'Canceled').waitFor();
    await page.getByRole('link', { name: 'Back to Demo shop' }).click();
    await page.waitForURL(`**payment=${id}**status=canceled**`);
    expect((await house.payment(id)).canceledBy).toBe('payer');
  });

  it('with the keyboard alone', { timeout: SLOW_MS }, async () => {
    const { id, pay: link } = await house.order();
    const page = await open();
    await page.goto(link);
    for (const text of [APPROVED, '12/34', '123']) {
      await tabTo(page, 'INPUT');
      await page.keyboard.type(text);
    }
    await tabTo(page, 'BUTTON');
    await page.keyboard.press('Enter');
    await paid(page);
    expect(await page.evaluate('document.activeElement?.tagName')).toBe('H1');
    await paidOnce(id);
  });

  async function tabTo(page: Page, tag: string): Promise<void> {
    for (let presses = 0; presses < 10; presses++) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate('document.activeElement?.tagName')) === tag) return;
    }
    throw new Error(`no ${tag} within ten presses of Tab`);
  }

  it('in French by a link, on a phone, to the end', { timeout: SLOW_MS }, async () => {
    const { id, pay: link } = await house.order();
    const page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true });
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
    await paidOnce(id);
  });
});
