import type { Database } from './database.js';

/** Documents kept in memory, trusted until this process says that it writes one, or another process has written anything. */
export interface Known<T> {
  /** What `find` answers, or has answered; null is not kept. */
  get(name: string, find: () => T | null): T | null;
  clear(): void;
}

/** Another process's writing is told by SQLite's data version; asking for it costs two locks, so it is asked once in a turn of the event loop. */
export function createKnown<T>(database: Database, most: number): Known<T> {
  const dataVersion = database.prepare('PRAGMA data_version');
  const known = new Map<string, T>();
  let version = 0;
  let isCurrent = false;

  function beCurrent(): void {
    if (isCurrent) return;
    const { data_version: current } = dataVersion.get() as { data_version: number };
    if (current !== version) known.clear();
    version = current;
    isCurrent = true;
    setImmediate(() => {
      isCurrent = false;
    });
  }

  return {
    get(name, find) {
      beCurrent();
      const kept = known.get(name);
      if (kept !== undefined) return kept;
      const found = find();
      if (found === null) return null;
      if (known.size >= most) known.clear();
      known.set(name, found);
      return found;
    },
    clear: () => known.clear(),
  };
}
