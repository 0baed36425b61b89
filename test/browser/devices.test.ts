/** The lab's telephone and handset in a real Chromium: a call paid by keypad, and a text answered. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import twilio from 'twilio';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type LabHouse, openLabHouse } from '../lab/house.js';
import { type Application, messaging, openApplication, voice } from '../lab/twilio/application.js';
import { needs } from '../support/skip.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SLOW_MS = 60_000;

needs('chromium')('the devices in a browser', (executablePath) => {
  let browser: Browser;
  let house: LabHouse;
  let app: Application;
  const troubles: string[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
    house = await openLabHouse();
    const lab = house.twilio;
    if (lab === null) throw new Error('there is no lab');
    app = await openApplication(lab.authToken);
    const client = twilio(lab.accountSid, lab.authToken);
    client.api.baseUrl = lab.url;
    for (const { sid } of await client.incomingPhoneNumbers.list()) {
      await client.incomingPhoneNumbers(sid).update({ voiceUrl: `${app.url}/voice`, smsUrl: `${app.url}/sms` });
    }
  }, SLOW_MS);
  afterAll(async () => {
    await browser?.close();
    await house?.close();
    await app?.close();
  });
  afterEach(() => expect(troubles.splice(0)).toEqual([]));

  async function open(): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 390, height: 844 } });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(message.text());
    });
    await page.goto(`${house.url}/lab`);
    return page;
  }

  async function findings(page: Page): Promise<string[]> {
    // By the protocol: the policy of the page forbids scripts that are not its own.
    await page.evaluate(AXE);
    const run = `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`;
    return page.evaluate(run) as Promise<string[]>;
  }

  it('calls, keys a card that is shown as dots, and hears the outcome, with the keyboard alone', {
    timeout: SLOW_MS,
  }, async () => {
    app.at(
      '/voice',
      voice((response) => {
        const pay = response.pay({ action: '/paid', postalCode: 'false', timeout: 60, paymentConnector: 'None' });
        pay.prompt({ for: 'payment-card-number' }).say({ language: 'fr-FR' }, 'Composez le numéro de la carte.');
        pay.prompt({ for: 'expiration-date' }).say('Key the expiry date.');
      }),
    );
    app.at('/paid', ({ params }) => voice((response) => response.say(`It was ${params['Result']}.`)));
    const page = await open();
    const said = page.getByRole('log', { name: 'What is said' });
    await page.getByRole('button', { name: 'Call', exact: true }).press('Enter');
    await said.getByText('Composez le numéro').waitFor();
    await page.getByText('Card digits are not shown or kept').waitFor();
    await page.getByRole('form', { name: 'Keypad' }).getByRole('button', { name: '4' }).focus();
    await page.keyboard.press('2');
    await page.keyboard.press('4');
    await page.locator('.keyed', { hasText: /^••$/ }).waitFor();
    await page.getByRole('button', { name: 'star' }).press('Enter');
    await said.getByText('It was caller-interrupted-with-star.').waitFor();
    await page.getByText(/is over: completed/).waitFor();
    expect(await said.locator('p').allTextContents()).toEqual([
      expect.stringContaining('Composez'),
      expect.stringContaining('••*'),
      expect.stringContaining('It was'),
      expect.stringContaining('The call has ended.'),
    ]);
    await page.getByText('POST /paid').click();
    await page.getByText('Result = caller-interrupted-with-star').waitFor();
    expect(await findings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  });

  it('replies to a text, and what comes back is there', { timeout: SLOW_MS }, async () => {
    app.at(
      '/sms',
      messaging((response) => response.message('Paid. Thank you.')),
    );
    const page = await open();
    await page.getByLabel('Reply').fill('482193');
    await page.getByRole('button', { name: 'Send' }).click();
    const texts = page.getByRole('log', { name: 'Messages' });
    await texts.getByText('Paid. Thank you.').waitFor();
    await texts.getByText('482193').waitFor();
    expect(await page.getByLabel('Reply').inputValue()).toBe('');
  });
});
