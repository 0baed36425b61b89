import type { VaultRecords } from '../contracts/vault.js';
import type { CardKeeper } from './service.js';

/** Keeps the vault records of stored instruments for as long as their payer has them. */
export function createCardKeeper(records: Pick<VaultRecords, 'keep' | 'remove'>): CardKeeper {
  return {
    keep: (token) => records.keep(token),
    async destroy(token) {
      await records.remove(token);
    },
  };
}
