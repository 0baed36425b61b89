import { type ChildProcess, spawn } from 'node:child_process';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import { startMongo } from '../support/mongod.js';
import { redisProcess } from '../support/redis.js';
import { findRedis } from '../support/servers.mjs';
import { type Client, createClient, inTurns } from './client.js';
import { closedLoop, type Figures, type Unit } from './load.js';
import { cpuMsOf, freePort, machineCpuMs, removeFolder, temporaryFolder } from './machine.js';
import { type Measured, startHouse } from './measured.js';
import type { Options } from './options.js';
import { SCENARIOS, type Scenario } from './scenarios.js';
import { row } from './table.js';

/**
 * `npm run bench -- --cluster`: the same payments as the embedded bench, taken by several processes on a real mongod (a
 * replica set of one, majority and journal), a real redis-server and the sandbox acquirer, all on the same cores as the load.
 */

/** As in docker-compose.yml. */
const MONGOD_ARGS = ['--wiredTigerCacheSizeGB', '1'];
const REDIS_SETTINGS = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'];

/** How processes are divided: a house that does everything in each, or those who meet people and those who send. */
const CREWS: readonly (readonly string[])[] = [
  ['all'],
  ['all', 'all'],
  ['all', 'all', 'all', 'all'],
  ['web', 'worker'],
  ['web', 'web', 'worker', 'worker'],
];
const QUICK_CREWS = CREWS.slice(0, 2);
const CALLERS = [1, 8, 32, 128];
const QUICK_CALLERS = [32];
/** What the scaling is told of. */
const COMPARED_CALLERS = 32;
const WARM_CALLERS = 32;
/** Payments that a process takes in a second of warming up. */
const WARM_PER_SECOND = 250;
const WARM_MS_MAX = 30_000;
const CONNECTIONS_MAX = 500;
const CELL = 9;
const START_MS_MAX = 60_000;

/** What stands around the measured processes, and what each has used so far. */
interface Neighbours {
  readonly settings: Readonly<Record<string, string>>;
  readonly folder: string;
  cpu(): { readonly mongod: number; readonly redis: number; readonly acquirer: number };
  /** What mongod was told to do so far, by command. */
  commands(): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
}

export async function measureCluster(options: Options): Promise<void> {
  // Whoever is asked to end takes along what it has started.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  for (const part of options.parts) {
    if (part === 'a' || part === 'b' || part === 'c') await measure(SCENARIOS[part], options);
  }
}

const HEADINGS = [
  'per s',
  'p50 ms',
  'p99 ms',
  'Guichet',
  'mongod',
  'Redis',
  'acquirer',
  'load',
  'all',
  'commits',
  'commands',
];

async function measure(scenario: Scenario, options: Options): Promise<void> {
  console.log(scenario.title);
  console.log('  CPU in ms per payment, by process; others: cores that were busy with something else meanwhile');
  row(['', ...HEADINGS, 'failed', 'others', 'load avg'], CELL);
  const compared: { readonly name: string; readonly perSecond: number }[] = [];
  for (const crew of crewsOf(options)) {
    const name = nameOf(crew);
    const perSecond = await measureCrew(name, crew, scenario, options);
    if (perSecond !== null) compared.push({ name, perSecond });
  }
  const [first] = compared;
  if (first === undefined) return;
  const ratios = compared.map(({ name, perSecond }) => `${name} ${(perSecond / first.perSecond).toFixed(2)}`);
  console.log(`  throughput at ${COMPARED_CALLERS} callers, relative to ${first.name}: ${ratios.join(', ')}\n`);
}

function crewsOf({ processes, isQuick }: Options): readonly (readonly string[])[] {
  if (processes !== null) return processes.map((count) => Array.from({ length: count }, () => 'all'));
  return isQuick ? QUICK_CREWS : CREWS;
}

/** Measures every number of callers; answers the throughput that crews are compared by. */
async function measureCrew(
  name: string,
  crew: readonly string[],
  { acquirer, unit }: Scenario,
  { seconds, warmSeconds, isQuick, callers, profileTo }: Options,
): Promise<number | null> {
  const neighbours = await startNeighbours();
  const houses: Measured[] = [];
  let client: Client | null = null;
  let compared: number | null = null;
  try {
    for (const role of crew) {
      const { folder } = neighbours;
      const settings = { ...neighbours.settings, ROLE: role };
      houses.push(await startHouse({ acquirer, settings, folder, profileTo }));
    }
    const doors = houses.filter((_, index) => crew[index] !== 'worker');
    client = inTurns(doors.map(({ port }) => createClient(port, CONNECTIONS_MAX)));
    const work = unit(client);
    await warmUp(crew.length, warmSeconds, work);
    for (const number of callers ?? (isQuick ? QUICK_CALLERS : CALLERS)) {
      const { perSecond } = await observe(`${name}, ${number} callers`, houses, neighbours, () =>
        closedLoop(number, seconds, work),
      );
      if (number === COMPARED_CALLERS) compared = perSecond;
    }
  } finally {
    client?.close();
    await Promise.all(houses.map((house) => house.close()));
    await neighbours.close();
  }
  return compared;
}

/** Code that is new to a process costs three times as much: each must have taken its payments before it is measured. */
async function warmUp(processes: number, seconds: number, work: Unit): Promise<void> {
  const giveUpAt = performance.now() + WARM_MS_MAX;
  for (let taken = 0; taken < processes * seconds * WARM_PER_SECOND && performance.now() < giveUpAt; ) {
    taken += (await closedLoop(WARM_CALLERS, 1, work)).done;
  }
}

async function observe(
  name: string,
  houses: readonly Measured[],
  neighbours: Neighbours,
  load: () => Promise<Figures>,
): Promise<Figures> {
  const before = await spent(houses, neighbours);
  const begun = performance.now();
  const figures = await load();
  const elapsed = performance.now() - begun;
  const after = await spent(houses, neighbours);
  const { done, failed, perSecond, p50Ms, p99Ms } = figures;
  const told = [...after.commands].map(([what, total]) => [what, total - (before.commands.get(what) ?? 0)] as const);
  const commands = told.reduce((total, [, count]) => total + count, 0);
  const used = (who: Exclude<keyof typeof before, 'commands'>): number => after[who] - before[who];
  const each = (total: number): string => (done === 0 ? '-' : (total / done).toFixed(2));
  if (failed > 0) process.exitCode = 1;
  const parts = ['guichet', 'mongod', 'redis', 'acquirer', 'load'] as const;
  const ours = parts.reduce((total, who) => total + used(who), 0);
  row(
    [
      name,
      perSecond.toFixed(0),
      p50Ms.toFixed(1),
      p99Ms.toFixed(0),
      ...parts.map((who) => each(used(who))),
      each(ours),
      after.commitsPerPayment.toFixed(2),
      each(commands),
      String(failed),
      Math.max(0, (used('machine') - ours) / elapsed).toFixed(2),
      (loadavg()[0] ?? Number.NaN).toFixed(1),
    ],
    CELL,
  );
  console.log(
    `      ${told.flatMap(([what, count]) => (count > done / 20 ? [`${what} ${each(count)}`] : [])).join(', ')}`,
  );
  return figures;
}

/** CPU so far, in milliseconds. */
async function spent(houses: readonly Measured[], neighbours: Neighbours) {
  const samples = await Promise.all(houses.map((house) => house.ask('sample', null)));
  const { user, system } = process.cpuUsage();
  return {
    guichet: samples.reduce((total, { cpuMs }) => total + cpuMs, 0),
    ...neighbours.cpu(),
    load: (user + system) / 1_000,
    machine: machineCpuMs(),
    commands: await neighbours.commands(),
    commitsPerPayment: samples[0]?.commitsPerPayment ?? Number.NaN,
  };
}

function nameOf(crew: readonly string[]): string {
  const count = (role: string): number => crew.filter((one) => one === role).length;
  return count('all') > 0 ? `${crew.length} of all` : `${count('web')} web + ${count('worker')} worker`;
}

async function startNeighbours(): Promise<Neighbours> {
  const redisServer = findRedis();
  if (redisServer === null) throw new Error('no redis-server: node test/support/servers.mjs says what is missing');
  const mongo = await startMongo(1, MONGOD_ARGS);
  const redis = await redisProcess(redisServer, REDIS_SETTINGS);
  await redis.start();
  const folder = temporaryFolder();
  const acquirer = await startAcquirer();
  const mongod = mongo.members[0]?.pid ?? 0;
  const looking = await mongoose.createConnection(mongo.database()).asPromise();
  return {
    folder,
    settings: {
      MONGODB_URL: mongo.database(),
      REDIS_URL: redis.url,
      SANDBOX_URL: acquirer.setting,
      // Where a balancer would stand; the load knows the processes by themselves.
      PUBLIC_URL: `http://127.0.0.1:${await freePort()}`,
    },
    cpu: () => ({ mongod: cpuMsOf(mongod), redis: cpuOfRedis(redis.ask('INFO', 'cpu')), acquirer: acquirer.cpu() }),
    commands: () => commandsOf(looking),
    async close() {
      await acquirer.close();
      await redis.close();
      await looking.close();
      await mongo.stop();
      removeFolder(folder);
    },
  };
}

const COMMANDS = ['find', 'insert', 'update', 'delete', 'findAndModify', 'getMore', 'aggregate', 'bulkWrite'];

async function commandsOf(looking: Connection): Promise<ReadonlyMap<string, number>> {
  const status = await looking.getClient().db('admin').command({ serverStatus: 1, metrics: 1 });
  const counted = (status['metrics'] as { commands: Record<string, { total: number | bigint } | undefined> }).commands;
  return new Map(COMMANDS.map((name) => [name, Number(counted[name]?.total ?? 0)]));
}

/** What Redis says of itself, in milliseconds. */
function cpuOfRedis(info: string): number {
  const seconds = (name: string): number => Number(new RegExp(`^used_cpu_${name}:([\\d.]+)`, 'm').exec(info)?.[1]);
  return (seconds('user') + seconds('sys')) * 1_000;
}

/** The sandbox as the cluster has it: a server of its own with its own durable ledger. */
async function startAcquirer() {
  const folder = temporaryFolder();
  const port = await freePort();
  const setting = `http://sandbox:bench@127.0.0.1:${port}`;
  const env = { PATH: process.env['PATH'], DATA_DIR: folder, PORT: String(port), SANDBOX_URL: setting };
  const entry = join(import.meta.dirname, '../../src/lab/sandbox.js');
  const child = spawn(process.execPath, [entry], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const onExit = (): void => void child.kill('SIGKILL');
  process.once('exit', onExit);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  await listens(child);
  return {
    setting,
    cpu: () => cpuMsOf(child.pid ?? 0),
    async close() {
      child.kill('SIGTERM');
      await exited;
      process.off('exit', onExit);
      removeFolder(folder);
    },
  };
}

/** Resolves with the first word of a child, which says that it listens. */
function listens(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the acquirer does not listen')), START_MS_MAX);
    child.stdout?.once('data', () => {
      clearTimeout(timer);
      resolve();
    });
    child.once('exit', () => reject(new Error('the acquirer ended by itself')));
  });
}
