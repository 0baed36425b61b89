import type { Log } from '../../contracts/log.js';
import type { Deliveries } from '../../contracts/store.js';
import type { Delivery, Endpoint } from '../../contracts/webhook.js';
import { pageOf } from '../pages.js';
import { type Aggregates, createAggregates } from './aggregates.js';
import { carriedOf, deliverAllCarried, deliverCarried } from './carried.js';
import type { Collections, Stored } from './collections.js';
import type { Session } from './session.js';

export interface DeliveryPorts {
  readonly session: Session;
  readonly collections: Collections;
  readonly endpoints: Aggregates<Endpoint>;
  readonly log: Log;
}

/** The new cursor and the deliveries are one write of the endpoint, which carries them until they are documents of their own. */
export function createDeliveries({ session, collections, endpoints, log }: DeliveryPorts): Deliveries {
  const { deliveries } = collections;
  const aggregates = createAggregates<Delivery>(session, { collection: deliveries });
  const { run } = session;

  async function enqueue(endpoint: Endpoint, wanted: readonly Delivery[]): Promise<boolean> {
    const { id, revision } = endpoint;
    const carried = carriedOf(`${id}.${revision}`, wanted.map(aggregates.stored));
    const move = () => endpoints.commit(endpoint, { when: { 'carried.by': { $exists: false } }, set: { carried } });
    const isMoved = (await move()) || ((await bringWhatIsLeft(endpoint)) && (await move()));
    if (!isMoved) return false;
    // From here on it has happened, whatever becomes of it: who asks for those behind sees to what is left.
    await run(() => deliverCarried(collections.endpoints, deliveries, id, carried)).catch((error: unknown) =>
      log.warn('deliveries wait in their endpoint', { error }),
    );
    return true;
  }

  /** True when the endpoint stood in the way only because of what somebody who died had left in it. */
  async function bringWhatIsLeft({ id, revision }: Endpoint): Promise<boolean> {
    return run(async () => {
      const left = { _id: id, revision: revision - 1, 'carried.by': { $exists: true } };
      if ((await collections.endpoints.findOne(left, { _id: 1 }).lean()) === null) return false;
      await deliverAllCarried(collections.endpoints, deliveries);
      return true;
    });
  }

  return {
    load: aggregates.load,
    commit: (delivery) => aggregates.commit(delivery),
    enqueue,
    due: (now, limit, except = []) =>
      run(async () => {
        const others = except.length === 0 ? {} : { endpoint: { $nin: except.map(String) } };
        const filter = { dueAt: { $gt: 0, $lte: now }, ...others };
        const rows = await deliveries.find(filter).sort({ dueAt: 1 }).limit(limit).lean();
        return (rows as Stored[]).map(aggregates.read);
      }),
    nextDue: () =>
      run(async () => {
        const first = (await deliveries
          .findOne({ dueAt: { $gt: 0 } }, { dueAt: 1 })
          .sort({ dueAt: 1 })
          .lean()) as Stored | null;
        return (first?.['dueAt'] as number | undefined) ?? null;
      }),
    ofEndpoint: (endpoint, limit, after) =>
      run(async () => {
        const filter = { endpoint: String(endpoint) };
        const place = after === undefined ? {} : { _id: { $lt: String(after) } };
        if (after !== undefined) {
          const known = await deliveries.findOne({ ...filter, _id: String(after) }, { _id: 1 }).lean();
          if (known === null) return { data: [], next: null };
        }
        const rows = await deliveries
          .find({ ...filter, ...place })
          .sort({ _id: -1 })
          .limit(limit + 1)
          .lean();
        return pageOf((rows as Stored[]).map(aggregates.read), limit);
      }),
  };
}
