import type { Clock } from '../../src/contracts/clock.js';
import { DuplicateKey } from '../../src/contracts/errors.js';
import type { Deliveries, Documents, Endpoints, Feed, FeedEntry } from '../../src/contracts/store.js';
import type { Delivery, Endpoint } from '../../src/contracts/webhook.js';
import type { Owner } from '../../src/notify/delivery_commands.js';

export interface MemoryStore {
  readonly endpoints: Endpoints;
  readonly deliveries: Deliveries;
  readonly feed: Feed;
  /** Puts one event into the owner's feed. */
  append(event: Owner & { readonly type: string }): FeedEntry;
}

/** The three ports that webhooks need, over maps: what is read and written is copied, as a real store would. */
export function memoryStore(clock: Clock): MemoryStore {
  const feeds = new Map<string, FeedEntry[]>();
  const endpoints = documents<Endpoint>();
  const deliveries = documents<Delivery>();
  const feedOf = ({ merchant, mode }: Owner) => {
    const name = `${merchant} ${mode}`;
    const feed = feeds.get(name) ?? [];
    feeds.set(name, feed);
    return feed;
  };
  const due = () => [...deliveries.all()].filter(({ dueAt }) => dueAt !== null).sort(byDueAt);

  return {
    feed: {
      after: async (merchant, mode, position, limit) => feedOf({ merchant, mode }).slice(position, position + limit),
      told: async (merchant, mode, position, limit) => feedOf({ merchant, mode }).slice(position, position + limit),
      head: async (merchant, mode) => feedOf({ merchant, mode }).length,
      ofPayment: async (payment) => [...feeds.values()].flat().filter((entry) => entry.payment === payment),
    },
    endpoints: {
      load: endpoints.load,
      async commit(endpoint) {
        const keys = endpoint.requests.map(({ key }) => key);
        const taken = [...endpoints.all()].some(
          ({ id, requests }) => id !== endpoint.id && requests.some(({ key }) => keys.includes(key)),
        );
        if (taken) throw new DuplicateKey('request');
        return endpoints.commit(endpoint);
      },
      list: async (merchant, mode) =>
        copied([...endpoints.all()].filter((one) => one.merchant === merchant && one.mode === mode)),
      behind: async (limit) =>
        copied(
          [...endpoints.all()]
            .filter((endpoint) => endpoint.status === 'enabled' && endpoint.cursor < feedOf(endpoint).length)
            .slice(0, limit),
        ),
      byRequest: async (_merchant, _mode, key) =>
        [...endpoints.all()].find(({ requests }) => requests.some((request) => request.key === key))?.id ?? null,
    },
    deliveries: {
      ...deliveries,
      async enqueue(endpoint, added) {
        if (!endpoints.put(endpoint)) return false;
        const known = new Set(
          [...deliveries.all()].filter((one) => one.endpoint === endpoint.id).map((one) => one.event),
        );
        for (const delivery of added) if (!known.has(delivery.event)) deliveries.put(delivery);
        return true;
      },
      due: async (now, limit, except = []) =>
        copied(
          due()
            .filter((one) => (one.dueAt ?? 0) <= now && !except.includes(one.endpoint))
            .slice(0, limit),
        ),
      nextDue: async () => due()[0]?.dueAt ?? null,
      async ofEndpoint(endpoint, limit, after) {
        const all = [...deliveries.all()].filter((one) => one.endpoint === endpoint).reverse();
        const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
        const data = copied(all.slice(from, from + limit));
        return { data, next: from + limit < all.length ? (data.at(-1)?.id ?? null) : null };
      },
    },
    append({ merchant, mode, type }) {
      const feed = feedOf({ merchant, mode });
      const position = feed.length + 1;
      const event = { id: `evt_${merchant}_${position}`, type, at: clock.now(), sequence: position, object: 'pay_1' };
      const data = JSON.stringify({ id: 'pay_1', object: 'payment', note: 'é€"\\' });
      const entry: FeedEntry = { position, event, merchant, mode, payment: 'pay_1', data };
      feed.push(entry);
      return entry;
    },
  };
}

interface MemoryDocuments<T> extends Documents<T> {
  all(): Iterable<T>;
  /** The same as `commit`, at once, so that two of them can be one write. */
  put(document: T): boolean;
}

function documents<T extends { readonly id: string; revision: number }>(): MemoryDocuments<T> {
  const stored = new Map<string, T>();
  function put(document: T): boolean {
    if ((stored.get(document.id)?.revision ?? 0) !== document.revision - 1) return false;
    stored.set(document.id, copied(document));
    return true;
  }
  return {
    all: () => stored.values(),
    put,
    load: async (id) => copied(stored.get(id) ?? null),
    commit: async (document) => put(document),
  };
}

function byDueAt(a: Delivery, b: Delivery): number {
  return (a.dueAt ?? 0) - (b.dueAt ?? 0);
}

function copied<T>(value: T): T {
  return structuredClone(value);
}
