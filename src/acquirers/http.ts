import { Agent, type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure, Agent as SecureAgent } from 'node:https';
import type { Clock } from '../contracts/clock.js';

/** One exchange with an acquirer. */
export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Give up at this time, connecting included (milliseconds since the epoch). */
  readonly deadline: number;
  /** Asked when the socket is ready, right before the first byte; false: nothing is written. */
  mayStillSend(): boolean;
}

export type HttpAnswer =
  /** A complete answer, whatever its status says. */
  | { readonly got: 'answer'; readonly status: number; readonly body: string }
  /** Not one byte was written. */
  | { readonly got: 'not_sent'; readonly reason: 'unreachable' | 'lease_over' }
  /** Something was written and no complete answer came: nobody knows what the other side did. */
  | { readonly got: 'no_answer'; readonly reason: string };

export interface HttpCaller {
  /** Never throws, never repeats: a reused socket that turns out to be closed is `no_answer`. */
  call(call: HttpCall): Promise<HttpAnswer>;
  close(): void;
}

/** Idle sockets are dropped before usual servers do (5 s), so that few calls meet a socket that is just being closed. */
const IDLE_MS = 2_000;
const SOCKETS_MAX = 256;
const ANSWER_BYTES_MAX = 65_536;

/**
 * The way to an acquirer over HTTP: keep-alive, a deadline for the whole exchange, an answer of bounded size, redirects
 * not followed. Its one subtlety is the line between `not_sent` and `no_answer`: the request is written only when the
 * socket is connected (secured, for https) and the caller agrees, and from then on nothing is `not_sent`.
 */
export function createHttpCaller(ports: { clock: Clock }): HttpCaller {
  const options = { keepAlive: true, timeout: IDLE_MS, maxSockets: SOCKETS_MAX, scheduling: 'lifo' } as const;
  const plain = new Agent(options);
  const secure = new SecureAgent(options);

  function open(call: HttpCall): ClientRequest {
    const url = new URL(call.url);
    const length = call.body === null ? {} : { 'content-length': String(Buffer.byteLength(call.body)) };
    const headers = { ...call.headers, ...length };
    return url.protocol === 'https:'
      ? requestSecure(url, { method: call.method, headers, agent: secure })
      : requestPlain(url, { method: call.method, headers, agent: plain });
  }

  return {
    call(call) {
      return new Promise((resolve) => {
        let request: ClientRequest;
        try {
          request = open(call);
        } catch {
          // An address or header that cannot be: nothing was written.
          resolve({ got: 'not_sent', reason: 'unreachable' });
          return;
        }
        exchange(ports.clock, request, call, resolve);
      });
    },
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

function exchange(clock: Clock, request: ClientRequest, call: HttpCall, resolve: (answer: HttpAnswer) => void): void {
  let sent = false;
  let settled = false;

  const settle = (answer: HttpAnswer) => {
    if (settled) return;
    settled = true;
    cancelDeadline();
    resolve(answer);
    if (answer.got !== 'answer') request.destroy();
  };
  const fail = (reason: string) =>
    settle(sent ? { got: 'no_answer', reason } : { got: 'not_sent', reason: 'unreachable' });
  const cancelDeadline = clock.at(call.deadline, () => fail('deadline'));

  const send = () => {
    if (settled) return;
    if (clock.now() >= call.deadline) return fail('deadline');
    if (!call.mayStillSend()) return settle({ got: 'not_sent', reason: 'lease_over' });
    sent = true;
    request.end(call.body ?? undefined);
  };
  request.on('socket', (socket) => {
    if (!socket.connecting) send();
    else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', send);
  });
  request.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'broken'));
  request.on('close', () => fail('closed'));
  request.on('response', (response) => read(response, settle));
}

/** Collects an answer; a body that is cut short or too long is no answer. */
function read(response: IncomingMessage, settle: (answer: HttpAnswer) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) settle({ got: 'no_answer', reason: 'answer_too_large' });
    else chunks.push(chunk);
  });
  response.on('error', () => settle({ got: 'no_answer', reason: 'answer_cut' }));
  response.on('end', () => {
    if (!response.complete) settle({ got: 'no_answer', reason: 'answer_cut' });
    else settle({ got: 'answer', status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
  });
}
