import type { Clock } from '../../contracts/clock.js';
import type { Log } from '../../contracts/log.js';
import type { Orders } from './orders.js';

export interface LookOutPorts {
  readonly orders: Pick<Orders, 'awaited'>;
  lookUp(payment: string): Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

const FIRST_LOOK_MS = 10_000;
/** The older an order, the rarer a look: a quarter of its age later. */
const PART_OF_AGE = 0.25;
const AGE_MAX_MS = 48 * 3_600_000;

/** Webhooks may be lost for good, so orders whose money is awaited are also asked about, ever more rarely. */
export function createLookOut({ orders, lookUp, clock, log }: LookOutPorts): () => Promise<number | null> {
  const lookedAt = new Map<string, number>();

  return async () => {
    let next: number | null = null;
    const awaited = orders.awaited().filter(({ createdAt }) => clock.now() - createdAt < AGE_MAX_MS);
    for (const { payment, createdAt, toldAt } of awaited) {
      if (payment === null) continue;
      const now = clock.now();
      const last = Math.max(lookedAt.get(payment) ?? 0, toldAt ?? 0);
      const dueAt = last + Math.max(FIRST_LOOK_MS, (now - createdAt) * PART_OF_AGE);
      if (dueAt <= now) {
        lookedAt.set(payment, now);
        await lookUp(payment).catch((error: unknown) =>
          log.warn('the shop could not read a payment', { payment, error }),
        );
      }
      next = Math.min(next ?? Number.POSITIVE_INFINITY, dueAt <= now ? now + FIRST_LOOK_MS : dueAt);
    }
    for (const payment of lookedAt.keys()) {
      if (!awaited.some((order) => order.payment === payment)) lookedAt.delete(payment);
    }
    return next;
  };
}
