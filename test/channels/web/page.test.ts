import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Visit } from '../../../src/contracts/channel.js';
import {
  type Answer,
  CHALLENGE,
  createBrowser,
  DEVICE_CHECK,
  ended,
  type FakeCounter,
  fakeCounter,
  formOf,
  NOW,
  SECURITY_CODE,
  type Server,
  servePage,
  TOKEN,
  unescaped,
  VISIT,
  WAIT,
  wordsOf,
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

const show = (change: Partial<Visit> = {}): Promise<Answer> => {
  counter.shows = { ...VISIT, ...change };
  return browser.ask(`/pay/${TOKEN}`);
};

const PAGES: readonly (readonly [string, Partial<Visit>, RegExp])[] = [
  ['the card form', {}, /Pay by card.*Card number.*Expiry date.*Security code.*Pay €42\.50/],
  [
    'one of several instruments',
    {
      prompt: {
        id: 'begin.1',
        prompt: {
          kind: 'choose',
          message: { key: 'payment.choose' },
          options: [{ value: 'card', message: { key: 'instrument.card' } }],
        },
      },
    },
    /Pay by card.*Card number/,
  ],
  [
    'no instrument for a page',
    { prompt: { id: 'begin.1', prompt: { kind: 'choose', message: { key: 'payment.choose' }, options: [] } } },
    /How would you like to pay\?.*cannot be done on this page/,
  ],
  [
    'another try',
    { decline: { code: 'insufficient_funds', advice: 'other_instrument' } },
    /refused.*not enough money.*use another card\..*Card number/,
  ],
  [
    'a decline without words',
    { decline: { code: 'code_77', advice: 'unheard_of' } },
    /without saying why\..*contact your bank/,
  ],
  ['the lost code', SECURITY_CODE, /once more.*Visa ending in 4242.*Security code.*Use another card/],
  ['the device check', DEVICE_CHECK, /checking this device.*Continue/],
  ['the challenge', CHALLENGE, /Confirm with your bank.*Go to my bank.*Use another card/],
  ['a challenge on another device', { ...CHALLENGE, follow: null }, /another device\..*Begin again here/],
  ['waiting', WAIT, /Your payment is being made.*nothing is charged twice\..*Check now/],
  ['paid', ended('succeeded'), /Paid You have paid €42\.50 to Maison Lune\..*Back to Maison Lune/],
  ['held', ended('requires_capture'), /Paid €42\.50 is reserved for Maison Lune/],
  [
    'refused for good',
    { ...ended('failed'), decline: { code: 'lost_card', advice: 'stop' } },
    /Not paid.*has ended\..*without saying why\..*contact your bank/,
  ],
  ['canceled', ended('canceled'), /Canceled.*Nothing is charged/],
  ['expired', ended('expired'), /Too late.*new link/],
  ['expired, not swept yet', ended('requires_payment_method'), /Too late/],
  ['under review', ended('requires_review'), /Being looked at.*do not pay again/],
];

describe('every page', () => {
  it.each(PAGES)('%s', async (_, change, expected) => {
    const answer = await show(change);
    expect(answer.status).toBe(200);
    expect(wordsOf(answer)).toMatch(expected);
    expect(wordsOf(answer)).toMatch(/TEST: no money moves.* Maison Lune .*€42\.50.*Reference ORDER-1042/);
    expect(wordsOf(answer)).toMatch(/run by Guichet, which holds your card details/);
    expect(wordsOf(answer)).toContain('help@lune.example');
  });

  it.each(PAGES)('%s: in French, every sentence', async (_, change) => {
    const english = await show(change);
    const french = await show({ ...change, language: 'fr-FR' });
    expect(french.body).toContain('<html lang="fr">');
    const sentences = (answer: Answer): string[] =>
      unescaped(answer.body)
        .split(/<[^>]*>|\n/)
        .map((text) => text.trim())
        .filter((text) => /^[A-ZÀ-Ý][^.]* /.test(text) && !text.includes('Lune') && text !== 'Two lamps');
    const same = sentences(french).filter((text) => sentences(english).includes(text));
    expect(same).toEqual([]);
  });

  it.each(PAGES)('%s: one heading, every input labelled, described ids exist', async (_, change) => {
    const { body } = await show(change);
    expect(body.match(/<h1/g)).toHaveLength(1);
    for (const [, id] of body.matchAll(/<input id="([^"]*)"/g)) expect(body).toContain(`for="${id}"`);
    for (const [, ids = ''] of body.matchAll(/aria-describedby="([^"]*)"/g)) {
      for (const id of ids.split(' ')) expect(body).toContain(`id="${id}"`);
    }
    expect(body).not.toMatch(/undefined|\[object|NaN/);
  });

  it('names no card and asks nothing once the payment has ended', async () => {
    const { body } = await show(ended('succeeded'));
    expect(body).not.toContain('<form');
    expect(body).not.toContain('4242');
  });

  it('names no amount where nothing is paid', async () => {
    expect((await show()).body).toContain('class="amount"');
    expect((await show({ purpose: 'save_card' })).body).not.toContain('class="amount"');
  });

  it('says TEST in test mode only', async () => {
    expect(wordsOf(await show({ mode: 'live' }))).not.toContain('TEST');
  });
});

describe('language', () => {
  const languageOf = ({ body }: Answer): string | undefined => /<html lang="(\w+)"/.exec(body)?.[1];
  const accept = { headers: { 'accept-language': 'de, fr-CH;q=0.9, en;q=0.8' } };

  it('is the browser’s when the payer’s is not known', async () => {
    expect(languageOf(await browser.ask(`/pay/${TOKEN}`, accept))).toBe('fr');
    expect(languageOf(await browser.ask('/link', { headers: { 'accept-language': 'de' } }))).toBe('en');
  });

  it('is the payer’s before the browser’s, and the chosen one before both, from then on', async () => {
    counter.shows = { ...VISIT, language: 'en-GB' };
    expect(languageOf(await browser.ask(`/pay/${TOKEN}`, accept))).toBe('en');
    const link = /href="([^"]*)" hreflang="fr"/.exec((await browser.ask(`/pay/${TOKEN}`)).body)?.[1];
    expect(languageOf(await browser.ask(link ?? '', accept))).toBe('fr');
    expect(languageOf(await browser.ask(`/pay/${TOKEN}`))).toBe('fr');
    expect(languageOf(await browser.ask(`/pay/${TOKEN}?lang=xx`))).toBe('fr');
  });
});

describe('the way to the issuer', () => {
  it('posts the challenge by a form with a button, allowed by the policy of this page alone', async () => {
    const page = await show(CHALLENGE);
    const { fields } = formOf(page.body, 'challenge?x=1');
    expect(fields).toMatchObject({ creq: 'Y3JlcQ', threeDSSessionData: 'YXR0XzEuMw' });
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' https://acs.bank.example;");
    expect((await show()).headers.get('content-security-policy')).toContain("form-action 'self';");
  });

  it('frames the device check of that origin only', async () => {
    const page = await show(DEVICE_CHECK);
    expect(formOf(page.body, '/method').fields).toEqual({ threeDSMethodData: 'bWV0aG9k' });
    expect(page.headers.get('content-security-policy')).toContain("frame-src 'self' https://acs.bank.example;");
    expect((await show()).headers.get('content-security-policy')).toContain("frame-src 'none';");
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'not an address'])('never goes to %s', async (url) => {
    const page = await show({ ...CHALLENGE, follow: { url, data: 'x' } });
    expect(page.body).not.toContain(url);
    expect(wordsOf(page)).toContain('Begin again here');
  });

  it('an address cannot break out of the policy', async () => {
    const page = await show({
      ...CHALLENGE,
      follow: { url: "https://a.example/;script-src 'unsafe-inline'", data: 'x' },
    });
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe-inline');
  });
});

describe('the way back to the merchant', () => {
  const linkOf = ({ body }: Answer): string | undefined => {
    const href = /<a [^>]*href="([^"]*)"[^>]*data-return/.exec(body)?.[1];
    return href === undefined ? undefined : unescaped(href);
  };

  it('is a link, to the cancel address after a cancel', async () => {
    expect(linkOf(await show(ended('succeeded')))).toBe(VISIT.returnTo);
    expect(linkOf(await show(ended('canceled')))).toBe(VISIT.cancelTo);
    expect(linkOf(await show({ ...ended('succeeded'), returnTo: 'lune:back?payment=pay_1' }))).toBe(
      'lune:back?payment=pay_1',
    );
  });

  it.each([null, 'javascript:alert(1)', 'data:text/html,x'])('never %s', async (returnTo) => {
    expect(linkOf(await show({ ...ended('succeeded'), returnTo }))).toBeUndefined();
  });
});

describe('time', () => {
  it('is offered at once when little is left, else by the script', async () => {
    const late = await show({ expiresAt: NOW + 119_000 });
    expect(late.body).toMatch(/data-expires-in="119"[^>]*>\s*<div data-warning >/);
    expect((await show()).body).toMatch(/data-expires-in="3600"[^>]*>\s*<div data-warning hidden>/);
    expect((await show({ extendable: false })).body).not.toContain('data-expires-in');
  });
});

describe('hostile text', () => {
  const hostile = `"><script>alert(1)</script>'\`&lt;{merchant}`;
  it.each([...PAGES])('%s: never becomes markup', async (_, change) => {
    const { body } = await show({
      ...change,
      merchant: {
        name: hostile,
        logo: { name: `x.png"onerror="x`, width: 1, height: 1 },
        accentColour: 'red}</style><script>',
        support: { email: hostile, phone: hostile, url: `https://a.example/"${hostile}` },
      },
      operator: hostile,
      description: hostile,
      reference: hostile,
      language: hostile,
      card: { brand: hostile, last4: hostile },
      decline: change.decline === undefined ? null : { code: hostile, advice: hostile },
    });
    const scripts = body.match(/<script/g) ?? [];
    expect(scripts).toHaveLength(1);
    expect(body).not.toContain('<style');
    expect(body.match(/ onerror=/g)).toBeNull();
    expect(unescaped(body)).toContain(hostile);
  });

  it('takes a colour, and shows logos that we serve ourselves', async () => {
    const logo = { name: 'ab12.png', width: 300, height: 100 };
    const merchant = { ...VISIT.merchant, accentColour: '#0a5c4f', logo };
    const { body } = await show({ merchant, operatorLogo: { name: 'cd34.svg', width: null, height: null } });
    expect(body).toContain(':root{--accent:#0a5c4f}');
    expect(body).toContain('src="/pay/assets/ab12.png" alt="" decoding="async" width="300" height="100"');
    expect(body).toContain('src="/pay/assets/cd34.svg"');
    expect(body).not.toContain('monogram');
  });
});

describe('files', () => {
  const picture = { name: 'ab.svg', type: 'image/svg+xml', bytes: Buffer.from('<svg/>'), width: null, height: null };

  it('of ours are kept for ever, and pressed for who takes that', async () => {
    const [, path = ''] = /href="(\/pay\/assets\/page\.[0-9a-f]{16}\.css)"/.exec((await show()).body) ?? [];
    const asked = async (encoding: string) => {
      const { headers } = await browser.ask(path, { headers: { 'accept-encoding': encoding } });
      return [headers.get('content-encoding'), headers.get('cache-control'), headers.get('vary')];
    };
    expect(await asked('gzip, br')).toEqual(['gzip', 'public, max-age=31536000, immutable', 'Accept-Encoding']);
    expect((await asked('identity'))[0]).toBeNull();
  });

  it('pictures that a visit names are served, and can do nothing when opened by themselves', async () => {
    const shop = await servePage(counter, { pictureNamed: (name) => (name === picture.name ? picture : null) });
    const answer = await fetch(`${shop.url}/pay/assets/ab.svg`);
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'image/svg+xml',
      '<svg/>',
    ]);
    expect(answer.headers.get('content-security-policy')).toMatch(/default-src 'none';.*sandbox/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await fetch(`${shop.url}/pay/assets/other.png`)).status).toBe(404);
    await shop.close();
  });
});
