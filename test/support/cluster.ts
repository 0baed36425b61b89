/** Several real processes on one database, one Redis and one acquirer. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from '../../scripts/prepare.mjs';
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
}

/** Starts MongoDB, Redis, the acquirer and all processes; resolves when everybody listens. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  prepare();
  const dataDir = join(mkdtempSync(join(tmpdir(), 'guichet-cluster-')), 'data');
  mkdirSync(dataDir);
  const mongo = await startMongo();
  const databaseUrl = mongo.database();
  const redis = await redisProcess(options.redisServer, options.redisSettings);
  await redis.start();
  const sandbox = await outsideSandbox(options.slowMs === undefined ? {} : { slowMs: options.slowMs });
  // One address for all: the issuer comes back to whoever stands there.
  const port = await freePort();
  const common = {
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    SANDBOX_URL: sandbox.setting,
    REDIS_URL: redis.url,
    MONGODB_URL: databaseUrl,
    ...options.settings,
  };
  const others: GuichetProcess[] = [];
  const some = (role: string, count: number): Promise<GuichetProcess[]> => {
    const settings = { ...common, ROLE: role };
    const member = (_: unknown, index: number): Promise<GuichetProcess> =>
      guichetProcess({ dataDir, settings, ...(role === 'web' && index === 0 && { port }) });
    return Promise.all(Array.from({ length: count }, member));
  };
  const webs = await some('web', options.webs);
  const workers = await some('worker', options.workers);
  const cluster: Cluster = {
    redis,
    mongo,
    databaseUrl,
    sandbox,
    dataDir,
    webs,
    workers,
    async another(role, change) {
      const member = await guichetProcess({ dataDir, settings: { ...common, ROLE: role, ...change } });
      others.push(member);
      return member;
    },
    async close() {
      await Promise.all([...webs, ...workers, ...others].map((member) => member.close()));
      await redis.close();
      await sandbox.close();
      await mongo.stop();
      rmSync(join(dataDir, '..'), { recursive: true, force: true });
    },
  };
  // Whoever has no cluster cannot close it: what did start must not outlive what did not.
  await Promise.all([...workers, ...webs].map((member) => member.start())).catch(async (error: unknown) => {
    await cluster.close();
    throw error;
  });
  return cluster;
}
