/** The pages of the payer's own account, as a browser without scripts meets them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountVisit } from '../../../src/contracts/channel.js';
import {
  ACCOUNT,
  ACCOUNT_TOKEN,
  type Answer,
  createBrowser,
  type FakeDesk,
  fakeCounter,
  fakeDesk,
  SAVED,
  type Server,
  servePage,
  wordsOf,
} from './page_server.js';

let desk: FakeDesk;
let server: Server;
let browser = createBrowser('');
beforeAll(async () => {
  desk = fakeDesk();
  server = await servePage(fakeCounter(), { account: desk });
});
afterAll(() => server.close());
beforeEach(() => {
  Object.assign(desk, { shows: ACCOUNT, answers: { taken: true } });
  desk.asked.length = 0;
  browser = createBrowser(server.url);
});

async function desked(change: Partial<AccountVisit> = {}, query = ''): Promise<Answer> {
  desk.shows = { ...ACCOUNT, ...change };
  return browser.ask(`/account/${ACCOUNT_TOKEN}${query}`);
}

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
    desk.answers = { taken: true };
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
