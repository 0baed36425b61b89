import type { Clock } from '../contracts/clock.js';
import { Problem, StoreFailure } from '../contracts/errors.js';
import type { Ids } from '../contracts/ids.js';
import type { Mode } from '../contracts/payment.js';
import type { Page, Store } from '../contracts/store.js';
import type { Delivery, Endpoint } from '../contracts/webhook.js';
import { newDelivery } from './deliveries.js';
import { testEventBody } from './event_body.js';
import { TEST_EVENT_TYPE } from './event_types.js';
import { presentEndpoint } from './present.js';
import { GIVE_UP_AFTER_MS } from './schedule.js';

const RACES_MAX = 10;

/** Whose endpoints: the mode is a wall, and so is the merchant. */
export interface Owner {
  readonly merchant: string;
  readonly mode: Mode;
}

export interface DeliveryCommands {
  /** Sends a test event, whatever the endpoint listens to. @throws Problem 409 `endpoint_disabled` */
  test(owner: Owner, id: string): Promise<Delivery>;
  /** Newest first. */
  deliveries(
    owner: Owner,
    id: string,
    page: { readonly limit: number; readonly after?: string },
  ): Promise<Page<Delivery>>;
  /**
   * Sends again what was delivered, parked or waits: now, with three new days.
   * @throws Problem 404 `delivery_not_found`; 409 `endpoint_disabled`
   */
  replay(owner: Owner, delivery: string): Promise<Delivery>;
}

export interface DeliveryPorts {
  readonly store: Pick<Store, 'deliveries'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly find: (owner: Owner, endpoint: string) => Promise<Endpoint>;
  readonly wake: () => void;
}

export function createDeliveryCommands(ports: DeliveryPorts): DeliveryCommands {
  const { store, clock, ids, find, wake } = ports;

  async function test(owner: Owner, id: string): Promise<Delivery> {
    const endpoint = enabled(await find(owner, id));
    const event = { id: ids.next('evt'), at: clock.now(), merchant: owner.merchant, mode: owner.mode };
    const body = testEventBody(event, JSON.stringify(presentEndpoint(endpoint)));
    const delivery = newDelivery(endpoint, { id: event.id, type: TEST_EVENT_TYPE, body, dueAt: event.at }, ports);
    if (!(await store.deliveries.commit(delivery))) throw new StoreFailure(`delivery ${delivery.id} exists already`);
    wake();
    return delivery;
  }

  async function replay(owner: Owner, id: string): Promise<Delivery> {
    for (let race = 0; race < RACES_MAX; race += 1) {
      const stored = await store.deliveries.load(id);
      if (!stored || !belongs(owner, stored))
        throw new Problem(404, 'delivery_not_found', 'There is no such delivery.');
      enabled(await find(owner, stored.endpoint));
      const now = clock.now();
      const again: Delivery = {
        ...stored,
        revision: stored.revision + 1,
        status: 'waiting',
        tries: 0,
        dueAt: now,
        giveUpAt: now + GIVE_UP_AFTER_MS,
        deliveredAt: null,
      };
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
      return store.deliveries.ofEndpoint(endpoint.id, limit, after);
    },
    replay,
  };
}

export function belongs(owner: Owner, thing: Owner): boolean {
  return thing.merchant === owner.merchant && thing.mode === owner.mode;
}

function enabled(endpoint: Endpoint): Endpoint {
  if (endpoint.status === 'enabled') return endpoint;
  throw new Problem(409, 'endpoint_disabled', 'The webhook endpoint is disabled: enable it first.');
}
