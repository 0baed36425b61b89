/** What is done to a cluster under load. Each fault strikes, lasts, and is over when its promise resolves. */
import { pause } from '../process/requests.js';
import type { Random } from '../simulation/random.js';
import type { Cluster } from '../support/cluster.js';
import type { GuichetProcess } from '../support/guichet.js';
import type { Cut } from '../support/passage.js';
import type { ReplicaMember, ReplicaSet } from '../support/replica_set.js';

/** How long things last, from and to, milliseconds. */
export interface Lengths {
  /** People are at work before a fault, and after it. */
  readonly around: readonly [number, number];
  /** Between an end and the next start. */
  readonly away: readonly [number, number];
  /** A process stands still. */
  readonly frozen: readonly [number, number];
  readonly redisFrozen: readonly [number, number];
  /** A member stays away after another has become primary. */
  readonly deposed: readonly [number, number];
  /** How often Redis is made to forget everything. */
  readonly flushes: number;
}

export interface Stage {
  readonly cluster: Cluster;
  readonly replicaSet: ReplicaSet;
  readonly random: Random;
  readonly lengths: Lengths;
  /** Stands still for so long. */
  standStill(member: GuichetProcess, ms: number): Promise<void>;
}

/** Answers what exactly was done. */
type Fault = (stage: Stage) => Promise<string>;

export const FAULTS = {
  'web-killed': (stage) => killed(stage, stage.cluster.webs),
  'web-frozen': (stage) => frozen(stage, stage.cluster.webs),
  'worker-killed': (stage) => killed(stage, stage.cluster.workers),
  'worker-frozen': (stage) => frozen(stage, stage.cluster.workers),
  'redis-stopped': async ({ cluster: { redis }, random, lengths }) => {
    const ms = random.between(...lengths.away);
    await redis.kill();
    await pause(ms);
    await redis.start('kept');
    return `${ms} ms`;
  },
  'redis-flushed': async ({ cluster: { redis }, random, lengths }) => {
    for (let flush = 0; flush < lengths.flushes; flush += 1) {
      if (redis.ask('FLUSHALL') !== 'OK') throw new Error('Redis was not flushed');
      await pause(random.between(20, 300));
    }
    return `${lengths.flushes} times`;
  },
  'redis-restarted': async ({ cluster: { redis } }) => {
    await redis.kill();
    await redis.start('lost');
    return 'without what it had written';
  },
  'redis-frozen': async ({ cluster: { redis }, random, lengths }) => {
    const ms = random.between(...lengths.redisFrozen);
    redis.freeze();
    await pause(ms);
    redis.thaw();
    return `${ms} ms`;
  },
  'primary-killed': (stage) =>
    deposed(stage, {
      strike: (primary) => primary.kill(),
      mend: (primary) => primary.start(),
    }),
  'primary-frozen': (stage) =>
    deposed(stage, {
      strike: (primary) => primary.freeze(),
      mend: (primary) => primary.thaw(),
    }),
  'primary-partitioned': async (stage) => {
    const { replicaSet, random } = stage;
    const from = random.pick(['members', 'everybody'] as const);
    const how = random.pick<Cut>(['silence', 'silence', 'reset']);
    const lasted = await deposed(stage, {
      strike: (primary) => replicaSet.isolate(primary, from, how),
      mend: () => replicaSet.heal(),
    });
    return `from ${from}, ${how}, ${lasted}`;
  },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

async function killed({ random, lengths }: Stage, members: readonly GuichetProcess[]): Promise<string> {
  const ms = random.between(...lengths.away);
  const victim = random.pick(members);
  await victim.end('SIGKILL');
  await pause(ms);
  await victim.start();
  return `number ${members.indexOf(victim) + 1} for ${ms} ms`;
}

async function frozen(stage: Stage, members: readonly GuichetProcess[]): Promise<string> {
  const ms = stage.random.between(...stage.lengths.frozen);
  const victim = stage.random.pick(members);
  await stage.standStill(victim, ms);
  return `number ${members.indexOf(victim) + 1} for ${ms} ms`;
}

interface Deed {
  strike(primary: ReplicaMember): unknown;
  mend(primary: ReplicaMember): unknown;
}

/** Something happens to the primary, another takes its place, and later it comes back among the others. */
async function deposed({ replicaSet, random, lengths }: Stage, { strike, mend }: Deed): Promise<string> {
  const primary = await replicaSet.primary();
  const struck = Date.now();
  await strike(primary);
  try {
    await replicaSet.primary(primary);
    await pause(random.between(...lengths.deposed));
  } finally {
    await mend(primary);
  }
  const lasted = Date.now() - struck;
  await replicaSet.whole();
  return `${lasted} ms`;
}
