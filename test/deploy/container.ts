/** One service of docker-compose.yml without a container: its own command and health check, with paths and ports of a test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { pause } from '../process/requests.js';

export interface Translation {
  /** What stands anywhere in a word, and what stands there instead. */
  readonly texts: Readonly<Record<string, string>>;
  /** A whole word, and the words that stand there instead. */
  readonly words: Readonly<Record<string, readonly string[]>>;
}

export interface ContainerOptions {
  readonly name: string;
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Where its programs are. */
  readonly path: string;
  readonly cwd: string;
  readonly translation: Translation;
}

export interface Container {
  readonly name: string;
  /** The environment of its process. */
  readonly settings: Readonly<Record<string, string>>;
  start(): void;
  /** Runs its health check; 0 when it is well. */
  health(): Promise<number>;
  /** Asks for its health until it is well, as Docker does. @throws when it ends before, or never is */
  untilHealthy(): Promise<void>;
  /** Sends a signal that ends nothing. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** Sends a signal, and resolves when the process has ended: its exit code, and how long that took. */
  end(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly ms: number }>;
  /** Everything it has written. */
  output(): string;
}

/** What Docker waits for at most, on a machine that is busy. */
const HEALTHY_MS_MAX = 180_000;
const LOOK_AGAIN_MS = 200;

/** Processes must not outlive the tests, whatever ends those. */
const living = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

export function container(options: ContainerOptions): Container {
  const { name, cwd, translation } = options;
  const [program = '', ...args] = translated(options.command, translation);
  const variables = Object.entries(options.environment);
  const environment = variables.map(([setting, value]) => [setting, translated([value], translation).join(' ')]);
  const settings = { ...(Object.fromEntries(environment) as Record<string, string>), PATH: options.path };
  const written: string[] = [];
  let life: ChildProcess | null = null;
  let ended: Promise<number | null> = Promise.resolve(null);

  function run(command: string, words: readonly string[]): { child: ChildProcess; ended: Promise<number | null> } {
    const child = spawn(command, words, { cwd, env: settings, stdio: ['ignore', 'pipe', 'pipe'] });
    living.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => void written.push(chunk.toString('utf8')));
    }
    const end = new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        living.delete(child);
        resolve(code);
      });
    });
    end.catch(() => undefined);
    return { child, ended: end };
  }

  async function health(): Promise<number> {
    const [kind, ...words] = translated(options.healthcheck, translation);
    const [command = '', ...rest] = kind === 'CMD-SHELL' ? ['sh', '-c', ...words] : words;
    return (await run(command, rest).ended) ?? 1;
  }

  return {
    name,
    settings,
    health,
    output: () => written.join(''),
    start() {
      if (life !== null) throw new Error(`${name} is running already`);
      const begun = run(program, args);
      life = begun.child;
      ended = begun.ended;
      begun.child.on('close', () => {
        life = null;
      });
    },
    async untilHealthy() {
      const giveUpAt = Date.now() + HEALTHY_MS_MAX;
      while ((await health()) !== 0) {
        if (life === null) throw new Error(`${name} has ended:\n${written.join('')}`);
        if (Date.now() > giveUpAt) throw new Error(`${name} is not well:\n${written.join('').slice(-4_000)}`);
        await pause(LOOK_AGAIN_MS);
      }
    },
    signal: (signal) => void life?.kill(signal),
    async end(signal) {
      const asked = Date.now();
      life?.kill(signal);
      return { code: await ended, ms: Date.now() - asked };
    },
  };
}

function translated(words: readonly string[], translation: Translation): string[] {
  return words.flatMap((word) => translation.words[word] ?? inText(word, translation.texts));
}

/** All at once: what was put in is not looked at again. */
export function inText(text: string, texts: Readonly<Record<string, string>>): string {
  const pattern = Object.keys(texts).map((from) => from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return text.replace(new RegExp(pattern.join('|'), 'g'), (from) => texts[from] ?? from);
}
