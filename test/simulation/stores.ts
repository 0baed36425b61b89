import type { Store } from '../../src/contracts/store.js';
import { openSqliteStore } from '../../src/store/sqlite/index.js';

/** Where seeds are played: empty stores, one after the other, because one grows with every payment. */
export interface Stores {
  /**
   * Seeds that share a store: those of one number divided by it. A sweeper also looks at what the others have left, and draws
   * other faults for it: whoever replays a seed plays those before it in its store first.
   */
  readonly seedsPerStore: number;
  open(): Promise<Store>;
  close(): Promise<void>;
}

export function sqliteStores(): Stores {
  return {
    seedsPerStore: 25,
    open: async () => openSqliteStore({ path: ':memory:' }),
    close: async () => undefined,
  };
}
