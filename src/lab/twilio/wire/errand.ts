import { Agent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request as plain } from 'node:http';
import { Agent as SecureAgent, request as secure } from 'node:https';
import type { Clock } from '../../../contracts/clock.js';

/** One request, sent once. */
export interface Errand {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** How long the connection may take, and then each silence of the other side, milliseconds. */
  readonly connectMs: number;
  readonly readMs: number;
  /** When all must be over, milliseconds since the epoch. */
  readonly deadline: number;
}

export type Returned =
  | { readonly got: 'answer'; readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }
  | { readonly got: 'no_connection'; readonly reason: string }
  | { readonly got: 'no_answer'; readonly reason: string };

export interface Errands {
  /** Never throws. */
  run(errand: Errand): Promise<Returned>;
  close(): void;
}

/** An idle connection is dropped before usual servers drop it. */
const IDLE_MS = 2_000;
/** A thousand calls may ask at once; who waits for a connection counts as not connected. */
const CONNECTIONS_MAX = 2_048;
/** Twilio takes no larger document. */
const BODY_BYTES_MAX = 65_536;

/** How the simulator speaks HTTP: redirects are not followed here, every wait is of the clock. */
export function createErrands(clock: Clock): Errands {
  const options = { keepAlive: true, timeout: IDLE_MS, maxSockets: CONNECTIONS_MAX, scheduling: 'lifo' } as const;
  const agents = { plain: new Agent(options), secure: new SecureAgent(options) };

  function open({ url: address, method, headers, body }: Errand): ClientRequest {
    const url = new URL(address);
    url.hash = '';
    const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const init = { method, headers: { ...headers, ...length } };
    return url.protocol === 'https:'
      ? secure(url, { ...init, agent: agents.secure })
      : plain(url, { ...init, agent: agents.plain });
  }

  return {
    run(errand) {
      return new Promise((resolve) => {
        let request: ClientRequest;
        try {
          request = open(errand);
        } catch (error) {
          resolve({ got: 'no_connection', reason: error instanceof Error ? error.message : 'no address' });
          return;
        }
        exchange(clock, request, errand, resolve);
      });
    },
    close() {
      agents.plain.destroy();
      agents.secure.destroy();
    },
  };
}

function exchange(clock: Clock, request: ClientRequest, errand: Errand, resolve: (returned: Returned) => void): void {
  let isConnected = false;
  let isOver = false;
  let cancel = (): void => undefined;

  const end = (returned: Returned): void => {
    if (isOver) return;
    isOver = true;
    cancel();
    resolve(returned);
    if (returned.got !== 'answer') request.destroy();
  };
  const fail = (reason: string): void => end({ got: isConnected ? 'no_answer' : 'no_connection', reason });
  /** From now on, silence for so long is the end. */
  const allow = (ms: number): void => {
    cancel();
    if (!isOver) cancel = clock.at(Math.min(clock.now() + ms, errand.deadline), () => fail('timeout'));
  };

  const send = (): void => {
    if (isOver) return;
    isConnected = true;
    allow(errand.readMs);
    request.end(errand.body ?? undefined);
  };
  allow(errand.connectMs);
  request.on('socket', (socket) => {
    if (!socket.connecting) send();
    else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', send);
  });
  request.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'broken'));
  request.on('close', () => fail('closed'));
  request.on('response', (response) => read(response, () => allow(errand.readMs), end));
}

function read(response: IncomingMessage, heard: () => void, end: (returned: Returned) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  heard();
  response.on('data', (chunk: Buffer) => {
    heard();
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) end({ got: 'no_answer', reason: 'too large' });
    else chunks.push(chunk);
  });
  response.on('error', () => end({ got: 'no_answer', reason: 'cut short' }));
  response.on('end', () => {
    const { statusCode: status = 0, headers } = response;
    if (!response.complete) end({ got: 'no_answer', reason: 'cut short' });
    else end({ got: 'answer', status, headers, body: Buffer.concat(chunks).toString('utf8') });
  });
}
