import type { Store } from '../../src/contracts/store.js';
import { openSqliteStore } from '../../src/store/sqlite/index.js';

/** Where seeds are played: empty stores, one after the other, because one grows with every payment. */
export interface Stores {
  /** Seeds that one store takes before it gets slow, or before they are no longer the same. */
  readonly seedsMax: number;
  open(): Promise<Store>;
  close(): Promise<void>;
}

export function sqliteStores(): Stores {
  return {
    // A sweeper looks at what other seeds have left, and draws other faults for it.
    seedsMax: 1,
    open: async () => openSqliteStore({ path: ':memory:' }),
    close: async () => undefined,
  };
}
