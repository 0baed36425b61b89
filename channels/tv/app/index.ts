import { type Request, type RequestHandler, type Response, Router } from 'express';
import { textOf } from '../../../src/contracts/html.js';
import type { TvDesk, TvKeyCode } from '../../../src/contracts/television.js';
import { sendAsset } from '../../assets/index.js';
import { loadApp } from './files.js';
import { contentTypeFor, keysFor } from './negotiation.js';
import { appPage } from './page.js';
import { qrPicture } from './qr.js';

export interface TvAppPorts {
  /** The hand-over that a session shows is drawn from what the desk says of it. */
  readonly desk: Pick<TvDesk, 'look'>;
  /** Codes of remote controls that the settings name. */
  readonly keys: readonly TvKeyCode[];
  /** Whether a page of ours may show the application in a frame, as the lab's television does. */
  readonly framed: boolean;
}

/** What a session shows now, without waiting for anything. */
const AT_ONCE = { version: null, ms: 0, over: new AbortController().signal };

/** What a session may look like; anything else leads nowhere, without a look. */
const SESSION = /^[\w.~-]{8,300}$/;

/**
 * `/tv/app`: the HbbTV application, its files, and the picture of a hand-over. All else that it needs are the screens at `/tv/sessions`. It keeps
 * nothing and decides nothing.
 */
export function createTvApp({ desk, keys, framed }: TvAppPorts): Router {
  const app = loadApp();
  const policy = contentPolicy(framed);

  function show(request: Request, response: Response): void {
    const session = parameterOf(request, 'session') ?? '';
    setHeaders(response, framed, policy);
    // Boxes and browsers get the same page under different names, with the keys of their make.
    response.setHeader('Vary', 'Accept, User-Agent');
    response.setHeader('Content-Type', contentTypeFor(request.headers));
    const known = SESSION.test(session) ? session : '';
    response.end(textOf(appPage({ session: known, keys: keysFor(keys, request.headers['user-agent']), app })));
  }

  async function draw(request: Request, response: Response): Promise<void> {
    const session = parameterOf(request, 'session') ?? '';
    const shown = SESSION.test(session) ? await desk.look(session, AT_ONCE) : null;
    const handover = shown?.screen.handover ?? null;
    setHeaders(response, framed, policy);
    if (handover === null) {
      response.status(404).end();
      return;
    }
    response.setHeader('Content-Type', 'image/gif');
    response.end(qrPicture(handover.qr));
  }

  const router = Router({ caseSensitive: true });
  router.get('/tv/app', show);
  router.get('/tv/app/qr.gif', draw);
  router.get('/tv/app/assets/:name', (request, response) => {
    const asset = app.find(request.path);
    if (asset === null) response.status(404).end();
    else sendAsset(request, response, asset);
  });
  router.all(['/tv/app', '/tv/app/qr.gif', '/tv/app/assets/:name'], onlyRead);
  return router;
}

const onlyRead: RequestHandler = (_request, response) => {
  response.status(405).setHeader('Allow', 'GET, HEAD').end();
};

/** Nothing is loaded from elsewhere, nothing is kept, the session is told to nobody. */
function setHeaders(response: Response, framed: boolean, policy: string): void {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', framed ? 'SAMEORIGIN' : 'DENY');
  response.setHeader('Content-Security-Policy', policy);
}

function contentPolicy(framed: boolean): string {
  return [
    "default-src 'none'",
    // The box's own object, by which the application asks for keys; it loads nothing.
    "object-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    `frame-ancestors ${framed ? "'self'" : "'none'"}`,
  ].join('; ');
}

/** The first of its name; null when it is not there. */
function parameterOf({ url }: Request, name: string): string | null {
  const at = url.indexOf('?');
  return at === -1 ? null : new URLSearchParams(url.slice(at + 1)).get(name);
}
