/** Callers who do not give up: what a careful merchant's server does when ours dies in the middle of a request. */

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Where a caller asks, and under which key. */
export interface Caller {
  /** Read for each request: it may be another one each time. */
  readonly url: string;
  readonly key: string;
  /** Until when it repeats what is not answered, milliseconds since the epoch; a minute if not given. */
  waitsUntil?(): number;
  /** True where it is known why `url` was silent since then, milliseconds since the epoch: it, or its store, stood still. */
  stoodStill?(url: string, since: number): boolean;
  /** Told of each 503, which asks to come again, and of each silence that is understood. Without it pages may not answer so. */
  refused?(): void;
  /** Told of answers that must never be given. */
  wrong(sentence: string): void;
}

/** One request takes at most this long; ours are answered within ten seconds of work. */
const REQUEST_MS_MAX = 20_000;
const GIVE_UP_MS = 60_000;
const PAUSE_MS = 40;

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Null when the connection broke before a whole answer came: nobody knows what became of the request. */
export async function tryOnce(caller: Caller, method: string, path: string, init: RequestInit): Promise<Answer | null> {
  const { url } = caller;
  const began = Date.now();
  try {
    const headers = { authorization: `Bearer ${caller.key}`, 'content-type': 'application/json', ...init.headers };
    const signal = AbortSignal.timeout(REQUEST_MS_MAX);
    const response = await fetch(url + path, { ...init, method, headers, signal });
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body };
  } catch (error) {
    const isSilence = error instanceof Error && error.name === 'TimeoutError';
    if (isSilence && caller.stoodStill?.(url, began)) caller.refused?.();
    else if (isSilence) {
      caller.wrong(`${method} ${url}${path} was never answered, asked at ${new Date(began).toISOString()}`);
    }
    return null;
  }
}

/** Posts under one idempotency key, again and again until it is answered for good. */
export async function post(caller: Caller, path: string, body: object, key: string): Promise<Answer> {
  const headers = { 'idempotency-key': key };
  return stubborn(caller, `POST ${path}`, () => tryOnce(caller, 'POST', path, { body: JSON.stringify(body), headers }));
}

export async function get(caller: Caller, path: string): Promise<Answer> {
  return stubborn(caller, `GET ${path}`, () => tryOnce(caller, 'GET', path, {}));
}

async function stubborn(caller: Caller, what: string, ask: () => Promise<Answer | null>): Promise<Answer> {
  const minute = Date.now() + GIVE_UP_MS;
  for (;;) {
    const answer = await ask();
    if (answer?.status === 503) caller.refused?.();
    if (answer !== null && !isForLater(answer)) {
      if (answer.status >= 500) caller.wrong(`${what} was answered ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer;
    }
    if (Date.now() > (caller.waitsUntil?.() ?? minute))
      throw new Error(`${what} was not answered: ${JSON.stringify(answer?.body)}`);
    await pause(answer === null ? PAUSE_MS : 6 * PAUSE_MS);
  }
}

/** The first request with the key is still at work, another operation is, or the house says itself to come again. */
function isForLater({ status, body }: Answer): boolean {
  return status === 503 || body['code'] === 'idempotency_key_in_use' || body['code'] === 'operation_in_progress';
}
