import type { Clock } from '../contracts/clock.js';
import { StoreFailure } from '../contracts/errors.js';
import type { Payment } from '../contracts/payment.js';
import type { Store } from '../contracts/store.js';
import type { Vault } from '../contracts/vault.js';
import { waitsForAnother } from './handing_over.js';
import type { Incoming } from './incoming.js';
import { createLeftAlone, type Lacking } from './left_alone.js';
import { timersOf } from './timers.js';

const SWEEP_BATCH = 100;
/** When a sweeper comes back to what it can do nothing about, unless it is woken before. */
const UNHURRIED_MS = 1_000;

export interface SweepPorts {
  readonly store: Pick<Store, 'payments'>;
  readonly vault: Pick<Vault, 'isHeldElsewhere'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Sweeps without a commit after which a payment is set aside. */
  readonly strikesMax: number;
  mustLoad(id: string): Promise<Payment>;
  deliver(payment: Payment, incoming: Incoming): Promise<{ readonly payment: Payment }>;
  /** What a payment needs and this process does not have; null when it can go on here. */
  lackOf(payment: Payment): string | null;
  setAside(id: string, detail: string): Promise<void>;
  troubled(id: string, error: unknown): Promise<void>;
  /** True for the one process that takes up a payment now, where several sweep. */
  takesUp?(id: string): Promise<boolean>;
  /** Told after each round how many due payments were left to processes of another release. */
  leftAlone?(lacking: Lacking): void;
}

/** Does what is due and answers when something is due next: reads it from the store, so nothing can be forgotten. */
export function createSweep(ports: SweepPorts): () => Promise<number | null> {
  const { store, clock } = ports;
  /** Strikes of payments that the store itself has caused, since their last progress. */
  const excused = new Map<string, number>();
  const left = createLeftAlone();
  /** Payments of this round whose security code another process holds: it finds them as soon as this one does. */
  const others = new Set<string>();

  /** The payment, unless it is left alone: before a try is counted, and before anybody else is kept from it. */
  async function known(id: string): Promise<Payment | null> {
    try {
      const payment = await ports.mustLoad(id);
      const lack = ports.lackOf(payment);
      if (lack === null) return payment;
      left.add(id, lack, clock.now());
    } catch (error) {
      await ports.troubled(id, error);
    }
    return null;
  }

  async function sweepOne(id: string): Promise<void> {
    let payment = await known(id);
    if (payment === null) return;
    try {
      if (await waitsForAnother(payment, ports.vault, clock.now())) {
        others.add(id);
        return;
      }
      if (ports.takesUp !== undefined && !(await ports.takesUp(id))) return;
      const strikes = (await store.payments.strike(id)) - (excused.get(id) ?? 0);
      if (strikes > ports.strikesMax) {
        await ports.setAside(id, `no progress in ${strikes - 1} sweeps`);
        return;
      }
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
    const seen = new Set(left.ids(clock.now()));
    const round = new Set<string>();
    others.clear();
    for (;;) {
      const due = await store.payments.due(clock.now(), SWEEP_BATCH + seen.size);
      const fresh = due.filter((id) => !seen.has(id));
      await Promise.all(fresh.map(sweepOne));
      for (const id of due) round.add(id);
      for (const id of fresh) seen.add(id);
      // What is due again at once made no progress: it is left for the next round.
      if (fresh.length === 0) break;
    }
    const lacking = left.tally(round);
    ports.leftAlone?.(lacking);
    const next = await store.payments.nextDue();
    // Those who are left alone stay due: there is no hurry for their sake.
    const isHurried = lacking.size === 0 && others.size === 0;
    return next === null || isHurried ? next : Math.max(next, clock.now() + UNHURRIED_MS);
  };
}
