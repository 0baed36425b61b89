/** Several real processes on one database, one Redis and one acquirer. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type GuichetProcess, guichetProcess, type OutsideSandbox, outsideSandbox } from './guichet.js';
import { type Mongo, startMongo } from './mongod.js';
import { type RedisProcess, redisProcess } from './redis.js';

export interface Cluster {
  readonly redis: RedisProcess;
  readonly sandbox: OutsideSandbox;
  readonly mongo: Mongo;
  readonly databaseUrl: string;
  /** Where processes of one machine find the keys they make, and write what they write by themselves. */
  readonly dataDir: string;
  readonly webs: readonly GuichetProcess[];
  readonly workers: readonly GuichetProcess[];
  /** One more process, not started yet; it ends with the others. */
  another(role: 'web' | 'worker' | 'all', change?: Readonly<Record<string, string>>): Promise<GuichetProcess>;
  close(): Promise<void>;
}

export interface ClusterOptions {
  readonly redisServer: string;
  readonly webs: number;
  readonly workers: number;
  readonly redisSettings?: readonly string[];
  /** Of every process. */
  readonly settings?: Readonly<Record<string, string>>;
  /** How long the acquirer takes over its slow cards. */
  readonly slowMs?: number;
  /** Instead of a replica set of one; ended with the cluster. */
  readonly mongo?: Mongo;
  /** Instead of an acquirer in the test's own process; ended with the cluster. */
  readonly sandbox?: OutsideSandbox;
}

/**
 * Starts MongoDB, Redis, the acquirer and all processes; resolves when everybody listens. `dist/` must be fresh: tests call
 * `prepare()` of scripts/prepare.mjs before.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-cluster-'));
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  /** What has been started, the last one first. */
  const ends: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0)) await end();
  };
  try {
    const mongo = options.mongo ?? (await startMongo());
    ends.unshift(mongo.stop);
    const sandbox = options.sandbox ?? (await outsideSandbox(slowness(options)));
    ends.unshift(sandbox.close);
    const redis = await redisProcess(options.redisServer, options.redisSettings);
    ends.unshift(redis.close);
    await redis.start();
    const databaseUrl = mongo.database();
    const common = { SANDBOX_URL: sandbox.setting, REDIS_URL: redis.url, MONGODB_URL: databaseUrl };
    const { webs, workers, another } = await membersOf(options, { dataDir, common, ends });
    ends.unshift(() => Promise.all([...webs, ...workers].map((member) => member.close())).then(() => undefined));
    await Promise.all([...workers, ...webs].map((member) => member.start()));
    return { redis, mongo, databaseUrl, sandbox, dataDir, webs, workers, another, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const slowness = ({ slowMs }: ClusterOptions) => (slowMs === undefined ? {} : { slowMs });

async function membersOf(
  { webs, workers, settings }: ClusterOptions,
  house: {
    readonly dataDir: string;
    readonly common: Readonly<Record<string, string>>;
    readonly ends: (() => Promise<void>)[];
  },
): Promise<Pick<Cluster, 'webs' | 'workers' | 'another'>> {
  const { dataDir, common, ends } = house;
  // One address for all: the issuer comes back to whoever stands there.
  const port = await freePort();
  const shared = { PUBLIC_URL: `http://127.0.0.1:${port}`, ...common, ...settings };
  const some = (role: string, count: number): Promise<GuichetProcess[]> => {
    const member = (_: unknown, index: number): Promise<GuichetProcess> =>
      guichetProcess({ dataDir, settings: { ...shared, ROLE: role }, ...(role === 'web' && index === 0 && { port }) });
    return Promise.all(Array.from({ length: count }, member));
  };
  const another: Cluster['another'] = async (role, change) => {
    const member = await guichetProcess({ dataDir, settings: { ...shared, ROLE: role, ...change } });
    ends.unshift(member.close);
    return member;
  };
  return { webs: await some('web', webs), workers: await some('worker', workers), another };
}
