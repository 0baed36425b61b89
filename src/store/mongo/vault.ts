import type { VaultRecord, VaultRecords } from '../../contracts/vault.js';
import type { Collections } from './collections.js';
import type { Drain } from './drain.js';
import type { Session } from './session.js';

interface Row extends Omit<VaultRecord, 'token' | 'sealed'> {
  readonly _id: string;
  /** BSON's own bytes. */
  readonly sealed: { readonly buffer: Uint8Array } | Uint8Array;
}

/** Ciphertext at rest. */
export function createVaultRecords({ run }: Session, { vault }: Collections, drain: Drain): VaultRecords {
  return {
    async put({ token, kind, keyId, sealed, diesAt, hadSecurityCode }) {
      const row = { _id: token, kind, keyId, sealed: Buffer.from(sealed), diesAt, hadSecurityCode };
      await run(() => vault.insertMany([row]));
    },
    get: (token) =>
      run(async () => {
        const row = (await vault.findOne({ _id: String(token) }).lean()) as Row | null;
        return row === null ? null : recordOf(row);
      }),
    keep: (token) =>
      run(async () => {
        const kept = await vault.updateOne({ _id: String(token) }, { $set: { diesAt: null, hadSecurityCode: false } });
        return kept.matchedCount === 1;
      }),
    remove: (token) => run(async () => (await vault.deleteOne({ _id: String(token) })).deletedCount === 1),
    removeDead: (now, limit) =>
      run(async () => {
        // A claim may still be in the outbox of the payment that made it: then the record does not die.
        await drain.all();
        const dead = { diesAt: { $gt: 0, $lte: now } };
        const rows = await vault.find(dead, { _id: 1 }).sort({ diesAt: 1 }).limit(limit).lean();
        const removed: string[] = [];
        for (const { _id } of rows) {
          if ((await vault.deleteOne({ _id, ...dead })).deletedCount === 1) removed.push(_id);
        }
        return removed;
      }),
    wrappedByOthers: (keyId, limit) =>
      run(async () => {
        const sides = [{ $lt: String(keyId) }, { $gt: String(keyId) }];
        const found = await Promise.all(sides.map((side) => vault.find({ keyId: side }).limit(limit).lean()));
        return (found.flat() as unknown as Row[]).slice(0, limit).map(recordOf);
      }),
    replace: ({ token, keyId, sealed }, expectedKeyId) =>
      run(async () => {
        const filter = { _id: String(token), keyId: String(expectedKeyId) };
        const replaced = await vault.updateOne(filter, { $set: { keyId, sealed: Buffer.from(sealed) } });
        return replaced.matchedCount === 1;
      }),
  };
}

function recordOf({ _id, kind, keyId, sealed, diesAt, hadSecurityCode }: Row): VaultRecord {
  const bytes = sealed instanceof Uint8Array ? sealed : sealed.buffer;
  return { token: _id, kind, keyId, sealed: Uint8Array.from(bytes), diesAt, hadSecurityCode };
}
