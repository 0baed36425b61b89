import { DuplicateKey } from '../../src/contracts/errors.js';
import type { VaultRecord, VaultRecords } from '../../src/contracts/vault.js';

/** A place for vault records that keeps copies of bytes, as a database does, and shows what it holds. */
export function memoryRecords() {
  const held = new Map<string, VaultRecord>();
  const copyOf = (record: VaultRecord): VaultRecord => ({ ...record, sealed: Uint8Array.from(record.sealed) });

  const records: VaultRecords = {
    async put(record) {
      if (held.has(record.token)) throw new DuplicateKey('id');
      held.set(record.token, copyOf(record));
    },
    async get(token) {
      const found = held.get(token);
      return found === undefined ? null : copyOf(found);
    },
    async keep(token) {
      const found = held.get(token);
      if (found === undefined) return false;
      held.set(token, { ...found, diesAt: null, hadSecurityCode: false });
      return true;
    },
    remove: async (token) => held.delete(token),
    async removeDead(now, limit) {
      const dead = [...held.values()].filter(({ diesAt }) => diesAt !== null && diesAt < now).slice(0, limit);
      for (const { token } of dead) held.delete(token);
      return dead.map(({ token }) => token);
    },
    wrappedByOthers: async (keyId, limit) =>
      [...held.values()]
        .filter((record) => record.keyId !== keyId)
        .slice(0, limit)
        .map(copyOf),
    async replace(record, expectedKeyId) {
      const found = held.get(record.token);
      if (found === undefined || found.keyId !== expectedKeyId) return false;
      held.set(record.token, { ...found, keyId: record.keyId, sealed: Uint8Array.from(record.sealed) });
      return true;
    },
  };

  return {
    records,
    held,
    /** What a payment's commit does to the records it names. */
    claim(token: string): void {
      const found = held.get(token);
      if (found !== undefined) held.set(token, { ...found, diesAt: null });
    },
    /** Changes a record behind the vault's back. */
    tamper(token: string, changes: Partial<VaultRecord>): void {
      const found = held.get(token);
      if (found === undefined) throw new Error('no such record');
      held.set(changes.token ?? token, { ...found, ...changes });
    },
  };
}
