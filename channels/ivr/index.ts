import { type ErrorRequestHandler, type RequestHandler, type Response, Router } from 'express';
import { E164 } from '../../src/contracts/telephone.js';
import { answerTwiml, type SignedRequest, signedWebhook } from '../twilio/index.js';
import { createCardSteps } from './card.js';
import { payConnector } from './connector.js';
import { createDocuments } from './documents.js';
import { createEntry } from './entry.js';
import { createPayments, isPayable } from './payments.js';
import { type Place, placeIn, STEPS, type Step } from './place.js';
import type { IvrPorts } from './ports.js';
import { createReached } from './reached.js';
import { line } from './spoken.js';
import type { Answer, At } from './step.js';

export type { IvrPorts } from './ports.js';
export { callAddresses } from './reached.js';

const CALL_SID = /^CA[0-9a-f]{32}$/;
/** Webhooks of one call: who keeps pressing 9 is bid goodbye. */
const WEBHOOKS_MAX = 150;
/** Where a call waits about a payment that others may pay meanwhile, while it could be paid here. */
const FOLLOWED: ReadonlySet<Step> = new Set(['menu', 'saved', 'keyed']);

/**
 * The telephone: callers key a payment code, hear merchant and amount, and pay with a card that the provider collects and
 * hands to our pay connector. Every address of a call carries where it stands, under the provider's signature; what came
 * before is answered alike and does nothing twice, what lies behind is refused.
 */
export function createIvrChannel(ports: IvrPorts): Router {
  const { desk, news, signed, log } = ports;
  const documentAt = createDocuments(ports);
  const payments = createPayments(ports);
  const entry = createEntry(ports, payments);
  const card = createCardSteps(ports, payments);
  const reached = createReached(ports, payments);

  const steps: Record<Step, (at: At) => Answer> = {
    language: entry.chooseLanguage,
    code: entry.takeCode,
    menu: payments.takeKey,
    keyed: card.keyed,
    saved: payments.takePurchaseCode,
    wait: card.wait,
    news: (at) => payments.present(at, []),
    after: payments.takeKeyAfter,
    hear: reached.hear,
  };

  /**
   * Where the call stands that a webhook came from; null for one that lies behind. A call that was taken to its news in the
   * very moment in which it went on goes on from there all the same: nothing else will be asked for it.
   */
  async function standing(
    call: string,
    given: Place,
    isNews: boolean,
  ): Promise<{ place: Place; isNew: boolean } | null> {
    const { state, begunAt } = await desk.arrive(call, given.serial, given.begunAt);
    const serial = state === 'behind' && isNews ? await desk.stands(call, given.serial) : given.serial;
    if (serial === null || (state === 'behind' && !isNews)) return null;
    return { place: { ...given, begunAt, serial }, isNew: state === 'new' };
  }

  /** The call waits in the answer to its webhook: it is taken to the news of its payment, should there be any. */
  function follow(call: string, { serial }: Place, { payment }: Place, step: Step, url: string): void {
    if (payment === null || !FOLLOWED.has(step)) news.forget(call);
    else news.follow({ call, payment, serial, url, isNews: (view) => !isPayable(view) });
  }

  /** Answers one webhook of a call; whatever goes wrong is told to the caller, who must not hear nothing. */
  async function answered(
    request: SignedRequest,
    response: Response,
    answer: (at: At) => Answer,
    isNews: boolean,
  ): Promise<void> {
    const call = request.field('CallSid');
    if (!CALL_SID.test(call)) return refuse(response, 400, 'No call.\n');
    const given = placeIn(request.query);
    // An address within a call says when that began: one that does not is none of ours.
    if (given.serial > 0 && given.begunAt === null) return refuse(response, 400, 'No call.\n');
    let place = given;
    try {
      const now = await standing(call, given, isNews);
      if (now === null) return refuse(response, 409, 'The call has gone on.\n');
      place = now.place;
      news.arrived(call, place.payment);
      if (place.serial > WEBHOOKS_MAX) return answerTwiml(response, documentAt(place).end([line('end.goodbye')]));
      const { serial, language } = place;
      const caller = { call, number: numberIn(request), language, serial, isNew: now.isNew };
      const digits = request.field('Digits');
      let wait = (): void => news.forget(call);
      const document = (at: Place) =>
        documentAt(at, (step, url) => {
          wait = () => follow(call, place, at, step, url);
        });
      answerTwiml(response, await answer({ place, caller, request, digits, document }));
      wait();
    } catch (error) {
      news.forget(call);
      log.error('a call could not go on', { channel: 'ivr', payment: place.payment ?? '', error });
      answerTwiml(response, documentAt(place).end([line('end.trouble')]));
    }
  }

  const step = (answer: (at: At) => Answer, isNews = false): RequestHandler[] =>
    signedWebhook(signed, async (request, response) => {
      await answered(request, response, answer, isNews);
      return null;
    });
  /** In both languages: nobody knows which the caller has chosen. */
  const sorry = ['fr', 'en'] as const;

  const router = Router({ caseSensitive: true });
  router.post('/ivr/pay-connector', ...payConnector(ports));
  router.post('/ivr/call', ...step(entry.begin));
  router.post('/ivr/reached', ...step(reached.answered));
  for (const name of STEPS) router.post(`/ivr/${name}`, ...step(steps[name], name === 'news'));
  // The number's own fallback, when none of the above could be fetched.
  router.post(
    '/ivr/fallback',
    ...signedWebhook(signed, (request) =>
      documentAt(placeIn(request.query)).end(sorry.map((language) => ({ ...line('end.trouble'), language }))),
    ),
  );
  router.post(
    '/ivr/status',
    ...signedWebhook(signed, async (request) => {
      await reached.status(request);
      return null;
    }),
  );
  router.use('/ivr', (_request, response) => refuse(response, 404, 'Nothing here.\n'));
  router.use('/ivr', badRequest);
  return router;
}

function refuse(response: Response, status: number, why: string): void {
  response.status(status).setHeader('Cache-Control', 'no-store').type('text/plain').send(why);
}

/** A form or body that cannot be read: nothing of it is repeated. */
const badRequest: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const status: unknown = error instanceof Error ? Reflect.get(error, 'status') : undefined;
  if (response.headersSent || typeof status !== 'number' || status < 400 || status >= 500) return next(error);
  refuse(response, status, 'Not understood.\n');
};

/** The other end of the call: who dialled, or whom we called. Withheld or strange ones are nobody's. */
function numberIn(request: SignedRequest): string | null {
  const isOurs = request.field('Direction').startsWith('outbound');
  const number = request.field(isOurs ? 'To' : 'From');
  return E164.test(number) && !WITHHELD.has(number) ? number : null;
}

/** What networks put in the place of a number: words as a keypad spells them. */
const WITHHELD: ReadonlySet<string> = new Set([
  '+266696687', // anonymous
  '+7378742833', // restricted
  '+17378742833',
  '+2562533', // blocked
  '+12562533',
  '+8656696', // unknown
  '+86282452253', // unavailable
]);
