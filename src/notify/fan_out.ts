import type { Clock } from '../contracts/clock.js';
import type { Ids } from '../contracts/ids.js';
import type { Store } from '../contracts/store.js';
import type { Endpoint } from '../contracts/webhook.js';
import { newDelivery } from './deliveries.js';
import { eventBody } from './event_body.js';
import { wants } from './event_types.js';

/** How many endpoints, and how many events of each, one pass reads. */
const ENDPOINTS_PER_PASS = 100;
const EVENTS_PER_BATCH = 200;

export interface FanOutPorts {
  readonly store: Pick<Store, 'endpoints' | 'deliveries' | 'feed'>;
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * Turns one batch of events per endpoint that lies behind its feed into deliveries. Deliveries and cursor are one write:
 * no crash can lose an event between them or make it twice, and of two processes at it one finds the cursor moved.
 * @returns whether anything moved, so that another pass is worth while.
 */
export async function fanOutPass({ store, clock, ids }: FanOutPorts): Promise<boolean> {
  let moved = false;
  for (const endpoint of await store.endpoints.behind(ENDPOINTS_PER_PASS)) {
    if (await advance(endpoint)) moved = true;
  }
  return moved;

  async function advance(endpoint: Endpoint): Promise<boolean> {
    const { merchant, mode, cursor, events } = endpoint;
    const entries = await store.feed.after(merchant, mode, cursor, EVENTS_PER_BATCH);
    const last = entries.at(-1);
    // The newest events may not be visible yet, though the feed is known to be longer.
    if (!last) return false;
    const deliveries = entries
      .filter(({ event }) => wants(events, event.type))
      .map((entry) => {
        const { id, type, at } = entry.event;
        // The time of the event orders what is due, oldest first.
        const dueAt = Math.min(at, clock.now());
        return newDelivery(endpoint, { id, type, body: eventBody(entry), dueAt }, { clock, ids });
      });
    const next: Endpoint = { ...endpoint, revision: endpoint.revision + 1, cursor: last.position };
    return store.deliveries.enqueue(next, deliveries);
  }
}
