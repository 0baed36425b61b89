/** Processes of a cluster that are replaced while the others go on: each of the build and with the settings it is told. */
import { type Cluster, startCluster } from '../support/cluster.js';
import { freePort, type GuichetProcess, guichetProcess } from '../support/guichet.js';
import { type Front, openFront } from './front.js';

export interface Release {
  /** The root of its build; this checkout if not given. */
  readonly root?: string;
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Berth {
  readonly role: 'web' | 'worker' | 'all';
  readonly url: string;
  /** Of the process that lies there now. */
  output(): string;
  /** Ends what lies there as an operator does, and puts a process of that release in its place. */
  moor(release: Release): Promise<void>;
  /** Ends what lies there at once, whatever it is about. */
  sink(): Promise<void>;
}

export interface Fleet {
  readonly cluster: Cluster;
  readonly front: Front;
  readonly webs: readonly Berth[];
  readonly workers: readonly Berth[];
  /** One more place, empty; requests come to it as to the others. */
  berth(role: Berth['role']): Promise<Berth>;
  close(): Promise<void>;
}

/** Starts the servers and the front; no process of ours yet. */
export async function openFleet(redisServer: string, webs: number, workers: number): Promise<Fleet> {
  const port = await freePort();
  const PUBLIC_URL = `http://127.0.0.1:${port}`;
  const cluster = await startCluster({ redisServer, webs: 0, workers: 0 });
  const { sandbox, redis, databaseUrl, dataDir } = cluster;
  const common = {
    PUBLIC_URL,
    SANDBOX_URL: sandbox.setting,
    REDIS_URL: redis.url,
    MONGODB_URL: databaseUrl,
    LOG_LEVEL: 'warn',
  };
  const berths: Berth[] = [];
  const front = await openFront(port, () => berths.filter(({ role }) => role !== 'worker').map(({ url }) => url));

  async function berth(role: Berth['role']): Promise<Berth> {
    const own = await freePort();
    let there: GuichetProcess | null = null;
    const made: Berth = {
      role,
      url: `http://127.0.0.1:${own}`,
      output: () => there?.output() ?? '',
      async moor({ root, settings }) {
        await there?.end('SIGTERM');
        const options = { dataDir, port: own, settings: { ...common, ROLE: role, ...settings } };
        there = await guichetProcess(root === undefined ? options : { ...options, root });
        await there.start();
      },
      async sink() {
        await there?.close();
      },
    };
    berths.push(made);
    return made;
  }

  const some = (role: Berth['role'], count: number) => Promise.all(Array.from({ length: count }, () => berth(role)));
  return {
    cluster,
    front,
    webs: await some('web', webs),
    workers: await some('worker', workers),
    berth,
    async close() {
      await Promise.all(berths.map((one) => one.sink()));
      await front.close();
      await cluster.close();
    },
  };
}

/** One after the other, as long as it takes each to be there. */
export async function moorInTurn(berths: readonly Berth[], release: Release): Promise<void> {
  for (const berth of berths) await berth.moor(release);
}
