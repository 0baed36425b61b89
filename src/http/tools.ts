import { createOnce } from './idempotency.js';
import { createOwnedPayments, type OwnedPayments } from './owned.js';
import type { ApiPorts } from './ports.js';

/** What routes share. */
export interface Tools {
  readonly owned: OwnedPayments;
  /** Does a request with an idempotency key once. */
  readonly once: ReturnType<typeof createOnce>;
}

export function createTools(ports: ApiPorts): Tools {
  return { owned: createOwnedPayments(ports), once: createOnce(ports) };
}
