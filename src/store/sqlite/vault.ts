import type { VaultRecord, VaultRecords } from '../../contracts/vault.js';
import type { Session } from './session.js';

/** What a payment's commit does to vault records, inside the transaction. */
export interface VaultOfPayments {
  /** From now on the record lives as long as its payment needs it. */
  claim(token: string): void;
  release(token: string): void;
}

interface VaultRow {
  readonly token: string;
  readonly kind: VaultRecord['kind'];
  readonly key_id: string;
  readonly sealed: Uint8Array;
  readonly dies_at: number | null;
  readonly had_security_code: number;
}

/** Ciphertext at rest. What is deleted is overwritten in the file (`secure_delete`). */
export function createVaultRecords({ database, read, write }: Session): VaultRecords & VaultOfPayments {
  const insert = database.prepare(
    'INSERT INTO vault (token, kind, key_id, sealed, dies_at, had_security_code) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const select = database.prepare('SELECT * FROM vault WHERE token = ?');
  const remove = database.prepare('DELETE FROM vault WHERE token = ?');
  const claim = database.prepare('UPDATE vault SET dies_at = NULL WHERE token = ?');
  const keep = database.prepare('UPDATE vault SET dies_at = NULL, had_security_code = 0 WHERE token = ?');
  const dead = database.prepare('SELECT token FROM vault WHERE dies_at <= ? ORDER BY dies_at LIMIT ?');
  const others = [
    database.prepare('SELECT * FROM vault WHERE key_id < ? LIMIT ?'),
    database.prepare('SELECT * FROM vault WHERE key_id > ? LIMIT ?'),
  ];
  const replace = database.prepare('UPDATE vault SET key_id = ?, sealed = ? WHERE token = ? AND key_id = ?');

  return {
    async put({ token, kind, keyId, sealed, diesAt, hadSecurityCode }) {
      const bytes = Uint8Array.from(sealed);
      await write(() => insert.run(token, kind, keyId, bytes, diesAt, hadSecurityCode ? 1 : 0));
    },
    get: (token) =>
      read(() => {
        const row = select.get(token);
        return row === undefined ? null : recordOf(row);
      }),
    keep: (token) => write(() => keep.run(token).changes === 1),
    remove: (token) => write(() => remove.run(token).changes === 1),
    removeDead: (now, limit) =>
      write(() => {
        const tokens = dead.all(now, limit).map((row) => (row as VaultRow).token);
        for (const token of tokens) remove.run(token);
        return tokens;
      }),
    wrappedByOthers: (keyId, limit) =>
      read(() =>
        others
          .flatMap((statement) => statement.all(keyId, limit))
          .slice(0, limit)
          .map(recordOf),
      ),
    async replace({ token, keyId, sealed }, expectedKeyId) {
      const bytes = Uint8Array.from(sealed);
      return write(() => replace.run(keyId, bytes, token, expectedKeyId).changes === 1);
    },
    claim(token) {
      claim.run(token);
    },
    release(token) {
      remove.run(token);
    },
  };
}

function recordOf(row: unknown): VaultRecord {
  const { token, kind, key_id, sealed, dies_at, had_security_code } = row as VaultRow;
  return { token, kind, keyId: key_id, sealed, diesAt: dies_at, hadSecurityCode: had_security_code === 1 };
}
