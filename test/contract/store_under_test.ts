import type { Store } from '../../src/contracts/store.js';

/** Where the parts of the suite find the store of the running test. */
export interface StoreUnderTest {
  readonly store: Store;
}
