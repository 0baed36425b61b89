import type { ServerResponse } from 'node:http';
import { DuplicateKey, Problem, StoreFailure } from '../contracts/errors.js';
import { PROBLEMS } from './problems.js';

/** What a route answers: a value to be written as JSON, or JSON text that exists already. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** On every answer. Pages that show something widen the content policy for themselves. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** With HSTS where the world reaches us over https. */
export function securityHeaders(publicUrl: string): Readonly<Record<string, string>> {
  if (!publicUrl.startsWith('https:')) return SECURITY_HEADERS;
  return { ...SECURITY_HEADERS, 'strict-transport-security': 'max-age=63072000; includeSubDomains' };
}

/** Writes the answer, unless it was begun or the caller is gone. */
export function send(response: ServerResponse, reply: Reply, fixed: Readonly<Record<string, string>>): void {
  if (response.headersSent || response.destroyed) return;
  const payload = reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body));
  const length = Buffer.byteLength(payload);
  response.writeHead(reply.status, {
    ...fixed,
    ...(reply.status === 204 ? null : { 'content-type': 'application/json; charset=utf-8', 'content-length': length }),
    ...reply.headers,
  });
  response.end(payload);
}

export interface Failure {
  readonly reply: Reply;
  /** True for what is our fault and must be told to whoever runs the house. */
  readonly ours: boolean;
}

/** Any error as RFC 9457 problem+json. Of what is our fault nothing is told but `trace`, by which the log names it. */
export function failureOf(error: unknown, publicUrl: string, trace: string): Failure {
  if (error instanceof Problem) return { reply: problemReply(error, publicUrl), ours: error.status >= 500 };
  if (error instanceof StoreFailure) {
    const detail = 'Whether the request was done is not known: repeat it with the same Idempotency-Key.';
    const problem = new Problem(503, 'store_unavailable', detail, { retryAfterSeconds: 2 });
    return { reply: problemReply(problem, publicUrl), ours: true };
  }
  if (error instanceof DuplicateKey && error.index === 'request') {
    const detail = 'The key was used a moment ago: repeat the request to get its answer.';
    return {
      reply: problemReply(new Problem(409, 'idempotency_key_in_use', detail, { retryAfterSeconds: 1 }), publicUrl),
      ours: false,
    };
  }
  const unexpected = new Problem(500, 'internal_error', 'The request could not be done.', { members: { trace } });
  return { reply: problemReply(unexpected, publicUrl), ours: true };
}

export function problemReply({ status, code, message, extras }: Problem, publicUrl: string): Reply {
  const { errors, retryAfterSeconds, members } = extras;
  return {
    status,
    body: {
      type: `${publicUrl}/docs#${code}`,
      title: PROBLEMS[code]?.title ?? 'The request cannot be done',
      status,
      detail: message,
      code,
      ...(errors !== undefined && { errors }),
      ...members,
    },
    headers: {
      'content-type': 'application/problem+json',
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
      ...(status === 401 && { 'www-authenticate': code === 'signature_invalid' ? 'StandardWebhooks' : 'Bearer' }),
    },
  };
}
