import { StoreFailure } from '../contracts/errors.js';
import type { Endpoints } from '../contracts/store.js';
import type { Vault } from '../contracts/vault.js';
import type { Endpoint } from '../contracts/webhook.js';

/** The fan-out moves cursors all the time: a change may lose some races before it gets through. */
const RACES_MAX = 50;

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
