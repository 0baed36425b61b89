import type { PaymentCodes } from '../../contracts/store.js';
import type { Session } from './session.js';

/** How long a code may wait for its payment before it counts as an orphan. */
const ORPHAN_AFTER_MS = 3_600_000;
const SWEEP_MAX = 1_000;

/** What a payment's commit does to its code, inside the transaction. */
export interface CodesOfPayments {
  free(code: string, payment: string, at: number): void;
}

interface CodeRow {
  readonly code: string;
  readonly payment: string;
  readonly claimed_at: number | null;
  readonly free_at: number | null;
}

export function createCodes({ database, read, write }: Session): PaymentCodes & CodesOfPayments {
  const select = database.prepare('SELECT * FROM codes WHERE code = ?');
  const insert = database.prepare('INSERT INTO codes (code, payment, claimed_at) VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM codes WHERE code = ?');
  const settle = database.prepare('UPDATE codes SET claimed_at = NULL WHERE code = ?');
  const free = database.prepare('UPDATE codes SET free_at = ? WHERE code = ? AND payment = ?');
  const removeFree = database.prepare(
    'DELETE FROM codes WHERE code IN (SELECT code FROM codes WHERE free_at <= ? ORDER BY free_at LIMIT ?)',
  );
  const unsettled = database.prepare('SELECT * FROM codes WHERE claimed_at <= ? ORDER BY claimed_at LIMIT ?');
  const codeOfPayment = database.prepare(`SELECT json_extract(body, '$.code') AS code FROM payments WHERE id = ?`);

  /** Claimed long ago for a payment that was never stored, or went without it. */
  function isOrphan({ code, payment, claimed_at }: CodeRow, now: number): boolean {
    if (claimed_at === null || claimed_at > now - ORPHAN_AFTER_MS) return false;
    return (codeOfPayment.get(payment) as { code: string | null } | undefined)?.code !== code;
  }

  return {
    claim: (code, payment, now) =>
      write(() => {
        const held = select.get(code) as CodeRow | undefined;
        if (held !== undefined) {
          const isFree = held.free_at !== null && held.free_at <= now;
          if (!isFree && !isOrphan(held, now)) return false;
          remove.run(code);
        }
        insert.run(code, payment, now);
        return true;
      }),
    find: (code) => read(() => (select.get(code) as CodeRow | undefined)?.payment ?? null),
    sweep: (now) =>
      write(() => {
        let removed = removeFree.run(now, SWEEP_MAX).changes;
        for (const row of unsettled.all(now - ORPHAN_AFTER_MS, SWEEP_MAX) as CodeRow[]) {
          if (isOrphan(row, now)) removed += remove.run(row.code).changes;
          else settle.run(row.code);
        }
        return removed;
      }),
    free(code, payment, at) {
      free.run(at, code, payment);
    },
  };
}
