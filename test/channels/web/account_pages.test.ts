/** The pages of saved cards, consent, the account and the receipt, as a browser without scripts meets them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountVisit, Visit } from '../../../src/contracts/channel.js';
import {
  ACCOUNT,
  ACCOUNT_TOKEN,
  type Answer,
  createBrowser,
  ended,
  fakeCounter,
  fakeDesk,
  formOf,
  SAVED,
  type Server,
  servePage,
  TOKEN,
  VISIT,
  wordsOf,
} from './page_server.js';

const CARD = { number: '4242 4242 4242 4242', expiry: '12/34', security_code: '123' };
const ANSWERS = { taken: true } as const;

let counter = fakeCounter();
let desk = fakeDesk();
let server: Server;
let browser = createBrowser('');
beforeAll(async () => {
  server = await servePage(
    { ...counter, ...forwarding() },
    {
      account: {
        visit: (...given) => desk.visit(...given),
        sendCode: (...given) => desk.sendCode(...given),
        takeCode: (...given) => desk.takeCode(...given),
        makeDefault: (...given) => desk.makeDefault(...given),
        remove: (...given) => desk.remove(...given),
        setPurchaseCode: (...given) => desk.setPurchaseCode(...given),
      },
    },
  );
});
afterAll(() => server.close());
beforeEach(() => {
  counter = fakeCounter();
  desk = fakeDesk();
  browser = createBrowser(server.url);
});

function forwarding() {
  return {
    visit: (token: string, device: string | null) => counter.visit(token, device),
    takeCard: (...given: Parameters<typeof counter.takeCard>) => counter.takeCard(...given),
    sendCode: (...given: Parameters<typeof counter.sendCode>) => counter.sendCode(...given),
    takeCode: (...given: Parameters<typeof counter.takeCode>) => counter.takeCode(...given),
    takeSaved: (...given: Parameters<typeof counter.takeSaved>) => counter.takeSaved(...given),
    mailReceipt: (...given: Parameters<typeof counter.mailReceipt>) => counter.mailReceipt(...given),
  };
}

async function payment(change: Partial<Visit>, query = ''): Promise<Answer> {
  counter.shows = { ...VISIT, ...change };
  return browser.ask(`/pay/${TOKEN}${query}`);
}

const account = (saved: NonNullable<Visit['account']>['saved']): Partial<Visit> => ({
  account: { saved, cards: saved === 'open' ? SAVED.filter(({ isExpired }) => !isExpired) : [] },
});

async function desked(change: Partial<AccountVisit> = {}, query = ''): Promise<Answer> {
  desk.shows = { ...ACCOUNT, ...change };
  return browser.ask(`/account/${ACCOUNT_TOKEN}${query}`);
}

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
    expect(wordsOf(page)).toMatch(/Nothing is taken now.*Save a card.*Save the card.*No money moves/);
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

describe('/account', () => {
  it('begins with the code, and shows nothing before', async () => {
    const page = await desked();
    expect(wordsOf(page)).toMatch(/TEST.*Maison Lune.*show that it is you.*Send me a code/);
    const sent = await browser.submit(page, '/send-code');
    expect([sent.status, sent.headers.get('location')]).toEqual([303, `/account/${ACCOUNT_TOKEN}`]);
    const asked = await desked({ stage: 'code_sent' });
    await browser.submit(asked, '/code', { code: '271828' });
    expect(desk.asked.map(([name]) => name)).toEqual(['sendCode', 'takeCode']);
    expect(wordsOf(await desked({ stage: 'unreachable' }))).toContain('Ask Maison Lune to add yours');
  });

  it('lists cards; a removal has a step of its own, and looking changes nothing', async () => {
    const open = { stage: 'open', cards: SAVED, purchaseCode: 'none' } as const;
    const page = await desked(open);
    expect(wordsOf(page)).toMatch(/4242.*Used first.*Mastercard ending in 4444.*Expired.*No purchase code is set/);
    await browser.submit(page, '/default', { card: 'ins_2' });
    const sure = await desked(open, '?remove=ins_1');
    expect(wordsOf(sure)).toContain('Remove this card?');
    expect(desk.asked.map(([name]) => name)).toEqual(['makeDefault']);
    const removed = await browser.submit(sure, '/remove');
    expect(desk.asked.at(-1)?.slice(0, 3)).toEqual(['remove', ACCOUNT_TOKEN, 'ins_1']);
    expect(removed.headers.get('location')).toBe(`/account/${ACCOUNT_TOKEN}?said=removed`);
    expect(wordsOf(await desked(open, '?said=removed'))).toContain('The card was removed.');
    expect(wordsOf(await desked(open, '?said=%3Cb%3E'))).not.toContain('<b>');
  });

  it('takes a purchase code typed twice, and writes it into no page', async () => {
    const open = { purpose: 'set_purchase_code', stage: 'open', purchaseCode: 'none' } as const;
    const page = await desked(open);
    expect(wordsOf(page)).toContain('Not the code of your bank card.');
    expect(wordsOf(page)).not.toMatch(/PIN/i);
    const typed = { purchase_code: '2580', purchase_code_again: '2581' };
    desk.answers = {
      taken: false,
      because: 'invalid',
      problems: [{ field: 'purchase_code_again', message: 'purchase_code.different' }],
    };
    const again = await browser.submit(page, '/purchase-code', typed);
    expect(again.status).toBe(422);
    expect(again.body).not.toMatch(/258[01]/);
    desk.answers = ANSWERS;
    await browser.submit(again, '/purchase-code', { purchase_code: '2580', purchase_code_again: '2580' });
    expect(desk.asked.at(-1)?.slice(0, 4)).toEqual(['setPurchaseCode', ACCOUNT_TOKEN, '2580', '2580']);
    expect(wordsOf(await desked({ ...open, purchaseCode: 'now' }))).toContain('Your purchase code is set');
  });

  it('leads on to the payment that stores the card', async () => {
    const answer = await desked({ purpose: 'add_instrument', payment: 'page-token' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/pay/page-token']);
  });

  it('takes no form of another site, another device, or of before the last change', async () => {
    const page = await desked();
    const away = await browser.submit(page, '/send-code', {}, { headers: { 'sec-fetch-site': 'cross-site' } });
    expect(away.status).toBe(403);
    const stranger = createBrowser(server.url);
    expect((await stranger.submit(page, '/send-code')).status).toBe(409);
    desk.shows = { ...ACCOUNT, version: 5 };
    expect((await browser.submit(page, '/send-code')).status).toBe(303);
    expect(desk.asked).toEqual([]);
  });

  it('has the headers of every page, both languages, and nothing at addresses that are none', async () => {
    const page = await desked({}, '?lang=fr');
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(wordsOf(page)).toContain('D’abord, montrez que c’est bien vous');
    expect(page.body).toContain(`href="/account/${ACCOUNT_TOKEN}?lang=en"`);
    desk.shows = null;
    for (const path of [`/account/${ACCOUNT_TOKEN}`, '/account/x', '/account', `/account/${ACCOUNT_TOKEN}/nothing`]) {
      expect((await browser.ask(path)).status).toBe(404);
    }
    expect((await browser.ask(`/account/${ACCOUNT_TOKEN}/remove`)).headers.get('location')).toBe(
      `/account/${ACCOUNT_TOKEN}`,
    );
    expect((await browser.ask(`/account/${ACCOUNT_TOKEN}`, { method: 'PUT' })).status).toBe(405);
  });
});
