import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/contracts/store.js';
import { openDatabase } from '../../src/store/sqlite/database.js';
import { createSqliteStore, openSqliteStore } from '../../src/store/sqlite/index.js';
import { MIGRATIONS } from '../../src/store/sqlite/schema.js';
import { sampleCommit, samplePayment } from '../contract/samples.js';
import { type Fault, type FaultyDatabase, faultyDatabase } from './faults.js';
import { type Member, prepareMembers } from './members.js';

/**
 * One transaction shared by writes of every kind, gone wrong at each of its statements in turn. Whatever happens: who was told
 * success finds everything after a restart, who was told failure left no trace, and the next write works.
 */

let folder: string;
/** A file with all that the members build on, copied for each case. */
let prepared: string;
let members: Member[];
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guichet-faults-'));
  prepared = join(folder, 'prepared.db');
  const store = openSqliteStore({ path: prepared });
  members = await prepareMembers(store);
  await store.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function openFile(path: string): { path: string; database: FaultyDatabase; store: Store } {
  const database = faultyDatabase(openDatabase({ path, migrations: MIGRATIONS }));
  // Hundreds of files: nothing here depends on the disk's own cache.
  database.exec('PRAGMA synchronous = OFF');
  return { path, database, store: createSqliteStore(database) };
}

async function open(): Promise<{ path: string; database: FaultyDatabase; store: Store }> {
  const path = join(folder, `${++files}.db`);
  await copyFile(prepared, path);
  const opened = openFile(path);
  // Numbers of walls are read once per process, which is no part of the transaction.
  await opened.store.feed.head('mer_sample', 'test');
  return opened;
}

/** Names of the members that were told failure; fails when what was told is not what is found after a restart. */
async function judge(path: string, store: Store, results: readonly PromiseSettledResult<unknown>[]): Promise<string[]> {
  const after = sampleCommit(samplePayment());
  expect(await store.payments.commit(after)).toBe(true);
  await store.close();
  const { store: reopened } = openFile(path);
  expect(await reopened.payments.load(after.payment.id)).toEqual(after.payment);
  for (const [index, member] of members.entries()) {
    const told = results[index]?.status === 'fulfilled';
    const traces = await member.traces(reopened);
    expect({ [member.name]: traces }).toEqual({ [member.name]: traces.map(() => told) });
  }
  const feed = await reopened.feed.after('mer_sample', 'test', 0, 100);
  expect(feed.map(({ position }) => position)).toEqual(feed.map((_, index) => index + 1));
  await reopened.close();
  return members.filter((_, index) => results[index]?.status === 'rejected').map(({ name }) => name);
}

const writeAll = (store: Store) => Promise.allSettled(members.map((member) => member.write(store)));

/** The statements of the whole transaction when nothing goes wrong. */
async function statements(): Promise<readonly string[]> {
  const { path, database, store } = await open();
  database.arm(0, 'error');
  const results = await writeAll(store);
  const ran = [...database.ran];
  expect(await judge(path, store, results)).toEqual([]);
  return ran;
}

describe('a transaction shared by seven writes', () => {
  it('is one transaction', async () => {
    const ran = await statements();
    expect(ran.filter((sql) => /^(?:BEGIN|COMMIT)/.test(sql))).toEqual(['BEGIN IMMEDIATE', 'COMMIT']);
    expect(ran.filter((sql) => sql.startsWith('SAVEPOINT'))).toHaveLength(7);
    for (const table of [
      'payments',
      'refunds',
      'requests',
      'codes',
      'feed',
      'payers',
      'payer_instruments',
      'endpoints',
    ]) {
      expect(ran.some((sql) => sql.includes(table))).toBe(true);
    }
  });

  it.each<[Fault, string]>([
    ['refused', 'loses that one alone'],
    ['error', 'loses that one alone'],
    ['full', 'loses all of them'],
  ])('which is %s at any one statement %s', async (fault, _expectation) => {
    const ran = await statements();
    for (const [index, sql] of ran.entries()) {
      const { path, database, store } = await open();
      database.arm(index + 1, fault);
      const results = await writeAll(store);
      const failed = await judge(path, store, results);
      const isShared = /^(?:BEGIN|COMMIT|SAVEPOINT|RELEASE)/.test(sql);
      const lost = fault === 'full' || isShared ? members.length : 1;
      expect({ at: index, sql, failed: failed.length }).toEqual({ at: index, sql, failed: lost });
      const name = fault === 'refused' && !isShared ? 'Impossible' : 'StoreFailure';
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ name });
      }
    }
  });

  it.each<Fault>(['refused', 'error', 'full'])(
    'alone in its transaction, is lost when it is %s anywhere',
    async (fault) => {
      for (const [index, member] of members.entries()) {
        for (let at = 1; ; at++) {
          const { path, database, store } = await open();
          database.arm(at, fault);
          const result = await Promise.allSettled([member.write(store)]);
          const isOver = database.ran.length < at;
          database.arm(0, fault);
          const results = members.map(
            (_, other): PromiseSettledResult<unknown> =>
              other === index ? (result[0] as PromiseSettledResult<unknown>) : { status: 'rejected', reason: null },
          );
          const failed = await judge(path, store, results);
          expect(failed.includes(member.name) || isOver).toBe(true);
          if (isOver) break;
        }
      }
    },
  );
});

describe('the real SQLite', () => {
  it('keeps every promise when its file may not grow, at every size', async () => {
    const outcomes = new Set<number>();
    for (let pages = 0; pages < 40; pages++) {
      const { path, database, store } = await open();
      const { page_count } = database.prepare('PRAGMA page_count').get() as { page_count: number };
      database.prepare(`PRAGMA max_page_count = ${page_count + pages}`).get();
      const results = await writeAll(store);
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason.message).toContain('free some space');
      }
      database.prepare('PRAGMA max_page_count = 1000000').get();
      outcomes.add((await judge(path, store, results)).length);
      if (results.every(({ status }) => status === 'fulfilled')) break;
    }
    expect(outcomes).toContain(0);
    expect(outcomes).toContain(members.length);
  });

  const TABLES = [
    'payments',
    'requests',
    'refunds',
    'feed',
    'payers',
    'payer_instruments',
    'deliveries',
    'codes',
    'counters',
  ];
  it.each(TABLES)('undoes one member alone when a row of %s is refused', async (table) => {
    const { path, database, store } = await open();
    database.exec(`CREATE TRIGGER refuse BEFORE INSERT ON ${table}
      WHEN (SELECT count(*) FROM ${table}) >= (SELECT rows FROM before) BEGIN SELECT RAISE(ABORT, 'refused'); END;
      CREATE TABLE before AS SELECT count(*) AS rows FROM ${table};`);
    const results = await writeAll(store);
    database.exec('DROP TRIGGER refuse; DROP TABLE before');
    const failed = await judge(path, store, results);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(members.length);
  });

  it('loses all members when a trigger rolls the whole transaction back', async () => {
    const { path, database, store } = await open();
    database.exec("CREATE TRIGGER lose BEFORE INSERT ON payers BEGIN SELECT RAISE(ROLLBACK, 'lost'); END");
    const results = await writeAll(store);
    database.exec('DROP TRIGGER lose');
    expect(await judge(path, store, results)).toHaveLength(members.length);
  });

  it('tells of a transaction that was lost', async () => {
    const told: unknown[] = [];
    const say = () => undefined;
    const log = {
      debug: say,
      info: say,
      warn: say,
      error: (_message: string, fields?: object) => void told.push(fields),
    };
    const database = faultyDatabase(openDatabase({ path: ':memory:', migrations: MIGRATIONS }));
    const store = createSqliteStore(database, log);
    await store.guards.raise('a', 1, 1);
    database.arm(3, 'full');
    await expect(store.guards.raise('a', 1, 1)).rejects.toMatchObject({ name: 'StoreFailure' });
    expect(told).toMatchObject([{ members: 1, error: { name: 'StoreFailure' } }]);
    await store.close();
  });
});
