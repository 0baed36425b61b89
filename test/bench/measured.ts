import { type ChildProcess, fork, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createClient } from './client.js';
import type { HouseOptions, Question, Questions } from './house.js';
import { freePort, median, removeFolder, temporaryFolder } from './machine.js';

/** A house in a process of its own, seen from the bench. */
export interface Measured {
  readonly port: number;
  readonly pid: number;
  ask<Q extends Question>(question: Q, asked: Questions[Q]['asked']): Promise<Questions[Q]['answer']>;
  /** Closes it and removes its folder. */
  close(): Promise<void>;
}

const HOUSE = 'house';

/** The options of the house that this process is to be, when it was started by `startHouse`. */
export function houseOptions(): HouseOptions | null {
  return process.argv[2] === HOUSE ? (JSON.parse(process.argv[3] ?? '{}') as HouseOptions) : null;
}

export interface Start extends Pick<HouseOptions, 'acquirer' | 'settings'> {
  /** Gets a CPU profile of it when it closes. */
  readonly profileTo?: string | null;
  /** Shared with others, and left to whoever made it. */
  readonly folder?: string;
}

export async function startHouse({ profileTo = null, folder: shared, ...more }: Start): Promise<Measured> {
  const folder = shared ?? temporaryFolder();
  const port = await freePort();
  const options: HouseOptions = { ...more, folder, port };
  const execArgv = profileTo === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`];
  const child = fork(entry(), [HOUSE, JSON.stringify(options)], {
    execArgv,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  child.stdout?.pipe(createWriteStream(join(folder, `log-${port}`)));
  const ask = createAsking(child);
  await ask.ready;
  return {
    port,
    pid: child.pid ?? 0,
    ask: ask.about,
    async close() {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      await ask.about('close', null);
      await exited;
      if (shared === undefined) removeFolder(folder);
    },
  };
}

/** Questions and answers over the child's channel, by number; number 0 says that it is ready. */
function createAsking(child: ChildProcess) {
  const open = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  const ready = new Promise<void>((resolve, reject) => open.set(0, { resolve, reject }));
  let last = 0;
  child.on('message', ({ id, answer, error }: { id: number; answer: never; error?: string }) => {
    const asked = open.get(id);
    open.delete(id);
    if (error === undefined) asked?.resolve(answer);
    else asked?.reject(new Error(error));
  });
  child.on('exit', (code) => {
    for (const { reject } of open.values()) reject(new Error(`the house ended by itself with ${code}`));
  });
  return {
    ready,
    about<Q extends Question>(question: Q, asked: Questions[Q]['asked']): Promise<Questions[Q]['answer']> {
      last += 1;
      const id = last;
      return new Promise((resolve, reject) => {
        open.set(id, { resolve, reject });
        child.send({ id, question, with: asked });
      });
    },
  };
}

const LOOK_EVERY_MS = 2;
const START_MAX_MS = 30_000;

/** Milliseconds from spawning `npm start`'s process to its first 200 on /healthz, in a new folder and in one that is there. */
export async function coldStarts(times: number): Promise<{ first: number; again: number }> {
  const first: number[] = [];
  const again: number[] = [];
  for (let round = 0; round < times; round++) {
    const folder = temporaryFolder();
    first.push(await coldStart(folder));
    again.push(await coldStart(folder));
    removeFolder(folder);
  }
  return { first: median(first), again: median(again) };
}

async function coldStart(folder: string): Promise<number> {
  const port = await freePort();
  const main = join(import.meta.dirname, '../../src/main.js');
  const env = { PATH: process.env['PATH'], DATA_DIR: folder, PORT: String(port) };
  const begun = performance.now();
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  try {
    await untilHealthy(port, begun + START_MAX_MS);
    return performance.now() - begun;
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
}

async function untilHealthy(port: number, giveUpAt: number): Promise<void> {
  const client = createClient(port, 1);
  try {
    while (performance.now() < giveUpAt) {
      const answer = await client.send({ method: 'GET', path: '/healthz' }).catch(() => null);
      if (answer?.status === 200) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    throw new Error('the house did not start');
  } finally {
    client.close();
  }
}

function entry(): string {
  return join(import.meta.dirname, 'main.js');
}
