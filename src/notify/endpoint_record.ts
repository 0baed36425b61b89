import type { NewRequest } from '../contracts/engine.js';
import { DuplicateKey, Problem, StoreFailure } from '../contracts/errors.js';
import type { KeptRequest } from '../contracts/payment.js';
import type { Endpoints } from '../contracts/store.js';
import type { Vault } from '../contracts/vault.js';
import type { Endpoint } from '../contracts/webhook.js';

/** The fan-out moves cursors all the time: a change may lose some races before it gets through. */
const RACES_MAX = 50;
/**
 * Answers are kept for ever, and an endpoint is written whole each time its cursor moves: what it carries must have an
 * end. Beyond it a key is refused, never forgotten, for a forgotten key would do the same thing twice.
 */
const REQUESTS_MAX = 500;

/** What a sealed webhook secret is bound to: it opens for its own endpoint only. */
export function secretPurpose(endpoint: string): string {
  return `webhook_secret:${endpoint}`;
}

/** The secrets that sign at `now`, opened, newest first. Throws when one cannot be opened. */
export function liveSecrets(vault: Pick<Vault, 'unseal'>, endpoint: Endpoint, now: number): string[] {
  return endpoint.secrets
    .filter(({ until }) => until === null || until > now)
    .map(({ sealed }) => vault.unseal(secretPurpose(endpoint.id), sealed));
}

/**
 * Changes a stored endpoint by compare-and-swap, deciding again on what is there whenever a race is lost.
 * @param decide the endpoint as it should be, or null to leave it; it may throw.
 * @returns the endpoint as it is afterwards; null when there is none.
 */
export async function changeEndpoint(
  endpoints: Pick<Endpoints, 'load' | 'commit'>,
  id: string,
  decide: (endpoint: Endpoint) => Endpoint | null,
): Promise<Endpoint | null> {
  for (let race = 0; race < RACES_MAX; race += 1) {
    const stored = await endpoints.load(id);
    if (!stored) return null;
    const wanted = decide(stored);
    if (!wanted) return stored;
    const next = { ...wanted, revision: stored.revision + 1 };
    if (await endpoints.commit(next)) return next;
  }
  throw new StoreFailure(`endpoint ${id} could not be changed: too many races lost`);
}

/**
 * Refuses a request whose twin was first, and one that there is no room to keep. To be asked before anything else is
 * decided, also after each lost race: the twin may have won it.
 * @throws DuplicateKey for a key that is kept; Problem 409 `too_many_requests_kept`
 */
export function mustBeFirst({ requests }: Endpoint, request: NewRequest | null): void {
  if (request === null) return;
  if (requests.some(({ key }) => key === request.key)) throw new DuplicateKey('request');
  if (requests.length < REQUESTS_MAX) return;
  const detail = `An endpoint keeps ${REQUESTS_MAX} idempotency keys, and has them: repeat the call without one.`;
  throw new Problem(409, 'too_many_requests_kept', detail);
}

/** The endpoint with a request, which goes to the end, and its answer; null while what it asks for is under way. */
export function keeping(
  endpoint: Endpoint,
  request: NewRequest | null,
  target: string,
  answer: KeptRequest['answer'],
): Endpoint {
  if (request === null) return endpoint;
  const { key, fingerprint, deadline } = request;
  return { ...endpoint, requests: [...endpoint.requests, { key, fingerprint, deadline, target, answer }] };
}

/** The endpoint with the answer to a request that it keeps. */
export function answered(endpoint: Endpoint, key: string, answer: KeptRequest['answer']): Endpoint {
  const requests = endpoint.requests.map((kept) => (kept.key === key ? { ...kept, answer } : kept));
  return { ...endpoint, requests };
}
