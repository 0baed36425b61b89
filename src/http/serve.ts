import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from '../contracts/errors.js';
import { type AuthenticationPorts, type Caller, createAuthentication } from './authenticate.js';
import { hasBody, readJson } from './body.js';
import type { ApiPorts } from './ports.js';
import { readQuery } from './query.js';
import { failureOf, type Reply, securityHeaders, send } from './reply.js';
import type { Described, Route } from './route.js';

export type Serve<Who = Caller> = (
  route: Route<Who>,
  request: IncomingMessage,
  response: ServerResponse,
  params: Readonly<Record<string, string>>,
) => Promise<void>;

/** Takes a request for one of the hottest routes, before anything else looks at it; false leaves it alone. */
export type Hot = (request: IncomingMessage, response: ServerResponse) => boolean;

export type ServePorts = Pick<ApiPorts, 'clock' | 'ids' | 'log' | 'publicUrl' | 'requestBegan'>;

/** Finds out who asks, and reads the body of a route that takes one. @throws Problem */
export type Admit<Who> = (
  request: IncomingMessage,
  route: Described,
  response: ServerResponse,
) => Promise<{ readonly caller: Who; readonly body: unknown }>;

const TRACE_BITS = 64;
const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,255}$/;

/** Merchants, by their key. */
export function admitByKey(ports: AuthenticationPorts): Admit<Caller> {
  const authenticate = createAuthentication(ports);
  return async (request, route) => {
    const caller = await authenticate(request);
    refuseUnexpectedBody(request, route);
    return { caller, body: route.body === null ? undefined : await readJson(request) };
  };
}

/** @throws Problem 400 `unexpected_body` */
export function refuseUnexpectedBody(request: IncomingMessage, { body }: Pick<Described, 'body'>): void {
  if (body === null && hasBody(request)) throw new Problem(400, 'unexpected_body', 'This call takes no body.');
}

/** From a request to its written answer, the same for every route and for all ways in. Never throws. */
export function createServe<Who>(ports: ServePorts, admit: Admit<Who>): Serve<Who> {
  const { clock, ids, log, publicUrl } = ports;
  const fixed = securityHeaders(publicUrl);

  async function reply(
    route: Route<Who>,
    request: IncomingMessage,
    response: ServerResponse,
    params: Readonly<Record<string, string>>,
    now: number,
  ): Promise<Reply> {
    const { caller, body } = await admit(request, route, response);
    const url = request.url ?? '/';
    return route.run({
      caller,
      method: route.method,
      path: url.split('?', 1)[0] ?? url,
      params,
      query: readQuery(url),
      body,
      idempotencyKey: route.method === 'POST' ? idempotencyKeyOf(request) : null,
      acceptLanguage: request.headers['accept-language'] ?? null,
      now,
    });
  }

  return async (route, request, response, params) => {
    const now = clock.now();
    const ended = ports.requestBegan?.();
    let answer: Reply;
    try {
      answer = await reply(route, request, response, params, now);
    } catch (error) {
      const trace = ids.token(TRACE_BITS);
      const failure = failureOf(error, publicUrl, trace);
      if (failure.ours) log.error('a request failed', { operation: route.operationId, trace, error });
      answer = failure.reply;
    }
    send(response, answer, fixed);
    ended?.({ method: route.method, route: route.path, status: answer.status });
  };
}

/** @throws Problem 400 `idempotency_key_invalid` */
function idempotencyKeyOf({ headers }: IncomingMessage): string | null {
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && IDEMPOTENCY_KEY.test(key)) return key;
  throw new Problem(400, 'idempotency_key_invalid', 'An Idempotency-Key has 1 to 255 printable ASCII characters.');
}
