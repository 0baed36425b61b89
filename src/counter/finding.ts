import type { Payment } from '../contracts/payment.js';
import type { TvSession } from '../contracts/television.js';
import type { CounterPorts } from './ports.js';
import { isShown } from './visit.js';

/** What a page token leads to. */
export interface Found {
  readonly payment: Payment;
  /** The television that leads here; null for a link of the payment's own. */
  readonly television: TvSession | null;
}

/** The payment a token leads to while its links are the valid ones and there is something to show. */
export function createFinding({ engine, store, signing, clock }: CounterPorts) {
  async function named(token: string) {
    const own = signing.readPageToken(token);
    if (own !== null) return { ...own, television: null };
    const led = signing.televisions.readTelevisionPageToken(token);
    const television = led === null ? null : await store.tvSessions.load(led.session);
    if (led === null || television === null || clock.now() >= television.endsAt) return null;
    return { payment: television.payment, generation: led.generation, television };
  }

  return {
    async find(token: string): Promise<Found | null> {
      const leads = await named(token);
      const payment = leads === null ? null : await engine.load(leads.payment);
      if (leads === null || payment === null || payment.generation !== leads.generation) return null;
      return isShown(payment, clock.now()) ? { payment, television: leads.television } : null;
    },

    /** The id alone, of whatever generation. */
    paymentOf: async (token: string): Promise<string | null> => (await named(token))?.payment ?? null,
  };
}
