import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createSandboxAcquirer } from '../../../src/acquirers/sandbox/connector.js';
import { type SharedSandbox, sharedSandbox } from '../../../src/lab/acquirer/shared.js';
import { authorizeCallOf, portOf } from '../../contract/acquirer.js';
import { cardOf, handClock, quietLog, randomIds, wallClock } from './support.js';

/** One sandbox for all processes of a data folder, with real processes that are really killed. */

const project = join(import.meta.dirname, '../../..');
let built: string;
let folder: string;
let children: Child[];

interface Said {
  readonly url: string;
  readonly own: boolean;
  readonly credential: string;
}

interface Child {
  readonly process: ChildProcess;
  /** Resolves with the first (or latest) thing said that fits. */
  said(fits?: (said: Said) => boolean): Promise<Said>;
  kill(): Promise<void>;
}

/** A process of its own that shares a sandbox: says where it is, and when it becomes the one who runs it. */
const CHILD = `
import { sharedSandbox } from './src/lab/acquirer/shared.js';
import { quietLog as log, randomIds as ids, wallClock } from './test/lab/acquirer/support.js';
const shared = await sharedSandbox({ dataFolder: process.argv[2], clock: wallClock(), ids, log });
let told = '';
const tell = () => {
  const line = JSON.stringify({ url: shared.url(), own: shared.isOwn(), credential: shared.credential });
  if (line !== told) process.stdout.write(line + '\\n');
  told = line;
};
tell();
setInterval(tell, 10);
`;

beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'guichet-built-'));
  const configuration = {
    extends: join(project, 'tsconfig.json'),
    compilerOptions: { rootDir: project, outDir: built, incremental: false, noCheck: true, types: [] },
    files: [join(project, 'src/lab/acquirer/shared.ts'), join(project, 'test/lab/acquirer/support.ts')],
    include: [],
  };
  await writeFile(join(built, 'tsconfig.json'), JSON.stringify(configuration));
  await cp(join(project, 'package.json'), join(built, 'package.json'));
  await symlink(join(project, 'node_modules'), join(built, 'node_modules'));
  await writeFile(join(built, 'child.js'), CHILD);
  const compiler = join(project, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', join(built, 'tsconfig.json')], { stdio: 'pipe' });
}, 60_000);
afterAll(() => rm(built, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guichet-shared-'));
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map((child) => child.kill()));
  await rm(folder, { recursive: true, force: true });
});

function start(): Child {
  const entry = join(built, 'child.js');
  const process_ = spawn(process.execPath, [entry, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let latest: Said | null = null;
  let watchers: (() => void)[] = [];
  createInterface({ input: process_.stdout }).on('line', (line) => {
    latest = JSON.parse(line) as Said;
    for (const watcher of watchers) watcher();
  });
  const child: Child = {
    process: process_,
    said: (fits = () => true) =>
      new Promise((resolve) => {
        const look = () => {
          if (latest === null || !fits(latest)) return;
          watchers = watchers.filter((watcher) => watcher !== look);
          resolve(latest);
        };
        watchers.push(look);
        look();
      }),
    kill: () =>
      new Promise((resolve) => {
        if (process_.exitCode !== null || process_.signalCode !== null) return resolve();
        process_.once('exit', () => resolve());
        process_.kill('SIGKILL');
      }),
  };
  children.push(child);
  return child;
}

function acquirerOf({ url, credential }: Said) {
  return createSandboxAcquirer({ url: () => url, credential, clock: wallClock(), log: quietLog });
}

it('is started by one of two processes, and taken over at the same address when that one is killed', async () => {
  const [one, other] = [start(), start()];
  const [first, second] = await Promise.all([one.said(), other.said()]);
  expect(second.url).toBe(first.url);
  expect(second.credential).toBe(first.credential);
  expect([first.own, second.own].toSorted()).toEqual([false, true]);

  const acquirer = acquirerOf(first);
  const call = authorizeCallOf(Date.now(), cardOf('4242424242424242'), { capture: true });
  const approval = await acquirer.authorize(call);
  expect(approval.outcome).toBe('approved');

  const [winner, loser] = first.own ? [one, other] : [other, one];
  await winner.kill();
  const heir = await loser.said(({ own }) => own);
  expect(heir.url).toBe(first.url);
  expect(await acquirer.inquire({ ...call, deadline: Date.now() + 3_000 })).toEqual(approval);
  expect(await acquirer.authorize({ ...call, deadline: Date.now() + 3_000 })).toEqual(approval);
  acquirer.close();
});

it('keeps everything it has acknowledged when it is killed in the middle of work', async () => {
  const first = start();
  const said = await first.said();
  const acquirer = acquirerOf(said);
  const calls = Array.from({ length: 60 }, () =>
    authorizeCallOf(Date.now(), cardOf('4242424242424242'), { payment: 'pay_killed', capture: true }),
  );
  let answered = 0;
  const outcomes = await Promise.all(
    calls.map(async (call) => {
      const outcome = await acquirer.authorize(call);
      answered += 1;
      if (answered === 10) first.process.kill('SIGKILL');
      return outcome;
    }),
  );
  await first.kill();
  const second = start();
  const again = acquirerOf(await second.said());
  for (const [index, call] of calls.entries()) {
    const now = await again.inquire({ ...call, deadline: Date.now() + 3_000 });
    const then = outcomes[index];
    if (then?.outcome === 'approved') expect(now).toEqual(then);
    else expect(['approved', 'not_found']).toContain(now.outcome);
  }
  expect(outcomes.filter(({ outcome }) => outcome === 'approved').length).toBeGreaterThanOrEqual(10);
  acquirer.close();
  again.close();
});

async function share(clock = handClock()): Promise<SharedSandbox> {
  return sharedSandbox({ dataFolder: folder, clock, ids: randomIds, log: quietLog });
}

it('uses the port of its folder again', async () => {
  const first = await share();
  const url = first.url();
  await first.close();
  const second = await share();
  expect([second.url(), second.isOwn(), second.credential]).toEqual([url, true, first.credential]);
  await second.close();
});

it('takes an address that cannot be read for none', async () => {
  await writeFile(join(folder, 'sandbox.json'), '{"port": 1');
  const shared = await share();
  expect((await fetch(`${shared.url()}/health`)).status).toBe(200);
  await shared.close();
});

it('moves when a stranger sits on its port, and does not tell it the secret', async () => {
  const heard: string[] = [];
  const stranger = createServer((request, response) => {
    heard.push(JSON.stringify([request.url, request.headers]));
    response.end('{"status":"alive"}');
  });
  const port = await new Promise<number>((resolve) => {
    stranger.listen(0, '127.0.0.1', () => resolve(portOf(stranger.address())));
  });
  const credential = 'the-secret-of-the-folder';
  await writeFile(join(folder, 'sandbox.json'), JSON.stringify({ port, credential }));
  const clock = handClock();
  const poll = async () => {
    for (let index = 0; index < 19; index += 1) {
      await clock.waitedFor(clock.now() + 250);
      clock.advance(250);
    }
  };
  const [shared] = await Promise.all([share(clock), poll()]);
  expect(shared.isOwn()).toBe(true);
  expect(shared.url()).not.toContain(String(port));
  expect(shared.credential).toBe(credential);
  expect(heard.length).toBeGreaterThan(10);
  expect(heard.join()).not.toContain(credential);
  await shared.close();
  stranger.closeAllConnections();
  await new Promise((resolve) => stranger.close(resolve));
});
