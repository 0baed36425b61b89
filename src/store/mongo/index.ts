import type { Connection } from 'mongoose';
import type { Clock } from '../../contracts/clock.js';
import type { Log } from '../../contracts/log.js';
import type { Store } from '../../contracts/store.js';
import { createCodes } from './codes.js';
import { type Collections, collectionsOf, prepareCollections } from './collections.js';
import { connect } from './connection.js';
import { createConsents } from './consents.js';
import { createDeliveries } from './deliveries.js';
import { createDeviceKeys } from './device_keys.js';
import { createDrain } from './drain.js';
import { createEndpointAggregates, createEndpoints } from './endpoints.js';
import { createFeed } from './feed.js';
import { createFeedTail } from './feed_tail.js';
import { createGuards } from './guards.js';
import { createMails } from './mails.js';
import { createMerchants } from './merchants.js';
import { createOperators } from './operators.js';
import { createPayers } from './payers.js';
import { createPayments } from './payments.js';
import { createSession } from './session.js';
import { createTexts } from './texts.js';
import { createTvSessions } from './tv_sessions.js';
import { createVaultRecords } from './vault.js';
import { createWorkerKeys } from './workers.js';

export interface MongoStoreOptions {
  /** `mongodb://…` of a replica set; the database is `guichet` if the URL names none. */
  readonly url: string;
  readonly log: Log;
  readonly clock: Clock;
  /** How long a server may be silent before nobody knows, in milliseconds. An election takes some seconds. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 15_000;

const PING_WITHIN_MS = 2_000;

/**
 * The store of many machines: MongoDB, one document per aggregate, no transaction. Any number of processes may share it, and
 * each makes what a first start needs.
 * @throws StoreFailure of one line that says how to mend it, when the database cannot be used
 */
export async function openMongoStore({ url, log, clock, patienceMs = PATIENCE_MS }: MongoStoreOptions): Promise<Store> {
  const connection = await connect(url, { patienceMs, clock }, (first) =>
    prepareCollections(first, collectionsOf(first)),
  );
  const collections = collectionsOf(connection);
  return createMongoStore({ connection, collections, log, clock });
}

/** Looks whether this database could be used, and makes nothing there. @throws StoreFailure as opening it would */
export async function refuseUnfitMongo(url: string, clock: Clock): Promise<void> {
  const connection = await connect(url, { patienceMs: PATIENCE_MS, clock }, async () => undefined);
  await connection.close();
}

export interface MongoStorePorts {
  readonly connection: Connection;
  readonly collections: Collections;
  readonly log: Log;
  readonly clock: Clock;
}

/** The store over a connection whose collections are prepared. */
export function createMongoStore({ connection, collections, log, clock }: MongoStorePorts): Store {
  const session = createSession();
  const tail = createFeedTail(collections.feed, clock);
  const drain = createDrain({ session, collections, tail, clock, log });
  const endpoints = createEndpointAggregates(session, collections);
  let isOpen = true;

  return {
    payments: createPayments({ session, collections, drain }),
    codes: createCodes(session, collections),
    payers: createPayers(session, collections),
    merchants: createMerchants(session, collections),
    endpoints: createEndpoints(session, collections, endpoints, drain),
    deliveries: createDeliveries({ session, collections, endpoints, log }),
    mails: createMails({ session, collections, drain, log }),
    texts: createTexts(session, collections),
    consents: createConsents(session, collections),
    operators: createOperators(session, collections),
    deviceKeys: createDeviceKeys(session, collections),
    tvSessions: createTvSessions(session, collections),
    feed: createFeed({ session, collections, drain, tail }),
    guards: createGuards(session, collections),
    workers: createWorkerKeys(session, collections),
    vault: createVaultRecords(session, collections, drain),
    ping: () =>
      session.run(async () => {
        await connection.getClient().db().command({ ping: 1 }, { timeoutMS: PING_WITHIN_MS });
      }),
    async close() {
      if (!isOpen) return;
      isOpen = false;
      await drain.idle();
      session.end();
      await connection.close();
    },
  };
}
