import { type Agent, type IncomingMessage, request as requestInClear } from 'node:http';
import { request as requestSecured } from 'node:https';
import type { Clock } from '../contracts/clock.js';
import { wordOf } from '../outside/failures.js';
import { retryAfterMs } from './schedule.js';

/** From the first byte of the name's look-up to the last byte of the answer. */
export const EXCHANGE_TIMEOUT_MS = 15_000;
/** An answer is read this far, for good manners, and dropped. */
const ANSWER_READ_MAX_BYTES = 16_384;

/** What became of one try. */
export interface Exchange {
  /** The HTTP status; null when none came. */
  readonly status: number | null;
  /** Why it failed, a stable word; null for a whole answer with a 2xx status. */
  readonly error: string | null;
  /** How long the receiver asks us to stay away, in milliseconds; null when it does not. */
  readonly retryAfterMs: number | null;
}

export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly agent: Agent;
}

/**
 * Posts once, follows no redirect and never throws. It fails when the answer has not ended in time, even if its status was
 * a good one: a receiver that hears an event twice knows its id, one that never hears it knows nothing.
 */
export function exchange({ url, headers, body, agent }: Post, clock: Clock): Promise<Exchange> {
  return new Promise((resolve) => {
    const send = url.protocol === 'https:' ? requestSecured : requestInClear;
    const bytes = Buffer.from(body);
    let answer: IncomingMessage | null = null;

    const end = (error: string | null) => {
      cancelDeadline();
      request.destroy();
      const status = answer?.statusCode ?? null;
      const pause = answer ? retryAfterMs(answer.headers['retry-after'], clock.now()) : null;
      resolve({ status, error: error ?? errorOf(status), retryAfterMs: pause });
    };

    const request = send(url, { method: 'POST', agent, headers: { ...headers, 'content-length': bytes.length } });
    const cancelDeadline = clock.at(clock.now() + EXCHANGE_TIMEOUT_MS, () => end('timeout'));
    request.on('error', (error: NodeJS.ErrnoException) => end(wordOf(error)));
    request.on('close', () => end('connection_lost'));
    request.on('response', (response) => {
      answer = response;
      let read = 0;
      response.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read >= ANSWER_READ_MAX_BYTES) end(null);
      });
      response.on('end', () => end(null));
      response.on('error', () => end('connection_lost'));
    });
    request.end(bytes);
  });
}

function errorOf(status: number | null): string | null {
  return status !== null && status >= 200 && status < 300 ? null : `http_${status}`;
}
