import type { VaultRecords } from '../contracts/vault.js';

/** The vault records of stored instruments: kept for good, or destroyed. */
export interface CardKeeper {
  /** The record no longer dies by itself. False when it is dead already. */
  keep(token: string): Promise<boolean>;
  destroy(token: string): Promise<void>;
}

/** Keeps the vault records of stored instruments for as long as their payer has them. */
export function createCardKeeper(records: Pick<VaultRecords, 'keep' | 'remove'>): CardKeeper {
  return {
    keep: (token) => records.keep(token),
    async destroy(token) {
      await records.remove(token);
    },
  };
}
