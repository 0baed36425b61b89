import type { Clock } from '../contracts/clock.js';
import type { Ids } from '../contracts/ids.js';
import type { Log } from '../contracts/log.js';
import type { Store } from '../contracts/store.js';
import type { Vault } from '../contracts/vault.js';
import type { Delivery, Endpoint } from '../contracts/webhook.js';
import type { AgentFor } from '../outside/agents.js';
import { checkUrl, isLoopbackUrl } from '../outside/url_rules.js';
import { changeEndpoint, liveSecrets } from './endpoint_record.js';
import { EXCHANGE_TIMEOUT_MS, type Exchange, exchange } from './exchange.js';
import { pauseAfter } from './schedule.js';
import { signedHeaders } from './signature.js';

/** From claim to the end of the lease: the exchange, and as much again for the two commits around it. */
const LEASE_MS = 2 * EXCHANGE_TIMEOUT_MS;
/** Far more than three days of pauses hold: ends a delivery that kills its process at each try. */
const TRIES_MAX = 40;
const GONE = 410;

export interface SenderPorts {
  readonly store: Pick<Store, 'endpoints' | 'deliveries'>;
  readonly vault: Pick<Vault, 'unseal'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics?: WebhookMetrics | undefined;
  readonly agents: AgentFor;
  readonly allowLoopback: (merchant: string) => boolean;
}

export interface WebhookMetrics {
  /** A delivery was taken up, with this end: `failed` comes again, `parked` and `dropped` do not. */
  webhookTried(result: 'delivered' | 'failed' | 'parked' | 'dropped'): void;
}

export interface Sender {
  /** Takes a due delivery for this process, until its lease ends; null when another one was first, or nothing is left to send. */
  claim(delivery: Delivery): Promise<Delivery | null>;
  /** Sends what was claimed and stores what became of it; true when it was delivered, null when nothing was learned. */
  send(claimed: Delivery): Promise<boolean | null>;
}

/**
 * One delivery, one try. The claim pushes `dueAt` to the end of a lease before anything is sent, so that a crash or a lost
 * write means: sent again later, under the same id and with the same bytes.
 */
export function createSender(ports: SenderPorts): Sender {
  const { store, clock, log, metrics } = ports;

  async function claim(delivery: Delivery): Promise<Delivery | null> {
    const worn = delivery.tries >= TRIES_MAX;
    const claimed: Delivery = worn
      ? { ...delivery, revision: delivery.revision + 1, status: 'parked', dueAt: null }
      : { ...delivery, revision: delivery.revision + 1, tries: delivery.tries + 1, dueAt: clock.now() + LEASE_MS };
    const first = await store.deliveries.commit(claimed);
    if (first && worn) metrics?.webhookTried('parked');
    return first && !worn ? claimed : null;
  }

  async function send(claimed: Delivery): Promise<boolean | null> {
    const endpoint = await store.endpoints.load(claimed.endpoint);
    if (endpoint?.status !== 'enabled') {
      await settle({ ...claimed, ...withdrawn(endpoint) });
      return null;
    }
    const leaseEnds = claimed.dueAt ?? 0;
    if (clock.now() + EXCHANGE_TIMEOUT_MS > leaseEnds) return null;
    const result = await tryOnce(ports, endpoint, claimed);
    if (result.status === GONE) await disable(endpoint);
    await settle({ ...claimed, ...outcomeOf(claimed, result, ports) });
    return result.error === null;
  }

  /** Not written when somebody changed the delivery meanwhile (a replay, another process after our lease): theirs counts. */
  async function settle(delivery: Delivery): Promise<void> {
    const { id, endpoint, event, status, tries, lastError } = delivery;
    if (!(await store.deliveries.commit({ ...delivery, revision: delivery.revision + 1 }))) return;
    metrics?.webhookTried(status === 'waiting' ? 'failed' : status);
    if (status !== 'delivered')
      log.info('webhook not delivered', { delivery: id, endpoint, event, status, tries, reason: lastError });
  }

  async function disable({ id, url }: Endpoint): Promise<void> {
    await changeEndpoint(store.endpoints, id, (endpoint) => {
      // A merchant who has moved the endpoint meanwhile did not mean the new address.
      if (endpoint.status !== 'enabled' || endpoint.url !== url) return null;
      return { ...endpoint, status: 'disabled', updatedAt: clock.now() };
    });
    log.warn('webhook endpoint disabled: it answered 410', { endpoint: id });
  }

  return { claim, send };
}

/** What becomes of a delivery whose endpoint takes none: kept for a replay while the endpoint is there. */
function withdrawn(endpoint: Endpoint | null): Partial<Delivery> {
  const gone = endpoint === null || endpoint.status === 'deleted';
  return {
    status: gone ? 'dropped' : 'parked',
    dueAt: null,
    lastError: gone ? 'endpoint_deleted' : 'endpoint_disabled',
  };
}

async function tryOnce(ports: SenderPorts, endpoint: Endpoint, delivery: Delivery): Promise<Exchange> {
  const { vault, clock, log, agents } = ports;
  const failed = (error: string): Exchange => ({ status: null, error, retryAfterMs: null });
  const loopbackAllowed = ports.allowLoopback(endpoint.merchant);
  let url: URL;
  try {
    url = checkUrl(endpoint.url, loopbackAllowed);
  } catch {
    return failed('url_not_allowed');
  }
  let signed: Record<string, string>;
  try {
    const secrets = liveSecrets(vault, endpoint, clock.now());
    signed = signedHeaders(delivery.event, clock.now(), delivery.body, secrets);
  } catch (error) {
    log.error('webhook secret cannot be opened', { endpoint: endpoint.id, error });
    return failed('not_signed');
  }
  const headers = { ...signed, 'content-type': 'application/json', 'user-agent': 'Guichet' };
  const agent = agents(url, loopbackAllowed && isLoopbackUrl(url));
  if (!agent) return failed('address_not_allowed');
  return exchange({ url, headers, body: delivery.body, agent }, clock);
}

/** How a try changes its delivery: delivered, due again after a pause, or parked when no time is left. */
function outcomeOf(delivery: Delivery, result: Exchange, { clock, ids }: SenderPorts): Partial<Delivery> {
  const now = clock.now();
  const last = { lastStatus: result.status, lastError: result.error };
  if (result.error === null) return { ...last, status: 'delivered', dueAt: null, deliveredAt: now };
  const dueAt = now + pauseAfter(delivery.tries, result.retryAfterMs, ids);
  const over = dueAt > delivery.giveUpAt || result.status === GONE;
  return over ? { ...last, status: 'parked', dueAt: null } : { ...last, dueAt };
}
