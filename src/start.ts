/**
 * `npm start`: in production the server, and nothing else. In development a supervisor, which holds the world outside (the
 * sandbox acquirer, Twilio's simulator) and starts the server again when it is killed, as the lab's "Pull the plug" does.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { systemClock } from './clock.js';
import { type Config, ConfigProblem, environmentWith, readConfig } from './config.js';
import { lanArgument, lanOf } from './house/lan.js';
import { withPort } from './house/port.js';
import { sandboxOf } from './house/sandbox.js';
import { openSwitchboard, telephoneVariables } from './house/switchboard.js';
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
  const listening = await withPort(settings);
  const lan = lanArgument(await lanOf(listening, process.argv));
  const log = createLog({ ...listening.log, clock });
  const switchboard = await openSwitchboard(listening, { clock, ids, log });
  const { config } = switchboard;
  // One port in all lives of the server: browsers and endpoints know it.
  const env = environmentWith({ PORT: String(config.listen.port), ...telephoneVariables(config) });
  const sandbox = config.sandboxUrl === null ? await sandboxOf(config, { clock, ids, log }) : null;
  const supervisor = supervise({ start: () => fork(SERVER, ['--supervised', ...lan], { env }), clock, log });
  process.on('SIGINT', supervisor.stop);
  process.on('SIGTERM', supervisor.stop);
  const code = await supervisor.ended;
  await Promise.all([sandbox?.close(), switchboard.close()]);
  process.exit(code);
}

const config = developmentConfig();
if (config === null) await import('./main.js');
else {
  await runSupervised(config).catch((error: unknown) => {
    console.error(error instanceof ConfigProblem ? error.message : error);
    process.exit(1);
  });
}
