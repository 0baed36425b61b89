import { countryOf, type Numbers } from '../numbers.js';
import type { Problems } from '../problems.js';
import { childrenOf, readMessaging, textOf, type Verb } from '../twiml/document.js';
import { addressOf } from '../voice/calls.js';
import { createCookies } from '../wire/cookies.js';
import type { Params } from '../wire/signature.js';
import type { Webhooks } from '../wire/webhooks.js';
import { KEYWORD_ANSWERS, type Keyword, keywordOf } from './keywords.js';
import type { Message, Messages } from './messages.js';
import { segmentsOf } from './segments.js';

export interface InboundPorts {
  readonly accountSid: string;
  readonly numbers: Numbers;
  readonly messages: Messages;
  readonly webhooks: Webhooks;
  readonly problems: Problems;
}

export interface Inbound {
  /** A handset sends a text; resolves when the application has answered. */
  text(from: string, to: string, body: string): Promise<Message>;
  /** Whether this number wants no more texts from that sender. */
  isOptedOut(sender: string, number: string): boolean;
}

interface Fetched {
  readonly verbs: readonly Verb[];
  readonly url: string;
}

const REDIRECTS_MAX = 20;

/** Texts that come in: keywords are answered, all of them are passed on, and what the application replies is sent. */
export function createInbound(ports: InboundPorts): Inbound {
  const { numbers, messages, webhooks, problems } = ports;
  const optedOut = new Set<string>();
  const pair = (sender: string, number: string): string => `${sender} ${number}`;

  function reply(from: string, to: string, body: string, statusCallback: string | null): void {
    if (body.trim() === '') return;
    messages.send({ from, to, body, messagingService: null, statusCallback, direction: 'outbound-reply' }, null);
  }

  function answerKeyword(keyword: Keyword | null, { from, to }: Message): void {
    if (keyword === null) return;
    if (keyword === 'STOP') optedOut.add(pair(to, from));
    if (keyword === 'START') optedOut.delete(pair(to, from));
    reply(to, from, KEYWORD_ANSWERS[keyword], null);
  }

  /** Asks the application, then its fallback. */
  async function pass(message: Message, params: Params): Promise<Fetched | null> {
    const settings = numbers.find(message.to)?.settings ?? {};
    const first = addressOf(settings, 'SmsUrl', 'SmsMethod');
    if (first === null) {
      problems.note(0, `nothing is set for texts to ${message.to}`, message.to);
      return null;
    }
    const fetched = await ask(message, { ...first, params });
    const fallback = addressOf(settings, 'SmsFallbackUrl', 'SmsFallbackMethod');
    return fetched ?? (fallback === null ? null : ask(message, { ...fallback, params }));
  }

  async function ask(
    { sid: about }: Message,
    request: { readonly method: 'GET' | 'POST'; readonly url: string; readonly params: Params },
  ): Promise<Fetched | null> {
    const answer = await webhooks.send({ kind: 'sms', about, ...request, cookies: createCookies() });
    if (!answer.ok) return null;
    const { body, contentType, url } = answer;
    const document = readMessaging(body);
    if ('unreadable' in document) {
      problems.note(12200, `no TwiML (${contentType || 'no content type'}): ${document.unreadable}`, url);
      return { verbs: [], url };
    }
    for (const problem of document.problems) problems.note(12200, problem, url);
    return { verbs: document.verbs, url };
  }

  function perform(verb: Verb, message: Message, url: string): void {
    const { attributes } = verb;
    const [body] = childrenOf(verb, 'Body');
    const text =
      body === undefined ? verb.children.filter((child) => typeof child === 'string').join('') : textOf(body);
    const [from, to] = [attributes['from'] ?? message.to, attributes['to'] ?? message.from];
    const news = attributes['action'] ?? attributes['statusCallback'];
    if (optedOut.has(pair(from, to))) problems.note(21610, `${to} wants no texts from ${from}`, url);
    else reply(from, to, text, news === undefined ? null : new URL(news, url).href);
  }

  return {
    async text(from, to, body) {
      const message = messages.receive({ from, to, body });
      const isTwilios = numbers.find(to)?.keywords === 'twilio';
      const keyword = isTwilios ? keywordOf(body) : null;
      answerKeyword(keyword, message);
      const params = paramsOf(ports.accountSid, message, body, keyword);
      let fetched = await pass(message, params);
      for (let count = 0; fetched !== null && count < REDIRECTS_MAX; count += 1) {
        const { verbs, url }: Fetched = fetched;
        fetched = null;
        for (const verb of verbs) {
          if (verb.name === 'Message') perform(verb, message, url);
          else {
            const method = verb.attributes['method'] === 'GET' ? 'GET' : 'POST';
            fetched = await ask(message, { method, url: new URL(textOf(verb).trim(), url).href, params });
            break;
          }
        }
      }
      return message;
    },
    isOptedOut: (sender, number) => optedOut.has(pair(sender, number)),
  };
}

/** `body` is what was sent; the message that is kept has card numbers starred. */
function paramsOf(accountSid: string, message: Message, body: string, keyword: Keyword | null): Params {
  const { sid, from, to } = message;
  return [
    ['ToCountry', countryOf(to)],
    ['SmsMessageSid', sid],
    ['NumMedia', '0'],
    ['SmsSid', sid],
    ['SmsStatus', 'received'],
    ['Body', body],
    ['FromCountry', countryOf(from)],
    ['To', to],
    ['NumSegments', String(segmentsOf(body).count)],
    ['MessageSid', sid],
    ['AccountSid', accountSid],
    ['From', from],
    ['ApiVersion', '2010-04-01'],
    ...(keyword === null ? [] : ([['OptOutType', keyword]] satisfies Params)),
  ];
}
