import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.js';
import type { Store } from '../contracts/store.js';
import { openMongoStore } from '../store/mongo/index.js';
import { openSqliteStore } from '../store/sqlite/index.js';
import type { Parts } from './parts.js';

/** The store that the settings name: MongoDB for a cluster, a file of this data folder for one process. */
export async function openStore(
  { cluster, dataDir }: Config,
  { clock, log, store }: Pick<Parts, 'clock' | 'log' | 'store'>,
): Promise<Store> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (store !== undefined) return store;
  if (cluster !== null) return openMongoStore({ url: cluster.mongodbUrl, log, clock });
  return openSqliteStore({ path: join(dataDir, 'guichet.sqlite'), log });
}
