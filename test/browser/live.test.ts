/** What the script does: moves the page in place, stays kind while the server is away, and helps with typing. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHALLENGE, ended, NOW, WAIT } from '../channels/web/page_server.js';
import { needs } from '../support/skip.js';
import { DESKTOP, PHONE, SLOW_MS, useBrowser } from './browser.js';
import { shiftOf, watchRequests, watchShifts, weigh } from './inspection.js';
import { openStage, STATES, type Stage } from './states.js';

const PAGE_BYTES_MAX = 60_000;
const title = (page: Page) => page.getByRole('heading', { level: 1 });

needs('chromium')('the page while it is open', (executablePath) => {
  const devices = useBrowser(executablePath);
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  /** An open page whose clock the test turns. */
  async function open(visit = {}, viewport = PHONE): Promise<Page> {
    const page = await devices.open({ viewport });
    await page.clock.install();
    await watchShifts(page);
    stage.set(visit);
    await page.goto(stage.link);
    return page;
  }

  it('a waiting page moves in place: never a reload, scroll and history kept, said aloud', async () => {
    const page = await open(WAIT, { width: 390, height: 300 });
    const { navigations } = watchRequests(page);
    await page.evaluate('window.isSamePage = true');
    await page.evaluate('scrollTo(0, 120)');
    const history = await page.evaluate('history.length');
    stage.set({
      ...WAIT,
      prompt: { id: 'att_1.5', prompt: { kind: 'wait', message: { key: 'card.authenticating' } } },
    });
    await title(page).getByText('Asking your bank').waitFor();
    expect(await page.evaluate('scrollY')).toBe(120);
    stage.set(ended('succeeded'));
    await title(page).getByText('Paid').waitFor();
    expect(await page.title()).toBe('Paid');
    expect(await page.locator('[data-live]').textContent()).toBe('Paid');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
    expect(await page.evaluate('[window.isSamePage, history.length]')).toEqual([true, history]);
    expect(navigations()).toBe(0);
    expect(await shiftOf(page)).toBeLessThanOrEqual(0.1);
  });

  it('a declined try comes back as a form that works, without a reload', async () => {
    const page = await open(WAIT);
    const { navigations } = watchRequests(page);
    stage.set({ decline: { code: 'insufficient_funds', advice: 'other_instrument' } });
    await page.getByRole('alert').getByText('not enough money').waitFor();
    expect(navigations()).toBe(0);
    await page.locator('#number').pressSequentially('4970100000000006');
    await page.getByLabel('Visa').check();
    await page.locator('#expiry').fill('12/34');
    await page.locator('#security_code').fill('123');
    stage.counter.asked.length = 0;
    await Promise.all([page.waitForNavigation(), page.locator('[data-pay]').click()]);
    expect(stage.counter.asked[0]?.[3]).toMatchObject({ number: '4970 1000 0000 0006', brand: 'visa' });
  });

  it('only a step with another policy is gone to', async () => {
    const page = await open(WAIT);
    await page.evaluate(`sessionStorage.setItem('challenge Y3JlcQ', 'shown')`);
    const { navigations } = watchRequests(page);
    stage.set(CHALLENGE);
    await page.getByRole('button', { name: 'Go to my bank' }).waitFor();
    expect(navigations()).toBe(1);
    stage.set(ended('succeeded'));
    await title(page).getByText('Paid').waitFor();
    expect(navigations()).toBe(1);
  });

  it('a page of a newer release is loaded as a whole: this script does not know it', async () => {
    const page = await open(WAIT);
    const { navigations } = watchRequests(page);
    await page.route(stage.link, async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace(/page\.[0-9a-f]+\.js/, 'page.0000.js');
      await route.fulfill({ response: answer, body: navigations() === 0 ? body : await answer.text() });
    });
    stage.set(ended('succeeded'));
    await title(page).getByText('Paid').waitFor();
    expect(navigations()).toBe(1);
  });

  it('asks every ten seconds where streams are refused, and does not reload either', async () => {
    const page = await devices.open();
    await page.clock.install();
    await page.route('**/events*', (route) => route.fulfill({ status: 204 }));
    stage.set(WAIT);
    await page.goto(stage.link);
    const { navigations } = watchRequests(page);
    await page.waitForResponse(stage.link);
    await page.clock.runFor(1_000);
    let asked = 0;
    page.on('request', (request) => {
      if (request.url() === stage.link) asked += 1;
    });
    await page.clock.runFor(9_500);
    expect(asked).toBe(0);
    stage.set(ended('succeeded'));
    await page.clock.runFor(1_000);
    await title(page).getByText('Paid').waitFor();
    expect([asked, navigations()]).toEqual([1, 0]);
  });

  it('reconnects with growing pauses while the server is away, and says that nothing is lost', {
    timeout: SLOW_MS,
  }, async () => {
    const page = await open(WAIT);
    const away = page.locator('[data-away]');
    let tries = 0;
    await page.route('**/pay/**', (route) => {
      tries += 1;
      return route.abort();
    });
    // The stream that is open ends when the payment changes; what then is asked for gets no answer. Nor does the page, once it
    // has come, leave for the shop by itself.
    stage.set({ ...ended('succeeded'), returnTo: null });
    await away.getByText('Nothing is lost').waitFor();
    for (let second = 0; second < 60; second++) {
      await page.clock.runFor(1_000);
      // A try that was begun ends before the clock goes on.
      await page.evaluate('new Promise((resolve) => queueMicrotask(resolve))');
    }
    // A try each second would have made sixty.
    expect(tries).toBeGreaterThan(3);
    expect(tries).toBeLessThan(15);
    await page.unroute('**/pay/**');
    const goOn = async () => {
      await page.clock.runFor(10_000);
      return title(page).textContent();
    };
    await expect.poll(goOn, { timeout: 10_000 }).toBe('Paid');
    expect(await away.textContent()).toBe('');
  });

  it('without scripts asks again after ten seconds, by itself and by a link', async () => {
    const page = await devices.open({ javaScriptEnabled: false });
    stage.set(WAIT);
    await page.goto(stage.link);
    expect(await page.content()).toContain('<meta http-equiv="refresh" content="10">');
    stage.set(ended('succeeded'));
    await page.getByRole('link', { name: 'Check now' }).click();
    await title(page).getByText('Paid').waitFor();
  });

  it('says two minutes before the end that time runs out, and more time keeps all that was typed', async () => {
    const page = await open({ expiresAt: NOW + 600_000 });
    const { navigations } = watchRequests(page);
    await page.locator('#number').pressSequentially('4242424242424242');
    await page.locator('#security_code').fill('123');
    await page.clock.runFor(479_000);
    expect(await page.getByText('less than two minutes').isVisible()).toBe(false);
    await page.clock.runFor(2_000);
    await page.getByRole('status').getByText('less than two minutes').waitFor();
    const { shows } = stage.counter;
    if (shows !== null) stage.counter.shows = { ...shows, expiresAt: NOW + 1_200_000 };
    const sent = page.waitForRequest((request) => request.url().endsWith('/extend'));
    await page.getByRole('button', { name: 'Give me more time' }).click();
    // What is typed stays where it is: not even the number is sent for this.
    expect((await sent).postData()).not.toContain('4242');
    await page.getByText('You have more time now.').waitFor();
    expect(await page.locator('#number').inputValue()).toBe('4242 4242 4242 4242');
    expect(await page.locator('#security_code').inputValue()).toBe('123');
    expect(navigations()).toBe(0);
    await page.clock.runFor(1_081_000);
    await page.getByText('less than two minutes').waitFor();
    stage.counter.shows = { ...(stage.counter.shows ?? shows), ...ended('expired'), version: 99 } as typeof shows;
    await page.clock.runFor(125_000);
    await title(page).getByText('Too late').waitFor();
    expect(navigations()).toBe(0);
  });

  it('without scripts shows the warning to who comes late, and more time keeps what was typed but for the code', async () => {
    const page = await devices.open({ javaScriptEnabled: false });
    stage.set({ expiresAt: NOW + 100_000 });
    await page.goto(stage.link);
    await page.locator('#number').fill('4242 4242');
    await page.locator('#expiry').fill('12/34');
    await page.locator('#security_code').fill('123');
    await page.getByRole('button', { name: 'Give me more time' }).click();
    await page.getByRole('alert').getByText('You have more time now.').waitFor();
    expect(await page.locator('#number').inputValue()).toBe('4242 4242');
    expect(await page.locator('#expiry').inputValue()).toBe('12/34');
    expect(await page.locator('#security_code').inputValue()).toBe('');
  });

  it('is painted and pays while its script is still on the way', { timeout: SLOW_MS }, async () => {
    const page = await devices.open();
    let hold = 0;
    await page.route('**/*.js', () => {
      hold += 1;
    });
    stage.set({});
    await page.goto(stage.link, { waitUntil: 'commit' });
    await expect.poll(() => page.evaluate(`performance.getEntriesByName('first-contentful-paint').length`)).toBe(1);
    expect(hold).toBe(1);
    await page.locator('#number').fill('4242 4242 4242 4242');
    await page.locator('#expiry').fill('12/34');
    await page.locator('#security_code').fill('123');
    stage.counter.asked.length = 0;
    const posted = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.locator('[data-pay]').click({ noWaitAfter: true });
    expect((await posted).status()).toBe(303);
    expect(stage.counter.asked[0]?.[0]).toBe('takeCard');
  });

  it('weighs less than 60 kB, with logos of the largest size', { timeout: SLOW_MS }, async () => {
    const heaviest: Record<string, number> = {};
    for (const name of ['card', 'challenge elsewhere', 'waiting', 'paid', 'refused']) {
      const page = await devices.open({ viewport: DESKTOP });
      const weight = await weigh(page);
      stage.set(STATES.find((state) => state.name === name)?.visit ?? {});
      await page.goto(stage.link, { waitUntil: 'load' });
      const pictures = 'document.images.length === 2 && [...document.images].every((image) => image.naturalWidth > 0)';
      await expect.poll(() => page.evaluate(pictures)).toBe(true);
      heaviest[name] = weight();
    }
    expect(Object.entries(heaviest).filter(([, bytes]) => bytes > PAGE_BYTES_MAX || bytes < 33_000)).toEqual([]);
  });

  it('keeps amount and merchant in sight on a phone, held sideways, and at 200 %', async () => {
    for (const viewport of [
      PHONE,
      { width: 740, height: 360 },
      { width: 640, height: 360 },
      { width: 320, height: 568 },
    ]) {
      const page = await devices.open({ viewport });
      stage.set({});
      await page.goto(stage.link);
      await page.locator('[data-pay]').scrollIntoViewIfNeeded();
      await page.locator('#security_code').focus();
      for (const inSight of ['.amount', '.merchant', '.next', '#security_code']) {
        const box = await page.locator(inSight).boundingBox();
        expect([
          viewport.width,
          inSight,
          (box?.y ?? -1) >= 0,
          (box?.y ?? 0) + (box?.height ?? 0) <= viewport.height,
        ]).toEqual([viewport.width, inSight, true, true]);
      }
    }
  });
});
