import type { Clock } from '../../../contracts/clock.js';
import type { Ids } from '../../../contracts/ids.js';
import type { Faults } from '../faults.js';
import type { Problems } from '../problems.js';
import { hexToken } from '../sids.js';
import type { Cookies } from './cookies.js';
import type { Errands, Returned } from './errand.js';
import type { ExchangeKind, Exchanges } from './exchanges.js';
import { type Overrides, type RetryOn, readOverrides } from './overrides.js';
import { type Params, signatureOf, signedAddress } from './signature.js';

export interface Webhook {
  readonly kind: ExchangeKind;
  /** The call or message. */
  readonly about: string;
  readonly method: 'GET' | 'POST';
  /** As it was configured: absolute, with its fragment, its name and password. */
  readonly url: string;
  readonly params: Params;
  readonly cookies: Cookies;
}

export type WebhookAnswer =
  | { readonly ok: true; readonly contentType: string; readonly body: string; readonly url: string }
  /** 11200 a bad status, 11205 no answer, 11215 too many redirects. */
  | { readonly ok: false; readonly code: 11200 | 11205 | 11215 };

/**
 * Who signs: our own token; another one; nobody; our own, but for what was signed before (a signature that was overheard);
 * or this token, as during a rotation.
 */
export type Signing = 'own' | 'another' | 'none' | 'stale' | { readonly token: string };

export interface Webhooks {
  /** Sends it, again where its address wants that, and never throws. */
  send(webhook: Webhook): Promise<WebhookAnswer>;
  signWith(how: Signing): void;
}

export interface WebhookPorts {
  readonly authToken: string;
  readonly errands: Errands;
  readonly exchanges: Exchanges;
  readonly problems: Problems;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly ids: Ids;
}

const REDIRECTS_MAX = 10;
const USER_AGENT = 'TwilioProxy/1.1';
const FORM = 'application/x-www-form-urlencoded; charset=UTF-8';

/** One try of a webhook, with what it needs to be made. */
interface Try {
  readonly webhook: Webhook;
  readonly overrides: Overrides;
  readonly idempotencyToken: string;
  readonly attempt: number;
  readonly deadline: number;
}

interface Step {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly params: Params;
}

/** Requests to the application, signed and repeated as Twilio does. */
export function createWebhooks(ports: WebhookPorts): Webhooks {
  const { errands, exchanges, problems, faults, clock, ids } = ports;
  let signing: Signing = 'own';
  let overheard = signatureOf(ports.authToken, 'http://nobody.example/', []);

  function sign(url: string, params: Params): string | null {
    const right = signatureOf(ports.authToken, url, params);
    const before = overheard;
    overheard = right;
    if (signing === 'none') return null;
    if (signing === 'stale') return before;
    if (signing === 'another') return signatureOf(`not ${ports.authToken}`, url, params);
    return signing === 'own' ? right : signatureOf(signing.token, url, params);
  }

  /** One request over the wire, kept for the lab. */
  async function ask(one: Try, { method, url, params }: Step, login: string | null): Promise<Returned> {
    const { kind, about, cookies } = one.webhook;
    const isPost = method === 'POST';
    const address = isPost ? url : withQuery(url, params);
    const signed = signedAddress(address, kind === 'voice');
    const signature = sign(signed, isPost ? params : []);
    const at = clock.now();
    const returned = await errands.run({
      method,
      url: signedAddress(address, false),
      headers: {
        ...(isPost ? { 'content-type': FORM } : {}),
        ...(signature === null ? {} : { 'x-twilio-signature': signature }),
        'i-twilio-idempotency-token': one.idempotencyToken,
        'user-agent': USER_AGENT,
        accept: '*/*',
        ...(login === null ? {} : { authorization: `Basic ${login}` }),
        ...cookies.headerFor(address),
      },
      body: isPost ? formOf(params) : null,
      connectMs: one.overrides.connectMs,
      readMs: one.overrides.readMs,
      deadline: one.deadline,
    });
    const isAnswer = returned.got === 'answer';
    if (isAnswer) cookies.keep(address, returned.headers);
    exchanges.keep({
      ...{ at, kind, about, method, url: signed, params: Object.fromEntries(params), signature },
      idempotencyToken: one.idempotencyToken,
      attempt: one.attempt,
      status: isAnswer ? returned.status : null,
      contentType: isAnswer ? (returned.headers['content-type'] ?? null) : null,
      answer: isAnswer ? returned.body : returned.reason,
      ms: clock.now() - at,
    });
    return returned;
  }

  /** A try with its redirects, and with name and password where they are asked for. */
  async function attempt(one: Try): Promise<WebhookAnswer & { readonly failed?: RetryOn }> {
    let step: Step = { method: one.webhook.method, url: one.webhook.url, params: one.webhook.params };
    for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
      let returned = await ask(one, step, null);
      const login = loginOf(step.url);
      if (returned.got === 'answer' && login !== null && wantsLogin(returned)) returned = await ask(one, step, login);
      if (returned.got !== 'answer') {
        return { ok: false, code: 11205, failed: returned.got === 'no_connection' ? 'ct' : 'rt' };
      }
      const next = redirectOf(returned, step);
      if (next === null) return answerOf(returned, step.url);
      step = next;
    }
    return { ok: false, code: 11215 };
  }

  async function tryOnce(one: Try): Promise<WebhookAnswer & { readonly failed?: RetryOn }> {
    const { pathname } = new URL(one.webhook.url);
    const fault = faults.take(one.webhook.kind === 'status' ? 'status' : 'webhook', pathname)?.fault ?? null;
    if (fault === 'lost_request') return { ok: false, code: 11205, failed: 'ct' };
    const answer = await attempt(one);
    if (fault === 'lost_answer') return { ok: false, code: 11205, failed: 'rt' };
    return fault === 'doubled' ? attempt({ ...one, attempt: one.attempt + 1 }) : answer;
  }

  return {
    async send(webhook) {
      const overrides = readOverrides(webhook.url);
      for (const wrong of overrides.wrong) problems.note(11200, `connection override ${wrong}`, webhook.url);
      const deadline = clock.now() + overrides.totalMs;
      const idempotencyToken = hexToken(ids);
      for (let count = 1; ; count += 1) {
        const answer = await tryOnce({ webhook, overrides, idempotencyToken, attempt: count, deadline });
        if (answer.ok) return answer;
        const isOver = count > overrides.retries || clock.now() >= deadline;
        if (!isOver && answer.failed !== undefined && overrides.retryOn.includes(answer.failed)) continue;
        problems.note(answer.code, 'no usable answer', signedAddress(webhook.url, false));
        return { ok: false, code: answer.code };
      }
    },
    signWith(how) {
      signing = how;
    },
  };
}

type Answer = Returned & { readonly got: 'answer' };

function answerOf({ status, headers, body }: Answer, url: string): WebhookAnswer & { readonly failed?: RetryOn } {
  if (status >= 400) return { ok: false, code: 11200, failed: status < 500 ? '4xx' : '5xx' };
  return { ok: true, contentType: headers['content-type'] ?? '', body, url: signedAddress(url, false) };
}

/** Where an answer leads on: 307 and 308 ask the same there, all others are a `GET`. */
function redirectOf({ status, headers: { location } }: Answer, { method, url, params }: Step): Step | null {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined || !URL.canParse(location, url))
    return null;
  const to = new URL(location, signedAddress(url, false)).href;
  return status >= 307 ? { method, url: to, params } : { method: 'GET', url: to, params: [] };
}

function wantsLogin({ status, headers }: Answer): boolean {
  return status === 401 && /^basic\b/i.test(headers['www-authenticate'] ?? '');
}

function loginOf(address: string): string | null {
  const { username, password } = new URL(address);
  if (username === '') return null;
  return Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
}

function formOf(params: Params): string {
  return new URLSearchParams([...params]).toString();
}

function withQuery(address: string, params: Params): string {
  const [, path = '', query = ''] = /^([^?#]*)\??([^#]*)/.exec(address) ?? [];
  const added = formOf(params);
  const all = [query, added].filter((part) => part !== '').join('&');
  return all === '' ? path : `${path}?${all}`;
}
