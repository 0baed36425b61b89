import type { Log } from '../../src/contracts/log.js';
import type { NewCard, VaultRecords } from '../../src/contracts/vault.js';
import { createIds } from '../../src/ids.js';
import { createVault, type VaultKey } from '../../src/vault/index.js';
import { virtualClock } from '../clock.js';
import { memoryRecords } from './memory_records.js';

export const START = Date.UTC(2030, 0, 1);
export const MINUTE_MS = 60_000;

export const CARD: NewCard = {
  number: '4242424242424242',
  expiryMonth: 12,
  expiryYear: 2034,
  securityCode: '737',
  brand: 'visa',
};

/** A vault on memory and virtual time. `restarted` is the same one in another process, perhaps with other keys. */
export function vaultWorld(keys: readonly VaultKey[] = [freshKey('v1')]) {
  const clock = virtualClock(START);
  const ids = createIds({ clock });
  const memory = memoryRecords();
  const logged: string[] = [];
  const write = (message: string, fields?: unknown): void => {
    logged.push(`${message} ${JSON.stringify(fields)}`);
  };
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const restarted = (newKeys: readonly VaultKey[] = keys, records: VaultRecords = memory.records) =>
    createVault({ records, keys: newKeys, clock, ids, log });
  return { ...memory, clock, ids, logged, vault: restarted(), restarted };
}

export function freshKey(id: string): VaultKey {
  return { id, bytes: Buffer.from(createIds({ clock: virtualClock(START) }).token(256), 'base64url') };
}
