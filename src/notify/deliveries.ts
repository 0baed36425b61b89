import type { Clock } from '../contracts/clock.js';
import type { Ids } from '../contracts/ids.js';
import type { Delivery, Endpoint } from '../contracts/webhook.js';
import { GIVE_UP_AFTER_MS } from './schedule.js';

/** A delivery that has not been tried. @param dueAt milliseconds since the epoch: earlier ones go first. */
export function newDelivery(
  endpoint: Endpoint,
  event: { readonly id: string; readonly type: string; readonly body: string; readonly dueAt: number },
  { clock, ids }: { readonly clock: Clock; readonly ids: Ids },
): Delivery {
  const now = clock.now();
  return {
    id: ids.next('dlv'),
    revision: 1,
    schema: 1,
    endpoint: endpoint.id,
    merchant: endpoint.merchant,
    mode: endpoint.mode,
    event: event.id,
    type: event.type,
    body: event.body,
    status: 'waiting',
    tries: 0,
    dueAt: event.dueAt,
    lastStatus: null,
    lastError: null,
    createdAt: now,
    giveUpAt: now + GIVE_UP_AFTER_MS,
    deliveredAt: null,
  };
}
