import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Ids } from '../contracts/ids.js';
import type { VaultRecord, VaultRecords } from '../contracts/vault.js';
import type { Envelopes } from './envelope.js';

/**
 * Raised when the fingerprint key itself must change: from then on no card is recognised from before, and payments under way
 * go by what is shown of it (`mayBeSameCard`).
 */
const VERSION = 1;
const TOKEN = `tok_fingerprint_key_${VERSION}`;
const BINDING = ['record', 'fingerprint_key', TOKEN] as const;

/**
 * Recognises a card again without keeping its number: a keyed HMAC over the whole number (PCI DSS 3.5.1.1).
 *
 * Its key must outlive every wrapping key, or a change of VAULT_KEYS would make all known cards strangers: guards would
 * begin to count anew, stored cards would be stored twice. A key derived from the first wrapping key changes with the next
 * rotation, one derived from the last with the next retirement. So it is a random key of its own, made once, and lies
 * in the vault as a record like the cards', wrapped by whichever key writes and moved by `rewrap` with all the others.
 */
export function createFingerprints(ports: {
  records: Pick<VaultRecords, 'get' | 'put'>;
  envelopes: Envelopes;
  ids: Pick<Ids, 'token'>;
}) {
  const { records, envelopes, ids } = ports;
  let loading: Promise<KeyObject> | null = null;

  async function make(): Promise<VaultRecord | null> {
    const fresh = Buffer.from(ids.token(256), 'base64url');
    const sealed = envelopes.seal(BINDING, fresh);
    fresh.fill(0);
    try {
      const alive = { diesAt: null, hadSecurityCode: false };
      await records.put({ token: TOKEN, kind: 'fingerprint_key', ...sealed, ...alive });
    } catch (error) {
      // Another process may have been first; or nobody knows, and reading tells.
      const there = await records.get(TOKEN);
      if (there === null) throw error;
    }
    return records.get(TOKEN);
  }

  async function load(): Promise<KeyObject> {
    const record = (await records.get(TOKEN)) ?? (await make());
    if (record === null) throw new Error('the fingerprint key was kept and is not there');
    const bytes = envelopes.open(BINDING, record);
    const key = createSecretKey(bytes);
    bytes.fill(0);
    return key;
  }

  return {
    /** `1.base64url`, the same for the same number for as long as the version. @throws VaultFailure, StoreFailure */
    async of(number: string): Promise<string> {
      loading ??= load();
      try {
        return `${VERSION}.${createHmac('sha256', await loading)
          .update(number)
          .digest('base64url')}`;
      } catch (error) {
        loading = null;
        throw error;
      }
    },
  };
}
