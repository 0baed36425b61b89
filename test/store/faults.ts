import type { Database, Statement } from '../../src/store/sqlite/database.js';

/** How a statement goes wrong, as SQLite does it. */
export type Fault =
  /** The row is refused; the transaction goes on. */
  | 'refused'
  /** The disk reports an error; the statement alone is undone. */
  | 'error'
  /** The disk is full: SQLite rolls the whole transaction back by itself. */
  | 'full';

const CODES: Readonly<Record<Fault, string>> = {
  refused: 'SQLITE_CONSTRAINT_CHECK',
  error: 'SQLITE_IOERR_WRITE',
  full: 'SQLITE_FULL',
};

export interface FaultyDatabase extends Database {
  /** Texts of the statements run since the last `arm`. */
  readonly ran: readonly string[];
  /** From now on the statement number `at` (1 is the next) goes wrong, once. */
  arm(at: number, fault: Fault): void;
}

/** A database whose statements go wrong when they are told to. */
export function faultyDatabase(real: Database): FaultyDatabase {
  const ran: string[] = [];
  let armed: { readonly at: number; readonly fault: Fault } | null = null;

  function pass(sql: string): void {
    ran.push(sql);
    if (armed === null || ran.length !== armed.at) return;
    const { fault } = armed;
    armed = null;
    if (fault === 'full' && real.inTransaction) real.exec('ROLLBACK');
    throw Object.assign(new Error(`injected: ${fault}`), { code: CODES[fault] });
  }

  function faulty(sql: string, statement: Statement): Statement {
    const guarded =
      <R>(work: (...values: Parameters<Statement['run']>) => R) =>
      (...values: Parameters<Statement['run']>): R => {
        pass(sql);
        return work(...values);
      };
    return { run: guarded(statement.run), get: guarded(statement.get), all: guarded(statement.all) };
  }

  return {
    ran,
    arm(at, fault) {
      ran.length = 0;
      armed = { at, fault };
    },
    prepare: (sql) => faulty(sql, real.prepare(sql)),
    exec: (sql) => real.exec(sql),
    get inTransaction() {
      return real.inTransaction;
    },
    close: () => real.close(),
  };
}
