import { join } from 'node:path';
import { createHttpCaller } from '../../acquirers/http.js';
import type { Clock } from '../../contracts/clock.js';
import type { Ids } from '../../contracts/ids.js';
import type { Log } from '../../contracts/log.js';
import { openDatabase } from '../../store/sqlite/database.js';
import { createGroup } from '../../store/sqlite/group.js';
import { addressOf, createLabServer, handle, listen, portOf, stop } from '../serving.js';
import { createAuthentications } from './authentications.js';
import { createChallenge } from './challenge.js';
import { createDirectory } from './directory.js';
import { createExchanges } from './exchanges.js';
import { createFaults } from './faults.js';
import { createLedger } from './ledger.js';
import { createNotifications } from './notifications.js';
import { createOperations } from './operations.js';
import { createRoutes } from './routes.js';
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

/**
 * Starts the sandbox: an acquirer, a directory server and an issuer in one, with a durable ledger of its own.
 * What it has acknowledged survives any death of its process. Resolves when it listens; rejects when it cannot, with
 * `EADDRINUSE` before the ledger is touched.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { clock, log } = options;
  const host = options.host ?? '127.0.0.1';
  const server = createLabServer();
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
