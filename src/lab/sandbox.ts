/**
 * `npm run sandbox`: the sandbox acquirer as a server of its own, for a cluster whose processes share no folder. It listens
 * on HOST and PORT, keeps its ledger in DATA_DIR, and answers whoever knows the password of SANDBOX_URL.
 */
import { mkdirSync } from 'node:fs';
import { systemClock } from '../clock.js';
import { ConfigProblem, passwordOf, readConfig } from '../config.js';
import { createIds } from '../ids.js';
import { createLog } from '../log.js';
import { startSandbox } from './acquirer/server.js';

async function start(): Promise<void> {
  const { listen, publicUrl, dataDir, sandboxUrl, log: settings } = readConfig();
  const credential = sandboxUrl === null ? null : passwordOf(sandboxUrl);
  if (credential === null || credential === '') {
    throw new ConfigProblem([
      'SANDBOX_URL: its password is what callers must know; give http://sandbox:<password>@host',
    ]);
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const clock = systemClock();
  const ids = createIds({ clock });
  const log = createLog({ ...settings, clock });
  const sandbox = await startSandbox({ ...listen, dataFolder: dataDir, publicUrl, credential, clock, ids, log });
  console.log(`The sandbox acquirer listens on ${sandbox.url}; browsers reach it at ${publicUrl}`);
  const close = (): void => void sandbox.close().then(() => process.exit(0));
  process.once('SIGINT', close);
  process.once('SIGTERM', close);
}

start().catch((error: unknown) => {
  console.error(error instanceof ConfigProblem ? error.message : error);
  process.exit(1);
});
