import type { Clock } from '../contracts/clock.js';
import type { Live } from '../contracts/live.js';
import type { Payment } from '../contracts/payment.js';
import type { Store } from '../contracts/store.js';

/** Tells those who wait for a payment that something happened to it, here or in another process. */
export interface Watchers {
  tell(payment: Payment): void;
  /** Resolves when the payment's version is above `version`, or at `deadline`. */
  watch(id: string, version: number, deadline: number): Promise<void>;
  /** Listens from now on, so that nothing is missed while the payment is being read. */
  listen(id: string, until: number): { readonly woken: Promise<void>; stop(): void };
  /** Has `changed` told of each word, of this process or another, before those who wait for it. */
  onChange(changed: (id: string) => void): void;
  /** Resolves with the payment once nothing of it waits or is being sent, by whichever process, or as it is at `deadline`. */
  quiet(id: string, deadline: number): Promise<Payment | null>;
}

/** Word may be lost: how often is read anyway, by those who look at a page, and by a merchant's server that waits. */
const PAGE_READS_MS = 1_000;
const SERVER_READS_MS = 500;
/** The same where no word can come. */
const DEAF_READS_MS = 50;

export function createWatchers(store: Pick<Store, 'payments'>, clock: Clock, live: Live | null): Watchers {
  const waiting = new Map<string, Set<() => void>>();
  const listeners: ((id: string) => void)[] = [];
  const wakeAll = (id: string): void => {
    for (const changed of listeners) changed(id);
    for (const wake of [...(waiting.get(id) ?? [])]) wake();
  };
  live?.listen(wakeAll);

  function listen(id: string, until: number): { readonly woken: Promise<void>; stop(): void } {
    let stop = (): void => undefined;
    const woken = new Promise<void>((resolve) => {
      const those = waiting.get(id) ?? new Set();
      waiting.set(id, those);
      stop = () => {
        stopTimer();
        those.delete(stop);
        // Stopped twice, it takes nobody away who has come since.
        if (those.size === 0 && waiting.get(id) === those) waiting.delete(id);
        resolve();
      };
      const stopTimer = clock.at(until, stop);
      those.add(stop);
    });
    return { woken, stop };
  }

  async function until(
    id: string,
    isOver: (payment: Payment) => boolean,
    deadline: number,
    readsMs: () => number,
  ): Promise<Payment | null> {
    for (;;) {
      const now = clock.now();
      const { woken, stop } = listen(id, Math.min(deadline, now + readsMs()));
      const payment = await store.payments.load(id);
      if (payment === null || isOver(payment) || clock.now() >= deadline) {
        stop();
        return payment;
      }
      await woken;
    }
  }

  return {
    tell({ id, revision }) {
      wakeAll(id);
      // Nobody elsewhere can wait for what has just been made.
      if (revision > 1) live?.tell(id);
    },
    async watch(id, version, deadline) {
      if (clock.now() >= deadline) return;
      await until(
        id,
        ({ events }) => events.length > version,
        deadline,
        () => PAGE_READS_MS,
      );
    },
    listen,
    onChange: (changed) => void listeners.push(changed),
    quiet: (id, deadline) => until(id, isQuiet, deadline, () => (live?.isUp() ? SERVER_READS_MS : DEAF_READS_MS)),
  };
}

function isQuiet({ attempts }: Payment): boolean {
  return attempts.every(({ operations }) =>
    operations.every(({ status, asking }) => status !== 'waiting' && asking === null),
  );
}
