import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '../contracts/clock.js';
import { json, type Reply } from './acquirer/reply.js';

/** A request with its body read: bounded, not yet understood. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | null;
  readonly acceptLanguage: string | null;
  readonly body: string;
}

const BODY_BYTES_MAX = 65_536;
const KEEP_ALIVE_MS = 15_000;

/** A server of the lab, not listening yet: simulators answer on a port of their own, as what they stand for does. */
export function createLabServer(): Server {
  return createServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true });
}

/** Reads a request, and answers what `routes` make of it. */
export async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  routes: (asked: Asked) => Promise<Reply>,
  clock: Clock,
): Promise<void> {
  const body = await read(request);
  if (body === null) return respond(response, json(413, { error: 'too_large' }), clock);
  const url = new URL(request.url ?? '/', 'http://lab');
  const reply = await routes({
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    authorization: request.headers.authorization ?? null,
    acceptLanguage: request.headers['accept-language'] ?? null,
    body,
  });
  respond(response, reply, clock);
}

/** The whole body as text; null when it is too long or was cut short. */
function read(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
      else resolve(null);
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', () => resolve(null));
  });
}

function respond(response: ServerResponse, reply: Reply, clock: Clock): void {
  if (reply.kind === 'cut') {
    response.destroy();
    return;
  }
  if (reply.kind === 'late') {
    const cancel = clock.at(reply.at, () => respond(response, reply.reply, clock));
    response.on('close', cancel);
    return;
  }
  const isPage = reply.kind === 'page';
  const body = Buffer.from(isPage ? reply.html : JSON.stringify(reply.body), 'utf8');
  response.writeHead(reply.status, {
    'content-type': isPage ? 'text/html; charset=utf-8' : 'application/json',
    'content-length': body.length,
    'cache-control': 'no-store',
    ...(reply.status === 413 ? { connection: 'close' } : {}),
    'x-content-type-options': 'nosniff',
    ...(isPage ? { 'content-security-policy': reply.policy, 'referrer-policy': 'no-referrer' } : {}),
  });
  response.end(body);
}

export function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Rejects with `EADDRINUSE` and the like. */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export function addressOf(server: Server, host: string): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${portOf(server)}`;
}
