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
}

const RACES_MAX = 20;

export function createDeviceKeys({ store, vault, clock, ids, newSecret }: DeviceKeyPorts): DeviceKeys {
  const { deviceKeys } = store;
  return {
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

    async revoke({ operator, mode }, id) {
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
