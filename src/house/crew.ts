import { type Config, ConfigProblem } from '../config.js';
import type { Engine } from '../contracts/engine.js';
import { StoreFailure } from '../contracts/errors.js';
import type { Duty, Handover, Jobs } from '../contracts/jobs.js';
import type { Live } from '../contracts/live.js';
import type { Log } from '../contracts/log.js';
import { openSharedJobs } from '../jobs/bullmq/index.js';
import { createLocalJobs } from '../jobs/local.js';
import { type Connector, createConnector } from '../live/connection.js';
import { openLive } from '../live/redis.js';
import type { Parts } from './parts.js';

/** How this process works with the others of its cluster, or with nobody. */
export interface Crew {
  /** Where this process tells workers what waits for them; null where it sends itself. */
  readonly handover: Handover | null;
  readonly live: Live | null;
  /** Looks after a duty, or has those look who do. */
  jobs(queue: 'notification' | 'timers', duty: Duty): Jobs;
  /** Takes what other processes hand over, where that is this one's part. */
  begin(engine: Engine): void;
  /** What it works with, named in `/readyz` and never decisive. */
  services(): readonly { readonly name: string; readonly ok: boolean }[];
  close(): Promise<void>;
}

/** Whether this process sends, and does what is due. */
export function sends({ role }: Config): boolean {
  return role !== 'web';
}

/** Whether merchants and payers are met here. */
export function meets({ role }: Config): boolean {
  return role !== 'worker';
}

/** How Redis is reached; null for a house of one process. */
export function reachRedis({ cluster }: Config, log: Log): Connector | null {
  return cluster === null ? null : createConnector(cluster.redisUrl, log);
}

export function assemble(config: Config, { clock, log }: Parts, redis: Connector | null): Crew {
  if (redis === null) {
    return {
      handover: null,
      live: null,
      jobs: (_queue, duty) => createLocalJobs(clock, log, duty),
      begin: () => undefined,
      services: () => [],
      close: () => Promise.resolve(),
    };
  }
  const shared = openSharedJobs(redis, clock, log);
  const live = openLive(redis, log);
  return {
    handover: sends(config) ? null : shared.handover,
    live,
    jobs: (queue, duty) => shared.look(queue, duty, sends(config)),
    begin(engine) {
      if (sends(config)) shared.work(engine.claim);
    },
    services: () => [{ name: 'redis', ok: shared.isUp() && live.isUp() }],
    async close() {
      await shared.close();
      live.close();
    },
  };
}

/**
 * Refuses a Redis that throws away what it is told. One that does not answer is no reason not to start: payments do
 * without.
 * @throws ConfigProblem
 */
export async function refuseForgetfulRedis(redis: Pick<Connector, 'look'> | null): Promise<void> {
  const look = await redis?.look();
  if (look?.found !== 'evicting') return;
  const problem = `REDIS_URL: this Redis evicts (maxmemory-policy ${look.policy}); set maxmemory-policy noeviction`;
  throw new ConfigProblem([problem]);
}

/** Waits for all, so that everything that is wrong is told at once. @throws what the only one threw, or all in one */
export async function allAtOnce<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  const results = await Promise.allSettled([one, other] as const);
  const [first, second] = results;
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value];
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  throw reasons.length === 1 ? reasons[0] : asOne(reasons);
}

function asOne(reasons: readonly unknown[]): unknown {
  const problems: string[] = [];
  for (const reason of reasons) {
    if (reason instanceof ConfigProblem) problems.push(...reason.problems);
    else if (reason instanceof StoreFailure) problems.push(reason.message);
    else return reason;
  }
  return new ConfigProblem(problems);
}
