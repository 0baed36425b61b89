import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createHttpCaller } from '../../acquirers/http.js';
import type { Clock } from '../../contracts/clock.js';
import type { Ids } from '../../contracts/ids.js';
import type { Log } from '../../contracts/log.js';
import { openDatabase } from '../../store/sqlite/database.js';
import { createGroup } from '../../store/sqlite/group.js';
import { createAuthentications } from './authentications.js';
import { createChallenge } from './challenge.js';
import { createDirectory } from './directory.js';
import { createExchanges } from './exchanges.js';
import { createFaults } from './faults.js';
import { createLedger } from './ledger.js';
import { createNotifications } from './notifications.js';
import { createOperations } from './operations.js';
import { json, type Reply } from './reply.js';
import { type Asked, createRoutes } from './routes.js';
import { MIGRATIONS } from './schema.js';

export type SandboxOptions = SandboxSettings &
  /** The ledger's file; or the folder it is in, as `sandbox.db`. */
  ({ readonly path: string } | { readonly dataFolder: string });

interface SandboxSettings {
  /** 0 for any that is free. */
  readonly port: number;
  readonly host?: string;
  /** How browsers reach it, when not at its own address. */
  readonly publicUrl?: string;
  /** Bearer secret of those who may call it; signing keys derive from it. */
  readonly credential: string;
  /** Where settled operations are told of; null for nowhere. */
  readonly notificationUrl?: string | null;
  /** Within this time after a request whatever is late comes true, milliseconds. */
  readonly horizonMs?: number;
  /** How long a slow answer takes: longer than anybody waits, milliseconds. */
  readonly slowMs?: number;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export interface Sandbox {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const HORIZON_MS = 10_000;
const SLOW_MS = 4_000;
const HOLD_MS = 7 * 24 * 3_600_000;
const BODY_BYTES_MAX = 65_536;
const KEEP_ALIVE_MS = 15_000;

/**
 * Starts the sandbox: an acquirer, a directory server and an issuer in one, with a durable ledger of its own.
 * What it has acknowledged survives any death of its process. Resolves when it listens; rejects when it cannot, with
 * `EADDRINUSE` before the ledger is touched.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { clock, log } = options;
  const host = options.host ?? '127.0.0.1';
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true });
  await listen(server, options.port, host);
  const url = addressOf(server, host);
  let parts: ReturnType<typeof assemble>;
  try {
    parts = assemble(options, options.publicUrl ?? url);
  } catch (error) {
    await stop(server);
    throw error;
  }
  server.on('request', (request, response) => {
    handle(request, response, parts.routes, clock).catch((error: unknown) => {
      log.error('sandbox request failed', { error });
      response.destroy();
    });
  });
  parts.notifications.resume();

  return {
    url,
    port: portOf(server),
    async close() {
      parts.notifications.close();
      parts.http.close();
      await stop(server);
      parts.group.close();
      parts.database.close();
    },
  };
}

/** Opens the ledger and puts the parts together. Synchronous: no request is lost between listening and serving. */
function assemble(options: SandboxOptions, publicUrl: string) {
  const { clock, ids, log, credential } = options;
  const path = 'path' in options ? options.path : join(options.dataFolder, 'sandbox.db');
  const database = openDatabase({ path, migrations: MIGRATIONS });
  const group = createGroup(database);
  const ledger = createLedger(database);
  const authentications = createAuthentications(database);
  const issuerKey = ledger.secret('issuer', ids.token(256));
  const fingerprintKey = ledger.secret('fingerprint', ids.token(256));
  const slowMs = options.slowMs ?? SLOW_MS;
  // Well within the horizon, which begins when the other side sends.
  const settleAfterMs = Math.floor((options.horizonMs ?? HORIZON_MS) * 0.4);
  const http = createHttpCaller({ clock });
  const faults = createFaults();
  const exchanges = createExchanges();
  const notifications = createNotifications({ ledger, http, clock, credential, url: options.notificationUrl ?? null });
  const { notify } = notifications;
  const waits = { slowMs, settleAfterMs, holdMs: HOLD_MS };
  const operations = createOperations({
    ...{ ledger, group, faults, clock, ids, issuerKey, fingerprintKey, notify },
    ...waits,
  });
  const directory = createDirectory({ authentications, group, faults, clock, ids, issuerKey, slowMs, publicUrl });
  const challenge = createChallenge({ authentications, group, faults, clock, ids, log, http, credential, publicUrl });
  const routes = createRoutes({ operations, directory, challenge, ledger, faults, exchanges, clock, credential });
  return { database, group, http, notifications, routes };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  routes: (asked: Asked) => Promise<Reply>,
  clock: Clock,
): Promise<void> {
  const body = await read(request);
  if (body === null) return respond(response, json(413, { error: 'too_large' }), clock);
  const url = new URL(request.url ?? '/', 'http://sandbox');
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

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function addressOf(server: Server, host: string): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${portOf(server)}`;
}
