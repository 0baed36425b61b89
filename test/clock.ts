import { systemClock } from '../src/clock.js';
import type { Clock } from '../src/contracts/clock.js';

/** Time that stands still until it is told to go on. */
export interface VirtualClock extends Clock {
  /** Goes to `at`, performing on the way all that is planned up to then, each at its own time. */
  advanceTo(at: number): void;
  advance(ms: number): void;
  /** When the next action is planned; null for never. */
  nextAt(): number | null;
  /** Performs what is due now, and what that plans for now. */
  runDue(): void;
}

interface Planned {
  readonly at: number;
  readonly action: () => void;
}

/** A clock for tests that begins at `start` (milliseconds since the epoch). Actions are never performed inside `at`. */
export function virtualClock(start: number): VirtualClock {
  let now = start;
  const planned = new Set<Planned>();

  /** The earliest; of two for the same time, the one planned first. */
  function next(): Planned | undefined {
    let earliest: Planned | undefined;
    for (const plan of planned) if (earliest === undefined || plan.at < earliest.at) earliest = plan;
    return earliest;
  }

  function advanceTo(at: number): void {
    if (at < now) throw new RangeError('time does not go back');
    for (let plan = next(); plan !== undefined && plan.at <= at; plan = next()) {
      planned.delete(plan);
      now = Math.max(now, plan.at);
      plan.action();
    }
    now = Math.max(now, at);
  }

  return {
    now: () => now,
    at(at, action) {
      if (Number.isNaN(at)) throw new RangeError('an action needs a time');
      const plan = { at, action };
      planned.add(plan);
      return () => {
        planned.delete(plan);
      };
    },
    advanceTo,
    advance: (ms) => advanceTo(now + ms),
    nextAt: () => next()?.at ?? null,
    runDue: () => advanceTo(now),
  };
}

/** Real time that can be made to leap ahead: what was planned for the time between happens at once. */
export function leapingClock(): Clock & { leap(ms: number): void } {
  const system = systemClock();
  const planned = new Set<() => void>();
  let ahead = 0;

  return {
    now: () => system.now() + ahead,
    at(when, action) {
      let cancel = (): void => undefined;
      const arm = (): void => {
        cancel();
        cancel = system.at(when - ahead, () => {
          planned.delete(arm);
          action();
        });
      };
      planned.add(arm);
      arm();
      return () => {
        planned.delete(arm);
        cancel();
      };
    },
    leap(ms) {
      ahead += ms;
      for (const arm of [...planned]) arm();
    },
  };
}
