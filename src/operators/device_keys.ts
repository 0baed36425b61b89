import type { Clock } from '../contracts/clock.js';
import { DuplicateKey, Problem, StoreFailure } from '../contracts/errors.js';
import type { Ids } from '../contracts/ids.js';
import type { DeviceKey } from '../contracts/operator.js';
import type { Mode } from '../contracts/payment.js';
import type { DeviceKeys as DeviceKeyStore } from '../contracts/store.js';
import type { Vault } from '../contracts/vault.js';
import { deviceKeyPurpose } from './secrets.js';

export interface DeviceKeyPorts {
  readonly store: { readonly deviceKeys: DeviceKeyStore };
  readonly vault: Pick<Vault, 'seal'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  /** A new `whsec_…`. */
  newSecret(): string;
}

/** Whose boxes, in which mode. */
export interface BoxesOf {
  readonly operator: string;
  readonly mode: Mode;
}

export interface DeviceKeys {
  /**
   * A new key for a box, bound to a household or to none. A box has one key, the latest: with it, the one before works no
   * more. So whoever missed the answer asks again, and a box that moves leaves no key behind.
   */
  issue(
    of: BoxesOf,
    box: { readonly device: string; readonly account: string | null },
  ): Promise<{ key: DeviceKey; secret: string }>;
  /** Again does no harm. @throws Problem 404 `device_key_not_found`, for another operator's or mode's too */
  revoke(of: BoxesOf, id: string): Promise<DeviceKey>;
  /** Keys of the operator, the newest first, each with whether it signs still; `next` says behind which key more follow. */
  list(of: BoxesOf, after: string | null): Promise<{ keys: readonly ListedKey[]; next: string | null }>;
  /** Revokes every key that was issued at `since` or later; answers how many signed until now. Again does no harm. */
  revokeSince(of: BoxesOf, since: number): Promise<number>;
}

/** `replaced`: the box has a newer one. */
export interface ListedKey {
  readonly key: DeviceKey;
  readonly state: 'works' | 'replaced' | 'revoked';
}

const PAGE = 100;

const RACES_MAX = 20;

export function createDeviceKeys({ store, vault, clock, ids, newSecret }: DeviceKeyPorts): DeviceKeys {
  const { deviceKeys } = store;

  async function list({ operator, mode }: BoxesOf, after: string | null) {
    const { data, next } = await deviceKeys.ofOperator(operator, mode, { after, limit: PAGE });
    const keys: ListedKey[] = [];
    for (const key of data) {
      const state = key.revokedAt !== null ? 'revoked' : (await isCurrent(deviceKeys, key)) ? 'works' : 'replaced';
      keys.push({ key, state });
    }
    return { keys, next };
  }

  async function revoke({ operator, mode }: BoxesOf, id: string): Promise<DeviceKey> {
    for (let race = 0; race < RACES_MAX; race += 1) {
      const stored = await deviceKeys.load(id);
      if (stored === null || stored.operator !== operator || stored.mode !== mode) {
        throw new Problem(404, 'device_key_not_found', 'There is no such device key.');
      }
      if (stored.revokedAt !== null) return stored;
      const next = { ...stored, revision: stored.revision + 1, revokedAt: clock.now() };
      if (await deviceKeys.commit(next)) return next;
    }
    throw new StoreFailure(`device key ${id} could not be changed: too many races lost`);
  }

  return {
    list,
    revoke,

    async revokeSince(of, since) {
      let [revoked, after] = [0, null as string | null];
      do {
        const { keys, next } = await list(of, after);
        for (const { key, state } of keys) {
          if (state === 'revoked' || key.createdAt < since) continue;
          await revoke(of, key.id);
          if (state === 'works') revoked += 1;
        }
        after = next;
      } while (after !== null);
      return revoked;
    },

    async issue(of, box) {
      const [id, secret] = [ids.next('dvk'), newSecret()];
      const sealed = vault.seal(deviceKeyPurpose(id), secret);
      for (let race = 0; race < RACES_MAX; race += 1) {
        const [latest] = await deviceKeys.ofDevice(of.operator, of.mode, box.device);
        const key = draft({ ...of, ...box, id, sealed, sequence: (latest?.sequence ?? 0) + 1, createdAt: clock.now() });
        if (await isFirst(deviceKeys, key)) return { key, secret };
      }
      throw new StoreFailure(`no key of box ${box.device} could be issued: too many races lost`);
    },
  };
}

function draft(of: Omit<DeviceKey, 'revision' | 'schema' | 'revokedAt'>): DeviceKey {
  return { ...of, revision: 1, schema: 1, revokedAt: null };
}

/** False when another key of the box was issued in the same moment. */
async function isFirst(deviceKeys: DeviceKeyStore, key: DeviceKey): Promise<boolean> {
  try {
    return await deviceKeys.commit(key);
  } catch (error) {
    if (error instanceof DuplicateKey) return false;
    throw error;
  }
}

/** Whether a key signs for its box still: not revoked, and the latest. */
export async function isCurrent(deviceKeys: DeviceKeyStore, { id, operator, mode, device, revokedAt }: DeviceKey) {
  if (revokedAt !== null) return false;
  return (await deviceKeys.ofDevice(operator, mode, device))[0]?.id === id;
}

/** The same of a key by its id; false for none. */
export async function isGood(deviceKeys: DeviceKeyStore, id: string): Promise<boolean> {
  const key = await deviceKeys.load(id);
  return key !== null && isCurrent(deviceKeys, key);
}
