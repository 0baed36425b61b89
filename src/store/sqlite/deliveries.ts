import type { Deliveries } from '../../contracts/store.js';
import type { Delivery } from '../../contracts/webhook.js';
import { pageOf } from '../pages.js';
import { createDocumentTable, documentsOf } from './documents.js';
import type { EndpointWriter } from './endpoints.js';
import type { Session } from './session.js';

export function createDeliveries({ database, read, write }: Session, endpoints: EndpointWriter): Deliveries {
  const table = createDocumentTable<Delivery>(database, 'deliveries', ['endpoint', 'event', 'due_at']);
  const add = database.prepare(
    `INSERT INTO deliveries (id, revision, endpoint, event, due_at, body) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (endpoint, event) DO NOTHING`,
  );
  const due = database.prepare(
    `SELECT body FROM deliveries WHERE due_at <= ? AND endpoint NOT IN (SELECT value FROM json_each(?))
     ORDER BY due_at LIMIT ?`,
  );
  const earliest = database.prepare('SELECT min(due_at) AS at FROM deliveries WHERE due_at IS NOT NULL');
  const newest = database.prepare(
    'SELECT body FROM deliveries WHERE endpoint = ? AND seq < ? ORDER BY seq DESC LIMIT ?',
  );
  const placeOf = database.prepare('SELECT seq FROM deliveries WHERE id = ? AND endpoint = ?');

  return {
    load: (id) => read(() => table.find(id)),
    async commit(delivery) {
      const { endpoint, event, dueAt } = delivery;
      return write(table.change(delivery, { endpoint, event, due_at: dueAt }));
    },
    async enqueue(endpoint, deliveries) {
      const move = endpoints.change(endpoint);
      const rows = deliveries.map((delivery) => {
        const { id, revision, event, dueAt } = delivery;
        return [id, revision, delivery.endpoint, event, dueAt, JSON.stringify(delivery)] as const;
      });
      return write(() => {
        if (!move()) return false;
        for (const row of rows) add.run(...row);
        return true;
      });
    },
    due: (now, limit, except = []) => read(() => documentsOf<Delivery>(due.all(now, JSON.stringify(except), limit))),
    nextDue: () => read(() => (earliest.get() as { at: number | null }).at),
    ofEndpoint: (endpoint, limit, after) =>
      read(() => {
        let before = Number.MAX_SAFE_INTEGER;
        if (after !== undefined) {
          const place = placeOf.get(after, endpoint) as { seq: number } | undefined;
          if (place === undefined) return { data: [], next: null };
          before = place.seq;
        }
        return pageOf(documentsOf<Delivery>(newest.all(endpoint, before, limit + 1)), limit);
      }),
  };
}
