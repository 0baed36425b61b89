import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import Libsql from 'libsql';
import { Impossible, StoreFailure } from '../../contracts/errors.js';

/** What may be bound to a statement. Numbers are safe integers. */
export type Value = string | number | Uint8Array | null;

/**
 * A prepared statement. Rows are plain objects by column name; bytes come back as Uint8Array. Text is stored and compared
 * whole, but read only up to a NUL: what strangers choose is read out of JSON, which escapes it.
 */
export interface Statement {
  run(...values: Value[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
  get(...values: Value[]): unknown;
  all(...values: Value[]): unknown[];
}

/** One connection to one file. Everything is synchronous; errors are what SQLite says, with its `code`. */
export interface Database {
  /** Compiles `sql`; the same text is compiled once. */
  prepare(sql: string): Statement;
  /** Runs statements that bind nothing and answer nothing. */
  exec(sql: string): void;
  /** False too when SQLite itself has rolled the transaction back, as it does when the disk is full. */
  readonly inTransaction: boolean;
  close(): void;
}

export interface DatabaseOptions {
  /** A file, made when it is not there, or `:memory:`. */
  readonly path: string;
  /** What makes the schema, step by step; never changed once released, only appended to. */
  readonly migrations: readonly string[];
}

const MEMORY = ':memory:';
/** How long another process may hold the file before we give up, in milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;
/** Between two tries to open a file that others are opening. */
const BUSY_PAUSE_MS = 20;
/**
 * FULL: with NORMAL an acknowledged commit may be gone after a power loss. The WAL is copied back at 4 MB, and cut to 64 MB
 * when a long reader has let it grow.
 */
const SETTINGS = `
  PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA secure_delete = ON;
  PRAGMA wal_autocheckpoint = 1000;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA cache_size = -32000;
  PRAGMA temp_store = MEMORY;
`;

/**
 * Opens a durable database the one way it is opened here: WAL, every commit on the disk before it is told, deleted content
 * overwritten, readable by its owner only, checked, and brought to this release's schema.
 * @throws StoreFailure that says how to mend it: not there, not ours, damaged, or from a newer release
 */
export function openDatabase({ path, migrations }: DatabaseOptions): Database {
  const location = path === MEMORY ? MEMORY : resolve(path);
  const database = connect(location);
  try {
    patiently(() => {
      database.exec(SETTINGS);
      check(database, location);
      migrate(database, location, migrations);
    });
    return database;
  } catch (error) {
    database.close();
    throw error instanceof StoreFailure ? error : failureToOpen(location, error);
  }
}

/**
 * Does it again while others open or close the file: SQLite answers busy at once, its timeout notwithstanding, to whoever
 * turns a new file to WAL beside another (sqlite.org/wal.html, "Sometimes Queries Return SQLITE_BUSY In WAL Mode").
 */
function patiently(work: () => void): void {
  for (let tries = 1; ; tries++) {
    try {
      work();
      return;
    } catch (error) {
      if (!codeOf(error).startsWith('SQLITE_BUSY') || tries * BUSY_PAUSE_MS >= BUSY_TIMEOUT_MS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_PAUSE_MS);
    }
  }
}

/** What SQLite calls its error, `SQLITE_FULL` and the like; an empty text for anything else. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function connect(location: string): Database {
  try {
    // The file must not be readable by others for even a moment; its companions inherit the permissions.
    if (location !== MEMORY) closeSync(openSync(location, 'a', 0o600));
    return wrap(new Libsql(location));
  } catch (error) {
    throw failureToOpen(location, error);
  }
}

/**
 * The library's connection with its pitfalls taken out: odd bindings, rounded integers, extra keys in rows, statements that
 * go on working after the end, and the whole process aborted by a question to a closed connection.
 */
function wrap(native: Libsql.Database): Database {
  const statements = new Map<string, Statement>();
  let isOpen = true;

  function beOpen(): void {
    if (!isOpen) throw new StoreFailure('the database is closed');
  }

  return {
    prepare(sql) {
      beOpen();
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const statement = wrapStatement(native.prepare<unknown[]>(sql), beOpen);
      statements.set(sql, statement);
      return statement;
    },
    exec(sql) {
      beOpen();
      native.exec(sql);
    },
    get inTransaction() {
      return isOpen && native.inTransaction;
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      statements.clear();
      tidy(native);
      native.close();
    },
  };
}

/** Copies the WAL back, as SQLite does at the last close, which statements not yet collected would put off. */
function tidy(native: Libsql.Database): void {
  try {
    native.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
  } catch {
    // Nothing is lost: the next to open the file finds the WAL beside it.
  }
}

function wrapStatement(native: Libsql.Statement, beOpen: () => void): Statement {
  // As arrays: the library makes the name of every column anew for every row, and adds its timing to some.
  const names = native.reader ? native.columns().map(({ name }) => name) : [];
  if (native.reader) native.raw();
  return {
    run(...values) {
      beOpen();
      return native.run(bindable(values));
    },
    get(...values) {
      beOpen();
      const row = native.get(bindable(values)) as unknown[] | undefined;
      return row === undefined ? undefined : rowOf(names, row);
    },
    all(...values) {
      beOpen();
      return (native.all(bindable(values)) as unknown[][]).map((row) => rowOf(names, row));
    },
  };
}

function rowOf(names: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [index, name] of names.entries()) row[name] = values[index];
  return row;
}

/** One array, always: the library takes a lone object or null for named parameters. */
function bindable(values: Value[]): Value[] {
  for (const value of values) {
    if (typeof value === 'number' ? !Number.isSafeInteger(value) : value === undefined) {
      throw new Impossible(`not storable: ${String(value)}`);
    }
  }
  return values;
}

/** Structure, not every index entry: a file of gigabytes must still start within seconds. */
function check(database: Database, location: string): void {
  const [first] = database.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[];
  if (first?.quick_check !== 'ok') throw damaged(location, first?.quick_check ?? 'no answer');
}

/** Brings the schema to this release, all steps or none; safe when several processes start at once. */
function migrate(database: Database, location: string, migrations: readonly string[]): void {
  if (versionOf(database) === migrations.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(database);
    if (version > migrations.length) throw newer(location, version, migrations.length);
    if (version === 0 && hasTables(database)) {
      throw new StoreFailure(`${location} belongs to another program. Name another file, or move this one away.`);
    }
    for (const step of migrations.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(database: Database): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

function hasTables(database: Database): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined;
}

function newer(location: string, version: number, known: number): StoreFailure {
  return new StoreFailure(
    `${location} was written by a newer release (schema ${version}; this release knows up to ${known}). ` +
      'Start the newer release again, or restore the backup made before the upgrade.',
  );
}

function damaged(location: string, why: string): StoreFailure {
  return new StoreFailure(
    `${location} is damaged (${why}). Stop every process that uses it, keep a copy, and restore the last backup ` +
      'or recover what can be read with: sqlite3 <file> .recover',
  );
}

function failureToOpen(location: string, cause: unknown): StoreFailure {
  const why = cause instanceof Error ? cause.message : String(cause);
  if (codeOf(cause).startsWith('SQLITE_CORRUPT')) return damaged(location, why);
  return new StoreFailure(
    `${location} cannot be opened (${why}). It must be a database of this program, in a folder that exists and ` +
      'that this process may write to, on a disk with free space.',
    { cause },
  );
}
