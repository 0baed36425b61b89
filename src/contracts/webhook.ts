import type { KeptRequest, Mode } from './payment.js';

/** Where a merchant wants events sent. */
export interface Endpoint {
  readonly id: string;
  revision: number;
  readonly schema: 1;
  readonly merchant: string;
  readonly mode: Mode;
  url: string;
  /** Event types wanted (`payment.*` and exact names); empty for all. */
  events: readonly string[];
  description: string | null;
  status: 'enabled' | 'disabled' | 'deleted';
  /** Sealed signing secrets, newest first; an older one signs too until it ends. */
  secrets: readonly { readonly sealed: string; readonly until: number | null }[];
  /** Feed position up to which deliveries exist. */
  cursor: number;
  requests: KeptRequest[];
  readonly createdAt: number;
  updatedAt: number;
}

/** One event on its way to one endpoint. */
export interface Delivery {
  readonly id: string;
  revision: number;
  readonly schema: 1;
  readonly endpoint: string;
  readonly merchant: string;
  readonly mode: Mode;
  /** The event's id, which is the `webhook-id` of every try. */
  readonly event: string;
  readonly type: string;
  /** The body, rendered once. */
  readonly body: string;
  status: 'waiting' | 'delivered' | 'parked' | 'dropped';
  tries: number;
  /** When the next try is due, or when the lease of the one under way ends; null when settled. */
  dueAt: number | null;
  lastStatus: number | null;
  lastError: string | null;
  readonly createdAt: number;
  /** Tries stop after it. */
  giveUpAt: number;
  deliveredAt: number | null;
}
