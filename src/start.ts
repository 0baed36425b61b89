/**
 * `npm start`: in production the server, and nothing else. In development a supervisor, which holds the world outside (the
 * sandbox acquirer) and starts the server again when it is killed, as the lab's "Pull the plug" does.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { systemClock } from './clock.js';
import { type Config, ConfigProblem, environmentWith, readConfig } from './config.js';
import { withPort } from './house/port.js';
import { sandboxOf } from './house/sandbox.js';
import { createIds } from './ids.js';
import { supervise } from './lab/supervisor.js';
import { createLog } from './log.js';

const SERVER = fileURLToPath(new URL('./main.js', import.meta.url));

/** Null where the server is to be run alone: in production, and to say itself what is wrong with its settings. */
function developmentConfig(): Config | null {
  try {
    const config = readConfig();
    return config.environment === 'development' ? config : null;
  } catch (error) {
    if (error instanceof ConfigProblem) return null;
    throw error;
  }
}

async function runSupervised(settings: Config): Promise<void> {
  const clock = systemClock();
  const ids = createIds({ clock });
  const config = await withPort(settings);
  const log = createLog({ ...config.log, clock });
  // One port in all lives of the server: browsers and endpoints know it.
  const env = environmentWith({ PORT: String(config.listen.port) });
  const sandbox = config.sandboxUrl === null ? await sandboxOf(config, { clock, ids, log }) : null;
  const supervisor = supervise({ start: () => fork(SERVER, ['--supervised'], { env }), clock, log });
  process.on('SIGINT', supervisor.stop);
  process.on('SIGTERM', supervisor.stop);
  const code = await supervisor.ended;
  await sandbox?.close();
  process.exit(code);
}

const config = developmentConfig();
if (config === null) await import('./main.js');
else await runSupervised(config);
