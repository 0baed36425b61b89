/** The application's page and files over real HTTP, and its script as boxes of 2010 read it. */
import { type Node, parse } from 'acorn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTvApp } from '../../../channels/tv/app/index.js';
import { systemClock } from '../../../src/clock.js';
import { createServer, type HttpServer } from '../../../src/http/server.js';
import { createIds } from '../../../src/ids.js';
import { readTvKeys } from '../../../src/television_keys.js';
import { HANDOVER, screenOf } from '../../browser/tv_screens.js';
import { silentLog } from '../../support/silent_log.js';

const HBBTV = 'application/vnd.hbbtv.xhtml+xml;charset=utf-8';
const XHTML = 'application/xhtml+xml;charset=utf-8';
const OF_CHROMIUM = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const OF_A_BOX = 'HbbTV/1.1.1 (;;;;;) Presto/2.10';

const clock = systemClock();
let server: HttpServer;
let url: string;
let framedUrl: string;
let framed: HttpServer;

async function open(isFramed: boolean): Promise<[HttpServer, string]> {
  const desk = {
    look: async (session: string) =>
      session === 'with-a-hand-over'
        ? { session, screen: screenOf(HANDOVER), pollInterval: 5 }
        : session === 'without-one'
          ? { session, screen: screenOf(), pollInterval: 5 }
          : null,
  };
  const keys = readTvKeys('RED=500, Hisense:RED=420, Hisense:BACK=8') ?? [];
  const app = createTvApp({ desk, keys, framed: isFramed });
  const opened = createServer({
    ...{ api: null, hot: [], routers: [app], publicUrl: 'http://127.0.0.1', log: silentLog() },
    ...{ ids: createIds({ clock }), clock, trustedProxies: 0 },
  });
  return [opened, `http://127.0.0.1:${await opened.listen(0, '127.0.0.1')}`];
}

beforeAll(async () => {
  [server, url] = await open(false);
  [framed, framedUrl] = await open(true);
});
afterAll(async () => {
  await server?.close(0);
  await framed?.close(0);
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(url + path, { headers });

async function scriptOf(): Promise<string> {
  const page = await (await get('/tv/app')).text();
  const [, path = ''] = /src="(\/tv\/app\/assets\/tv\.\w{16}\.js)"/.exec(page) ?? [];
  const answer = await get(path);
  expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  return answer.text();
}

describe('the application', () => {
  it.each([
    ['a box that names itself', { 'user-agent': OF_A_BOX, accept: '*/*' }, HBBTV],
    ['a box that says like a browser what it takes', { 'user-agent': OF_A_BOX, accept: OF_CHROMIUM }, HBBTV],
    ['a box that takes HbbTV', { accept: `${OF_CHROMIUM},application/vnd.hbbtv.xhtml+xml` }, HBBTV],
    ['whoever says nothing', { accept: '*/*' }, HBBTV],
    ['a browser', { accept: OF_CHROMIUM }, XHTML],
  ])('is HbbTV for boxes and XHTML for browsers: %s', async (_, headers, type) => {
    const answer = await get('/tv/app?session=abcdefgh', headers);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('vary')).toBe('Accept, User-Agent');
    const page = await answer.text();
    expect(page.startsWith('<!DOCTYPE html PUBLIC "-//HbbTV//1.1.1//EN"')).toBe(true);
    expect(page).toContain('data-session="abcdefgh"');
  });

  it('keeps nothing, loads nothing from elsewhere, and is framed only where that is wanted', async () => {
    const { headers } = await get('/tv/app?session=abcdefgh');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    const inLab = (await fetch(`${framedUrl}/tv/app`)).headers;
    expect(inLab.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(inLab.get('content-security-policy')).toContain("frame-ancestors 'self'");
  });

  it.each([
    ['no session', ''],
    ['an empty one', '?session='],
    ['one that is too short', '?session=short'],
    ['one of other characters', '?session=%3Cscript%3Ealert%281%29'],
    ['one that is too long', `?session=${'x'.repeat(301)}`],
  ])('is the shell in both languages: %s', async (_, query) => {
    const page = await (await get(`/tv/app${query}`)).text();
    expect(page).toContain('data-session=""');
    expect(page).toContain('Il n’y a rien à payer ici');
    expect(page).toContain('There is nothing to pay here');
  });

  it('hands a box the codes of its make', async () => {
    const codes = async (agent: string): Promise<unknown> => {
      const page = await (await get('/tv/app', { 'user-agent': agent })).text();
      return JSON.parse((/data-keys="([^"]*)"/.exec(page)?.[1] ?? '').replaceAll('&quot;', '"'));
    };
    expect(await codes('HbbTV/1.2.1 (;Other;)')).toEqual({ 500: 'RED' });
    expect(await codes('HbbTV/1.2.1 (;hisense;)')).toEqual({ 500: 'RED', 420: 'RED', 8: 'BACK' });
  });

  it('draws the hand-over that a session shows, and nothing else', async () => {
    const answer = await get('/tv/app/qr.gif?session=with-a-hand-over');
    expect(answer.headers.get('content-type')).toBe('image/gif');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(
      Buffer.from(await answer.arrayBuffer())
        .subarray(0, 3)
        .toString(),
    ).toBe('GIF');
    for (const session of ['without-one', 'nobody-knows-it', 'x', '']) {
      expect((await get(`/tv/app/qr.gif?session=${session}`)).status, session).toBe(404);
    }
  });

  it('is only read', async () => {
    for (const path of ['/tv/app', '/tv/app/qr.gif', '/tv/app/assets/tv.js']) {
      expect((await fetch(url + path, { method: 'POST' })).status).toBe(405);
    }
    expect((await get('/tv/app/assets/tv.js')).status).toBe(404);
  });
});

describe('the script of the application', () => {
  it('is ECMAScript 5', async () => {
    const script = await scriptOf();
    expect(() => parse(script, { ecmaVersion: 5 })).not.toThrow();
    expect(script.length).toBeLessThan(32_000);
  });

  it('leans on nothing that came after 2010', async () => {
    const { declared, used, members } = namesIn(parse(await scriptOf(), { ecmaVersion: 5 }));
    expect([...used].filter((name) => !declared.has(name) && !GLOBALS.includes(name))).toEqual([]);
    expect([...members].filter((name) => YOUNGER.includes(name))).toEqual([]);
  });

  it('knows no time of day and keeps nothing on the box', async () => {
    expect(await scriptOf()).not.toMatch(/\bDate\b|localStorage|sessionStorage|cookie|innerHTML/);
  });
});

const GLOBALS = [
  ...['window', 'document', 'XMLHttpRequest', 'JSON', 'Math', 'String', 'encodeURIComponent'],
  ...['setTimeout', 'clearTimeout', 'setInterval', 'undefined'],
];
/** What old engines do not have on objects that they have. */
const YOUNGER = [
  ...['classList', 'dataset', 'hidden', 'closest', 'matches', 'append', 'remove', 'replaceWith', 'replaceChildren'],
  ...['includes', 'startsWith', 'endsWith', 'padStart', 'find', 'assign', 'entries', 'from', 'trunc', 'sign'],
  ...['Promise', 'fetch', 'Map', 'Set', 'Symbol', 'URL', 'URLSearchParams', 'AbortController', 'requestAnimationFrame'],
];

/** All names of a program: those it declares, those it reads as variables, and those it reads on something. */
function namesIn(program: Node): Record<'declared' | 'used' | 'members', Set<string>> {
  const names = { declared: new Set<string>(), used: new Set<string>(), members: new Set<string>() };
  const visit = (value: unknown, parent: Record<string, unknown>, place: string): void => {
    if (Array.isArray(value)) for (const one of value) visit(one, parent, place);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const node = value as Record<string, unknown>;
    if (node['type'] === 'Identifier') {
      const isMember = (place === 'property' || place === 'key') && parent['computed'] !== true;
      const isDeclared = ['id', 'params', 'param'].includes(place);
      names[isMember ? 'members' : isDeclared ? 'declared' : 'used'].add(String(node['name']));
    }
    for (const [key, child] of Object.entries(node)) visit(child, node, key);
  };
  visit(program, {}, '');
  return names;
}
