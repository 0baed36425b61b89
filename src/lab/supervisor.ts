import { constants } from 'node:os';
import type { Clock } from '../contracts/clock.js';
import type { Log } from '../contracts/log.js';

/** One life of the server. */
export interface Life {
  once(event: 'exit', heard: (code: number | null, signal: NodeJS.Signals | null) => void): unknown;
  once(event: 'error', heard: (error: Error) => void): unknown;
  kill(signal: NodeJS.Signals): unknown;
}

export interface SupervisorPorts {
  /** Begins a life of the server, a process of its own that ends when its line to us breaks. */
  start(): Life;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Supervisor {
  /** Hands the signal on; the end of the server is then the end. */
  readonly stop: (signal: NodeJS.Signals) => void;
  /** Resolves with the exit code, once the server has ended by itself or as it was asked. */
  readonly ended: Promise<number>;
}

/** Who dies younger than this may die at once again. */
const YOUNG_MS = 5_000;
const PAUSE_MS = 250;
const PAUSE_MS_MAX = 10_000;

/**
 * Keeps a server alive: one that is killed is started again, at once, or after growing pauses when it dies young. One that
 * ends by itself has said why, and its exit code is ours.
 */
export function supervise({ start, clock, log }: SupervisorPorts): Supervisor {
  let server: Life | null = null;
  let isStopping = false;
  let deathsInYouth = 0;
  let cancelStart = (): void => undefined;
  let end: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });

  function live(): void {
    const born = clock.now();
    const life = start();
    server = life;
    life.once('error', (error) => {
      log.error('the server could not be started', { error });
      end(1);
    });
    life.once('exit', (code, signal) => {
      server = null;
      if (signal === null) end(code ?? 1);
      else if (isStopping) end(128 + constants.signals[signal]);
      else again(signal, clock.now() - born);
    });
  }

  function again(signal: NodeJS.Signals, ageMs: number): void {
    deathsInYouth = ageMs < YOUNG_MS ? deathsInYouth + 1 : 0;
    const pauseMs = deathsInYouth === 0 ? 0 : Math.min(PAUSE_MS * 2 ** (deathsInYouth - 1), PAUSE_MS_MAX);
    log.warn('the server was killed and is started again', { signal, pauseMs });
    cancelStart = clock.at(clock.now() + pauseMs, live);
  }

  live();
  return {
    ended,
    stop(signal) {
      isStopping = true;
      cancelStart();
      if (server === null) end(0);
      else server.kill(signal);
    },
  };
}
