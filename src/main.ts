/** The server: reads the settings, opens the house, and closes it when asked. `npm start` is `src/start.ts`. */
import { systemClock } from './clock.js';
import { type Config, ConfigProblem, readConfig } from './config.js';
import type { Clock } from './contracts/clock.js';
import { StoreFailure } from './contracts/errors.js';
import { openGuichet } from './house/index.js';
import { withPort } from './house/port.js';
import { refuseWithServers } from './house/servers.js';
import { createIds } from './ids.js';
import { createLog } from './log.js';
import { createMetrics } from './metrics.js';
import { DEMO_OPERATOR, DEMO_OPERATOR_SECRET } from './operators/demo.js';

/** Operating errors say how to mend them; anything else is a bug and shows its stack. */
function explain(error: unknown): string | null {
  if (error instanceof ConfigProblem || error instanceof StoreFailure) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `${error.message}: something listens there already; stop it, or set PORT to another one.`;
  }
  return null;
}

/** @throws ConfigProblem with everything that is wrong, with the servers that the settings name as well */
async function settings(clock: Clock): Promise<Config> {
  try {
    return readConfig();
  } catch (error) {
    if (error instanceof ConfigProblem) return refuseWithServers(error, clock);
    throw error;
  }
}

async function start(): Promise<void> {
  const isSupervised = process.argv.includes('--supervised');
  if (isSupervised) endWithSupervisor();
  const clock = systemClock();
  const config = await withPort(await settings(clock));
  const ids = createIds({ clock });
  const log = createLog({ ...config.log, clock });
  const pullThePlug = isSupervised ? { pullThePlug: () => process.kill(process.pid, 'SIGKILL') } : {};
  const opening = openGuichet(config, { clock, ids, log, metrics: createMetrics(), ...pullThePlug });
  let isClosing = false;
  const close = (signal: string): void => {
    if (isClosing) return;
    isClosing = true;
    log.info('closing', { signal });
    opening
      .then((guichet) => guichet.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.error('closing failed', { error });
          process.exit(1);
        },
      );
  };
  // Before it can be reached: whoever sees that it answers may ask it to end.
  process.on('SIGINT', close);
  process.on('SIGTERM', close);
  await opening;
  if (!isClosing) console.log(welcome(config));
}

/** A supervisor that was killed cannot ask us to stop: its line to us breaks, and the port must be free for its successor. */
function endWithSupervisor(): void {
  if (!process.connected) process.exit(1);
  process.on('disconnect', () => process.exit(1));
}

function welcome({ publicUrl, dataDir, lab, role, cluster, listen }: Config): string {
  if (role === 'worker') return `Guichet listens on http://${listen.host}:${listen.port}, a worker`;
  const lines = [
    `Guichet listens on ${publicUrl}`,
    `  documentation  ${publicUrl}/docs`,
    cluster === null ? `  data           ${dataDir}` : `  part           ${role} of a cluster`,
  ];
  if (!lab) return lines.join('\n');
  return [
    ...lines,
    `  demo shop      ${publicUrl}/shop`,
    `  lab            ${publicUrl}/lab`,
    '  demo merchant  sk_test_demo',
    '  its payer      account demo: a stored card ending in 4242, +33612345678, purchase code 1234',
    `  television     ${DEMO_OPERATOR.id}, ${DEMO_OPERATOR_SECRET}`,
    '  its household  account demo: the same card, number and code',
    '',
    'Buy something in the shop and watch it in the lab. Or create a payment, open the "pay" link in its answer,',
    'and pay with 4242 4242 4242 4242:',
    `  curl ${publicUrl}/v1/payments -H 'Authorization: Bearer sk_test_demo' -H 'Content-Type: application/json' \\`,
    `    -d '{"amount":4250,"currency":"EUR","reference":"ORDER-1"}'`,
  ].join('\n');
}

start().catch((error: unknown) => {
  const explained = explain(error);
  console.error(explained ?? error);
  process.exit(1);
});
