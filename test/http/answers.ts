import { expect } from 'vitest';
import { PROBLEMS } from '../../src/http/problems.js';
import type { Described } from '../../src/http/route.js';
import * as shapes from '../../src/http/shapes.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined when the answer is no JSON. */
  readonly body: unknown;
}

/** What stands in an answer at a path such as `attempts.0.status`. */
export function at(answer: Answer, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], answer.body);
}

export function textAt(answer: Answer, path: string): string {
  const value = at(answer, path);
  if (typeof value !== 'string') throw new Error(`no text at ${path} in ${answer.status} ${answer.text}`);
  return value;
}

export interface Call {
  readonly key?: string | null;
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks a house over real HTTP. */
export async function callOver(
  url: string,
  method: string,
  path: string,
  { key, body, raw, headers }: Call,
): Promise<Answer> {
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(key != null && { authorization: `Bearer ${key}` }),
      ...(payload !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(payload !== undefined && { body: payload as string }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: jsonIn(text) };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A page, or nothing: tests that want JSON fail on what they miss in it.
    return undefined;
  }
}

/** Every answer of every test is what the documentation says: its schema, or a problem of the table. */
export function holdToContract(routes: readonly Described[], method: string, path: string, answer: Answer): void {
  const pathname = path.split('?', 1)[0] ?? '';
  if (!/^\/(?:v1|tv)\//.test(pathname) || method === 'HEAD') return;
  if (answer.status >= 400) {
    const { code, status } = shapes.problem.parse(answer.body);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect({ code, status: PROBLEMS[code]?.status }).toEqual({ code, status: answer.status });
    expect(status).toBe(answer.status);
    return;
  }
  const route = routes.find(
    (one) => one.method === method && new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(pathname),
  );
  const documented = route?.answers[answer.status];
  if (documented === undefined) throw new Error(`${method} ${path} answered ${answer.status}, which is not documented`);
  documented.schema?.parse(answer.body);
}
