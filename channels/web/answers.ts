import type { Request, Response } from 'express';
import type { AccountVisit, Visit } from '../../src/contracts/channel.js';
import { type Html, html, textOf } from '../../src/contracts/html.js';
import { ASSETS, loadAssets, type Servable, sendBody } from './assets.js';
import { createCookies } from './cookies.js';
import { setCommonHeaders, setPageHeaders } from './headers.js';
import { LANGUAGES, type Language, languageOf, type Words } from './language.js';
import { accountDocument, type Frame, paymentDocument, plainDocument } from './pages/layout.js';
import type { AccountView, Page, PaymentView, View } from './pages/page.js';
import { type ProblemKind, problemPage } from './pages/problem.js';
import type { WebPorts } from './ports.js';
import { queryOf } from './requests.js';

/** One request on its way to its answer. */
export interface Exchange {
  readonly request: Request;
  readonly response: Response;
}

/** Turns pages into answers: language, device, frame and headers are the same for all of them. */
export interface Answers {
  /** The keyed name of the device; null when its browser sent no cookie. */
  deviceOf(request: Request): string | null;
  /** The same for a device that gets its name now, if it has none. */
  nameDevice(exchange: Exchange): string;
  /** How this device sees a payment. A browser without a name gets one, so that its forms can be told from others'. */
  view(exchange: Exchange, token: string, visit: Visit): PaymentView;
  payment(exchange: Exchange, status: number, view: PaymentView, page: Page): void;
  /** How this device sees an account. */
  accountView(exchange: Exchange, token: string, visit: AccountVisit): AccountView;
  account(exchange: Exchange, status: number, view: AccountView, page: Page): void;
  /** A page that belongs to no payment; `path` is where its language link leads, null for none. */
  plain(exchange: Exchange, status: number, path: string | null, pageOf: (view: View) => Page): void;
  problem(exchange: Exchange, status: number, kind: ProblemKind): void;
  /** The end of a device check, inside its frame on our page. */
  framed(response: Response): void;
  /** To the payment's own page: how every post ends that was taken, or came too late. */
  toPayment(response: Response, token: string): void;
  /** Elsewhere among our own addresses, by GET. */
  seeOther(response: Response, path: string): void;
  asset(exchange: Exchange): boolean;
}

export function createAnswers(ports: WebPorts): Answers {
  const { signing } = ports;
  const assets = loadAssets();
  const isHttps = new URL(ports.publicUrl).protocol === 'https:';
  const cookies = createCookies(isHttps);

  function deviceOf(request: Request): string | null {
    const cookie = cookies.device(request);
    return cookie === null ? null : signing.deviceHash(cookie);
  }

  const named = new WeakMap<Response, string>();

  function nameDevice({ request, response }: Exchange): string {
    const known = deviceOf(request) ?? named.get(response);
    if (known !== undefined) return known;
    const cookie = ports.newToken();
    cookies.setDevice(response, cookie);
    const device = signing.deviceHash(cookie);
    named.set(response, device);
    return device;
  }

  function languageFor({ request, response }: Exchange, payer: string | null): Language {
    const wanted = queryOf(request, 'lang');
    const chosen = LANGUAGES.find((language) => language === wanted);
    if (chosen !== undefined) cookies.setLanguage(response, chosen);
    const accepted = request.headers['accept-language'];
    return languageOf({ chosen, kept: cookies.language(request), payer, accepted });
  }

  function viewOf(exchange: Exchange, token: string, payer: string | null): View {
    const language = languageFor(exchange, payer);
    return {
      language,
      token,
      say: (key, parameters) => ports.say(language, key, parameters),
      nonceOf(prompt) {
        // Named only for a form: a page without one may answer another site's post, to which our cookie did not come.
        return signing.formNonce({ token, prompt, device: nameDevice(exchange) });
      },
    };
  }

  function send(exchange: Exchange, status: number, page: Page, language: string, documentOf: (frame: Frame) => Html) {
    const { response } = exchange;
    const nonce = ports.newToken();
    const { formOrigins = [], frameOrigins = [] } = page;
    setPageHeaders(response, { nonce, formOrigins, frameOrigins, isHttps });
    response.status(status);
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.setHeader('Content-Language', language);
    response.end(textOf(documentOf({ ...assets, nonce })));
  }

  function plain(exchange: Exchange, status: number, path: string | null, pageOf: (view: View) => Page): void {
    const view = viewOf(exchange, '', null);
    const page = pageOf(view);
    send(exchange, status, page, view.language, (frame) => plainDocument(view, page, frame, path));
  }

  function pictureAt(path: string): Servable | null {
    const picture = ports.pictureNamed(path.slice(ASSETS.length));
    return picture === null ? null : { type: picture.type, body: picture.bytes };
  }

  function seeOther(response: Response, path: string): void {
    setCommonHeaders(response, isHttps);
    response.statusCode = 303;
    response.setHeader('Location', path);
    response.end();
  }

  return {
    deviceOf,
    nameDevice,
    view(exchange, token, visit) {
      const view = viewOf(exchange, token, visit.language);
      return { ...view, say: visit.purpose === 'save_card' ? sayingSave(view.say) : view.say, visit, now: ports.now() };
    },
    accountView: (exchange, token, visit) => ({ ...viewOf(exchange, token, visit.language), visit }),
    account: (exchange, status, view, page) =>
      send(exchange, status, page, view.language, (frame) => accountDocument(view, page, frame)),
    payment: (exchange, status, view, page) =>
      send(exchange, status, page, view.language, (frame) => paymentDocument(view, page, frame)),
    plain,
    problem: (exchange, status, kind) => plain(exchange, status, null, (view) => problemPage(view, kind)),
    framed(response) {
      const nonce = ports.newToken();
      setPageHeaders(response, { nonce, framed: true, isHttps });
      response.status(200).setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(textOf(endOfDeviceCheck(nonce)));
    },
    toPayment: (response, token) => seeOther(response, `/pay/${token}`),
    seeOther,
    asset({ request, response }) {
      const asset = assets.find(request.path) ?? pictureAt(request.path);
      if (asset === null) return false;
      response.setHeader('Content-Type', asset.type);
      response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
      response.setHeader('X-Content-Type-Options', 'nosniff');
      response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
      // A drawing may carry scripts: opened by itself it may run none.
      response.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
      sendBody(request, response, asset);
      return true;
    },
  };
}

/** Where nothing is paid and a card is only saved, what has another wording for it is said so. */
function sayingSave(say: Words): Words {
  return (key, parameters) => say(`save.${key}`, parameters) || say(key, parameters);
}

/** Tells the page around the frame that the issuer is done. */
function endOfDeviceCheck(nonce: string): Html {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>OK</title>
<script nonce="${nonce}">parent.postMessage('device-checked', location.origin)</script></head><body></body></html>
`;
}
