/** What the payment page says of saved cards, consent and the receipt, as a browser without scripts meets them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Visit } from '../../../src/contracts/channel.js';
import {
  type Answer,
  createBrowser,
  ended,
  type FakeCounter,
  fakeCounter,
  formOf,
  SAVED,
  type Server,
  servePage,
  TOKEN,
  VISIT,
  wordsOf,
} from './page_server.js';

const CARD = { number: '4242 4242 4242 4242', expiry: '12/34', security_code: '123' };

let counter: FakeCounter;
let server: Server;
let browser = createBrowser('');
beforeAll(async () => {
  counter = fakeCounter();
  server = await servePage(counter);
});
afterAll(() => server.close());
beforeEach(() => {
  Object.assign(counter, { shows: VISIT, answers: { taken: true } });
  counter.asked.length = 0;
  browser = createBrowser(server.url);
});

async function payment(change: Partial<Visit>, query = ''): Promise<Answer> {
  counter.shows = { ...VISIT, ...change };
  return browser.ask(`/pay/${TOKEN}${query}`);
}

const account = (saved: NonNullable<Visit['account']>['saved']): Partial<Visit> => ({
  account: {
    saved,
    cards: saved === 'open' ? SAVED.filter(({ isExpired }) => !isExpired) : [],
    takesNew: true,
    household: null,
  },
});

const ticked = (page: Answer): boolean => /<input type="checkbox"[^>]* checked/.test(page.body);

describe('consent', () => {
  it('is asked where the payment names an account, and never ticked by itself', async () => {
    const page = await payment(account('none'));
    expect(wordsOf(page)).toContain('Save this card with Maison Lune for my next payments.');
    expect(ticked(page)).toBe(false);
    expect((await payment({ account: null })).body).not.toContain('checkbox');
  });

  it.each([
    ['en', 'Save this card with Maison Lune for my next payments. I can remove it at any time.'],
    ['fr', 'Enregistrer cette carte chez Maison Lune pour mes prochains paiements. Je peux la retirer à tout moment.'],
  ])('goes on in the very words that were shown (%s)', async (language, words) => {
    const page = await payment(account('none'), `?lang=${language}`);
    expect(wordsOf(page)).toContain(words);
    const value = /name="save" value="(\w+)"/.exec(page.body)?.[1] ?? '';
    // Another tab has changed the language meanwhile: the words stay those that were read.
    await browser.ask(`/pay/${TOKEN}?lang=${language === 'en' ? 'fr' : 'en'}`);
    await browser.submit(page, '/card', { ...CARD, save: value });
    expect(counter.asked.at(-1)?.[0]).toBe('takeCard');
    expect(counter.asked.at(-1)?.[5]).toBe(words);
  });

  it('is none when the box was not ticked, or says what no box of ours says', async () => {
    for (const save of [undefined, 'yes', 'de']) {
      const { fields } = formOf((await payment(account('none'))).body, '/card');
      const body = new URLSearchParams({ ...fields, ...CARD, ...(save !== undefined && { save }) });
      await browser.ask(`/pay/${TOKEN}/card`, { method: 'POST', body });
      expect(counter.asked.at(-1)?.[5]).toBeUndefined();
    }
  });

  it('stays ticked when something else was wrong', async () => {
    const page = await payment(account('none'));
    counter.answers = {
      taken: false,
      because: 'invalid',
      problems: [{ field: 'number', message: 'card.number.checksum' }],
    };
    const again = await browser.submit(page, '/card', { ...CARD, save: 'en' });
    expect(again.status).toBe(422);
    expect(ticked(again)).toBe(true);
    const { fields } = formOf(page.body, '/card');
    const without = await browser.ask(`/pay/${TOKEN}/card`, {
      method: 'POST',
      body: new URLSearchParams({ ...fields, ...CARD }),
    });
    expect(ticked(without)).toBe(false);
  });
});

describe('a payment of 0', () => {
  it('is about saving a card: no amount, its own button, consent that is required', async () => {
    const page = await payment({ purpose: 'save_card', money: { amount: 0, currency: 'EUR' }, ...account('none') });
    expect(wordsOf(page)).toMatch(/Nothing is taken now.*No money moves.*Save a card.*Save the card/);
    expect(page.body).not.toMatch(/0[.,]00|ORDER-1042|Cancel the payment/);
    counter.answers = {
      taken: false,
      because: 'invalid',
      problems: [{ field: 'save', message: 'saved.consent_missing' }],
    };
    const again = await browser.submit(page, '/card', CARD);
    expect(wordsOf(again)).toContain('Tick the box to have the card saved.');
    expect(again.body).toContain('href="#save"');
  });

  it('ends with a card that is saved, or says that it is not', async () => {
    const over = { purpose: 'save_card', receipt: null, ...ended('succeeded') } as const;
    expect(wordsOf(await payment({ ...over, cardKept: true }))).toContain('Your card is saved');
    expect(wordsOf(await payment({ ...over, cardKept: false }))).toContain('Card not saved');
    expect(wordsOf(await payment({ ...over, ...ended('expired') }))).toContain('No card was saved.');
    expect(wordsOf(await payment({ ...over, ...ended('canceled') }, '?lang=fr'))).toContain(
      'Aucune carte n’a été enregistrée',
    );
  });
});

describe('the way to a saved card', () => {
  it('is offered on top of the form, and what was typed there comes back when no code could be sent', async () => {
    const page = await payment(account('offered'));
    expect(page.body).toContain(`formaction="/pay/${TOKEN}/send-code"`);
    counter.answers = { taken: false, because: 'unavailable', message: 'saved.unavailable' };
    const { fields } = formOf(page.body, '/card');
    const body = new URLSearchParams({ ...fields, ...CARD, save: 'en' });
    const again = await browser.ask(`/pay/${TOKEN}/send-code`, { method: 'POST', body });
    expect(again.status).toBe(503);
    expect(wordsOf(again)).toContain('The code could not be sent just now.');
    expect(formOf(again.body, '/card').fields).toMatchObject({
      number: CARD.number,
      expiry: CARD.expiry,
      security_code: '',
    });
    expect(ticked(again)).toBe(true);
    expect(counter.asked.map(([name]) => name)).toEqual(['sendCode']);
  });

  it('asks for the code alone, and has a way to enter a card', async () => {
    const page = await payment(account('code_sent'));
    expect(wordsOf(page)).toContain('Enter the code from your e-mail');
    expect(page.body).toContain('autocomplete="one-time-code"');
    expect(page.body).not.toContain('cc-number');
    expect((await browser.submit(page, '/code', { code: '271828' })).headers.get('location')).toBe(`/pay/${TOKEN}`);
    expect(counter.asked.at(-1)?.slice(0, 3)).toEqual(['takeCode', TOKEN, '271828']);
    counter.answers = { taken: false, because: 'invalid', problems: [{ field: 'code', message: 'saved.code_wrong' }] };
    const wrong = await browser.submit(page, '/code', { code: '271829' });
    expect([wrong.status, wordsOf(wrong).includes('That is not the code.')]).toEqual([422, true]);
    expect(wrong.body).not.toContain('271829');
    expect((await payment(account('code_sent'), '?with=card')).body).toContain('cc-number');
  });

  it('shows the cards, and takes the one chosen', async () => {
    const page = await payment(account('open'));
    expect(wordsOf(page)).toContain('Visa ending in 4242, good until 12/2034');
    await browser.submit(page, '/saved', { saved: 'ins_1' });
    expect(counter.asked.at(-1)?.slice(0, 4)).toEqual(['takeSaved', TOKEN, 'begin.1', 'ins_1']);
  });

  it('keeps to the form for a card when that was sent and is wrong', async () => {
    const page = await payment(account('open'), '?with=card');
    counter.answers = {
      taken: false,
      because: 'invalid',
      problems: [{ field: 'number', message: 'card.number.checksum' }],
    };
    const again = await browser.submit(page, '/card', CARD);
    expect(formOf(again.body, '/card').fields['number']).toBe(CARD.number);
  });
});

describe('the receipt', () => {
  it('is offered by a form, and afterwards said to be on its way without the address', async () => {
    const page = await payment({ ...ended('succeeded'), returnTo: null, receipt: 'offered' });
    await browser.submit(page, '/receipt', { email: 'ada@example.org' });
    expect(counter.asked.at(-1)?.slice(0, 3)).toEqual(['mailReceipt', TOKEN, 'ada@example.org']);
    const after = await payment({ ...ended('succeeded'), returnTo: null, receipt: 'asked' });
    expect(wordsOf(after)).toContain('The receipt is on its way.');
    expect(after.body).not.toContain('ada@');
    expect((await payment({ ...ended('succeeded'), receipt: null })).body).not.toContain('/receipt');
  });

  it('says what is wrong with an address, and shows it again', async () => {
    const page = await payment({ ...ended('succeeded'), returnTo: null, receipt: 'offered' });
    counter.answers = { taken: false, because: 'invalid', problems: [{ field: 'email', message: 'receipt.form' }] };
    const again = await browser.submit(page, '/receipt', { email: '"><script>' });
    expect(again.status).toBe(422);
    expect(formOf(again.body, '/receipt').fields['email']).toBe('"><script>');
    expect(again.body).not.toContain('<script>"');
  });
});
