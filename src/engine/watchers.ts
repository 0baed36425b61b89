import type { Clock } from '../contracts/clock.js';
import type { Payment } from '../contracts/payment.js';
import type { Store } from '../contracts/store.js';

/** Tells those who wait for a payment that something happened to it. Another process's commits are found by reading. */
export interface Watchers {
  tell(payment: Payment): void;
  /** Resolves when the payment's version is above `version`, or at `deadline`. */
  watch(id: string, version: number, deadline: number): Promise<void>;
}

const READ_AGAIN_MS = 1_000;

export function createWatchers(store: Store, clock: Clock): Watchers {
  const waiting = new Map<string, Set<() => void>>();

  function woken(id: string, at: number): Promise<void> {
    return new Promise((resolve) => {
      const those = waiting.get(id) ?? new Set();
      waiting.set(id, those);
      const done = (): void => {
        stopTimer();
        those.delete(done);
        if (those.size === 0) waiting.delete(id);
        resolve();
      };
      const stopTimer = clock.at(at, done);
      those.add(done);
    });
  }

  return {
    tell({ id }) {
      for (const wake of [...(waiting.get(id) ?? [])]) wake();
    },
    async watch(id, version, deadline) {
      while (clock.now() < deadline) {
        const payment = await store.payments.load(id);
        if (payment === null || payment.events.length > version) return;
        await woken(id, Math.min(deadline, clock.now() + READ_AGAIN_MS));
      }
    },
  };
}
