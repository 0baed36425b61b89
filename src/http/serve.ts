import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from '../contracts/errors.js';
import { createAuthentication } from './authenticate.js';
import { hasBody, readJson } from './body.js';
import type { ApiPorts } from './ports.js';
import { readQuery } from './query.js';
import { failureOf, type Reply, securityHeaders, send } from './reply.js';
import type { Route } from './route.js';

export type Serve = (
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
  params: Readonly<Record<string, string>>,
) => Promise<void>;

type ServePorts = Pick<
  ApiPorts,
  'authenticate' | 'clock' | 'trustedProxies' | 'ids' | 'log' | 'publicUrl' | 'requestBegan'
>;

const TRACE_BITS = 64;
const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,255}$/;

/** From a request to its written answer, the same for every route and for both ways in. Never throws. */
export function createServe(ports: ServePorts): Serve {
  const { clock, ids, log, publicUrl } = ports;
  const authenticate = createAuthentication(ports);
  const fixed = securityHeaders(publicUrl);

  async function reply(
    route: Route,
    request: IncomingMessage,
    params: Readonly<Record<string, string>>,
    now: number,
  ): Promise<Reply> {
    const caller = await authenticate(request);
    const url = request.url ?? '/';
    const query = readQuery(url);
    if (route.body === null && hasBody(request)) {
      throw new Problem(400, 'unexpected_body', 'This call takes no body.');
    }
    const body = route.body === null ? undefined : await readJson(request);
    return route.run({
      caller,
      method: route.method,
      path: url.split('?', 1)[0] ?? url,
      params,
      query,
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
      answer = await reply(route, request, params, now);
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
