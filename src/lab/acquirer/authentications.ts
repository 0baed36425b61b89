import type { TransactionStatus } from '../../acquirers/sandbox/three_d_secure.js';
import type { Database } from '../../store/sqlite/database.js';

/** One authentication at the issuer: asked for, perhaps challenged, settled once. */
export interface AuthenticationRow {
  /** threeDSServerTransID. */
  readonly id: string;
  readonly acs_transaction: string;
  readonly directory_server_transaction: string;
  /** What the other side calls it. */
  readonly reference: string;
  /** `C` while the challenge is open. */
  readonly status: TransactionStatus;
  readonly scheme: Scheme;
  /** Released with a `Y` or an `A` only. */
  readonly value_if_authenticated: string;
  readonly amount: number;
  readonly currency: string;
  readonly last4: string;
  readonly merchant_name: string;
  readonly language: string | null;
  readonly result_url: string;
  readonly notification_url: string;
  readonly wrong_codes: number;
  /** End of the challenge, milliseconds since the epoch. */
  readonly expires_at: number;
}

export type Scheme = 'visa' | 'mastercard';

export interface Authentications {
  find(id: string): AuthenticationRow | null;
  findByAcsTransaction(transaction: string): AuthenticationRow | null;
  /** Keeps the row unless there is one, and answers the one that is kept. */
  keep(row: AuthenticationRow): AuthenticationRow;
  /** Ends an open challenge; true for the one who did. */
  settle(id: string, status: 'Y' | 'N'): boolean;
  /** Counts a wrong code, before anything else is said about it; answers how many. */
  countWrongCode(id: string): number;
}

const COLUMNS = [
  'id',
  'acs_transaction',
  'directory_server_transaction',
  'reference',
  'status',
  'scheme',
  'value_if_authenticated',
  'amount',
  'currency',
  'last4',
  'merchant_name',
  'language',
  'result_url',
  'notification_url',
  'wrong_codes',
  'expires_at',
] as const satisfies (keyof AuthenticationRow)[];

export function createAuthentications(database: Database): Authentications {
  const byId = database.prepare('SELECT * FROM authentications WHERE id = ?');
  const byAcs = database.prepare('SELECT * FROM authentications WHERE acs_transaction = ?');
  const inserting = database.prepare(
    `INSERT OR IGNORE INTO authentications (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`,
  );
  const settling = database.prepare("UPDATE authentications SET status = ? WHERE id = ? AND status = 'C'");
  const counting = database.prepare('UPDATE authentications SET wrong_codes = wrong_codes + 1 WHERE id = ?');
  const find = (id: string) => (byId.get(id) as AuthenticationRow | undefined) ?? null;

  return {
    find,
    findByAcsTransaction: (transaction) => (byAcs.get(transaction) as AuthenticationRow | undefined) ?? null,
    keep(row) {
      inserting.run(...COLUMNS.map((column) => row[column]));
      return find(row.id) ?? row;
    },
    settle: (id, status) => settling.run(status, id).changes === 1,
    countWrongCode(id) {
      counting.run(id);
      return find(id)?.wrong_codes ?? 0;
    },
  };
}

/** How it stands at `now`: a challenge nobody finished in time is a refusal. */
export function statusOf(row: AuthenticationRow, now: number): TransactionStatus {
  return row.status === 'C' && now >= row.expires_at ? 'N' : row.status;
}

const ECI = {
  visa: { authenticated: '05', attempted: '06', none: '07' },
  mastercard: { authenticated: '02', attempted: '01', none: '00' },
} as const;

/** The electronic commerce indicator, as each scheme has its own. */
export function eciOf(scheme: Scheme, status: TransactionStatus): string | null {
  if (status === 'C') return null;
  if (status === 'Y') return ECI[scheme].authenticated;
  return status === 'A' ? ECI[scheme].attempted : ECI[scheme].none;
}

/** The cryptogram, for those who are entitled to it. */
export function releasedValueOf(row: AuthenticationRow, status: TransactionStatus): string | null {
  return status === 'Y' || status === 'A' ? row.value_if_authenticated : null;
}
