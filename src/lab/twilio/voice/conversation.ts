import type { Pace } from '../options.js';
import type { Problems } from '../problems.js';
import { readVoice, type Verb } from '../twiml/document.js';
import type { Cookies } from '../wire/cookies.js';
import type { Params } from '../wire/signature.js';
import type { Webhooks } from '../wire/webhooks.js';
import type { Line } from './line.js';
import { speak } from './sounds.js';
import type { Outcome, Request, Stage } from './stage.js';
import type { Perform } from './verbs.js';

/** What a conversation is held with and about. */
export interface ConversationPorts {
  readonly line: Line;
  readonly callSid: string;
  readonly accountSid: string;
  readonly cookies: Cookies;
  /** What every request of the call carries, as of now. */
  standardParams(): Params;
  readonly fallback: { readonly url: string; readonly method: 'GET' | 'POST' } | null;
  /** The first document has come: the call is answered, unless it begins with a `Reject`. */
  answered(reject: Verb | null): void;
  readonly webhooks: Webhooks;
  readonly problems: Problems;
  readonly perform: Perform;
  readonly pace: Pace;
}

/** A document, and where it is from. */
interface Script {
  readonly verbs: readonly Verb[];
  readonly url: string | null;
}

export interface Conversation {
  /** Goes on until the call is over; the caller is gone then, or the documents have come to their end. */
  run(first: Request | { readonly twiml: string }): Promise<void>;
  /** Takes the call elsewhere, whatever it is doing. */
  redirect(to: Request | { readonly twiml: string }): void;
  hangUp(): void;
}

/** More documents than any call needs: a loop that forgot to wait. */
const DOCUMENTS_MAX = 20_000;
const SORRY = 'We are sorry. An application error has occurred. Goodbye.';

/** One call's way through the documents that the application answers. */
export function createConversation(ports: ConversationPorts): Conversation {
  const { line, problems, webhooks } = ports;
  let isHungUp = false;
  let wanted: Request | { readonly twiml: string } | null = null;
  /** Which document the call is in: what belongs to one that it was taken away from is of no use any more. */
  let turn = 0;
  let leave = (): void => undefined;

  function send({ method, url, params }: Request, further: Params = []) {
    const all: Params = [...ports.standardParams(), ...params, ...further];
    return webhooks.send({ kind: 'voice', about: ports.callSid, method, url, params: all, cookies: ports.cookies });
  }

  /** The document, from the fallback address where the first one has none; null, with words to the caller, without any. */
  async function fetch(request: Request, isLeft: () => boolean): Promise<Script | null> {
    const first = await fetchOnce(request);
    if (!('failed' in first)) return first;
    if (isLeft()) return null;
    const { fallback } = ports;
    if (fallback !== null && !isHungUp) {
      const params: Params = [
        ['ErrorCode', String(first.failed)],
        ['ErrorUrl', request.url],
      ];
      const second = await fetchOnce({ ...fallback, params });
      if (!('failed' in second)) return second;
      if (isLeft()) return null;
    }
    ports.answered(null);
    await speak(ports, SORRY, 'en-US', false);
    return null;
  }

  async function fetchOnce(request: Request): Promise<Script | { readonly failed: number }> {
    const answer = await send(request);
    if (!answer.ok) return { failed: answer.code };
    const { contentType, body, url } = answer;
    const [type = ''] = contentType.toLowerCase().split(';');
    if (type.startsWith('audio/')) return { verbs: [{ name: 'Play', attributes: {}, children: [url] }], url };
    if (!['text/xml', 'application/xml', 'text/html', 'text/plain'].includes(type.trim())) {
      problems.note(12300, `the content type is ${contentType || 'missing'}`, url);
      return { failed: 12300 };
    }
    const script = read(body, url, type.trim() === 'text/plain');
    return script ?? { failed: 12100 };
  }

  function read(text: string, url: string | null, isPlain: boolean): Script | null {
    const document = readVoice(text);
    if ('unreadable' in document) {
      // What is no document, and says that it is none, is read aloud.
      if (isPlain) return { verbs: [{ name: 'Say', attributes: {}, children: [text] }], url };
      problems.note(12100, document.unreadable, url ?? 'twiml');
      return null;
    }
    for (const problem of document.problems) problems.note(12200, problem, url ?? 'twiml');
    return { verbs: document.verbs, url };
  }

  async function perform({ verbs, url }: Script, isLeft: () => boolean): Promise<Outcome> {
    const stage: Stage = {
      ...{ line, url, pace: ports.pace, callSid: ports.callSid, accountSid: ports.accountSid },
      problem: (code, text) => problems.note(code, text, url ?? 'twiml'),
      tell: ({ method, url: to, params }) => {
        const news = { kind: 'status', about: ports.callSid, method, url: to, params, cookies: ports.cookies } as const;
        void webhooks.send(news);
      },
    };
    for (const verb of verbs) {
      const outcome = await ports.perform(verb, stage);
      if (outcome.next !== 'next_verb') return outcome;
      if (line.state() === 'over' || isLeft()) break;
    }
    return { next: 'hang_up' };
  }

  /** Where the call goes on; null for nowhere. */
  async function step(to: Request | { readonly twiml: string }, isFirst: boolean): Promise<Request | null> {
    const own = turn;
    const isLeft = (): boolean => turn !== own;
    const script = 'twiml' in to ? read(to.twiml, null, false) : await fetch(to, isLeft);
    if (script === null || isHungUp || isLeft()) return null;
    const reject = script.verbs[0]?.name === 'Reject' ? script.verbs[0] : null;
    if (isFirst) ports.answered(reject);
    if (isFirst && reject !== null) return null;
    const outcome = await perform(script, isLeft);
    if (isLeft()) return null;
    if (outcome.next === 'tell') await send(outcome.request);
    return outcome.next === 'fetch' ? outcome.request : null;
  }

  return {
    async run(first) {
      let next: Request | { readonly twiml: string } | null = first;
      for (let count = 0; next !== null && !isHungUp; count += 1) {
        if (count === DOCUMENTS_MAX) {
          problems.note(0, `the call asked for ${DOCUMENTS_MAX} documents`, 'url' in next ? next.url : 'twiml');
          break;
        }
        const left = new Promise<null>((resolve) => {
          leave = () => resolve(null);
        });
        const after: Request | null = await Promise.race([step(next, count === 0), left]);
        next = after;
        if (wanted !== null && !isHungUp) {
          next = wanted;
          wanted = null;
          line.resume();
        }
      }
      isHungUp = true;
      line.stop();
    },
    redirect(to) {
      wanted = to;
      turn += 1;
      line.note('The application takes the call elsewhere.');
      line.stop();
      leave();
    },
    hangUp() {
      isHungUp = true;
      line.stop();
    },
  };
}
