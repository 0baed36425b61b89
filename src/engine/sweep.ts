import type { Clock } from '../contracts/clock.js';
import { StoreFailure } from '../contracts/errors.js';
import type { Payment } from '../contracts/payment.js';
import type { Store } from '../contracts/store.js';
import type { Incoming } from './decide.js';
import { timersOf } from './timers.js';

const SWEEP_BATCH = 100;

export interface SweepPorts {
  readonly store: Pick<Store, 'payments'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Sweeps without a commit after which a payment is set aside. */
  readonly strikesMax: number;
  mustLoad(id: string): Promise<Payment>;
  deliver(payment: Payment, incoming: Incoming): Promise<{ readonly payment: Payment }>;
  setAside(id: string, detail: string): Promise<void>;
  troubled(id: string, error: unknown): Promise<void>;
  /** True for the one process that takes up a payment now, where several sweep. */
  takesUp?(id: string): Promise<boolean>;
}

/** Does what is due and answers when something is due next: reads it from the store, so nothing can be forgotten. */
export function createSweep(ports: SweepPorts): () => Promise<number | null> {
  const { store, clock } = ports;
  /** Strikes of payments that the store itself has caused, since their last progress. */
  const excused = new Map<string, number>();

  async function sweepOne(id: string): Promise<void> {
    try {
      if (ports.takesUp !== undefined && !(await ports.takesUp(id))) return;
      const strikes = (await store.payments.strike(id)) - (excused.get(id) ?? 0);
      if (strikes > ports.strikesMax) {
        await ports.setAside(id, `no progress in ${strikes - 1} sweeps`);
        return;
      }
      let payment = await ports.mustLoad(id);
      for (const { name, at } of timersOf(payment)) {
        if (at > clock.now()) continue;
        const changed = await ports.deliver(payment, { type: 'time', timer: name });
        payment = changed.payment;
      }
      excused.delete(id);
    } catch (error) {
      // What the store could not do is not the payment's fault.
      if (error instanceof StoreFailure) excused.set(id, (excused.get(id) ?? 0) + 1);
      await ports.troubled(id, error);
    }
  }

  return async () => {
    const seen = new Set<string>();
    for (;;) {
      const due = await store.payments.due(clock.now(), SWEEP_BATCH + seen.size);
      const fresh = due.filter((id) => !seen.has(id));
      await Promise.all(fresh.map(sweepOne));
      for (const id of fresh) seen.add(id);
      // What is due again at once made no progress: it is left for the next round.
      if (fresh.length === 0) return store.payments.nextDue();
    }
  };
}
