import { request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StoreFailure } from '../../../src/contracts/errors.js';
import {
  CAPABILITY,
  CHALLENGE,
  createBrowser,
  ended,
  type FakeCounter,
  fakeCounter,
  formOf,
  type Server,
  servePage,
  TOKEN,
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
const BACK = `/3ds/return/${CAPABILITY}`;
const FORMS = ['card', 'security-code', 'device-check', 'leave', 'take-over', 'cancel', 'extend'];
const POSTS = [...FORMS.map((name) => `${PAGE}/${name}`), BACK, `${PAGE}/brands`, '/link'];

const STRICT = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': expect.stringContaining('payment=()'),
  'content-security-policy': expect.stringMatching(
    /^default-src 'none'; script-src 'nonce-[\w-]{22}'; style-src 'self' 'nonce-[\w-]{22}'; img-src 'self' data:; connect-src 'self'; form-action 'self'.*; frame-src .*; frame-ancestors 'none'; base-uri 'none'$/,
  ),
};

describe('strict headers', () => {
  it.each([
    ['the form', 'GET', PAGE, 200],
    ['the code form', 'GET', '/link', 200],
    ['an unknown token', 'GET', '/pay/another-token', 404],
    ['no token', 'GET', '/pay', 404],
    ['a longer path', 'GET', `${PAGE}/card/number`, 404],
    ['a broken escape', 'GET', '/pay/%E0%A4%A', 400],
    ['a wrong method', 'DELETE', PAGE, 405],
    ['a wrong method on a form', 'PUT', `${PAGE}/card`, 405],
    ['a wrong method on the code form', 'PATCH', '/link', 405],
    ['a form without anything', 'POST', '/link', 409],
    ['a way back that is none', 'GET', '/3ds/return/x', 404],
    ['no way back', 'POST', '/3ds/return', 404],
    ['a wrong method on a way back', 'PUT', BACK, 405],
    ['an unknown asset', 'GET', '/pay/assets/page.0000.js', 404],
  ])('%s', async (_, method, path, status) => {
    const answer = await browser.ask(path, { method });
    expect(answer.status).toBe(status);
    expect(Object.fromEntries(answer.headers)).toMatchObject(STRICT);
    expect(answer.body).toContain('<h1');
    expect(answer.headers.get('etag')).toBeNull();
  });

  it('gives each answer a nonce of its own', async () => {
    const nonceOf = async (): Promise<string | undefined> =>
      /nonce="([^"]*)"/.exec((await browser.ask(PAGE)).body)?.[1];
    expect(await nonceOf()).not.toBe(await nonceOf());
  });

  it('redirects, streams and brand answers are not kept either', async () => {
    const body = new URLSearchParams({ cres: 'x' });
    const redirect = await browser.ask(BACK, { method: 'POST', body });
    const brands = await browser.ask(`${PAGE}/brands`, { method: 'POST', body });
    for (const { headers } of [redirect, brands]) {
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  it('loads one style and one script, both ours, named and checked by their content', async () => {
    const { body } = await browser.ask(PAGE);
    const paths = [...body.matchAll(/(?:src|href)="(\/pay\/assets\/[^"]*)" integrity="sha384-[^"]{64}"/g)];
    expect(paths).toHaveLength(2);
    expect(body.match(/<script/g)).toHaveLength(1);
    for (const [, path = ''] of paths) {
      const asset = await browser.ask(path);
      expect(asset.status).toBe(200);
      expect(asset.headers.get('cache-control')).toContain('immutable');
      expect(asset.headers.get('content-type')).toMatch(/^text\/(css|javascript); charset=utf-8$/);
    }
  });

  it('on https: strict transport, and cookies no other host can plant', async () => {
    const secure = await servePage(counter, { publicUrl: 'https://pay.example' });
    const { headers } = await createBrowser(secure.url).ask(`${PAGE}?lang=fr`);
    expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
    const attributes = 'Path=/; Max-Age=\\d+; HttpOnly; SameSite=Lax; Secure$';
    const cookies = headers.getSetCookie().sort();
    expect(cookies).toHaveLength(2);
    expect(cookies[0]).toMatch(new RegExp(`^__Host-guichet=[\\w-]{22}; ${attributes}`));
    expect(cookies[1]).toMatch(new RegExp(`^__Host-guichet_language=fr; ${attributes}`));
    await secure.close();
  });
});

describe('bad input is answered 4xx and changes nothing', () => {
  it.each(POSTS.filter((path) => path !== BACK))('%s: too long a body', async (path) => {
    const answer = await browser.ask(path, {
      method: 'POST',
      body: new URLSearchParams({ number: '4'.repeat(20_000) }),
    });
    expect(answer.status).toBe(413);
    expect(counter.asked).toEqual([]);
  });

  it.each([
    ['too many fields', 'a=1&'.repeat(50), {}, 413],
    ['a body in JSON', '{"number":{"$ne":null}}', { 'content-type': 'application/json' }, 303],
    ['a body that is packed', 'x', { 'content-encoding': 'gzip' }, 415],
    ['a strange alphabet', 'x', { 'content-type': 'application/x-www-form-urlencoded; charset=utf-7' }, 415],
  ])('%s', async (_, body, headers, status) => {
    const form = { 'content-type': 'application/x-www-form-urlencoded', ...headers };
    expect((await browser.ask(`${PAGE}/card`, { method: 'POST', body, headers: form })).status).toBe(status);
    expect(counter.asked).toEqual([]);
  });

  it('a field given twice counts as not given', async () => {
    const page = await browser.ask(PAGE);
    const { nonce = '' } = formOf(page.body, '/card').fields;
    const body = new URLSearchParams([
      ['prompt', 'begin.1'],
      ['nonce', nonce],
      ['number', '4242'],
      ['number', '4111'],
    ]);
    await browser.ask(`${PAGE}/card`, { method: 'POST', body });
    expect(counter.asked[0]?.[3]).toMatchObject({ number: '' });
  });

  it('a result of a challenge may be long, but not endless', async () => {
    const back = (length: number): Promise<{ status: number }> =>
      browser.ask(BACK, { method: 'POST', body: new URLSearchParams({ cres: 'x'.repeat(length) }) });
    expect((await back(100_000)).status).toBe(303);
    expect((await back(200_000)).status).toBe(413);
  });

  it('whatever is posted, wherever', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.constantFrom('', TOKEN, '__proto__', '[$ne]'),
    );
    const names = fc.oneof(
      fc.constantFrom('prompt', 'nonce', 'number', 'expiry', 'brand', 'code', 'cres', 'threeDSSessionData', 'digits'),
      text,
    );
    const visits = fc.constantFrom(VISIT, { ...VISIT, ...CHALLENGE }, { ...VISIT, ...ended('succeeded') }, null);
    const fields = fc.array(fc.tuple(names, text), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...POSTS), fields, visits, async (path, given, visit) => {
        counter.shows = visit;
        counter.asked.length = 0;
        const answer = await browser.ask(path, { method: 'POST', body: new URLSearchParams(given) });
        expect(answer.status).toBeLessThan(500);
        // Without a nonce of ours only the return does anything, and it only asks for a look.
        expect(counter.asked.every(([name]) => name === 'returned')).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('whatever is asked for, in whatever way', async () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(TOKEN, '..', 'assets', 'events'),
    );
    const method = fc.constantFrom('GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS');
    await fc.assert(
      fc.asyncProperty(method, fc.array(part, { maxLength: 3 }), part, async (verb, parts, query) => {
        const path = `/pay/${parts.map(encodeURIComponent).join('/')}?lang=${encodeURIComponent(query)}`;
        const answer = await browser.ask(path, { method: verb });
        expect(answer.status).toBeLessThan(500);
        expect(counter.asked).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });

  it('headers full of rubbish', async () => {
    const rubbish = fc.string({ minLength: 1, maxLength: 3_000 }).map((text) => text.replace(/[^\x20-\x7e]/g, '~'));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('cookie', 'accept-language', 'user-agent', 'accept'),
        rubbish,
        async (name, value) => {
          expect(await statusWith({ [name]: value })).toBe(200);
        },
      ),
      { numRuns: 60 },
    );
  });

  function statusWith(headers: Record<string, string>): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      httpRequest(server.url + PAGE, { headers, agent: false }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode));
      })
        .on('error', reject)
        .end();
    });
  }
});

describe('our own trouble', () => {
  it('is a page that promises nothing false, and a line in the log', async () => {
    const lines: unknown[] = [];
    const error = (...line: unknown[]): void => void lines.push(line);
    const none = (): void => undefined;
    const broken = { ...fakeCounter(), visit: () => Promise.reject(new StoreFailure('disk is full')) };
    const troubled = await servePage(broken, { log: { debug: none, info: none, warn: none, error } });
    const answer = await createBrowser(troubled.url).ask(PAGE);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(Object.fromEntries(answer.headers)).toMatchObject(STRICT);
    expect(answer.body).toContain('it shows what is true');
    expect(answer.body).not.toContain('disk');
    expect(lines).toHaveLength(1);
    await troubled.close();
  });
});
