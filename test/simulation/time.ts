import type { Clock } from '../../src/contracts/clock.js';

/** Virtual time: nothing waits for real, and everything that one moment leads to is done before the next one comes. */
export interface Time extends Clock {
  /** Counts something that is on its way outside virtual time (a store call), so that time waits for it. */
  busy<T>(work: Promise<T>): Promise<T>;
  /** Runs until `at`, or until nothing is planned. */
  runUntil(at: number): Promise<void>;
}

interface Planned {
  readonly at: number;
  readonly order: number;
  readonly action: () => void;
}

export function virtualTime(start: number): Time {
  let now = start;
  let order = 0;
  let pending = 0;
  const planned: Planned[] = [];

  async function quiet(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (pending > 0);
  }

  function takeNext(limit: number): Planned | undefined {
    let best = -1;
    for (const [index, candidate] of planned.entries()) {
      const leader = planned[best];
      const isEarlier =
        leader === undefined ||
        candidate.at < leader.at ||
        (candidate.at === leader.at && candidate.order < leader.order);
      if (isEarlier) best = index;
    }
    const found = planned[best];
    if (found === undefined || found.at > limit) return undefined;
    planned.splice(best, 1);
    return found;
  }

  return {
    now: () => now,
    at(at, action) {
      const plan = { at: Math.max(at, now), order: order++, action };
      planned.push(plan);
      return () => {
        const index = planned.indexOf(plan);
        if (index >= 0) planned.splice(index, 1);
      };
    },
    async busy(work) {
      pending += 1;
      try {
        return await work;
      } finally {
        pending -= 1;
      }
    },
    async runUntil(at) {
      await quiet();
      for (let next = takeNext(at); next !== undefined; next = takeNext(at)) {
        now = next.at;
        next.action();
        await quiet();
      }
      now = Math.max(now, at);
    },
  };
}
