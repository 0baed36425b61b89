import { DuplicateKey, Impossible } from '../../contracts/errors.js';
import { codeOf, type Database } from './database.js';
import { failureOf } from './failures.js';
import type { Group } from './group.js';

/** The two ways into the file: what reads, and what writes together with others. */
export interface Session {
  readonly database: Database;
  /** Answers at once from what is committed. @throws StoreFailure */
  read<T>(work: () => T): Promise<T>;
  /** Runs `member` in the next shared transaction. @throws DuplicateKey, StoreFailure, Impossible */
  write<T>(member: () => T): Promise<T>;
}

export function createSession(database: Database, group: Group): Session {
  return {
    database,
    async read(work) {
      try {
        return work();
      } catch (error) {
        throw codeOf(error) === '' ? error : failureOf(error);
      }
    },
    write: (member) =>
      group.run(() => {
        try {
          return member();
        } catch (error) {
          throw translated(error);
        }
      }),
  };
}

/** Which promise of the contract each unique index keeps; all others are identities. */
const PROMISES: readonly (readonly [columns: string, index: DuplicateKey['index']])[] = [
  ['payments.wall, payments.open_reference', 'reference'],
  ['payers.wall, payers.account', 'account'],
];

function translated(error: unknown): unknown {
  const code = codeOf(error);
  if (!code.startsWith('SQLITE_CONSTRAINT')) return error;
  const { message } = error as Error;
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY') {
    return new DuplicateKey(PROMISES.find(([columns]) => message.endsWith(columns))?.[1] ?? 'id');
  }
  return new Impossible(`the schema refuses it: ${message}`, { cause: error });
}
