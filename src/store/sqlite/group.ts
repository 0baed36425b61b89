import { StoreFailure } from '../../contracts/errors.js';
import { codeOf, type Database } from './database.js';
import { failureOf } from './failures.js';

/** Group commit: the writes that arrive within one turn of the event loop share one transaction, and so one fsync. */
export interface Group {
  /**
   * Runs `member` in the next shared transaction and resolves with its answer once that is durable. What it throws undoes
   * this member alone. It must be synchronous, and must not begin or end a transaction.
   * @throws what `member` throws; StoreFailure when SQLite could not do its work, or the whole transaction was lost
   */
  run<T>(member: () => T): Promise<T>;
  /** Writes now what waits. */
  flush(): void;
  /** Writes what waits and refuses everything afterwards. */
  close(): void;
}

export interface GroupOptions {
  /** Most members of one transaction: more wait for the next turn, so that reads are not held up for long. */
  readonly membersMax?: number;
  /** Most members that may wait: more are refused at once. */
  readonly waitingMax?: number;
  /** Told of a whole transaction that was lost, with how many members it had. */
  readonly lost?: (failure: StoreFailure, members: number) => void;
}

interface Member {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Result = { readonly value: unknown } | { readonly error: unknown };

/** Makes the one writer of this connection. */
export function createGroup(database: Database, options: GroupOptions = {}): Group {
  const { membersMax = 256, waitingMax = 20_000, lost } = options;
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const rollback = database.prepare('ROLLBACK');
  const save = database.prepare('SAVEPOINT member');
  const release = database.prepare('RELEASE member');
  const undo = database.prepare('ROLLBACK TO member');
  let waiting: Member[] = [];
  let isClosed = false;

  function run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (isClosed) return reject(new StoreFailure('the store is closed'));
      if (waiting.length >= waitingMax) return reject(new StoreFailure('too many writes are waiting: slow down'));
      if (waiting.length === 0) setImmediate(turn);
      waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  function turn(): void {
    if (waiting.length === 0) return;
    const members = waiting.slice(0, membersMax);
    waiting = waiting.slice(membersMax);
    if (waiting.length > 0) setImmediate(turn);
    settle(members);
  }

  function settle(members: readonly Member[]): void {
    let results: Result[];
    try {
      results = members.length === 1 ? [alone(members[0] as Member)] : together(members);
    } catch (error) {
      // Whoever was told nothing yet is told that nobody knows.
      abandon();
      const failure = failureOf(error);
      lost?.(failure, members.length);
      for (const { reject } of members) reject(failure);
      return;
    }
    for (const [index, { resolve, reject }] of members.entries()) {
      const result = results[index] as Result;
      if ('error' in result) reject(result.error);
      else resolve(result.value);
    }
  }

  /** A single member needs no savepoint: the transaction is its own. */
  function alone({ work }: Member): Result {
    begin.run();
    let value: unknown;
    try {
      value = work();
    } catch (error) {
      abandon();
      return { error: isOurs(error) ? error : failureOf(error) };
    }
    commit.run();
    return { value };
  }

  function together(members: readonly Member[]): Result[] {
    begin.run();
    const results = members.map(inSavepoint);
    commit.run();
    return results;
  }

  function inSavepoint({ work }: Member): Result {
    save.run();
    let result: Result;
    try {
      result = { value: work() };
    } catch (error) {
      // A full disk makes SQLite roll back everything: earlier members are undone, later ones would commit on their own.
      if (!database.inTransaction) throw error;
      undo.run();
      result = { error: isOurs(error) ? error : failureOf(error) };
    }
    release.run();
    return result;
  }

  /** Ends a transaction that may have ended by itself. */
  function abandon(): void {
    try {
      if (database.inTransaction) rollback.run();
    } catch {
      // A connection that cannot even roll back refuses the next BEGIN, which is told to the next members.
    }
  }

  function flush(): void {
    while (waiting.length > 0) turn();
  }

  return {
    run,
    flush,
    close() {
      flush();
      isClosed = true;
    },
  };
}

/** What a member throws by itself, a broken constraint included, is its answer; anything else of SQLite is a failure. */
function isOurs(error: unknown): boolean {
  const code = codeOf(error);
  return !code.startsWith('SQLITE_') || code.startsWith('SQLITE_CONSTRAINT');
}
