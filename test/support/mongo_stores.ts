import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../../src/clock.js';
import type { Store } from '../../src/contracts/store.js';
import { openMongoStore } from '../../src/store/mongo/index.js';
import { type Mongo, startMongo } from './mongod.js';
import { silentLog } from './silent_log.js';

/** One server and one database for the tests of a file. */
export interface MongoForTests {
  readonly mongo: Mongo;
  readonly url: string;
  /** Beside the store, to look at documents and to put there what no store would. */
  readonly raw: Connection;
  open(): Promise<Store>;
  /** A store with nothing in it: making indexes anew for each test would take most of the time. */
  openEmpty(): Promise<Store>;
}

/** Starts it before the first test of the group and ends it after the last. */
export function mongoForTests(): MongoForTests {
  let mongo: Mongo;
  let url: string;
  let raw: Connection;
  beforeAll(async () => {
    mongo = await startMongo();
    url = mongo.database();
    raw = await mongoose.createConnection(url).asPromise();
  }, 60_000);
  afterAll(async () => {
    await raw?.dropDatabase();
    await raw?.close();
    await mongo?.stop();
  });

  const open = () => openMongoStore({ url, log: silentLog(), clock: systemClock() });
  return {
    get mongo() {
      return mongo;
    },
    get url() {
      return url;
    },
    get raw() {
      return raw;
    },
    open,
    async openEmpty() {
      const there = await raw.listCollections();
      await Promise.all(there.map(({ name }) => raw.collection(name).deleteMany({})));
      return open();
    },
  };
}
