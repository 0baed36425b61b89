import type { Clock } from '../contracts/clock.js';
import type { NewRequest } from '../contracts/engine.js';
import { Problem, StoreFailure } from '../contracts/errors.js';
import type { Ids } from '../contracts/ids.js';
import type { Mode } from '../contracts/payment.js';
import type { Store } from '../contracts/store.js';
import type { Vault } from '../contracts/vault.js';
import type { Endpoint } from '../contracts/webhook.js';
import { checkUrl } from '../outside/url_rules.js';
import { belongs, createDeliveryCommands, type DeliveryCommands, type Owner } from './delivery_commands.js';
import { changeEndpoint, keeping, mustBeFirst, secretPurpose } from './endpoint_record.js';
import { isEventPattern } from './event_types.js';
import { presentEndpoint } from './present.js';
import { newSecret } from './signature.js';

const ENDPOINTS_MAX = 16;
const ERRORS_SHOWN_MAX = 16;
/** Secrets that may sign at once: the current one and those whose day is not over. */
const SECRETS_MAX = 4;
const OLD_SECRET_SIGNS_FOR_MS = 24 * 60 * 60 * 1_000;

export interface EndpointPorts {
  readonly store: Pick<Store, 'endpoints' | 'deliveries' | 'feed'>;
  readonly vault: Pick<Vault, 'seal'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly allowLoopback: (merchant: string) => boolean;
  /** Called when there is something new to send. */
  readonly wake: () => void;
}

export interface NewEndpoint extends Owner {
  readonly url: string;
  readonly events: readonly string[];
  readonly description: string | null;
  readonly request: NewRequest | null;
}

export interface EndpointChange {
  readonly url?: string;
  readonly events?: readonly string[];
  readonly description?: string | null;
  readonly status?: 'enabled' | 'disabled';
}

/** The secret is in clear here and nowhere else: shown once. */
export interface WithSecret {
  readonly endpoint: Endpoint;
  readonly secret: string;
}

/** All commands answer 404 `endpoint_not_found` for what is deleted or another's. */
export interface EndpointCommands extends DeliveryCommands {
  /**
   * The endpoint hears of events from now on.
   * @throws Problem 422 `url_not_allowed`, `unknown_event_type`; 409 `too_many_endpoints`; DuplicateKey for a request's key
   */
  create(wanted: NewEndpoint): Promise<WithSecret>;
  /** Newest first, at most sixteen. */
  list(owner: Owner): Promise<Endpoint[]>;
  find(owner: Owner, id: string): Promise<Endpoint>;
  /**
   * What waits goes to the new URL. Enabled again, an endpoint goes on in the feed where it was disabled.
   * @throws Problem 422 `url_not_allowed`, `unknown_event_type`
   */
  update(owner: Owner, id: string, change: EndpointChange): Promise<Endpoint>;
  delete(owner: Owner, id: string): Promise<Endpoint>;
  /**
   * A new secret; those before it sign too for 24 hours more.
   * @throws Problem 409 `too_many_secrets`, `too_many_requests_kept`; DuplicateKey for a request's key
   */
  rotate(owner: Owner, id: string, request: NewRequest | null): Promise<WithSecret>;
}

export function createEndpointCommands(ports: EndpointPorts): EndpointCommands {
  const { store, vault, clock, ids, allowLoopback, wake } = ports;

  async function create({ merchant, mode, url, events, description, request }: NewEndpoint): Promise<WithSecret> {
    const checked = checkUrl(url, allowLoopback(merchant)).href;
    const patterns = checkEvents(events);
    if ((await list({ merchant, mode })).length >= ENDPOINTS_MAX) {
      const detail = `A merchant may have ${ENDPOINTS_MAX} webhook endpoints in each mode: delete one first.`;
      throw new Problem(409, 'too_many_endpoints', detail);
    }
    const cursor = await store.feed.head(merchant, mode);
    const blank = blankEndpoint({ id: ids.next('whk'), merchant, mode, cursor, now: clock.now() });
    const secret = newSecret(ids);
    const secrets = [{ sealed: vault.seal(secretPurpose(blank.id), secret), until: null }];
    const made: Endpoint = { ...blank, url: checked, events: patterns, description, secrets };
    const endpoint = withAnswer(made, request, 201);
    if (!(await store.endpoints.commit(endpoint))) throw new StoreFailure(`endpoint ${endpoint.id} exists already`);
    return { endpoint, secret };
  }

  async function list({ merchant, mode }: Owner): Promise<Endpoint[]> {
    const all = await store.endpoints.list(merchant, mode);
    return all.filter(({ status }) => status !== 'deleted').sort((a, b) => (a.id < b.id ? 1 : -1));
  }

  async function find(owner: Owner, id: string): Promise<Endpoint> {
    return owned(owner, await store.endpoints.load(id));
  }

  async function change(
    owner: Owner,
    id: string,
    decide: (endpoint: Endpoint, now: number) => Endpoint,
  ): Promise<Endpoint> {
    const changed = await changeEndpoint(store.endpoints, id, (endpoint) => {
      const now = clock.now();
      return { ...decide(owned(owner, endpoint), now), updatedAt: now };
    });
    if (!changed) throw notFound();
    return changed;
  }

  async function update(owner: Owner, id: string, { url, events, ...rest }: EndpointChange): Promise<Endpoint> {
    const checked = {
      ...(url === undefined ? {} : { url: checkUrl(url, allowLoopback(owner.merchant)).href }),
      ...(events === undefined ? {} : { events: checkEvents(events) }),
    };
    const endpoint = await change(owner, id, (stored) => ({ ...stored, ...checked, ...rest }));
    wake();
    return endpoint;
  }

  async function rotate(owner: Owner, id: string, request: NewRequest | null): Promise<WithSecret> {
    const secret = newSecret(ids);
    const sealed = vault.seal(secretPurpose(id), secret);
    const endpoint = await change(owner, id, (stored, now) => {
      mustBeFirst(stored, request);
      return withAnswer({ ...stored, secrets: rotated(stored.secrets, sealed, now), updatedAt: now }, request, 200);
    });
    return { endpoint, secret };
  }

  return {
    create,
    list,
    find,
    update,
    delete: (owner, id) => change(owner, id, (stored) => ({ ...stored, status: 'deleted' })),
    rotate,
    ...createDeliveryCommands({ ...ports, find }),
  };
}

function blankEndpoint(start: { id: string; merchant: string; mode: Mode; cursor: number; now: number }): Endpoint {
  const { now, ...identity } = start;
  return {
    ...identity,
    revision: 1,
    schema: 1,
    url: '',
    events: [],
    description: null,
    status: 'enabled',
    secrets: [],
    requests: [],
    createdAt: now,
    updatedAt: now,
  };
}

/** The new secret before those that sign still; each of them ends a day after it was replaced. */
function rotated(secrets: Endpoint['secrets'], sealed: string, now: number): Endpoint['secrets'] {
  const still = secrets.filter(({ until }) => until === null || until > now);
  if (still.length >= SECRETS_MAX) {
    const detail = `At most ${SECRETS_MAX} secrets sign at once: rotate again when an old one has ended.`;
    throw new Problem(409, 'too_many_secrets', detail);
  }
  const ending = still.map((old) => ({ ...old, until: old.until ?? now + OLD_SECRET_SIGNS_FOR_MS }));
  return [{ sealed, until: null }, ...ending];
}

/** @throws Problem 404 `endpoint_not_found`, the same for what is not there, another's, and deleted */
function owned(owner: Owner, endpoint: Endpoint | null): Endpoint {
  if (!endpoint || !belongs(owner, endpoint) || endpoint.status === 'deleted') throw notFound();
  return endpoint;
}

function notFound(): Problem {
  return new Problem(404, 'endpoint_not_found', 'There is no such webhook endpoint.');
}

function checkEvents(patterns: readonly string[]): string[] {
  const distinct = [...new Set(patterns)];
  const errors = patterns.flatMap((pattern, index) => {
    if (isEventPattern(pattern)) return [];
    const detail = `\`${pattern.slice(0, 64)}\` is neither an event type nor a family such as \`payment.*\`.`;
    return [{ pointer: `/events/${index}`, code: 'unknown_event_type', detail }];
  });
  if (errors.length > 0) {
    const detail = 'The endpoint asks for events that do not exist.';
    throw new Problem(422, 'unknown_event_type', detail, { errors: errors.slice(0, ERRORS_SHOWN_MAX) });
  }
  return distinct;
}

/** With the request answered by the endpoint itself; the secret is shown once and never kept. */
function withAnswer(endpoint: Endpoint, request: NewRequest | null, status: number): Endpoint {
  return keeping(endpoint, request, endpoint.id, { status, body: presentEndpoint(endpoint) });
}
