import { type Config, isLoopback } from '../config.js';
import type { Clock } from '../contracts/clock.js';
import type { Ids } from '../contracts/ids.js';
import type { Log } from '../contracts/log.js';
import { type SharedSandbox, sharedSandbox } from '../lab/acquirer/shared.js';

/** The sandbox of the data folder: found there, or started in this process. */
export function sandboxOf(config: Config, parts: { clock: Clock; ids: Ids; log: Log }): Promise<SharedSandbox> {
  const { dataDir: dataFolder, publicUrl } = config;
  const { clock, ids, log } = parts;
  const notificationUrl = `${publicUrl}/acquirers/sandbox/notifications`;
  const front = isFronted(config) ? { publicUrl: `${publicUrl}/sandbox` } : {};
  return sharedSandbox({ dataFolder, clock, ids, log, notificationUrl, ...front });
}

/** Browsers of this machine reach the sandbox itself; others go through our own door. */
export function isFronted({ sandboxUrl, publicUrl }: Config): boolean {
  return sandboxUrl === null && !isLoopback(publicUrl);
}
