import type { VaultRecords } from '../contracts/vault.js';
import type { CardKeeper } from './service.js';

/**
 * Keeps the vault records of stored instruments. A record is written again without an end of life; should the process
 * die between the two writes, the payer names a card that is gone, and never the other way round.
 */
export function createCardKeeper(records: Pick<VaultRecords, 'get' | 'put' | 'remove'>): CardKeeper {
  return {
    async keep(token) {
      const record = await records.get(token);
      if (record === null) return false;
      if (record.diesAt === null) return true;
      if (!(await records.remove(token))) return false;
      await records.put({ ...record, diesAt: null });
      return true;
    },
    async destroy(token) {
      await records.remove(token);
    },
  };
}
