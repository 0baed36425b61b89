import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { Log } from '../../contracts/log.js';
import { type Asset, contentPolicy, loadAsset } from '../assets.js';
import { cookieOf, queryOf } from '../requests.js';
import { readCart } from './cart.js';
import { Refused } from './integration.js';
import type { Order } from './order.js';
import { cartPage, type Frame, type Hint, orderPage, shopPage, troublePage } from './pages.js';
import { languageOf } from './words.js';

/** Shows the shop's pages in the visitor's language, with what every page needs around it. */
export interface Counter {
  readonly assets: readonly Asset[];
  readonly dress: RequestHandler;
  frameOf(request: Request): Frame;
  keepCart(response: Response, cart: string): void;
  showShop(request: Request, response: Response): void;
  showCart(request: Request, response: Response): void;
  askAgain(request: Request, response: Response, typed: { email: string; isReturning: boolean }): void;
  showOrder(request: Request, response: Response, order: Order, hint: Hint | null): void;
  trouble(request: Request, response: Response, status: 403 | 404, why: string | null): void;
  apologize(log: Log): ErrorRequestHandler;
}

const CART_SECONDS = 30 * 86_400;
const LANGUAGE_SECONDS = 90 * 86_400;

export function createCounter(publicUrl: string): Counter {
  const style = loadAsset(new URL('./assets/shop.css', import.meta.url), '/shop/assets');
  const script = loadAsset(new URL('./assets/shop.js', import.meta.url), '/shop/assets');
  const logo = loadAsset(new URL('./assets/logo.svg', import.meta.url), '/shop/assets');
  const policy = contentPolicy(publicUrl);

  function frameOf(request: Request): Frame {
    const chosen = queryOf(request).get('lang') ?? cookieOf(request, 'shop_language');
    return {
      language: languageOf(chosen, request.headers['accept-language'] ?? ''),
      cart: readCart(cookieOf(request, 'shop_cart')),
      path: request.originalUrl.split('?', 1)[0] ?? '/shop',
      style: style.path,
      script: script.path,
      logo: logo.path,
      guide: '/docs/lab',
    };
  }

  function setCookie(response: Response, name: string, value: string, seconds: number): void {
    response.append('Set-Cookie', `${name}=${value}; Path=/shop; Max-Age=${seconds}; HttpOnly; SameSite=Lax`);
  }

  const show = (response: Response, status: number, text: string): void => {
    response.status(status).type('html').send(text);
  };

  return {
    assets: [style, script, logo],
    frameOf,
    dress(request, response, next) {
      response.set('content-security-policy', policy);
      const chosen = queryOf(request).get('lang');
      if (chosen === 'fr' || chosen === 'en') setCookie(response, 'shop_language', chosen, LANGUAGE_SECONDS);
      next();
    },
    keepCart: (response, cart) => setCookie(response, 'shop_cart', cart, cart === '' ? 0 : CART_SECONDS),
    showShop: (request, response) => show(response, 200, shopPage(frameOf(request))),
    showCart: (request, response) => show(response, 200, cartPage(frameOf(request), null)),
    askAgain: (request, response, typed) => show(response, 422, cartPage(frameOf(request), typed)),
    showOrder: (request, response, order, hint) => show(response, 200, orderPage(frameOf(request), order, hint)),
    trouble: (request, response, status, why) =>
      show(response, status, troublePage(frameOf(request), status === 404 ? 'not_found' : 'trouble', why)),
    apologize: (log) => (error, request, response, next) => {
      if (response.headersSent) return next(error);
      log.warn('the shop could not do what was asked', { error });
      const why = error instanceof Refused ? error.message : null;
      show(response, error instanceof Refused ? 502 : 503, troublePage(frameOf(request), 'trouble', why));
    },
  };
}
