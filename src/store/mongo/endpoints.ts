import type { Endpoints } from '../../contracts/store.js';
import type { Endpoint } from '../../contracts/webhook.js';
import { type Aggregates, createAggregates } from './aggregates.js';
import { deliverAllCarried } from './carried.js';
import type { Collections, Stored } from './collections.js';
import { ENDPOINT_FREE_FORMS } from './document_shapes.js';
import type { Drain } from './drain.js';
import type { Session } from './session.js';
import { type Wall, wallId, within } from './walls.js';

/** Candidates that one look takes, more than is asked for: some turn out not to lie behind. */
const CANDIDATES = 500;

/** Endpoints as aggregates, for those who move their cursors too. */
export function createEndpointAggregates(session: Session, { endpoints }: Collections): Aggregates<Endpoint> {
  const aggregates = createAggregates<Endpoint>(session, {
    collection: endpoints,
    freeForms: ENDPOINT_FREE_FORMS,
    beside: ['fed', 'mayBeBehind', 'carried'],
    family: ({ mode, merchant, requests }) => ({ filter: { mode, merchant }, keys: requests.map(({ key }) => key) }),
  });
  return {
    ...aggregates,
    // Whoever changes an endpoint does not know how long its feed is: that is looked at by who asks for those behind.
    commit: (endpoint, beside = {}) =>
      aggregates.commit(endpoint, {
        ...beside,
        begin: { fed: 0 },
        set: { ...beside.set, mayBeBehind: endpoint.status === 'enabled' },
      }),
  };
}

export function createEndpoints(
  { run }: Session,
  collections: Collections,
  aggregates: Aggregates<Endpoint>,
  drain: Drain,
): Endpoints {
  const { endpoints, deliveries, walls } = collections;

  async function headsOf(candidates: readonly Wall[]): Promise<Map<string, number>> {
    const ids = [...new Set(candidates.map(wallId))];
    const rows = (await walls.find({ _id: { $in: ids } }, { head: 1 }).lean()) as Stored[];
    return new Map(rows.map(({ _id, head }) => [_id, head as number]));
  }

  /** Clears the mark of one that has caught up, unless its feed has grown since or it was changed. */
  async function clear({ _id, revision }: Stored, head: number): Promise<void> {
    await endpoints.updateOne({ _id, revision, fed: { $lte: head } }, { $set: { mayBeBehind: false } });
  }

  async function behind(limit: number): Promise<Endpoint[]> {
    await drain.all();
    await deliverAllCarried(endpoints, deliveries);
    const found: Endpoint[] = [];
    for (let last = ''; found.length < limit; ) {
      const filter = { mayBeBehind: true, _id: { $gt: last } };
      const sorted = endpoints.find(filter, aggregates.projection).sort({ _id: 1 }).limit(CANDIDATES);
      const candidates = (await sorted.lean()) as (Stored & Wall & { cursor: number })[];
      const heads = await headsOf(candidates);
      for (const candidate of candidates) {
        const head = heads.get(wallId(candidate)) ?? 0;
        if (candidate.cursor >= head) await clear(candidate, head);
        else if (found.length < limit) found.push(aggregates.read({ ...candidate }));
      }
      if (candidates.length < CANDIDATES) break;
      last = candidates.at(-1)?._id ?? last;
    }
    return found;
  }

  return {
    load: aggregates.load,
    commit: (endpoint) => aggregates.commit(endpoint),
    list: (merchant, mode) =>
      run(async () => {
        const rows = await endpoints.find(within({ merchant, mode }), aggregates.projection).lean();
        const sorted = (rows as Stored[]).toSorted((one, other) => (one._id < other._id ? -1 : 1));
        return sorted.map(aggregates.read);
      }),
    behind: (limit) => run(() => behind(limit)),
    byRequest: (merchant, mode, key) =>
      run(async () => {
        const filter = { ...within({ merchant, mode }), 'requests.key': String(key) };
        return (await endpoints.findOne(filter, { _id: 1 }).lean())?._id ?? null;
      }),
  };
}
