import mongoose, { type Connection } from 'mongoose';
import { inject } from 'vitest';
import { systemClock } from '../../src/clock.js';
import type { Store } from '../../src/contracts/store.js';
import { openMongoStore } from '../../src/store/mongo/index.js';
import { openSqliteStore } from '../../src/store/sqlite/index.js';
import { MONGODB } from './mongodb_run.js';
import { silentLog } from './silent_log.js';

/** The server of a run that plays its tests on MongoDB, see `vitest.config.ts`. */
const SERVER = inject(MONGODB);

/** Databases of this file whose stores were closed: making indexes anew for each test would take most of the time. */
const free: { readonly url: string; readonly raw: Connection }[] = [];
let made = 0;

/** A store with nothing in it: SQLite in memory or, where the run is to, a database of MongoDB. */
export async function emptyStore(): Promise<Store> {
  return (await emptyMongoStore()) ?? openSqliteStore({ path: ':memory:' });
}

/** Null in a run on SQLite. */
export async function emptyMongoStore(): Promise<Store | null> {
  if (SERVER === undefined) return null;
  const database = free.pop() ?? (await newDatabase(SERVER));
  const { raw, url } = database;
  const there = await raw.listCollections();
  await Promise.all(there.map(({ name }) => raw.collection(name).deleteMany({})));
  const store = await openMongoStore({ url, log: silentLog(), clock: systemClock() });
  let isOpen = true;
  return {
    ...store,
    async close() {
      await store.close();
      if (isOpen) free.push(database);
      isOpen = false;
    },
  };
}

async function newDatabase(server: string) {
  made += 1;
  const url = new URL(server);
  url.pathname = `/test_${process.pid}_${Date.now().toString(36)}_${made}`;
  return { url: url.href, raw: await mongoose.createConnection(url.href).asPromise() };
}
