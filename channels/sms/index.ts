import { type ErrorRequestHandler, Router } from 'express';
import twilio from 'twilio';
import type { Log } from '../../src/contracts/log.js';
import { E164, type SignedRequests } from '../../src/contracts/telephone.js';
import type { TextAnswer, TextCounter, TextReport } from '../../src/contracts/text.js';
import type { Say } from '../catalogue/index.js';
import type { Language } from '../catalogue/wording.js';
import { type SignedRequest, signedWebhook, type Twiml } from '../twilio/index.js';
import { isAnsweredByProvider, readReply } from './words.js';

export interface SmsPorts {
  readonly counter: TextCounter;
  /** What the provider says becomes of a text of ours. */
  reported(report: TextReport): Promise<void>;
  readonly signed: SignedRequests;
  /** True where the provider answers STOP, START and HELP by itself; a short code of one's own does not. */
  readonly providerAnswers: boolean;
  readonly say: Say;
  readonly log: Log;
}

/** Texts that come in, and what becomes of those that went out: signed webhooks, each of which may come twice. */
export function createSmsChannel(ports: SmsPorts): Router {
  const { counter, signed, log } = ports;
  const router = Router({ caseSensitive: true });

  router.post(
    '/sms/inbound',
    ...signedWebhook(signed, async (request) => {
      const message = request.field('MessageSid');
      const from = request.field('From');
      const body = request.field('Body');
      if (!SID.test(message) || !E164.test(from)) return null;
      const keyword = request.field('OptOutType');
      const says = readReply(body, { answers: ports.providerAnswers, keyword });
      const answer = await counter.answer({ message, from, says });
      if (answer === null) return null;
      const isByDefault = isAnsweredByProvider(body) || answer.key === 'reply.started';
      const isTheirs = keyword !== '' || (ports.providerAnswers && isByDefault);
      return isTheirs && KEYWORD_ANSWERS.has(answer.key) ? null : documentOf(answer);
    }),
  );

  router.post(
    '/sms/status',
    ...signedWebhook(signed, async (request) => {
      const report = reportOf(request);
      if (report !== null) await ports.reported(report);
      return null;
    }),
  );

  function documentOf({ key, language: tag, mode, parameters }: TextAnswer): Twiml {
    const language: Language = tag !== null && /^fr\b/i.test(tag) ? 'fr' : 'en';
    const words = ports.say(language, key, parameters);
    const said = mode === 'test' ? ports.say(language, 'text.test', { text: words }) : words;
    const document = new twilio.twiml.MessagingResponse();
    document.message(said);
    return document;
  }

  router.use('/sms', troubleAnswer(log));
  return router;
}

/** In words that the provider understands; a failure of ours it may ask for again. */
function troubleAnswer(log: Log): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    const given: unknown = error instanceof Error ? Reflect.get(error, 'status') : undefined;
    const isTheirs = typeof given === 'number' && given >= 400 && given < 500;
    if (!isTheirs) log.error('a text could not be taken', { channel: 'sms', error });
    response.status(isTheirs ? given : 503).setHeader('Cache-Control', 'no-store');
    response.type('text/xml').send('<Response/>');
  };
}

const SID = /^(?:SM|MM)[0-9a-f]{32}$/i;
/** Said by us only where the provider does not. */
const KEYWORD_ANSWERS: ReadonlySet<string> = new Set([
  'reply.stopped',
  'reply.started',
  'reply.help',
  'reply.help_stopped',
  'reply.help_link',
  'reply.help_digits',
]);

const FAILED: ReadonlySet<string> = new Set(['failed', 'undelivered', 'canceled']);
const DELIVERED: ReadonlySet<string> = new Set(['delivered', 'read']);

/** Null for what names no text of ours. The address that we gave is signed with the rest. */
function reportOf(request: SignedRequest): TextReport | null {
  const text = request.query('text');
  const sid = request.field('MessageSid');
  if (!/^txt_[\w-]{1,64}$/.test(text) || !SID.test(sid)) return null;
  const said = request.field('MessageStatus');
  const code = /^\d{1,6}$/.test(request.field('ErrorCode')) ? Number(request.field('ErrorCode')) : null;
  const status = DELIVERED.has(said) ? 'delivered' : FAILED.has(said) ? 'failed' : 'under_way';
  return { text, sid, status, code };
}
