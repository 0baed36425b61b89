import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Answer,
  CHALLENGE,
  createBrowser,
  DEVICE_CHECK,
  type FakeCounter,
  fakeCounter,
  formOf,
  SECURITY_CODE,
  type Server,
  servePage,
  TOKEN,
  unescaped,
  VISIT,
} from './page_server.js';

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
  counter.answers = { taken: true };
  counter.asked.length = 0;
  browser = createBrowser(server.url);
});

const PAGE = `/pay/${TOKEN}`;
const CARD = { number: '4242 4242 4242 4242', expiry: '12/34', security_code: '123' };
const open = (): Promise<Answer> => browser.ask(PAGE);
const typedInto = ({ body }: Answer): Record<string, string> => formOf(body, '/card').fields;
const asked = (): unknown[] => counter.asked.map(([name]) => name);

describe('each form', () => {
  it.each([
    ['card', {}, CARD, 'takeCard', 'begin.1'],
    ['security-code', SECURITY_CODE, { security_code: '999' }, 'takeSecurityCode', 'att_1.5'],
    ['device-check', DEVICE_CHECK, { completed: 'Y' }, 'deviceChecked', 'att_1.2'],
    ['leave', CHALLENGE, {}, 'leave', 'att_1.3'],
    ['take-over', { ...CHALLENGE, follow: null, takesOver: true }, {}, 'takeOver', 'att_1.3'],
    ['cancel', {}, {}, 'cancel', undefined],
    ['extend', CHALLENGE, {}, 'extend', undefined],
  ] as const)(
    '%s reaches the counter once and ends with 303 on our own page',
    async (to, visit, typed, name, prompt) => {
      counter.shows = { ...VISIT, ...visit };
      const answer = await browser.submit(await open(), `/${to}`, typed);
      expect([answer.status, answer.headers.get('location')]).toEqual([303, PAGE]);
      expect(counter.asked).toHaveLength(1);
      expect(counter.asked[0]?.slice(0, prompt === undefined ? 2 : 3)).toEqual(
        prompt === undefined ? [name, TOKEN] : [name, TOKEN, prompt],
      );
    },
  );

  it('hands over the card as typed and what the browser says of itself', async () => {
    const headers = { 'user-agent': 'Lynx', accept: 'text/html', 'accept-language': 'fr-FR,fr;q=0.9' };
    const script = { browser_script: 'yes', browser_color_depth: '30', browser_screen_width: '1280' };
    await browser.submit(await open(), '/card', { ...CARD, ...script, browser_timezone_offset: '-60' }, { headers });
    const [, , , fields, from] = counter.asked[0] ?? [];
    expect(fields).toEqual({ number: CARD.number, expiry: CARD.expiry, securityCode: '123', brand: null });
    expect(from).toMatchObject({
      channel: 'web',
      address: '127.0.0.1',
      browser: {
        userAgent: 'Lynx',
        acceptHeader: 'text/html',
        ip: '127.0.0.1',
        language: 'fr-FR',
        javascriptEnabled: true,
        colorDepth: 24,
        screenWidth: 1280,
        screenHeight: null,
        timezoneOffset: -60,
      },
    });
  });

  it('knows the device by its cookie, and another device as another', async () => {
    await browser.submit(await open(), '/card', CARD);
    await browser.submit(await open(), '/card', CARD);
    const other = createBrowser(server.url);
    await other.submit(await other.ask(PAGE), '/card', CARD);
    const [one, same, another] = counter.asked.map(([, , , , from]) => (from as { device: string }).device);
    expect(same).toBe(one);
    expect(another).not.toBe(one);
    expect([...browser.cookies.values()].join()).not.toContain(one);
  });
});

describe('a form that was not taken', () => {
  it('is here again with every problem beside its field and linked from the summary, the code gone', async () => {
    counter.answers = {
      taken: false,
      because: 'invalid',
      problems: [
        { field: 'number', message: 'card.number.checksum' },
        { field: 'security_code', message: 'card.security_code.length' },
      ],
    };
    const answer = await browser.submit(await open(), '/card', CARD);
    expect(answer.status).toBe(422);
    expect(typedInto(answer)).toMatchObject({ number: CARD.number, expiry: CARD.expiry, security_code: '' });
    expect(answer.body).toContain('<li><a href="#number">There is a slip in the card number.');
    expect(answer.body).toMatch(/<input id="number"[^>]*aria-invalid="true" aria-describedby="number-problem"/);
    expect(answer.body).toMatch(
      /<input id="security_code"[^>]*aria-describedby="security_code-hint security_code-problem"/,
    );
    expect(answer.body).not.toMatch(/<input id="expiry"[^>]*aria-invalid/);
    counter.answers = { taken: true };
    expect((await browser.submit(answer, '/card', { security_code: '123' })).status).toBe(303);
  });

  it('asks for the brand of a co-badged card', async () => {
    const number = '4970 1000 0000 0006';
    const answer = await browser.submit(await open(), '/card', { ...CARD, number });
    expect([answer.status, counter.asked]).toEqual([422, []]);
    expect(answer.body).toContain('<a href="#brand">Choose the brand to pay with');
    expect(answer.body).toMatch(/<fieldset class="brands" data-brands {2}aria/);
    expect(typedInto(answer)).toMatchObject({ number, brand: 'cb' });
    await browser.submit(answer, '/card', { security_code: '123', brand: 'visa' });
    expect(counter.asked[0]?.[3]).toMatchObject({ brand: 'visa' });
  });

  it('says when there were too many tries', async () => {
    counter.answers = { taken: false, because: 'too_many' };
    const answer = await browser.submit(await open(), '/card', CARD);
    expect(answer.status).toBe(429);
    expect(answer.body).toContain('Too many tries. Nothing was charged.');
  });

  it('shows what is, when the prompt no longer waits', async () => {
    const page = await open();
    counter.answers = { taken: false, because: 'stale' };
    expect((await browser.submit(page, '/card', CARD)).status).toBe(303);
    counter.shows = { ...VISIT, ...CHALLENGE };
    expect((await browser.submit(page, '/card', CARD)).status).toBe(303);
    expect(asked()).toEqual(['takeCard']);
  });
});

describe('more time', () => {
  it('keeps what was typed where the card form brought it along, but for the code', async () => {
    const page = await open();
    const answer = await browser.extend(page, { number: '4970 10', expiry: '12/34', security_code: '123' });
    expect([answer.status, counter.asked]).toEqual([200, [['extend', TOKEN]]]);
    expect(answer.body).toContain('You have more time now.');
    expect(typedInto(answer)).toMatchObject({ number: '4970 10', expiry: '12/34', security_code: '' });
    expect((await browser.submit(answer, '/card', { security_code: '123' })).status).toBe(303);
  });

  it('goes back to the page when nothing was typed, or something else is asked by now', async () => {
    const page = await open();
    expect((await browser.extend(page)).status).toBe(303);
    counter.shows = { ...VISIT, ...CHALLENGE };
    expect((await browser.extend(page, CARD)).status).toBe(303);
    expect(asked()).toEqual(['extend']);
  });
});

describe('a form that is not ours', () => {
  const forged: readonly (readonly [string, Record<string, string>])[] = [
    ['no nonce', { nonce: '' }],
    ['a made-up nonce', { nonce: 'AAAA' }],
  ];

  it.each(forged)('%s: nothing is sent, nothing typed is lost but the code', async (_, change) => {
    const answer = await browser.submit(await open(), '/card', { ...CARD, ...change });
    expect(answer.status).toBe(409);
    expect(answer.body).toContain('out of date, so nothing was sent');
    expect(typedInto(answer)).toMatchObject({ number: CARD.number, security_code: '' });
    expect(counter.asked).toEqual([]);
    expect((await browser.submit(answer, '/card', { security_code: '123' })).status).toBe(303);
  });

  it('a nonce of another form, device or payment is none', async () => {
    const page = await open();
    const cancel = formOf(page.body, '/cancel').fields;
    const other = createBrowser(server.url);
    const theirs = formOf((await other.ask(PAGE)).body, '/card').fields;
    for (const nonce of [cancel['nonce'] ?? '', theirs['nonce'] ?? '']) {
      expect((await browser.submit(page, '/card', { ...CARD, nonce })).status).toBe(409);
    }
    expect((await browser.submit(page, '/cancel', { nonce: typedInto(page)['nonce'] ?? '' })).status).toBe(409);
    expect(counter.asked).toEqual([]);
  });

  it('without a cookie it is given one and asked again', async () => {
    const page = await open();
    browser.cookies.clear();
    const answer = await browser.submit(page, '/card', CARD);
    expect(answer.status).toBe(409);
    expect((await browser.submit(answer, '/card', { security_code: '123' })).status).toBe(303);
  });

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 303],
    [{ 'sec-fetch-site': 'none' }, 303],
    [{ 'sec-fetch-site': 'same-origin', origin: 'null' }, 303],
  ])('%o is answered %i', async (headers, status) => {
    const page = await open();
    expect((await browser.submit(page, '/card', CARD, { headers })).status).toBe(status);
    expect(counter.asked).toHaveLength(status === 303 ? 1 : 0);
  });

  it('takes our own origin from a browser that tells no more', async () => {
    const page = await open();
    expect((await browser.submit(page, '/card', CARD, { headers: { origin: server.url } })).status).toBe(303);
  });
});

describe('/link', () => {
  it.each([
    ['4821093756', '4821093756'],
    ['482109375612', '482109375612'],
    ['4821093756123', ''],
    ['4821 093756', ''],
    ['"><script>', ''],
    ['', ''],
  ])('with the code %j in the address shows %j for the payer to send', async (code, shown) => {
    const page = await browser.ask(`/link?code=${encodeURIComponent(code)}`);
    expect(formOf(page.body, '/link').fields['code']).toBe(shown);
    const other = unescaped(/href="([^"]*)" hreflang="fr"/.exec(page.body)?.[1] ?? '');
    const french = await browser.ask(other);
    expect(french.body).toContain('<html lang="fr">');
    expect(formOf(french.body, '/link').fields['code']).toBe(shown);
    expect(counter.asked).toEqual([]);
  });

  it('says when to come again after too many codes, and only then', async () => {
    const page = await browser.ask('/link');
    const retryAfter = async (code: string) =>
      (await browser.submit(page, '/link', { code })).headers.get('retry-after');
    expect(await retryAfter('9')).toBe('600');
    expect(await retryAfter('5')).toBeNull();
  });

  it.each([
    ['4821093756', 303, null],
    ['5821093756', 422, 'No payment waits under this code.'],
    ['9821093756', 429, 'Use the QR code or the link that you were given, or wait ten minutes.'],
  ])('%s is answered %i', async (code, status, words) => {
    const answer = await browser.submit(await browser.ask('/link'), '/link', { code });
    expect(answer.status).toBe(status);
    expect(counter.asked).toEqual([['enter', code, '127.0.0.1']]);
    if (words === null) expect(answer.headers.get('location')).toBe(PAGE);
    else expect(answer.body).toContain(words);
    if (words !== null) expect(formOf(answer.body, '/link').fields['code']).toBe(code);
  });

  it('asks nothing for a form that is not its own', async () => {
    const page = await browser.ask('/link');
    expect((await browser.submit(page, '/link', { code: '4821093756', nonce: 'x' })).status).toBe(409);
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await browser.submit(page, '/link', { code: '4821093756' }, { headers })).status).toBe(403);
    expect(counter.asked).toEqual([]);
  });
});

describe('brands while typing', () => {
  const brandsOf = (digits: string, headers = {}): Promise<Answer> =>
    browser.ask(`${PAGE}/brands`, { method: 'POST', body: new URLSearchParams({ digits }), headers });

  it('tells them for the first digits and takes no whole number', async () => {
    expect(JSON.parse((await brandsOf('49701000')).body)).toEqual({
      brands: [
        { brand: 'cb', name: 'CB', short: 'CB' },
        { brand: 'visa', name: 'Visa', short: 'VISA' },
      ],
      lengths: [16],
      securityCodeLength: 3,
    });
    expect((await brandsOf('497')).status).toBe(400);
    expect((await brandsOf('4970100000000006')).status).toBe(400);
    expect((await brandsOf('49701000', { 'sec-fetch-site': 'cross-site' })).status).toBe(400);
  });
});
