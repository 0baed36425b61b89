import { rfc3339 } from '../contracts/clock.js';
import type { Mode } from '../contracts/payment.js';
import type { FeedEntry } from '../contracts/store.js';
import { TEST_EVENT_TYPE } from './event_types.js';

/**
 * An event as merchants read it, as JSON text: in webhooks and in `GET /v1/events`.
 * The object is spliced in as it was rendered with its commit, so that its bytes are the same wherever it is read.
 */
export function eventBody({ event, merchant, mode, position, payment, data }: FeedEntry): string {
  const { id, type, at, sequence } = event;
  return bodyOf({ id, type, at, merchant, mode, position, payment, sequence }, data);
}

/** The body of a test event: shaped as any other, but outside the feed. `data` is JSON text. */
export function testEventBody(event: { id: string; at: number; merchant: string; mode: Mode }, data: string): string {
  return bodyOf({ ...event, type: TEST_EVENT_TYPE, position: null, payment: null, sequence: null }, data);
}

interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly at: number;
  readonly merchant: string;
  readonly mode: Mode;
  readonly position: number | null;
  readonly payment: string | null;
  readonly sequence: number | null;
}

function bodyOf({ id, type, at, merchant, mode, position, payment, sequence }: Envelope, data: string): string {
  const created_at = rfc3339(at);
  const envelope = JSON.stringify({
    id,
    object: 'event',
    type,
    created_at,
    merchant,
    mode,
    position,
    payment,
    sequence,
  });
  return `${envelope.slice(0, -1)},"data":${data}}`;
}
