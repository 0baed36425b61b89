import { StoreFailure } from '../../contracts/errors.js';
import { codeOf } from './database.js';

/** How each kind of trouble is mended, by the beginning of SQLite's code. */
const MENDING: readonly (readonly [code: string, advice: string])[] = [
  ['SQLITE_FULL', 'The disk is full: free some space; writing goes on by itself.'],
  ['SQLITE_IOERR', 'The disk reports errors: look at the system log and at the disk before going on.'],
  ['SQLITE_BUSY', 'Another process holds the database for too long: see what it does, or stop it.'],
  [
    'SQLITE_READONLY',
    'The file may not be written: give this process the right to, and look at how the disk is mounted.',
  ],
  ['SQLITE_CANTOPEN', 'A file could not be opened: look at the folder, its rights and the limit of open files.'],
  ['SQLITE_CORRUPT', 'The file is damaged: stop every process that uses it and restore the last backup.'],
  ['SQLITE_NOMEM', 'There is no memory left: give the process more.'],
];

/** What went wrong with the store, and how to mend it. Whether the write happened is for the reader to find out. */
export function failureOf(error: unknown): StoreFailure {
  if (error instanceof StoreFailure) return error;
  const code = codeOf(error);
  const advice = MENDING.find(([beginning]) => code.startsWith(beginning))?.[1];
  const what = error instanceof Error ? error.message : String(error);
  return new StoreFailure(`the store failed: ${what}${advice === undefined ? '' : `. ${advice}`}`, { cause: error });
}
