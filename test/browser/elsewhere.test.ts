/** An open form while somebody pays elsewhere: it learns of it at once, gives way politely, and comes back as it was. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MovesHouse, openMovesHouse } from '../channels/moves/house.js';
import { ended, WAIT } from '../channels/web/page_server.js';
import { needs } from '../support/skip.js';
import { PHONE, SLOW_MS, useBrowser } from './browser.js';
import { watchRequests } from './inspection.js';
import { openStage, type Stage } from './states.js';

const TOLD_WITHIN_MS = 2_000;
const NUMBER = '4970 1000 0000 0006';
const title = (page: Page) => page.getByRole('heading', { level: 1 });
const value = (page: Page, id: string) => page.locator(`#${id}`).inputValue();
const focusedId = (page: Page) => page.evaluate('document.activeElement.id');
const said = (page: Page) => page.locator('[data-live]').textContent();

async function type(page: Page): Promise<void> {
  await page.locator('#number').pressSequentially(NUMBER);
  await page.locator('input[name=brand][value=visa]').check();
  await page.locator('#expiry').fill('12/34');
  await page.locator('#security_code').pressSequentially('12');
}

needs('chromium')('a form that is open while somebody pays elsewhere', (executablePath) => {
  const devices = useBrowser(executablePath);
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  async function open(options = {}): Promise<Page> {
    const page = await devices.open({ viewport: PHONE, ...options });
    stage.set({});
    await page.goto(stage.link);
    return page;
  }

  it('stays as it is while the same is asked: what is typed, the caret and the focus', async () => {
    const page = await open();
    const { navigations } = watchRequests(page);
    await type(page);
    await page.evaluate('window.form = document.querySelector("#card")');
    const looked = page.waitForResponse(stage.link);
    stage.set({});
    await looked;
    await page.waitForFunction(
      `document.querySelector('[data-page]').dataset.events.endsWith('${stage.counter.shows?.version}')`,
    );
    expect(await page.evaluate('window.form === document.querySelector("#card")')).toBe(true);
    expect([await value(page, 'number'), await focusedId(page), await said(page)]).toEqual([
      NUMBER,
      'security_code',
      '',
    ]);
    await page.keyboard.type('3');
    expect([await value(page, 'security_code'), navigations()]).toEqual(['123', 0]);
  });

  it('gives way, says so aloud, and comes back as it was if that comes to nothing', async () => {
    const page = await open();
    const { navigations } = watchRequests(page);
    await type(page);
    stage.set({ ...WAIT, elsewhere: 'ivr' });
    await title(page).getByText('Being paid elsewhere').waitFor();
    expect(await page.getByText('This payment is being made by telephone.').isVisible()).toBe(true);
    expect(await page.getByText('What you have typed stays here').isVisible()).toBe(true);
    expect([await said(page), await page.evaluate('document.activeElement.tagName')]).toEqual([
      'Being paid elsewhere',
      'H1',
    ]);
    const declined = { code: 'insufficient_funds', advice: 'retry' } as const;
    const { prompt } = stage.counter.shows ?? {};
    stage.set({
      decline: declined,
      prompt: { id: 'begin.2', prompt: { kind: 'card', ask: 'all', message: { key: 'card.enter' } } },
    });
    await page.getByRole('alert').getByText('not enough money').waitFor();
    expect(prompt?.id).not.toBe('begin.2');
    const typed = await Promise.all(['number', 'expiry', 'security_code'].map((id) => value(page, id)));
    expect(typed).toEqual([NUMBER, '12/34', '12']);
    expect(await page.locator('input[name=brand]:checked').inputValue()).toBe('visa');
    expect([await focusedId(page), navigations()]).toEqual(['security_code', 0]);
    await page.keyboard.type('3');
    stage.counter.asked.length = 0;
    await Promise.all([page.waitForNavigation(), page.locator('[data-pay]').click()]);
    const [name, , answered, card] = stage.counter.asked[0] ?? [];
    expect([name, answered]).toEqual(['takeCard', 'begin.2']);
    expect(card).toMatchObject({ number: NUMBER, expiry: '12/34', securityCode: '123', brand: 'visa' });
  });

  it('says in its own words that it was paid there', async () => {
    const page = await open();
    await type(page);
    stage.set({ ...WAIT, elsewhere: 'sms' });
    await page.getByText('is being made by text message').waitFor();
    stage.set({ ...ended('succeeded'), elsewhere: 'sms', returnTo: null });
    await title(page).getByText('Paid').waitFor();
    await page.getByText('€42.50 to Maison Lune was paid by text message. Nothing was charged here.').waitFor();
    expect(await said(page)).toBe('Paid');
  });

  it('that nobody has touched says nothing of what was typed', async () => {
    const page = await open();
    stage.set({ ...WAIT, elsewhere: 'web' });
    await page.getByText('is being made on another device').waitFor();
    expect(await page.getByText('What you have typed').isVisible()).toBe(false);
  });

  it('in a tab that nobody sees holds no connection, and looks as soon as it is seen', async () => {
    const page = await open();
    const hide = (hidden: boolean) =>
      page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'))`);
    await hide(true);
    let looks = 0;
    page.on('request', () => {
      looks += 1;
    });
    stage.set({ ...ended('succeeded'), elsewhere: 'ivr', returnTo: null });
    await page.waitForTimeout(500);
    expect([looks, await title(page).textContent()]).toEqual([0, 'Pay by card']);
    await hide(false);
    await title(page).getByText('Paid').waitFor();
  });

  it('in French', async () => {
    const page = await open({ locale: 'fr-FR' });
    await page.locator('#number').fill(NUMBER);
    stage.set({ ...WAIT, elsewhere: 'ivr' });
    await page.getByText('Ce paiement se fait par téléphone.').waitFor();
    expect(await page.getByText('Ce que vous avez saisi est gardé ici').isVisible()).toBe(true);
    stage.set({ ...ended('succeeded'), elsewhere: 'ivr', returnTo: null });
    await page.getByText('payé par téléphone. Rien n’a été débité ici.').waitFor();
  });
});

needs('chromium')('a caller pays while the page is open', (executablePath) => {
  const devices = useBrowser(executablePath);
  let house: MovesHouse;
  beforeAll(async () => {
    house = await openMovesHouse();
  });
  afterAll(() => house?.close());

  it.each([true, false])(
    'and its payer is told within two seconds, or by the answer to their post (scripts: %s)',
    {
      timeout: 2 * SLOW_MS,
    },
    async (javaScriptEnabled) => {
      const order = await house.order();
      const page = await devices.open({ javaScriptEnabled });
      await page.goto(house.url + order.path);
      await page.locator('#number').fill('4111 1111 1111 1111');
      const call = await house.calling(order);
      await call.press('1');
      await call.keyCard();
      const paid = await house.settled(order.id, 'succeeded');
      if (!javaScriptEnabled) {
        await page.locator('#expiry').fill('12/34');
        await page.locator('#security_code').fill('123');
        await page.locator('[data-pay]').click();
      }
      await page.getByText('was paid by telephone. Nothing was charged here.').waitFor();
      if (javaScriptEnabled) expect(Date.now() - (paid.events.at(-1)?.at ?? 0)).toBeLessThanOrEqual(TOLD_WITHIN_MS);
      expect(await house.payment(order.id)).toEqual(paid);
      expect(paid.attempts.map(({ channel }) => channel)).toEqual(['ivr']);
    },
  );
});
