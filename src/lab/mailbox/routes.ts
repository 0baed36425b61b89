import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { rfc3339 } from '../../contracts/clock.js';
import { isFromElsewhere, queryOf } from '../requests.js';
import type { LetterQuery, ReadLetter } from './letters.js';
import type { Mailbox } from './mailbox.js';
import { GOOD_MOOD, type Mood } from './moods.js';
import { FRAME_SANDBOX, framed, letterPage, listPage, PATH, STYLE } from './pages.js';

const SHOWN_MAX = 100;
const JSON_MAX = 50;
const FORM_BYTES_MAX = 4_096;

const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";
/** What a mail brings is shown and never run, and loads nothing: not even a picture that would tell that it was read. */
const MAIL_POLICY = `default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox ${FRAME_SANDBOX}`;

/**
 * `/lab/mailbox`: the mails that were received, to read and to ask for as JSON, and how the mail server is to behave.
 * `guard` lets through whom it is for; it stands before everything.
 */
export function mailboxRouter(mailbox: Mailbox, guard: RequestHandler): Router {
  const { letters } = mailbox;
  const router = Router({ caseSensitive: true });
  router.use(PATH, guard);
  router.get(PATH, (request, response) => {
    const to = queryOf(request).get('to') || null;
    const shown = letters.list({ limit: SHOWN_MAX, ...(to === null ? {} : { to }) });
    const { port } = mailbox;
    page(response, listPage({ letters: shown, recipients: letters.recipients(), to, mood: mailbox.mood(), port }));
  });
  router.get(`${PATH}/style.css`, (_request, response) => {
    response.type('css').send(STYLE);
  });
  router.get(`${PATH}/messages.json`, async (request, response) => {
    const found = letters.list(wantedOf(request));
    const read = await Promise.all(found.map(({ id }) => letters.read(id)));
    response.setHeader('cache-control', 'no-store');
    response.json({ data: read.flatMap((letter) => (letter === null ? [] : [presented(letter)])) });
  });
  router.post(`${PATH}/mood`, sameOrigin, express.urlencoded({ extended: false, limit: FORM_BYTES_MAX }), behave);
  router.get(`${PATH}/:id`, async (request, response, next) => {
    const letter = await read(request);
    if (letter === null) next();
    else page(response, letterPage(letter));
  });
  router.get(`${PATH}/:id/html`, async (request, response, next) => {
    const letter = await read(request);
    if (letter === null || letter.html === null) return next();
    response.setHeader('content-security-policy', MAIL_POLICY);
    response.setHeader('x-frame-options', 'SAMEORIGIN');
    response.type('html').send(framed(letter.html));
  });

  async function read({ params }: Request): Promise<ReadLetter | null> {
    const id = String(params['id']);
    return /^\d{1,12}$/.test(id) ? letters.read(Number(id)) : null;
  }

  function behave({ body }: Request, response: Response): void {
    mailbox.behave(moodOf(body as Readonly<Record<string, unknown>> | undefined));
    response.redirect(303, PATH);
  }
  return router;
}

/** A page of somebody else's may be open in the same browser: its forms change nothing here. */
const sameOrigin: RequestHandler = (request, response, next) => {
  if (isFromElsewhere(request)) response.status(403).end();
  else next();
};

function page(response: Response, text: string): void {
  response.setHeader('content-security-policy', PAGE_POLICY);
  response.setHeader('cache-control', 'no-store');
  response.type('html').send(text);
}

function wantedOf(request: Request): LetterQuery {
  const query = queryOf(request);
  const [after, to, payment] = [query.get('after'), query.get('to'), query.get('about')];
  return {
    limit: JSON_MAX,
    ...(after !== null && /^\d{1,12}$/.test(after) ? { after: Number(after) } : {}),
    ...(to === null ? {} : { to }),
    ...(payment === null ? {} : { payment }),
  };
}

function presented({ id, at, to, from, subject, messageId, payment, text, html, raw }: ReadLetter) {
  return { id, at: rfc3339(at), from, to, subject, message_id: messageId, payment, text, html, raw };
}

function moodOf(form: Readonly<Record<string, unknown>> = {}): Mood {
  const { refuse, slow, away } = form;
  const seconds = typeof slow === 'string' && /^\d{1,2}$/.test(slow) ? Number(slow) : 0;
  return {
    ...GOOD_MOOD,
    refuse: typeof refuse === 'string' && refuse.trim() !== '' ? refuse.trim() : null,
    slowMs: seconds * 1_000,
    away: away === 'yes',
  };
}
