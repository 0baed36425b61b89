import { rfc3339 } from '../contracts/clock.js';
import type { Delivery, Endpoint } from '../contracts/webhook.js';

/** An endpoint as its merchant sees it; the secret is no part of it. */
export function presentEndpoint(endpoint: Endpoint): Record<string, unknown> {
  return {
    id: endpoint.id,
    object: 'webhook_endpoint',
    mode: endpoint.mode,
    merchant: endpoint.merchant,
    url: endpoint.url,
    events: endpoint.events,
    description: endpoint.description,
    status: endpoint.status,
    created_at: rfc3339(endpoint.createdAt),
    updated_at: rfc3339(endpoint.updatedAt),
  };
}

/** A delivery as its merchant sees it; its body is the event, which `GET /v1/events` shows. */
export function presentDelivery(delivery: Delivery): Record<string, unknown> {
  const time = (at: number | null) => (at === null ? null : rfc3339(at));
  return {
    id: delivery.id,
    object: 'webhook_delivery',
    mode: delivery.mode,
    merchant: delivery.merchant,
    endpoint: delivery.endpoint,
    event: delivery.event,
    type: delivery.type,
    status: delivery.status,
    tries: delivery.tries,
    next_try_at: time(delivery.dueAt),
    last_status: delivery.lastStatus,
    last_error: delivery.lastError,
    created_at: time(delivery.createdAt),
    gives_up_at: time(delivery.giveUpAt),
    delivered_at: time(delivery.deliveredAt),
  };
}
