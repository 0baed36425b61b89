import type { z } from 'zod';
import type { NewRequest } from '../contracts/engine.js';
import { Problem, type ProblemDetail } from '../contracts/errors.js';
import type { SignedBy } from '../contracts/operator.js';
import type { Caller } from './authenticate.js';
import type { Reply } from './reply.js';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** How a caller shows who it is: a merchant by its key, a television operator by its signature, a box by its session. */
export type Proof = 'key' | 'signature' | 'session';

/** A request before its shape was checked. */
export interface Raw<Who = Caller> {
  readonly caller: Who;
  readonly method: Method;
  /** Without the query. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Of the header; null for none and for methods that take none. */
  readonly idempotencyKey: string | null;
  readonly acceptLanguage: string | null;
  /** When it arrived, milliseconds since the epoch. */
  readonly now: number;
}

/** A request as its route takes it. */
export interface Checked<Who, Params, Query, Body> extends Omit<Raw<Who>, 'params' | 'query' | 'body'> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
}

export interface Answer {
  readonly description: string;
  /** Null: no body. */
  readonly schema: z.ZodType | null;
}

/** Everything about one call, as data: the server, the documentation and the tests all read this. */
export interface Described {
  readonly proof: Proof;
  readonly method: Method;
  /** With parameters in braces: `/v1/payments/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  /** Null: takes no body. */
  readonly body: z.ZodType | null;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Codes of refusals of its own, beside those that any call may get. */
  readonly refusals: readonly string[];
}

/** A call, and what does it. */
export interface Route<Who = Caller> extends Described {
  /** Checks the shape, then does it. @throws Problem */
  run(raw: Raw<Who>): Promise<Reply>;
}

interface Definition<Who, P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>
  extends Omit<Described, 'proof' | 'params' | 'query' | 'body'> {
  readonly params: P;
  readonly query: Q;
  readonly body: B | null;
  handle(request: Checked<Who, z.output<P>, z.output<Q>, z.output<B>>): Promise<Reply>;
}

/** A call of a merchant. Its handler never sees anything that the schemas refuse. */
export function route<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  definition: Definition<Caller, P, Q, B>,
): Route {
  return bound('key', definition);
}

/** A call of a television operator, guarded alike. */
export function signedRoute<Who extends SignedBy, P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  definition: Definition<Who, P, Q, B>,
): Route<Who> {
  return bound('signature', definition);
}

/** A call of whoever has the token in its path, guarded alike. */
export function bearerRoute<Who, P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  definition: Definition<Who, P, Q, B>,
): Route<Who> {
  return bound('session', definition);
}

function bound<Who, P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  proof: Proof,
  definition: Definition<Who, P, Q, B>,
): Route<Who> {
  const { handle, ...rest } = definition;
  return {
    proof,
    ...rest,
    async run(raw) {
      const params = check(definition.params, raw.params, 'path');
      const query = check(definition.query, raw.query, 'query');
      // A route without a body never reads it, so its handler's body is of a type that nobody can look into.
      const body =
        definition.body === null ? (undefined as z.output<B>) : check(definition.body, raw.body ?? {}, 'body');
      return handle({ ...raw, params, query, body });
    },
  };
}

const ERRORS_MAX = 32;

function check<S extends z.ZodType>(schema: S, value: unknown, where: 'path' | 'query' | 'body'): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.slice(0, ERRORS_MAX).flatMap((issue) => detailsOf(issue, where));
  const detail =
    where === 'body' ? 'The body does not have the right shape.' : `The ${where} does not have the right shape.`;
  throw new Problem(400, 'validation_failed', detail, { errors: errors.slice(0, ERRORS_MAX) });
}

type Issue = z.core.$ZodIssue;

function detailsOf(issue: Issue, where: 'path' | 'query' | 'body'): ProblemDetail[] {
  const pointerOf = (path: readonly PropertyKey[]): string =>
    where === 'body'
      ? path.map((part) => `/${escaped(String(part))}`).join('')
      : path.map(String).join('.').slice(0, 64);
  if (issue.code === 'unrecognized_keys') {
    const code = where === 'query' ? 'unknown_parameter' : 'unknown_field';
    const detail = where === 'query' ? 'There is no such query parameter.' : 'There is no such field.';
    return issue.keys.slice(0, ERRORS_MAX).map((key) => ({ pointer: pointerOf([...issue.path, key]), code, detail }));
  }
  return [{ pointer: pointerOf(issue.path), code: codeOf(issue), detail: issue.message.slice(0, 255) }];
}

/** RFC 6901; names of members come from the sender, so they are cut. */
function escaped(part: string): string {
  return part.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1');
}

function codeOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined') ? 'required' : 'invalid_type';
    case 'too_small':
    case 'too_big':
    case 'invalid_format':
    case 'invalid_value':
      return issue.code;
    default:
      return 'invalid';
  }
}

/** How long a request may be at work before it is answered with what is known. */
export const REQUEST_MS = 10_000;

/** The engine's part of a request with an idempotency key; null without one. */
export function newRequest(raw: Pick<Raw, 'idempotencyKey' | 'now'>, fingerprint: () => string): NewRequest | null {
  const { idempotencyKey: key, now } = raw;
  return key === null ? null : { key, fingerprint: fingerprint(), deadline: now + REQUEST_MS };
}
