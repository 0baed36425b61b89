import { type MongoMemoryReplSet, MongoMemoryReplSet as ReplicaSet } from 'mongodb-memory-server-core';
import { findMongod } from './servers.mjs';

/** A replica set of a test's own, or the one at MONGODB_URL; every test takes databases of its own in it. */
export interface Mongo {
  /** The URL of a database that nobody else uses. */
  database(name?: string): string;
  /** The members by port; none for a server that is not ours. */
  readonly members: readonly Member[];
  /** Ends what was started. */
  stop(): Promise<void>;
}

// Any mongod that is new enough will do; which one is for the store to judge.
process.env['MONGOMS_SYSTEM_BINARY_VERSION_CHECK'] = 'false';

export interface Member {
  readonly port: number;
  readonly pid: number;
}

/** How long the others wait for a silent primary: shorter than usual, so that tests need not. */
const ELECTION_MS = 3_000;
const CACHE = '--wiredTigerCacheSizeGB';

let databases = 0;

/** Where a MongoDB can be had from: an address, or a binary to start. */
export function mongoSource(): string | null {
  return process.env['MONGODB_URL'] ?? findMongod();
}

/** Starts `members` servers on free ports, on WiredTiger, in folders of their own that end with them; `args` for `mongod`. */
export async function startMongo(members: 1 | 3 = 1, args: readonly string[] = []): Promise<Mongo> {
  const given = process.env['MONGODB_URL'];
  if (given !== undefined && members === 1)
    return { database: (name) => named(given, name), members: [], stop: async () => undefined };
  const systemBinary = findMongod();
  if (systemBinary === null) throw new Error('no mongod: node test/support/servers.mjs');
  const set = await ReplicaSet.create({
    binary: { systemBinary, checkMD5: false },
    replSet: {
      count: members,
      storageEngine: 'wiredTiger',
      args: [...(args.includes(CACHE) ? [] : [CACHE, '0.25']), ...args],
      configSettings: { electionTimeoutMillis: ELECTION_MS },
    },
    instanceOpts: [{ launchTimeout: 60_000 }],
  });
  return {
    database: (name) => named(set.getUri(), name),
    members: membersOf(set),
    async stop() {
      for (const { instanceInfo } of set.servers) thaw(instanceInfo?.instance.mongodProcess?.pid);
      await set.stop({ doCleanup: true, force: true });
    },
  };
}

function named(uri: string, name = `test_${process.pid}_${Date.now().toString(36)}_${++databases}`): string {
  const url = /^(mongodb(?:\+srv)?:\/\/[^/]+)\/?[^?]*(\?.*)?$/.exec(uri);
  if (url === null) throw new Error('MONGODB_URL is malformed');
  return `${url[1]}/${name}${url[2] ?? ''}`;
}

function membersOf(set: MongoMemoryReplSet): Member[] {
  return set.servers.flatMap(({ instanceInfo }) => {
    const pid = instanceInfo?.instance.mongodProcess?.pid;
    return instanceInfo === undefined || pid === undefined ? [] : [{ port: instanceInfo.port, pid }];
  });
}

/** A server that a test has frozen could not be ended. */
function thaw(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It has ended already.
  }
}
