import type { Mode } from '../../contracts/payment.js';
import type { Database } from './database.js';
import { failureOf } from './failures.js';

/** Small numbers that stand for an owner in a mode. They are made once and never change. */
export interface Walls {
  /** The number, made on the spot for an owner that is new: outside any shared transaction. @throws StoreFailure */
  enter(owner: string, mode: Mode): number;
  /** The number, or null when nothing was ever stored there. */
  find(owner: string, mode: Mode): number | null;
}

const KNOWN_MAX = 50_000;

export function createWalls(database: Database): Walls {
  // Only what is committed is kept here: a number from a transaction that is lost would be given away twice.
  const known = new Map<string, number>();
  const select = database.prepare('SELECT id FROM walls WHERE owner = ? AND mode = ?');
  const insert = database.prepare('INSERT INTO walls (owner, mode) VALUES (?, ?) ON CONFLICT DO NOTHING');

  function find(owner: string, mode: Mode): number | null {
    const name = `${mode} ${owner}`;
    const id = known.get(name);
    if (id !== undefined) return id;
    const row = select.get(owner, mode) as { id: number } | undefined;
    if (row === undefined) return null;
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(name, row.id);
    return row.id;
  }

  return {
    find,
    enter(owner, mode) {
      try {
        const id = find(owner, mode);
        if (id !== null) return id;
        insert.run(owner, mode);
        return find(owner, mode) as number;
      } catch (error) {
        throw failureOf(error);
      }
    },
  };
}
