/** The real program as a process of its own, for tests that end it in every way a process can end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/clock.js';
import { createIds } from '../../src/ids.js';
import { type SandboxOptions, startSandbox } from '../../src/lab/acquirer/server.js';

export interface GuichetOptions {
  /** One of its own, removed at the end, if not given. */
  readonly dataDir?: string;
  readonly port?: number;
  /** The checkout whose build it runs; this one if not given. */
  readonly root?: string;
  /** The server alone, or under its supervisor as `npm start` has it in development; or the sandbox acquirer alone. */
  readonly entry?: keyof typeof ENTRIES;
  /** Its command line. */
  readonly args?: readonly string[];
  /** Settings beside DATA_DIR and PORT. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface GuichetProcess {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** Of the process that lives now; null between two lives. */
  pid(): number | null;
  /** Everything it has written in all its lives. */
  output(): string;
  /** Begins a new life on the same port and data; resolves when it listens. @throws when it ends before. */
  start(): Promise<void>;
  /** Begins a new life, and does not wait for it. */
  launch(): void;
  /** Sends a signal, or none; resolves when the process has ended, with its exit code, null for an end by signal. */
  end(signal?: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
  /** Sends any other signal, and waits for nothing. */
  signal(name: NodeJS.Signals): void;
  /** SIGSTOP and SIGCONT: the process stands still, and goes on. */
  freeze(): void;
  thaw(): void;
  /** Ends what lives and removes its data. */
  close(): Promise<void>;
}

const ENTRIES = {
  main: { file: 'dist/src/main.js', says: 'Guichet listens on' },
  start: { file: 'dist/src/start.js', says: 'Guichet listens on' },
  sandbox: { file: 'dist/src/lab/sandbox.js', says: 'The sandbox acquirer listens on' },
} as const;
/** Of a cluster on a busy machine: four processes at once, and all indexes on three members. */
const START_MS_MAX = 60_000;

/** Processes must not outlive the tests, whatever ends those. */
const living = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** A process that is not started yet. `dist/` must be fresh: tests call `prepare()` of scripts/prepare.mjs before. */
export async function guichetProcess(options: GuichetOptions = {}): Promise<GuichetProcess> {
  const { dataDir, port, settings, args = [], root = checkout(), entry = 'main' } = options;
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'guichet-process-'));
  const at = port ?? (await freePort());
  const written: string[] = [];
  let child: ChildProcess | null = null;
  let ended: Promise<number | null> = Promise.resolve(null);
  let listening: Promise<void> = Promise.resolve();

  function launch(): void {
    if (child !== null) throw new Error('it is running already');
    // Nothing of the tests' own environment: it is no setting of the program.
    const env = { PATH: process.env['PATH'] ?? '', LOG_FORMAT: 'json', ...settings };
    const life = spawn(process.execPath, [join(root, ENTRIES[entry].file), ...args], {
      env: { ...env, DATA_DIR: folder, PORT: String(at) },
      // Whatever it writes by itself is data of its own.
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = life;
    living.add(life);
    const begun = written.length;
    listening = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('it does not listen')), START_MS_MAX);
      const read = (chunk: Buffer): void => {
        written.push(chunk.toString('utf8'));
        if (written.slice(begun).join('').includes(ENTRIES[entry].says)) settle(resolve);
      };
      const settle = (done: () => void): void => {
        clearTimeout(timer);
        done();
      };
      life.stdout.on('data', read);
      life.stderr.on('data', read);
      life.on('close', () =>
        settle(() => reject(new Error(`it ended before it listened:\n${written.slice(begun).join('')}`))),
      );
    });
    // Whoever launches without waiting expects no word of how it went.
    listening.catch(() => undefined);
    ended = new Promise((resolve) => {
      life.on('close', (code) => {
        living.delete(life);
        child = null;
        resolve(code);
      });
    });
  }

  return {
    url: `http://127.0.0.1:${at}`,
    port: at,
    dataDir: folder,
    pid: () => child?.pid ?? null,
    output: () => written.join(''),
    launch,
    start() {
      launch();
      return listening;
    },
    end(signal) {
      if (signal !== undefined) child?.kill(signal);
      return ended;
    },
    signal(name) {
      child?.kill(name);
    },
    freeze() {
      child?.kill('SIGSTOP');
    },
    thaw() {
      child?.kill('SIGCONT');
    },
    async close() {
      child?.kill('SIGKILL');
      await ended;
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An acquirer that no process under test can take with it. */
export interface OutsideSandbox {
  /** SANDBOX_URL of the processes that use it: its credential is the password. */
  readonly setting: string;
  readonly url: string;
  readonly credential: string;
  close(): Promise<void>;
}

/** In the test's own process. */
export async function outsideSandbox(
  options: Pick<SandboxOptions, 'notificationUrl' | 'slowMs'> = {},
): Promise<OutsideSandbox> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-sandbox-'));
  const clock = systemClock();
  const ids = createIds({ clock });
  const credential = ids.token(256);
  const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  const sandbox = await startSandbox({ ...options, dataFolder: folder, port: 0, credential, clock, ids, log });
  return {
    setting: sandbox.url.replace('://', `://sandbox:${credential}@`),
    url: sandbox.url,
    credential,
    async close() {
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** In a process of its own, as a cluster has it. */
export async function sandboxProcess(): Promise<OutsideSandbox> {
  const credential = createIds({ clock: systemClock() }).token(256);
  const port = await freePort();
  const setting = `http://sandbox:${credential}@127.0.0.1:${port}`;
  const settings = { SANDBOX_URL: setting, LOG_LEVEL: 'warn' };
  const { url, start, close } = await guichetProcess({ entry: 'sandbox', port, settings });
  await start();
  return { setting, url, credential, close };
}

const nothing = (): void => undefined;

/** Below the ports that connections are given for themselves: between two lives nobody else takes one by chance. */
const PORTS_FROM = 20_000;
const PORTS_COUNT = 12_000;

export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS_FROM + Math.floor(Math.random() * PORTS_COUNT);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** The root of the checkout, from here or from the compiled copy of here. */
function checkout(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
