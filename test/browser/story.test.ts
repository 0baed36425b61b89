/** The whole story by telephone and text, with nothing but a browser before the house as it is served: nothing stands in. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LabHouse, openLabHouse } from '../lab/house.js';
import { needs } from '../support/skip.js';
import { DESKTOP, PHONE, useBrowser } from './browser.js';
import { axeFinds, overflows } from './inspection.js';

const STORY_MS = 180_000;
/** Between two keys, as somebody presses them who reads the digits off a card. */
const BETWEEN_KEYS_MS = 180;
const KEY_NAMES: Readonly<Record<string, string>> = { '*': 'star', '#': 'hash' };
const CARD = ['4242424242424242', '1234', '123'] as const;

/** What is pressed and heard on the way, in a caller's language. */
const CALLS = {
  en: {
    locale: 'en-GB',
    viewport: DESKTOP,
    product: 'Add to cart Lavender honey',
    known: /returning customer/,
    language: '2',
    askedForCode: 'Please key in your payment code',
    amount: 'The amount is twelve euros.',
    askedForCard: ['Key in the card number', 'Key in the expiry date', 'Key in the security code'],
    outcome: 'You have paid twelve euros to the little shop.',
    again: 'Once more:',
    receiptOffer: 'For the receipt by text message, press 1.',
    receiptSent: 'The receipt goes to the number of your order, which ends in 7 8.',
    receipt: /TEST Receipt: 12\.00 EUR paid to Petite Boutique on \d\d\/\d\d, card \*4242\. Reference: SHOP-\d+/,
    offer: /TEST Reply (\d{6}) to pay Petite Boutique 12\.00 EUR, card \*4242, by \d\d:\d\d\. To refuse: NO\./,
    paid: /TEST Paid: 12\.00 EUR to Petite Boutique, card \*4242\. Reference: SHOP-\d+/,
  },
  fr: {
    locale: 'fr-FR',
    viewport: PHONE,
    product: 'Ajouter Miel de lavande',
    known: /déjà client/,
    language: '1',
    askedForCode: 'Composez votre code de paiement',
    amount: 'Le montant est de douze euros.',
    askedForCard: ['Composez le numéro de la carte', 'Composez la date d’expiration', 'Composez le cryptogramme'],
    outcome: 'Vous avez payé douze euros à la petite boutique.',
    again: 'Je répète :',
    receiptOffer: 'Pour le reçu par SMS, appuyez sur 1.',
    receiptSent: 'Le reçu part vers le numéro de votre commande, qui se termine par 7 8.',
    receipt: /TEST Quittance : 12,00 EUR payé à Petite Boutique le \d\d\/\d\d, carte \*4242\. Référence : SHOP-\d+/,
    offer:
      /TEST Répondez (\d{6}) pour payer 12,00 EUR à Petite Boutique, carte \*4242, avant \d\d:\d\d\. Pour refuser : NON\./,
    paid: /TEST Payé : 12,00 EUR à Petite Boutique, carte \*4242\. Référence : SHOP-\d+/,
  },
} as const;

needs('chromium')('by telephone and text, from the shop to the timeline', (executablePath) => {
  const devices = useBrowser(executablePath);
  let house: LabHouse;
  beforeAll(async () => {
    house = await openLabHouse();
  }, STORY_MS);
  afterAll(() => house?.close());

  it.each(Object.entries(CALLS))('is lived by somebody who speaks %s', { timeout: STORY_MS }, async (_, words) => {
    const page = await devices.open({ locale: words.locale, viewport: words.viewport });
    page.setDefaultTimeout(30_000);
    const telephone = holdTelephone(page);
    const texts = page.getByRole('log', { name: 'Messages' });

    await page.goto(`${house.url}/shop`);
    await page.getByRole('button', { name: words.product }).click();
    await page.getByLabel(words.known).check();
    await page.getByRole('button', { name: /^(?:Pay|Payer) / }).click();
    await page.waitForURL('**/pay/**');
    await page.goto(`${house.url}/lab`);
    const reference = (await page.locator('[data-part="head"] h2').textContent())?.split(' ')[0] ?? '';
    const code = (await page.locator('.code').textContent()) ?? '';

    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await telephone.listens();
    await telephone.press(words.language);
    await telephone.hears(words.askedForCode);
    await telephone.press(`${code}#`);
    await telephone.hears(words.amount);
    await telephone.press('1');
    for (const [index, asked] of words.askedForCard.entries()) {
      await telephone.hears(asked);
      await telephone.press(CARD[index] ?? '');
    }
    await telephone.hears(words.outcome);
    await telephone.hears(words.receiptOffer);
    expect(countOf(await telephone.heard(), [...reference].join(' '))).toBe(2);
    await telephone.press('1');
    await telephone.hears(words.receiptSent);
    await page.getByText(/is over: completed/).waitFor();
    await texts.getByText(words.receipt).getByText(reference).waitFor();
    expect(await telephone.heard()).toContain('••••••••••••••••');
    expect(await telephone.heard()).not.toContain(CARD[0]);
    await storyEnds(page, 'The receipt was sent by text message, as the caller wished.');
    expect(await storyOf(page)).toEqual([
      'The payment of €12.00 was created.',
      'A telephone call about the payment began.',
      'An attempt with the card ending in 4242 began by telephone.',
      'An answer is awaited; nothing is asked of the payer.',
      'The bank approved the card ending in 4242; the amount was taken.',
      'The payment succeeded.',
      'The receipt was sent by text message, as the caller wished.',
    ]);

    await page.getByRole('button', { name: 'Ask by text' }).click();
    const offer = texts.getByText(words.offer);
    await offer.waitFor();
    await storyEnds(page, 'The text message reached the telephone.');
    await page.getByLabel('Reply').pressSequentially(words.offer.exec((await offer.textContent()) ?? '')?.[1] ?? '', {
      delay: BETWEEN_KEYS_MS,
    });
    await page.getByRole('button', { name: 'Send' }).click();
    await texts.getByText(words.paid).waitFor();
    await storyEnds(page, 'The payment succeeded.');
    const [created, requested, ...later] = await storyOf(page);
    expect([created, requested]).toEqual([
      'The payment of €12.00 was created.',
      'The payer is to be sent a text message.',
    ]);
    // Where it arrives first, nobody says any more that it is on its way.
    expect(later.filter((sentence) => sentence !== 'A text message is on its way to the payer.')).toEqual([
      'The text message reached the telephone.',
      'An attempt with the card ending in 4242 began by text message.',
      'An answer is awaited; nothing is asked of the payer.',
      'The bank approved the card ending in 4242; the amount was taken.',
      'The payment succeeded.',
    ]);
    await page.getByText('The payer has paid, all in all: €12.00').waitFor();
    expect(await axeFinds(page, 'all')).toEqual([]);
    expect(await overflows(page)).toBe(false);
  });

  it('has a button that orders without paying, and one that races', { timeout: STORY_MS }, async () => {
    const page = await devices.open({ viewport: DESKTOP });
    page.setDefaultTimeout(30_000);
    await page.goto(`${house.url}/lab`);
    await page.getByRole('button', { name: 'Order, pay later' }).click();
    await page.getByText(/^To pay SHOP-\d+ by telephone, call \+33199001234 with the payment code \d{10}\./).waitFor();
    await page.getByRole('button', { name: 'Race' }).click();
    await page.getByText('The other is told').waitFor();
    await page.getByText('The acquirer’s ledger has exactly one authorization for this payment.').waitFor();
    await page.locator('.steps .done').nth(3).waitFor();
    await page.getByText(/^(?:The page shows that it is paid|The caller hears: “This payment has been paid)/).waitFor();
    expect(house.twilio?.problems()).toEqual([]);
  });
});

/** The lab's telephone in the hand of somebody who waits for their turn, and takes their time. */
function holdTelephone(page: Page) {
  const log = page.getByRole('log', { name: 'What is said' });
  // The television's remote control has digits too.
  const keypad = page.getByRole('form', { name: 'Keypad' });
  const listens = () => page.locator('.keypad[data-state="listening"]').waitFor();
  return {
    listens,
    async hears(words: string): Promise<void> {
      await log.getByText(words).last().waitFor();
    },
    async press(keys: string): Promise<void> {
      await listens();
      for (const key of keys) {
        await keypad.getByRole('button', { name: KEY_NAMES[key] ?? key, exact: true }).click();
        await page.waitForTimeout(BETWEEN_KEYS_MS);
      }
    },
    heard: () => log.innerText(),
  };
}

const countOf = (text: string, part: string): number => text.split(part).length - 1;

/** What the timeline of the payment that is shown tells, without its times. */
async function storyOf(page: Page): Promise<string[]> {
  const lines = await page.locator('.story li').allTextContents();
  return lines.map((line) => line.replace(/^\S+ /, ''));
}

async function storyEnds(page: Page, sentence: string): Promise<void> {
  await page.locator('.story li').last().getByText(sentence).waitFor();
}
