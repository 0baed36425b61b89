import type { Endpoints } from '../../contracts/store.js';
import type { Endpoint } from '../../contracts/webhook.js';
import { createDocumentTable, documentsOf } from './documents.js';
import type { Requests } from './requests.js';
import type { Session } from './session.js';
import type { Walls } from './walls.js';

/** How deliveries move an endpoint's cursor in their own transaction. */
export interface EndpointWriter {
  /** Takes the endpoint as it is now, and answers what to do inside the transaction: false when somebody else was first. */
  change(endpoint: Endpoint): () => boolean;
}

export function createEndpoints(session: Session, walls: Walls, requests: Requests): Endpoints & EndpointWriter {
  const { database, read, write } = session;
  const table = createDocumentTable<Endpoint>(database, 'endpoints', ['wall', 'status', 'cursor']);
  const list = database.prepare('SELECT body FROM endpoints WHERE wall = ? ORDER BY seq');
  const behind = database.prepare(
    `SELECT body FROM walls JOIN endpoints ON wall = walls.id AND status = 'enabled' AND cursor < head
     WHERE followed < head ORDER BY walls.id LIMIT ?`,
  );
  // Walls know how far their slowest follower is: what lies behind is found without looking at the others.
  const follow = database.prepare(
    `UPDATE walls SET followed = (SELECT min(cursor) FROM endpoints WHERE wall = ?1 AND status = 'enabled')
     WHERE id = ?1`,
  );

  function change(endpoint: Endpoint): () => boolean {
    const { id, status, cursor } = endpoint;
    const wall = walls.enter(endpoint.merchant, endpoint.mode);
    const kept = endpoint.requests.map(({ key }) => ({ key }));
    const replace = table.change(endpoint, { wall, status, cursor }, () => requests.keep('endpoint', wall, id, kept));
    return () => {
      if (!replace()) return false;
      follow.run(wall);
      return true;
    };
  }

  return {
    change,
    load: (id) => read(() => table.find(id)),
    commit: async (endpoint) => write(change(endpoint)),
    list: (merchant, mode) =>
      read(() => {
        const wall = walls.find(merchant, mode);
        return wall === null ? [] : documentsOf<Endpoint>(list.all(wall));
      }),
    behind: (limit) => read(() => documentsOf<Endpoint>(behind.all(limit))),
    byRequest: (merchant, mode, key) => requests.holder('endpoint', merchant, mode, key),
  };
}
