/** A real redis-server of our own, for tests that take it away in every way. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from './guichet.js';

export interface RedisProcess {
  readonly url: string;
  /** Begins a new life on the same port, with what it has on disk or with nothing; resolves when it answers. */
  start(memory?: 'kept' | 'lost'): Promise<void>;
  /** Ends it as a crash does; nothing that it had not written is there in its next life. */
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** One command as `redis-cli` sends it, and what it answers. */
  ask(...command: string[]): string;
  /** Everything it has on disk. */
  files(): Buffer;
  close(): Promise<void>;
}

const START_MS_MAX = 10_000;

const living = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** Keeps nothing on disk unless its settings say so; not started yet. `path` is that of redis-server. */
export async function redisProcess(path: string, settings: readonly string[] = []): Promise<RedisProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-redis-'));
  const port = await freePort();
  let child: ChildProcess | null = null;
  let ended: Promise<unknown> = Promise.resolve();

  return {
    url: `redis://127.0.0.1:${port}`,
    async start(memory = 'kept') {
      if (memory === 'lost') for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
      const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...settings];
      const life = spawn(path, args, { stdio: 'ignore' });
      child = life;
      living.add(life);
      ended = new Promise((resolve) => {
        life.on('close', () => {
          living.delete(life);
          child = null;
          resolve(null);
        });
      });
      const giveUpAt = Date.now() + START_MS_MAX;
      while (!(await answers(port))) {
        if (Date.now() > giveUpAt) throw new Error('redis-server does not listen');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async kill() {
      child?.kill('SIGKILL');
      await ended;
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    ask(...command) {
      const asked = spawnSync(join(dirname(path), 'redis-cli'), ['-p', String(port), ...command], { encoding: 'utf8' });
      return asked.stdout.trim();
    },
    files: () =>
      Buffer.concat(
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => readFileSync(join(entry.parentPath, entry.name))),
      ),
    async close() {
      child?.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.on('connect', () => socket.write('PING\r\n'));
    socket.on('data', (chunk) => end(chunk.toString().startsWith('+PONG')));
    socket.on('error', () => end(false));
  });
}
