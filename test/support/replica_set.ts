/** Three real members of a MongoDB replica set, each to be killed, frozen, or cut off from the others. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { freePort } from './guichet.js';
import type { Mongo } from './mongod.js';
import { type Cut, openPassage, type Passage } from './passage.js';
import { diallersOf } from './socket_owner.js';

export interface ReplicaMember {
  readonly port: number;
  /** Of the process that lives now; 0 between two lives. */
  readonly pid: number;
  start(): void;
  /** Resolves when it has ended. */
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
}

export interface ReplicaSet extends Mongo {
  readonly members: readonly ReplicaMember[];
  /** The one that a majority follows, once there is one that is none of `not`. */
  primary(...not: readonly ReplicaMember[]): Promise<ReplicaMember>;
  /** Lets nothing through between it and the other members; and between it and everybody else, if `from` says so. */
  isolate(member: ReplicaMember, from: 'members' | 'everybody', how: Cut): void;
  /** Lets everything through again. */
  heal(): void;
  /** Resolves when there is one primary and all others follow it. */
  whole(): Promise<void>;
}

const MEMBERS = 3;
const NAME = 'chaos';
/** How long the others wait for a silent primary. */
const ELECTION_MS = 3_000;
const PATIENCE_MS = 90_000;
const ANSWER_MS = 2_000;
const LOOK_AGAIN_MS = 200;

const living = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/**
 * Starts them on WiredTiger in a folder of their own. What each one tells the others and the world as its address is that of
 * a passage before it, so that all traffic can be cut by who has dialled whom (which takes Linux to tell).
 */
export async function startReplicaSet(mongod: string): Promise<ReplicaSet> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-replica-set-'));
  const members = await Promise.all(Array.from({ length: MEMBERS }, (_, index) => member(mongod, folder, index)));
  const pids = (): number[] => members.map(({ pid }) => pid);
  const passages = await Promise.all(
    members.map(async ({ port }) => openPassage(await freePort(), port, (sockets) => diallersOf(sockets, pids()))),
  );
  const set = assemble(members, passages, folder);
  try {
    for (const one of members) one.start();
    await initiate(members, passages);
    await set.whole();
    return set;
  } catch (error) {
    await set.stop();
    throw error;
  }
}

function assemble(members: readonly ReplicaMember[], passages: readonly Passage[], folder: string): ReplicaSet {
  const hosts = passages.map(({ port }) => `127.0.0.1:${port}`).join(',');
  return {
    members,
    database: (name = 'chaos') => `mongodb://${hosts}/${name}?replicaSet=${NAME}`,
    primary: (...not) =>
      patiently('a primary', async () => {
        const asked = members.filter((one) => !not.includes(one));
        const states = await Promise.all(asked.map(stateOf));
        return asked.find((_, index) => states[index]?.isPrimary) ?? null;
      }),
    isolate(isolated, from, how) {
      for (const [index, passage] of passages.entries()) {
        if (members[index] !== isolated) passage.cut((pid) => pid === isolated.pid, how);
        else passage.cut((pid) => pid !== isolated.pid && (from === 'everybody' || pid !== null), how);
      }
    },
    heal() {
      for (const passage of passages) passage.heal();
    },
    async whole() {
      await patiently('a whole replica set', async () => {
        const states = await Promise.all(members.map(stateOf));
        const primaries = states.filter((state) => state?.isPrimary);
        const followers = states.filter((state) => state?.isSecondary && state.follows === primaries[0]?.follows);
        return primaries.length === 1 && followers.length === MEMBERS - 1 ? true : null;
      });
    },
    async stop() {
      for (const one of members) one.thaw();
      await Promise.all(members.map((one) => one.kill()));
      await Promise.all(passages.map((passage) => passage.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function member(mongod: string, folder: string, index: number): Promise<ReplicaMember> {
  const data = join(folder, String(index));
  mkdirSync(data);
  const port = await freePort();
  let child: ChildProcess | null = null;
  let ended: Promise<unknown> = Promise.resolve();
  return {
    port,
    get pid() {
      return child?.pid ?? 0;
    },
    start() {
      const place = ['--dbpath', data, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'];
      const size = ['--wiredTigerCacheSizeGB', '0.25', '--oplogSize', '256', '--replSet', NAME, '--quiet'];
      const life = spawn(mongod, [...place, ...size, '--logpath', `${data}.log`], { stdio: 'ignore' });
      child = life;
      living.add(life);
      ended = new Promise((resolve) => {
        life.on('close', () => {
          living.delete(life);
          child = null;
          resolve(null);
        });
      });
    },
    async kill() {
      child?.kill('SIGKILL');
      await ended;
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
  };
}

interface State {
  readonly isPrimary: boolean;
  readonly isSecondary: boolean;
  /** Who is primary, as it sees it. */
  readonly follows: string | undefined;
}

/** Null when it does not answer. */
async function stateOf({ port, pid }: ReplicaMember): Promise<State | null> {
  if (pid === 0) return null;
  const { isWritablePrimary, secondary, primary } = (await command(port, { hello: 1 }).catch(() => ({}))) as {
    isWritablePrimary?: boolean;
    secondary?: boolean;
    primary?: string;
  };
  if (isWritablePrimary === undefined) return null;
  return { isPrimary: isWritablePrimary, isSecondary: secondary === true, follows: primary };
}

async function command(port: number, asked: Record<string, unknown>): Promise<unknown> {
  const options = { serverSelectionTimeoutMS: ANSWER_MS, connectTimeoutMS: ANSWER_MS, socketTimeoutMS: ANSWER_MS };
  const client = new mongoose.mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, options);
  try {
    return await client.db('admin').command(asked);
  } finally {
    await client.close();
  }
}

async function initiate([first]: readonly ReplicaMember[], passages: readonly Passage[]): Promise<void> {
  const members = passages.map(({ port }, index) => ({ _id: index, host: `127.0.0.1:${port}` }));
  const config = { _id: NAME, members, settings: { electionTimeoutMillis: ELECTION_MS } };
  let problem: unknown = null;
  await patiently('the first member', async () => {
    try {
      if (first !== undefined) await command(first.port, { replSetInitiate: config });
      return true;
    } catch (error) {
      if ((error as { codeName?: string }).codeName === 'AlreadyInitialized') return true;
      problem = error;
      return null;
    }
  }).catch((error: unknown) => {
    throw new Error(String(error), { cause: problem });
  });
}

async function patiently<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (Date.now() < giveUpAt) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  throw new Error(`${what} did not come`);
}
