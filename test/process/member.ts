/**
 * A process of a cluster whose store is the SQLite file of its DATA_DIR: with it roles, Redis and workers are tried where
 * there is no MongoDB. Everything else is what `npm start` runs.
 */
import { join } from 'node:path';
import { systemClock } from '../../src/clock.js';
import { ConfigProblem, readConfig } from '../../src/config.js';
import { openGuichet } from '../../src/house/index.js';
import { createIds } from '../../src/ids.js';
import { createLog } from '../../src/log.js';
import { createMetrics } from '../../src/metrics.js';
import { openSqliteStore } from '../../src/store/sqlite/index.js';

try {
  const config = readConfig();
  const clock = systemClock();
  const log = createLog({ ...config.log, clock });
  const store = openSqliteStore({ path: join(config.dataDir, 'guichet.sqlite'), log });
  const guichet = await openGuichet(config, { clock, ids: createIds({ clock }), log, metrics: createMetrics(), store });
  console.log(`Guichet listens on ${config.publicUrl}`);
  process.once('SIGTERM', () => guichet.close().then(() => process.exit(0)));
} catch (error) {
  console.error(error instanceof ConfigProblem ? error.message : error);
  process.exit(1);
}
