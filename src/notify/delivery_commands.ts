import type { Clock } from '../contracts/clock.js';
import type { NewRequest } from '../contracts/engine.js';
import { Problem, StoreFailure } from '../contracts/errors.js';
import type { Ids } from '../contracts/ids.js';
import type { KeptRequest, Mode } from '../contracts/payment.js';
import type { Page, Store } from '../contracts/store.js';
import type { Delivery, Endpoint } from '../contracts/webhook.js';
import { newDelivery } from './deliveries.js';
import { answered, changeEndpoint, keeping, mustBeFirst } from './endpoint_record.js';
import { testEventBody } from './event_body.js';
import { TEST_EVENT_TYPE } from './event_types.js';
import { presentDelivery, presentEndpoint } from './present.js';
import { GIVE_UP_AFTER_MS } from './schedule.js';

/** The fan-out moves cursors all the time: an endpoint may be lost to it some times in a row. */
const RACES_MAX = 50;

/** Whose endpoints: the mode is a wall, and so is the merchant. */
export interface Owner {
  readonly merchant: string;
  readonly mode: Mode;
}

export interface DeliveryCommands {
  /**
   * Sends a test event, whatever the endpoint listens to.
   * @throws Problem 409 `endpoint_disabled`, `too_many_requests_kept`; DuplicateKey for a request's key
   */
  test(owner: Owner, id: string, request: NewRequest | null): Promise<Delivery>;
  /** Newest first. @throws Problem 400 `cursor_invalid` */
  deliveries(
    owner: Owner,
    id: string,
    page: { readonly limit: number; readonly after?: string },
  ): Promise<Page<Delivery>>;
  /**
   * Sends again what was delivered, parked or waits: now, with three new days.
   * @throws Problem 404 `delivery_not_found`; 409 `endpoint_disabled`, `too_many_requests_kept`; DuplicateKey for a
   * request's key
   */
  replay(owner: Owner, delivery: string, request: NewRequest | null): Promise<Delivery>;
  /** Ends a replay that was asked for under `key` and broke off before it had an answer. @throws as `replay` */
  finishReplay(owner: Owner, delivery: string, key: string): Promise<Delivery>;
}

export interface DeliveryPorts {
  readonly store: Pick<Store, 'deliveries' | 'endpoints'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly find: (owner: Owner, endpoint: string) => Promise<Endpoint>;
  readonly wake: () => void;
}

export function createDeliveryCommands(ports: DeliveryPorts): DeliveryCommands {
  const { store, clock, find, wake } = ports;

  async function test(owner: Owner, id: string, request: NewRequest | null): Promise<Delivery> {
    for (let race = 0; race < RACES_MAX; race += 1) {
      const endpoint = await find(owner, id);
      mustBeFirst(endpoint, request);
      const delivery = testDelivery(enabled(endpoint), ports);
      const kept = keeping(endpoint, request, delivery.id, answerOf(delivery));
      // With a key, delivery and answer are one write; without, the endpoint need not change.
      const isDone =
        request === null
          ? await store.deliveries.commit(delivery)
          : await store.deliveries.enqueue({ ...kept, revision: endpoint.revision + 1 }, [delivery]);
      if (!isDone) continue;
      wake();
      return delivery;
    }
    throw new StoreFailure(`endpoint ${id} could not be tested: too many races lost`);
  }

  async function mustFind(owner: Owner, id: string): Promise<Delivery> {
    const delivery = await store.deliveries.load(id);
    if (delivery !== null && belongs(owner, delivery)) return delivery;
    throw new Problem(404, 'delivery_not_found', 'There is no such delivery.');
  }

  /** The key is kept before the delivery is touched: of twins one goes on, and what breaks off is known and ended later. */
  async function replay(owner: Owner, id: string, request: NewRequest | null): Promise<Delivery> {
    const { endpoint: endpointId } = await mustFind(owner, id);
    enabled(await find(owner, endpointId));
    if (request === null) return sendAgain(owner, id);
    await changeEndpoint(store.endpoints, endpointId, (endpoint) => {
      mustBeFirst(endpoint, request);
      return keeping(endpoint, request, id, null);
    });
    return finishReplay(owner, id, request.key);
  }

  async function finishReplay(owner: Owner, id: string, key: string): Promise<Delivery> {
    const again = await sendAgain(owner, id);
    await changeEndpoint(store.endpoints, again.endpoint, (endpoint) => answered(endpoint, key, answerOf(again)));
    return again;
  }

  async function sendAgain(owner: Owner, id: string): Promise<Delivery> {
    for (let race = 0; race < RACES_MAX; race += 1) {
      const stored = await mustFind(owner, id);
      enabled(await find(owner, stored.endpoint));
      const again = anew(stored, clock.now());
      if (!(await store.deliveries.commit(again))) continue;
      wake();
      return again;
    }
    throw new StoreFailure(`delivery ${id} could not be changed: too many races lost`);
  }

  return {
    test,
    async deliveries(owner, id, { limit, after }) {
      const endpoint = await find(owner, id);
      if (after !== undefined && (await store.deliveries.load(after))?.endpoint !== endpoint.id) {
        const detail = 'It is no `next` of this list.';
        const errors = [{ pointer: 'after', code: 'cursor_invalid', detail }];
        throw new Problem(400, 'cursor_invalid', detail, { errors });
      }
      return store.deliveries.ofEndpoint(endpoint.id, limit, after);
    },
    replay,
    finishReplay,
  };
}

function testDelivery(endpoint: Endpoint, ports: Pick<DeliveryPorts, 'clock' | 'ids'>): Delivery {
  const { merchant, mode } = endpoint;
  const event = { id: ports.ids.next('evt'), at: ports.clock.now(), merchant, mode };
  const body = testEventBody(event, JSON.stringify(presentEndpoint(endpoint)));
  return newDelivery(endpoint, { id: event.id, type: TEST_EVENT_TYPE, body, dueAt: event.at }, ports);
}

/** As if it had never been tried, and due now. */
function anew(stored: Delivery, now: number): Delivery {
  return {
    ...stored,
    revision: stored.revision + 1,
    status: 'waiting',
    tries: 0,
    dueAt: now,
    giveUpAt: now + GIVE_UP_AFTER_MS,
    deliveredAt: null,
  };
}

function answerOf(delivery: Delivery): KeptRequest['answer'] {
  return { status: 200, body: presentDelivery(delivery) };
}

export function belongs(owner: Owner, thing: Owner): boolean {
  return thing.merchant === owner.merchant && thing.mode === owner.mode;
}

function enabled(endpoint: Endpoint): Endpoint {
  if (endpoint.status === 'enabled') return endpoint;
  throw new Problem(409, 'endpoint_disabled', 'The webhook endpoint is disabled: enable it first.');
}
