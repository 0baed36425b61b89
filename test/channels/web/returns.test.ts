/** `/3ds/return/…`: what a browser is told that comes back from its issuer, and what it may cause. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Answer,
  CAPABILITY,
  createBrowser,
  type FakeCounter,
  fakeCounter,
  type Server,
  servePage,
  TOKEN,
  VISIT,
  wordsOf,
} from './page_server.js';

const BACK = `/3ds/return/${CAPABILITY}`;

let counter: FakeCounter;
let server: Server;
let browser: ReturnType<typeof createBrowser>;

beforeAll(async () => {
  counter = fakeCounter();
  server = await servePage(counter);
});
afterAll(() => server.close());
beforeEach(() => {
  counter.shows = VISIT;
  counter.asked.length = 0;
  browser = createBrowser(server.url);
});

describe('the return from the issuer', () => {
  const back = (fields: Record<string, string>): Promise<Answer> =>
    browser.ask(BACK, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { origin: 'https://acs.bank.example', 'sec-fetch-site': 'cross-site' },
    });

  it.each([
    ['names the challenge it answers', { cres: 'x', threeDSSessionData: 'YXR0XzEuMw' }, 'att_1.3'],
    ['names none', { cres: 'x' }, null],
  ])('%s: causes a look, and goes on to where our cookie comes along', async (_, fields, prompt) => {
    const answer = await back(fields);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, BACK]);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(counter.asked).toEqual([
      ['returned', CAPABILITY, prompt, expect.objectContaining({ channel: 'web', device: '' })],
    ]);
  });

  it('leads the device that began to its page', async () => {
    const answer = await browser.ask(BACK);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/pay/${TOKEN}`]);
  });

  it('tells any other only that the bank has answered', async () => {
    counter.shows = null;
    const answer = await browser.ask(BACK);
    expect(answer.status).toBe(200);
    expect(wordsOf(answer)).toMatch(/Your bank has answered Go back to the page where you pay\./);
    expect(answer.body).not.toMatch(/\/pay\/(?!assets)|<form|Lune|42\.50/);
    expect(answer.headers.getSetCookie()).toEqual([]);
    const french = await browser.ask(BACK, { headers: { 'accept-language': 'fr' } });
    expect(wordsOf(french)).toContain('Votre banque a répondu');
  });

  it('leads nowhere by an address that is not ours, nor by the page’s token', async () => {
    expect((await browser.ask('/3ds/return/another-capability')).status).toBe(404);
    expect((await browser.ask(`/3ds/return/${TOKEN}`)).status).toBe(404);
    expect((await browser.ask(`/pay/${TOKEN}/return`, { method: 'POST' })).status).toBe(404);
    expect(counter.asked).toEqual([]);
  });

  it('ends the device check inside our own frame', async () => {
    const body = new URLSearchParams({ threeDSMethodData: 'e30' });
    const answer = await browser.ask(BACK, { method: 'POST', body });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
    expect(answer.headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(counter.asked).toEqual([]);
  });
});
