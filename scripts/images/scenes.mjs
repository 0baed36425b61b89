/**
 * The pictures, one scene each: the device it is seen on, and how to get there. `play(page, house)` goes to the moment; what it answers, if
 * anything, is the part of the page that is photographed. A new picture is one entry here and one line in a guide.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { mailPreviews } from '../mail-previews.mjs';
import { televisionSheet } from './television.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5, hasTouch: true };
/** Wide enough for a device of the lab beside the other, which is not in the picture. */
const DEVICE = { viewport: { width: 1010, height: 900 }, deviceScaleFactor: 1 };
const DESKTOP = { viewport: { width: 1200, height: 760 }, deviceScaleFactor: 1 };

const APPROVED = '4242 4242 4242 4242';
const CO_BADGED = '4970 1000 0000 0006';
const CHALLENGED = '4000 0000 0000 3220';
const REFUSED = '4000 0000 0000 0002';
/** Its answer comes late: the page has something to wait for. */
const SLOW = '4000 0010 0000 0067';

const openPage =
  (wishes) =>
  async (page, { order }) => {
    const { links } = await order(wishes);
    await page.goto(links.pay);
  };

const payWith =
  (number, until) =>
  async (page, { order }) => {
    const { links } = await order();
    await page.goto(links.pay);
    await fill(page, number);
    await page.getByRole('button', { name: /^Pay €/ }).click();
    await until(page);
  };

async function fill(page, number) {
  await page.getByLabel('Card number').fill(number);
  await page.getByLabel('Expiry date').fill('12/34');
  await page.getByLabel('Security code').fill('123');
}

/** The newest one-time code in the lab's mailbox. */
async function mailedCode(origin) {
  for (let looks = 0; looks < 50; looks += 1) {
    const { data } = await (await fetch(`${origin}/lab/mailbox/messages.json?to=demo@shop.example`)).json();
    const code = data.map(({ text }) => /\b\d{6}\b/.exec(text)?.[0]).find((found) => found !== undefined);
    if (code !== undefined) return code;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('no code was mailed');
}

function readMail(wanted) {
  return async (page) => {
    const folder = mkdtempSync(join(tmpdir(), 'guichet-mails-'));
    try {
      const { path } = (await mailPreviews(folder)).find(({ name }) => name === wanted);
      await page.goto(pathToFileURL(path).href);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

async function buy(page, { origin }) {
  await page.goto(`${origin}/shop`);
  await page.getByRole('button', { name: 'Add to cart Lavender honey' }).click();
  await page.getByLabel('E-mail').fill('ada@example.org');
  await page.getByRole('button', { name: /^Pay €/ }).click();
  await fill(page, APPROVED);
  await page.getByRole('button', { name: /^Pay €/ }).click();
  await page.waitForURL('**/shop/orders/**');
  await page.getByText('from a signed webhook').waitFor();
}

/** What a caller presses and hears, by language. */
const CALLS = {
  en: {
    language: '2',
    code: 'key in your payment code',
    amount: 'twelve euros',
    card: 'card number',
    paid: 'Once more',
  },
  fr: {
    language: '1',
    code: 'Composez votre code',
    amount: 'douze euros',
    card: 'numéro de la carte',
    paid: 'Je répète',
  },
};

/** A call about an order, paid by keypad, to the moment at which its reference has been said twice. */
const callAndPay =
  (language) =>
  async (page, { origin }) => {
    const words = CALLS[language];
    await page.goto(`${origin}/lab`);
    const call = page.getByRole('button', { name: 'Call', exact: true });
    if ((await call.getAttribute('aria-disabled')) === 'true') {
      await page.getByRole('button', { name: 'Hang up' }).click();
    }
    await page.getByRole('button', { name: 'Order, pay later' }).click();
    const code = await page.locator('.code').textContent();
    await call.click();
    await press(page, words.language);
    await hear(page, words.code);
    await press(page, `${code}#`);
    await hear(page, words.amount);
    await press(page, '1');
    await hear(page, words.card);
    await press(page, `${APPROVED.replaceAll(' ', '')}1234123`);
    await hear(page, words.paid);
    await page.locator('.keypad[data-state="listening"]').waitFor();
    return page.locator('.keys-and-words');
  };

const hear = (page, words) => page.getByRole('log', { name: 'What is said' }).getByText(words).last().waitFor();

/** Each key when somebody waits for it. */
async function press(page, keys) {
  await page.locator('.keypad[data-state="listening"]').waitFor();
  for (const key of keys) {
    await page.locator(`.keypad [value="${key}"]`).click();
    await page.waitForTimeout(150);
  }
}

/** A payment that a text offered, paid by sending its digits back. */
const answerText =
  (words) =>
  async (page, { origin }) => {
    await page.goto(`${origin}/lab`);
    await page.getByRole('button', { name: 'Ask by text' }).click();
    const offer = page.getByRole('log', { name: 'Messages' }).getByText(words.offer).last();
    await page.getByLabel('Reply').fill(words.offer.exec(await offer.textContent())[1]);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText(words.paid).last().waitFor();
    return page.getByRole('log', { name: 'Messages' });
  };

export const SCENES = {
  // The payment page
  'page-en': { device: PHONE, play: openPage({}) },
  'page-fr': { device: PHONE, language: 'fr', play: openPage({ payer: { language: 'fr' } }) },
  'page-dark': { device: PHONE, scheme: 'dark', play: openPage({}) },
  'page-desktop': { device: DESKTOP, play: openPage({}) },
  'form-error': {
    device: PHONE,
    async play(page, house) {
      await openPage({})(page, house);
      await fill(page, '4242 4242 4242 4243');
      await page.getByRole('button', { name: /^Pay €/ }).click();
      await page.getByRole('link', { name: /slip in the card number/ }).waitFor();
    },
  },
  brands: {
    device: PHONE,
    async play(page, house) {
      await openPage({})(page, house);
      await page.getByLabel('Card number').pressSequentially(CO_BADGED);
      await page.getByText('Pay with', { exact: true }).waitFor();
    },
  },
  challenge: {
    device: PHONE,
    play: payWith(CHALLENGED, (page) => page.getByRole('button', { name: 'Approve' }).waitFor()),
  },
  waiting: {
    device: PHONE,
    play: payWith(SLOW, (page) =>
      page
        .getByText(/nothing is lost|charged twice/i)
        .first()
        .waitFor(),
    ),
  },
  paid: {
    device: PHONE,
    play: payWith(APPROVED, (page) => page.getByRole('heading', { level: 1, name: 'Paid' }).waitFor()),
  },
  saved: {
    device: PHONE,
    async play(page, { origin, order }) {
      const { links } = await order({ payer: { account: 'demo', language: 'en' } });
      await page.goto(links.pay);
      await page.getByRole('button', { name: 'Pay with a saved card' }).click();
      await page.getByLabel('Code', { exact: true }).fill(await mailedCode(origin));
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('heading', { level: 1, name: 'Choose a saved card' }).waitFor();
    },
  },
  refused: { device: PHONE, play: payWith(REFUSED, (page) => page.getByRole('alert').first().waitFor()) },

  // Mails, as a phone's mail program shows them
  'mail-paid': { device: PHONE, play: readMail('mail-paid-fr') },
  'mail-declined': { device: PHONE, play: readMail('mail-declined-en') },
  'mail-refunded': { device: PHONE, scheme: 'dark', play: readMail('mail-refunded-en') },
  mailbox: {
    fewColours: true,
    device: DESKTOP,
    async play(page, { origin, call, order }) {
      await order({ payer: { email: 'ada@example.org', language: 'en' }, pay_with: 'tok_sandbox_approve' });
      const { id } = await order({
        payer: { email: 'ada@example.org', language: 'en' },
        pay_with: 'tok_sandbox_approve',
      });
      await call('POST', `/v1/payments/${id}/refunds`, { amount: 1_000 });
      const refunded = page.getByRole('link', { name: /refund/i });
      // The mailbox is no page that moves by itself.
      for (let looks = 0; looks < 50 && (await refunded.count()) === 0; looks += 1) {
        await page.goto(`${origin}/lab/mailbox`);
        await page.waitForTimeout(200);
      }
      await refunded.first().waitFor();
    },
  },

  // The demo shop and the lab
  shop: { device: DESKTOP, play: async (page, { origin }) => void (await page.goto(`${origin}/shop`)) },
  'shop-paid': { device: PHONE, play: buy },
  lab: {
    fewColours: true,
    device: { ...DESKTOP, viewport: { width: 1100, height: 840 } },
    async play(page, house) {
      await page.goto(`${house.origin}/lab`);
      await page.getByRole('button', { name: 'Pull the plug' }).click();
      await page.getByText('exactly one authorization').waitFor();
      await page.locator('#shown').evaluate((shown) => shown.scrollIntoView());
    },
  },

  telephone: { device: DEVICE, play: callAndPay('en') },
  'telephone-fr': { device: DEVICE, language: 'fr', play: callAndPay('fr') },
  handset: { device: DEVICE, play: answerText({ offer: /Reply (\d{6})/, paid: /Paid: 12\.00/ }) },
  'handset-fr': {
    device: DEVICE,
    language: 'fr',
    play: answerText({ offer: /Répondez (\d{6})/, paid: /Payé : 12,00/ }),
  },
  // The television: all screens of one language on a sheet
  'tv-fr': { device: DESKTOP, language: 'fr', fewColours: true, play: televisionSheet('fr') },
  'tv-en': { device: DESKTOP, fewColours: true, play: televisionSheet('en') },

  // The documentation itself
  docs: {
    fewColours: true,
    device: DESKTOP,
    play: async (page, { origin }) => void (await page.goto(`${origin}/docs/life-of-a-payment`)),
  },
};
