import type { Clock } from '../contracts/clock.js';
import type { Duty, Jobs } from '../contracts/jobs.js';
import type { Log } from '../contracts/log.js';

/**
 * The embedded jobs: one loop per duty in this process, woken by commits and re-armed by what the store says is due.
 * Nothing is remembered here: whoever starts next reads it all from the store, and looks again after `lookAnywayMs` in
 * case nobody told it.
 */
export function createLocalJobs(
  clock: Clock,
  log: Log,
  duty: Duty,
  lookAnywayMs: () => number = () => LOOK_ANYWAY_MS,
): Jobs {
  let isStarted = false;
  let isStopped = false;
  let disarm = (): void => undefined;
  let armedFor = Number.POSITIVE_INFINITY;
  let running: Promise<void> | null = null;
  let isWanted = false;

  function arm(at: number): void {
    if (!isStarted || isStopped || at >= armedFor) return;
    disarm();
    armedFor = at;
    disarm = clock.at(at, look);
  }

  function look(): void {
    armedFor = Number.POSITIVE_INFINITY;
    isWanted = true;
    running ??= runWhileWanted().finally(() => {
      running = null;
    });
  }

  async function runWhileWanted(): Promise<void> {
    while (isWanted && !isStopped) {
      isWanted = false;
      const next = await duty.run().catch((error: unknown) => {
        log.error('a duty failed and will be tried again', { duty: duty.name, error });
        return clock.now() + AFTER_FAILURE_MS;
      });
      const now = clock.now();
      // What is still due made no progress: no hurry. And another process may have made something due that nobody told us of.
      const due = next === null ? Number.POSITIVE_INFINITY : Math.max(next, now + PAUSE_MS);
      arm(Math.min(due, now + lookAnywayMs()));
    }
  }

  return {
    start() {
      isStarted = true;
      look();
    },
    wake: arm,
    async stop() {
      isStopped = true;
      disarm();
      await running;
    },
  };
}

const AFTER_FAILURE_MS = 1_000;
const PAUSE_MS = 100;
const LOOK_ANYWAY_MS = 5_000;
