import { type Request, type Response, Router } from 'express';
import { openApi } from '../openapi.js';
import type { Documented } from './documented.js';
import { docFiles, type Served, served } from './files.js';
import { framed, notFound, SCRIPT, STYLE, searchResults, startPage } from './layout.js';
import { START } from './names.js';
import { QUERY_LENGTH_MAX } from './search.js';
import { buildSite, type Site } from './site.js';

export interface DocumentationPorts extends Documented {
  /** What `/` links to beside the documentation; null shows no start page, as in production. */
  readonly start: readonly { readonly href: string; readonly title: string; readonly text: string }[] | null;
}

/** Nothing from anywhere else, and nothing inline. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
const HTML = 'text/html; charset=utf-8';
const YEAR_SECONDS = 31_536_000;
const HITS_MAX = 30;
const SUGGESTIONS_MAX = 8;

/**
 * `/docs` with everything below it, `/openapi.json` and, in development, `/`. Built when somebody first asks, for a house
 * that starts has better things to do; after that nothing in it changes while the process lives.
 */
export function documentationRouter(ports: DocumentationPorts): Router {
  const files = docFiles();
  const site = once(() => buildSite(ports, files));
  const document = once(() => JSON.stringify(openApi(ports.routes, ports)));
  const page = remembered((href) => pageAt(site(), href));
  const router = Router();

  function pageAt({ pages }: Site, href: string): Served | null {
    const found = pages.find((one) => one.href === href);
    return found === undefined ? null : served(Buffer.from(framed(files, { ...found, pages })), HTML);
  }

  router.get('/openapi.json', (_request, response) => {
    response.type('application/json').send(document());
  });
  for (const [path, file] of [
    [STYLE, files.style],
    [SCRIPT, files.script],
  ] as const) {
    router.get(path, (request, response) => sendFile(request, response, file));
  }
  router.get(`${START}/images/:name`, (request, response, next) => {
    const picture = files.picture(request.params.name);
    if (picture === null) next();
    else sendFile(request, response, picture);
  });
  router.get(`${START}/search.json`, (request, response) => {
    const hits = site().search.find(queryOf(request), SUGGESTIONS_MAX);
    response.json({ hits: hits.map(({ entry: { href, title, page: on } }) => ({ href, title, page: on })) });
  });
  router.get(`${START}/search`, (request, response) => {
    const query = queryOf(request);
    const { pages, search } = site();
    const content = searchResults(query, search.find(query, HITS_MAX));
    sendPage(response, framed(files, { title: 'Search', href: null, content, pages, query }));
  });
  router.get([START, `${START}/*path`], (request, response) => {
    const href = request.path.replace(/\/$/, '');
    const known = page(href);
    if (known !== null) return sendFile(request, response.set('content-security-policy', POLICY), known);
    const frame = { title: 'No such page', href: null, content: notFound(), pages: site().pages };
    sendPage(response.status(404), framed(files, frame));
  });
  const { start } = ports;
  if (start !== null) router.get('/', (_request, response) => sendPage(response, startPage(files, start)));
  return router;
}

function sendPage(response: Response, content: string): void {
  response.set('content-security-policy', POLICY).type('html').send(content);
}

/** For ever under an address that names the content; under any other the browser asks whether it is still the same. */
function sendFile(request: Request, response: Response, { body, type, version }: Served): void {
  const isNamed = new URLSearchParams(queryText(request)).get('v') === version;
  response.set({
    etag: `"${version}"`,
    'cache-control': isNamed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache',
    'content-type': type,
  });
  if (request.headers['if-none-match'] === `"${version}"`) response.status(304).end();
  else response.send(body);
}

/** What was asked for; whatever is longer than a question is cut. */
function queryOf(request: Request): string {
  return (new URLSearchParams(queryText(request)).get('q') ?? '').slice(0, QUERY_LENGTH_MAX);
}

function queryText({ url }: Request): string {
  return url.split('?', 2)[1] ?? '';
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Keeps what was found; what is not there is anybody's to invent, and is not kept. */
function remembered<T>(find: (name: string) => T | null): (name: string) => T | null {
  const known = new Map<string, T>();
  return (name) => {
    const found = known.get(name) ?? find(name);
    if (found !== null) known.set(name, found);
    return found;
  };
}
