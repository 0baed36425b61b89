import { isDeclineCode } from '../../acquirers/sandbox/declines.js';
import type { OperationType } from '../../contracts/payment.js';
import type { Database } from '../../store/sqlite/database.js';
import type { Entry } from './entry.js';

export type NewEntry = Omit<Entry, 'position' | 'captured' | 'voided' | 'refunded'> & { readonly captured: number };

/** The sandbox's book. Called inside a transaction wherever a decision rests on what was read. */
export interface Ledger {
  find(id: string): Entry | null;
  insert(entry: NewEntry): Entry;
  /** Adds to what an authorization has captured, voided or refunded; the schema refuses what exceeds it. */
  move(id: string, what: 'captured' | 'voided' | 'refunded', amount: number): void;
  reverse(id: string, at: number): void;
  /** Operations after `position`, oldest first, of one payment or of all. */
  list(payment: string | null, position: number, limit: number): Entry[];
  /** Pending operations that come true after `now`. */
  pending(now: number, limit: number): Entry[];
  /** A secret under this name: the first one that is offered stays. */
  secret(name: string, offered: string): string;
}

const COLUMNS = `id, payment, merchant, type, original, fingerprint, status, code, reference, authorization_code, amount,
  currency, purchase, interim, settles_at, forgets_early_reversal, refuses, hold_until, captured, reversed_at, card, initiator,
  authentication, created_at`;

/** The ledger in its own SQLite file. */
export function createLedger(database: Database): Ledger {
  const byId = database.prepare('SELECT * FROM operations WHERE id = ?');
  const inserting = database.prepare(
    `INSERT INTO operations (${COLUMNS}) VALUES (${COLUMNS.split(',')
      .map(() => '?')
      .join(', ')})`,
  );
  const moving = {
    captured: database.prepare('UPDATE operations SET captured = captured + ? WHERE id = ?'),
    voided: database.prepare('UPDATE operations SET voided = voided + ? WHERE id = ?'),
    refunded: database.prepare('UPDATE operations SET refunded = refunded + ? WHERE id = ?'),
  };
  const reversing = database.prepare('UPDATE operations SET reversed_at = ? WHERE id = ? AND reversed_at IS NULL');
  const all = database.prepare('SELECT * FROM operations WHERE position > ? ORDER BY position LIMIT ?');
  const ofPayment = database.prepare(
    'SELECT * FROM operations WHERE payment = ? AND position > ? ORDER BY position LIMIT ?',
  );
  const unsettled = database.prepare(
    "SELECT * FROM operations WHERE settles_at > ? AND interim = 'pending' ORDER BY settles_at LIMIT ?",
  );
  const keeping = database.prepare('INSERT OR IGNORE INTO secrets (name, value) VALUES (?, ?)');
  const keeper = database.prepare('SELECT value FROM secrets WHERE name = ?');

  return {
    find(id) {
      const row = byId.get(id);
      return row === undefined ? null : entryOf(row as Row);
    },
    insert(entry) {
      const { lastInsertRowid } = inserting.run(...valuesOf(entry));
      return { ...entry, position: Number(lastInsertRowid), voided: 0, refunded: 0 };
    },
    move(id, what, amount) {
      moving[what].run(amount, id);
    },
    reverse(id, at) {
      reversing.run(at, id);
    },
    list(payment, position, limit) {
      const rows = payment === null ? all.all(position, limit) : ofPayment.all(payment, position, limit);
      return rows.map((row) => entryOf(row as Row));
    },
    pending: (now, limit) => unsettled.all(now, limit).map((row) => entryOf(row as Row)),
    secret(name, offered) {
      keeping.run(name, offered);
      return (keeper.get(name) as { value: string }).value;
    },
  };
}

/** A row as the schema promises it. */
interface Row {
  readonly position: number;
  readonly id: string;
  readonly payment: string;
  readonly merchant: string;
  readonly type: OperationType;
  readonly original: string | null;
  readonly fingerprint: string | null;
  readonly status: 'approved' | 'declined';
  readonly code: string | null;
  readonly reference: string;
  readonly authorization_code: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly purchase: number;
  readonly interim: 'pending' | 'not_found' | null;
  readonly settles_at: number | null;
  readonly forgets_early_reversal: number;
  readonly refuses: 'capture' | 'refund' | 'void' | null;
  readonly hold_until: number | null;
  readonly captured: number;
  readonly voided: number;
  readonly refunded: number;
  readonly reversed_at: number | null;
  readonly card: string | null;
  readonly initiator: string | null;
  readonly authentication: string | null;
  readonly created_at: number;
}

/** In the order of COLUMNS. */
function valuesOf(entry: NewEntry): (string | number | null)[] {
  return [
    entry.id,
    entry.payment,
    entry.merchant,
    entry.type,
    entry.original,
    entry.fingerprint,
    entry.status,
    entry.code,
    entry.reference,
    entry.authorizationCode,
    entry.amount,
    entry.currency,
    entry.purchase ? 1 : 0,
    entry.interim,
    entry.settlesAt,
    entry.forgetsEarlyReversal ? 1 : 0,
    entry.refuses,
    entry.holdUntil,
    entry.captured,
    entry.reversedAt,
    entry.card,
    entry.initiator,
    entry.authentication,
    entry.createdAt,
  ];
}

function entryOf(row: Row): Entry {
  return {
    position: row.position,
    id: row.id,
    payment: row.payment,
    merchant: row.merchant,
    type: row.type,
    original: row.original,
    fingerprint: row.fingerprint,
    status: row.status,
    code: isDeclineCode(row.code) ? row.code : null,
    reference: row.reference,
    authorizationCode: row.authorization_code,
    amount: row.amount,
    currency: row.currency,
    purchase: row.purchase === 1,
    interim: row.interim,
    settlesAt: row.settles_at,
    forgetsEarlyReversal: row.forgets_early_reversal === 1,
    refuses: row.refuses,
    holdUntil: row.hold_until,
    captured: row.captured,
    voided: row.voided,
    refunded: row.refunded,
    reversedAt: row.reversed_at,
    card: row.card,
    initiator: row.initiator,
    authentication: row.authentication,
    createdAt: row.created_at,
  };
}
