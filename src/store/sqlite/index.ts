import type { Log } from '../../contracts/log.js';
import type { Store } from '../../contracts/store.js';
import { createCodes } from './codes.js';
import { createConsents } from './consents.js';
import { type Database, openDatabase } from './database.js';
import { createDeliveries } from './deliveries.js';
import { createDeviceKeys } from './device_keys.js';
import { createEndpoints } from './endpoints.js';
import { createFeed } from './feed.js';
import { createGroup } from './group.js';
import { createGuards } from './guards.js';
import { createMails } from './mails.js';
import { createMerchants } from './merchants.js';
import { createOperators } from './operators.js';
import { createPayers } from './payers.js';
import { createPayments } from './payments.js';
import { createRequests } from './requests.js';
import { MIGRATIONS } from './schema.js';
import { createSession } from './session.js';
import { createTexts } from './texts.js';
import { createTvSessions } from './tv_sessions.js';
import { createVaultRecords } from './vault.js';
import { createWalls } from './walls.js';
import { createWorkerKeys } from './workers.js';

export interface SqliteStoreOptions {
  /** The file, made when it is not there; `:memory:` for one that ends with the process. */
  readonly path: string;
  /** Told when a transaction was lost. */
  readonly log?: Log;
}

/**
 * The embedded store: one SQLite file. Several processes of one machine may share it.
 * @throws StoreFailure that says how to mend it, when the file cannot be used
 */
export function openSqliteStore({ path, log }: SqliteStoreOptions): Store {
  return createSqliteStore(openDatabase({ path, migrations: MIGRATIONS }), log);
}

/** The store over a connection that is open and at this release's schema. */
export function createSqliteStore(database: Database, log?: Log): Store {
  const group = createGroup(database, {
    lost: (error, members) => log?.error('a transaction was lost', { error, members }),
  });
  const session = createSession(database, group);
  const { read } = session;
  const walls = createWalls(database);
  const requests = createRequests(session, walls);
  const feed = createFeed(session, walls);
  const codes = createCodes(session);
  const vault = createVaultRecords(session);
  const endpoints = createEndpoints(session, walls, requests);
  const answer = database.prepare('SELECT count(*) FROM walls WHERE id = 0');
  let isOpen = true;

  return {
    payments: createPayments({ session, walls, requests, feed, codes, vault }),
    codes,
    payers: createPayers(session, walls, requests),
    merchants: createMerchants(session),
    endpoints,
    deliveries: createDeliveries(session, endpoints),
    mails: createMails(session, walls),
    texts: createTexts(session),
    consents: createConsents(session),
    operators: createOperators(session),
    deviceKeys: createDeviceKeys(session),
    tvSessions: createTvSessions(session),
    feed,
    guards: createGuards(session),
    workers: createWorkerKeys(session),
    vault,
    ping: () =>
      read(() => {
        answer.get();
      }),
    async close() {
      if (!isOpen) return;
      isOpen = false;
      group.close();
      database.close();
    },
  };
}
