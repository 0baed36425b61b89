/** `/docs` as a whole: pages, links, anchors, headers, pictures, and the search over all of it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { exampleOf } from '../../../src/http/docs/examples.js';
import { docFiles } from '../../../src/http/docs/files.js';
import { PROBLEMS } from '../../../src/http/problems.js';
import { EVENT_TYPES } from '../../../src/notify/event_types.js';
import { SETTINGS } from '../../../src/settings.js';
import { startWorld } from '../world.js';
import { readCurl, readGuides } from './reading.js';

type World = Awaited<ReturnType<typeof startWorld>>;

const pages = new Map<string, string>();
let world: World;

/** Every page that can be reached from the first; they are the same for each test. */
beforeEach(async () => {
  world = await startWorld();
  if (pages.size > 0) return;
  const toVisit = ['/docs'];
  for (const path of toVisit) {
    if (pages.has(path)) continue;
    const { status, text } = await world.call('GET', path);
    expect([path, status]).toEqual([path, 200]);
    pages.set(path, text);
    toVisit.push(
      ...linksOf(text)
        .map(pathOf)
        .filter((link) => /^\/docs(?:\/|$)/.test(link) && !isFile(link)),
    );
  }
});

const linksOf = (text: string): string[] => [...text.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href = '']) => href);
const pathOf = (link: string): string => link.split('#')[0] ?? '';
const isFile = (link: string): boolean => /^\/docs\/(?:images|assets)\//.test(link);
const idsOf = (text: string): string[] => [...text.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id);

describe('the pages', () => {
  it('are all guides, every subject of the API, objects and events', () => {
    expect(pages.size).toBeGreaterThan(15);
    const names = readGuides().map(({ name }) => (name === 'quick-start' ? '/docs' : `/docs/${name}`));
    expect(names.filter((name) => !pages.has(name))).toEqual([]);
  });

  it('are whole, and no anchor stands twice on one', () => {
    for (const [path, text] of pages) {
      expect([path, text.match(/undefined|\[object|NaN|<!-- /)?.[0]]).toEqual([path, undefined]);
      const ids = idsOf(text);
      expect([path, ids.filter((id, index) => ids.indexOf(id) !== index)]).toEqual([path, []]);
      expect([path, text.match(/<h1>/g)?.length]).toEqual([path, 1]);
    }
  });

  it('link to what is there, to the anchor', () => {
    const others = ['/openapi.json', '/shop', '/lab', '/lab/mailbox', '/link'];
    for (const [path, text] of pages) {
      for (const link of linksOf(text)) {
        if (/^https:/.test(link) || others.includes(link) || isFile(link)) continue;
        const [target, anchor] = [pathOf(link) || path, link.split('#')[1]];
        expect([path, link, pages.has(target)]).toEqual([path, link, true]);
        if (anchor !== undefined)
          expect([path, link, idsOf(pages.get(target) ?? '')]).toEqual([path, link, expect.arrayContaining([anchor])]);
      }
    }
  });

  it('have every call, error, event, card and setting at an anchor', () => {
    const places = [...pages].flatMap(([path, text]) => idsOf(text).map((id) => `${path}#${id}`));
    for (const { tag, operationId } of world.routes)
      expect(places).toContain(`/docs/api/${tag.toLowerCase()}#${operationId}`);
    for (const code of Object.keys(PROBLEMS)) expect(places).toContain(`/docs#${code}`);
    for (const type of Object.keys(EVENT_TYPES)) expect(places).toContain(`/docs/events#${type}`);
    for (const { name } of SETTINGS) expect(places).toContain(`/docs/going-live#${name}`);
    expect(places).toContain('/docs/testing#4242424242424242');
  });

  it('show the programs of the guides whole', () => {
    const files = docFiles();
    for (const name of ['verify.mjs', 'verify.py', 'verify.php']) {
      const program = files.example(`webhooks/${name}`) ?? 'none';
      const shown = (pages.get('/docs/webhooks') ?? '').replaceAll(
        /&#39;|&quot;|&gt;|&lt;|&#96;|&amp;/g,
        (entity) => PLAIN[entity] ?? '',
      );
      expect(shown).toContain(program.trimEnd());
    }
  });

  it('show commands that the schemas take', () => {
    for (const route of world.routes) {
      if (route.body === null) continue;
      const body = exampleOf(z.toJSONSchema(route.body, { io: 'input', unrepresentable: 'any' }));
      expect([route.operationId, route.body.safeParse(body).error]).toEqual([route.operationId, undefined]);
    }
    const commands = [...pages].flatMap(([path, text]) =>
      path.startsWith('/docs/api/')
        ? [...text.matchAll(/<code>(curl [^<]*)<\/code>/g)].map(([, command = '']) => command)
        : [],
    );
    expect(commands).toHaveLength(world.routes.length);
    for (const command of commands) {
      const { method, url } = readCurl(command.replaceAll(/&#39;|&quot;|&amp;/g, (entity) => PLAIN[entity] ?? ''));
      const route = world.routes.find(
        (one) =>
          one.method === method && new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(url.pathname),
      );
      expect([command, route?.query.safeParse(Object.fromEntries(url.searchParams)).success]).toEqual([command, true]);
    }
  });

  it('are light, and load nothing from elsewhere', async () => {
    const { headers } = await world.call('GET', '/docs/webhooks');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    for (const [path, text] of pages) {
      expect([path, text.length < 60_000]).toEqual([path, true]);
      expect([path, text.match(/<script(?![^>]*src="\/docs\/)[^>]*>|\sstyle=|\son\w+=/)]).toEqual([path, null]);
      expect([path, text.match(/ src="(?!\/docs\/)[^"]*"/)]).toEqual([path, null]);
    }
  });

  it('that do not exist are said so', async () => {
    for (const path of [
      '/docs/nothing',
      '/docs/api',
      '/docs/..%2fpackage.json',
      '/docs/images/nothing.png',
      '/docs/guides/lab.md',
    ]) {
      const { status, text } = await world.call('GET', path);
      expect([path, status]).toEqual([path, 404]);
      expect(text).toContain('No such page');
    }
  });
});

const PLAIN: Readonly<Record<string, string>> = {
  '&#39;': "'",
  '&quot;': '"',
  '&gt;': '>',
  '&lt;': '<',
  '&#96;': '`',
  '&amp;': '&',
};

describe('files of the pages', () => {
  it('are kept for ever under the address that names their content, and asked after otherwise', async () => {
    const [address = ''] = (pages.get('/docs') ?? '').match(/\/docs\/assets\/docs\.css\?v=\w+/) ?? [];
    const named = await world.call('GET', address);
    expect(named.status).toBe(200);
    expect(named.headers.get('cache-control')).toContain('immutable');
    const bare = await world.call('GET', '/docs/assets/docs.css?v=older');
    expect(bare.headers.get('cache-control')).toBe('no-cache');
    const tag = bare.headers.get('etag') ?? '';
    const again = await world.call('GET', '/docs/assets/docs.css', { headers: { 'if-none-match': tag } });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('pages are asked after, and answered again only when they have changed', async () => {
    const { headers } = await world.call('GET', '/docs/webhooks');
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    const again = await world.call('GET', '/docs/webhooks', {
      headers: { 'if-none-match': headers.get('etag') ?? '' },
    });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('pictures are PNG of the size that the page says', async () => {
    const images = [
      ...(pages.get('/docs/payment-page') ?? '').matchAll(
        /<img src="([^"]+)" alt="[^"]+" width="(\d+)" height="(\d+)"/g,
      ),
    ];
    expect(images.length).toBeGreaterThan(3);
    for (const [, src = ''] of images) {
      const { status, headers } = await world.call('GET', src);
      expect([src, status, headers.get('content-type')]).toEqual([src, 200, 'image/png']);
    }
  });
});

describe('the search', () => {
  const ask = async (query: string) => {
    const { body } = await world.call('GET', `/docs/search.json?q=${encodeURIComponent(query)}`);
    return (body as { hits: { href: string; title: string; page: string }[] }).hits;
  };

  it.each([
    ['reference_in_use', '/docs#reference_in_use'],
    ['POST /v1/payments', '/docs/api/payments#createPayment'],
    ['createRefund', '/docs/api/refunds#createRefund'],
    ['payment.succeeded', '/docs/events#payment.succeeded'],
    ['4242 4242 4242 4242', '/docs/testing#4242424242424242'],
    ['4242424242424242', '/docs/testing#4242424242424242'],
    ['VAULT_KEYS', '/docs/going-live#VAULT_KEYS'],
    ['check the signature', '/docs/webhooks#check-the-signature'],
    ['Saved cards', '/docs/saved-cards'],
    ['REFUND', '/docs/life-of-a-payment#refund'],
    ['forget person', '/docs/saved-cards#forget-a-person'],
    ['sigkill', '/docs/lab#pull-the-plug'],
  ])('%s leads to %s', async (query, href) => {
    expect((await ask(query))[0]?.href).toBe(href);
  });

  it('leads to places that exist', async () => {
    for (const query of ['payment', 'card', 'e', 'v1', 'refund']) {
      const hits = await ask(query);
      expect(hits.length).toBe(8);
      for (const { href } of hits) {
        const [path = '', anchor] = href.split('#');
        expect(pages.has(path)).toBe(true);
        if (anchor !== undefined) expect(idsOf(pages.get(path) ?? '')).toContain(anchor);
      }
    }
  });

  it('wants every word, and has nothing for nothing', async () => {
    expect(await ask('refund xyzzy')).toEqual([]);
    expect(await ask('   ')).toEqual([]);
    expect((await world.call('GET', '/docs/search.json')).body).toEqual({ hits: [] });
  });

  it('works as a page, marks what was found, and makes no markup of a question', async () => {
    const { text, status } = await world.call('GET', '/docs/search?q=signature+body');
    expect(status).toBe(200);
    expect(text).toMatch(/<mark>signature<\/mark>/i);
    expect(text).toMatch(/\d+ places for “signature body”/);
    const evil = '"><script>alert(1)</script> (a+)+$';
    const answer = await world.call('GET', `/docs/search?q=${encodeURIComponent(evil)}`);
    expect(answer.text).not.toContain('<script>alert');
    expect(answer.text).toContain('Nothing has');
  });

  it('bounds what is asked', async () => {
    const long = 'payment '.repeat(1_000);
    expect((await world.call('GET', `/docs/search?q=${encodeURIComponent(long)}`)).status).toBe(200);
    const { text } = await world.call('GET', `/docs/search?q=${'x'.repeat(5_000)}`);
    expect(text).not.toContain('x'.repeat(101));
  });
});
