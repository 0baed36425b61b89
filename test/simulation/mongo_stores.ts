import { systemClock } from '../../src/clock.js';
import type { Store } from '../../src/contracts/store.js';
import { openMongoStore } from '../../src/store/mongo/index.js';
import { startMongo } from '../support/mongod.js';
import { silentLog } from '../support/silent_log.js';
import type { Stores } from './stores.js';

/**
 * Databases of a server of our own, or of the one at MONGODB_URL. What a server answers first it decides: a seed draws the same
 * faults again, and may still take another way.
 */
export async function mongoStores(): Promise<Stores> {
  const mongo = await startMongo();
  const open = async (): Promise<Store> =>
    openMongoStore({ url: mongo.database(), log: silentLog(), clock: systemClock() });
  return { seedsPerStore: 25, open, close: () => mongo.stop() };
}
