import express, { type RequestHandler, Router } from 'express';
import { ACCOUNT_FORMS, createAccountPages } from './account.js';
import { createAnswers, type Exchange } from './answers.js';
import { createErrorPage } from './errors.js';
import { createEventStreams } from './events.js';
import { formsOf } from './forms.js';
import { setCommonHeaders } from './headers.js';
import { createLink } from './link.js';
import { brandFace } from './pages/brands.js';
import { FRESH } from './pages/card.js';
import type { WebPorts } from './ports.js';
import { createPosts } from './posts.js';
import { fieldsOf, isFromElsewhere, queryOf, wipeAfterwards } from './requests.js';
import { createReturns, RETURN_BYTES_MAX } from './returns.js';
import { pageOf } from './show.js';

const FORM_LIMITS = { extended: false, limit: 16_384, parameterLimit: 40, inflate: false };
/** What a page token, or an issuer's way back, may look like; anything else leads nowhere, without a look. */
const TOKEN = /^[\w.~-]{8,200}$/;

type Show = (exchange: Exchange, token: string) => Promise<void> | void;
type TakeForm<F> = (exchange: Exchange, token: string, form: F, name: string) => Promise<void>;

/**
 * The payment page: `/pay/{token}` with its posts, the payer's account at `/account/{token}`, `/link`, and where issuers send browsers back. Works without scripts. It reads, asks the counter and
 * renders; it knows no flow and decides nothing. Mount it at the root, behind an explicit `trust proxy`.
 */
export function createWebChannel(ports: WebPorts): Router {
  const { counter, publicUrl } = ports;
  const { origin, protocol } = new URL(publicUrl);
  const answers = createAnswers(ports);
  const posts = createPosts(ports, answers);
  const forms = formsOf(ports);
  const link = createLink(ports, answers);
  const returns = createReturns(ports, answers);
  const account = createAccountPages(ports, answers);
  const streamEvents = createEventStreams(ports);
  const readForm = [wipeAfterwards, express.urlencoded(FORM_LIMITS)];
  const readReturn = express.urlencoded({ ...FORM_LIMITS, limit: RETURN_BYTES_MAX });

  async function show(exchange: Exchange, token: string): Promise<void> {
    const visit = await counter.visit(token, answers.deviceOf(exchange.request));
    if (visit === null) return answers.problem(exchange, 404, 'not_found');
    if (visit.onTelevision) await counter.opened(token, answers.nameDevice(exchange));
    const view = answers.view(exchange, token, visit);
    const wantsCard = queryOf(exchange.request, 'with') === 'card';
    answers.payment(exchange, 200, view, pageOf(view, { ...FRESH, wantsCard }));
  }

  /** For the script: what a number's first digits tell of its card. Nothing is kept or counted. */
  function tellBrands({ request, response }: Exchange): void {
    setCommonHeaders(response, protocol === 'https:');
    const digits = fieldsOf(request)('digits');
    const isFine = /^\d{4,8}$/.test(digits) && !isFromElsewhere(request, origin);
    const brands = isFine ? ports.brandsOf(digits) : [];
    const rules = ports.rulesOf(brands[0] ?? '');
    response.status(isFine ? 200 : 400).json({ brands: brands.map(brandFace), ...rules });
  }

  const withToken =
    (handle: Show, name = 'token'): RequestHandler =>
    async (request, response) => {
      const token = request.params[name];
      const exchange = { request, response };
      if (typeof token !== 'string' || !TOKEN.test(token)) return answers.problem(exchange, 404, 'not_found');
      await handle(exchange, token);
    };

  const wrongMethod =
    (allow: string): RequestHandler =>
    (request, response) => {
      response.setHeader('Allow', allow);
      answers.problem({ request, response }, 405, 'method');
    };

  /** Forms are posted below their page. A reload of the answer to a post, or the address bar, leads back to the page itself. */
  function mountForms<F>(page: string, all: Readonly<Record<string, F>>, take: TakeForm<F>, back: Show): void {
    for (const [name, form] of Object.entries(all)) {
      const path = `${page}/${name}`;
      router.post(
        path,
        ...readForm,
        withToken((exchange, token) => take(exchange, token, form, name)),
      );
      router.get(path, withToken(back));
      router.all(path, wrongMethod('POST'));
    }
  }

  const router = Router({ caseSensitive: true });
  router.get('/pay/assets/:name', (request, response) => {
    if (!answers.asset({ request, response })) answers.problem({ request, response }, 404, 'not_found');
  });
  router.get(
    '/pay/:token/events',
    withToken(({ request, response }, token) => streamEvents(request, response, token)),
  );
  router.post('/pay/:token/brands', ...readForm, withToken(tellBrands));
  mountForms('/pay/:token', forms, posts.take, ({ response }, token) => answers.toPayment(response, token));
  router.get('/pay/:token', withToken(show));
  router.all('/pay/:token', wrongMethod('GET, HEAD'));
  router.get('/account/:token', withToken(account.show));
  mountForms('/account/:token', ACCOUNT_FORMS, account.take, account.back);
  router.all('/account/:token', wrongMethod('GET, HEAD'));
  router.get('/3ds/return/:capability', withToken(returns.show, 'capability'));
  router.post('/3ds/return/:capability', readReturn, withToken(returns.post, 'capability'));
  router.all('/3ds/return/:capability', wrongMethod('GET, HEAD, POST'));
  router.get('/link', (request, response) => link.show({ request, response }));
  router.post('/link', ...readForm, (request, response) => link.enter({ request, response }));
  router.all('/link', wrongMethod('GET, HEAD, POST'));
  router.use(['/pay', '/3ds/return'], (request, response) => answers.problem({ request, response }, 404, 'not_found'));
  router.use('/account', (request, response) => answers.problem({ request, response }, 404, 'account'));
  router.use(['/pay', '/account', '/link', '/3ds/return'], createErrorPage(answers, ports.log));
  return router;
}
