import { DuplicateKey } from '../../contracts/errors.js';
import type { KeptRequest, Mode } from '../../contracts/payment.js';
import type { Session } from './session.js';
import type { Walls } from './walls.js';

/** Idempotency keys belong to one family of objects. */
export type Family = 'payment' | 'payer' | 'endpoint';

export interface Requests {
  /** Inside a transaction: claims the keys that are new. @throws DuplicateKey `request` for one that another holds */
  keep(family: Family, wall: number, holder: string, requests: readonly Pick<KeptRequest, 'key'>[]): void;
  /** Who keeps the request with this key. */
  holder(family: Family, owner: string, mode: Mode, key: string): Promise<string | null>;
}

export function createRequests({ database, read }: Session, walls: Walls): Requests {
  const insert = database.prepare(
    'INSERT INTO requests (family, wall, key, holder) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const select = database.prepare('SELECT holder FROM requests WHERE family = ? AND wall = ? AND key = ?');

  function find(family: Family, wall: number, key: string): string | null {
    return (select.get(family, wall, key) as { holder: string } | undefined)?.holder ?? null;
  }

  return {
    keep(family, wall, holder, requests) {
      // New ones are at the end: the first that is already ours ends the search.
      for (let index = requests.length - 1; index >= 0; index--) {
        const { key } = requests[index] as KeptRequest;
        if (insert.run(family, wall, key, holder).changes === 1) continue;
        if (find(family, wall, key) !== holder) throw new DuplicateKey('request');
        return;
      }
    },
    holder: (family, owner, mode, key) =>
      read(() => {
        const wall = walls.find(owner, mode);
        return wall === null ? null : find(family, wall, key);
      }),
  };
}
