import type { Payment } from '../contracts/payment.js';
import type { CounterPorts } from './ports.js';
import { isOnTelevision } from './visit.js';

const DAY_MS = 86_400_000;
/** Openings that the story of one payment tells of in a day: whoever reloads all day long does not fill the merchant's feed. */
const OPENINGS_MAX = 20;

/** Tells in the payment's story that its page was opened, once for each device, while a television shows the payment. */
export function createMeetings(
  { engine, store, clock }: Pick<CounterPorts, 'engine' | 'store' | 'clock'>,
  find: (token: string) => Promise<Payment | null>,
) {
  return async (token: string, device: string): Promise<void> => {
    const payment = await find(token);
    const now = clock.now();
    if (payment === null || !isOnTelevision(payment, now)) return;
    if ((await store.guards.read(`opened:${payment.id}`, now)) >= OPENINGS_MAX) return;
    if (!(await store.guards.useOnce(`opened:${payment.id}:${device}`, now + DAY_MS, now))) return;
    const { count } = await store.guards.raise(`opened:${payment.id}`, DAY_MS, now);
    if (count <= OPENINGS_MAX) await engine.met(payment.id, 'page_opened');
  };
}
