import { mkdtemp, open as openFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Impossible } from '../../src/contracts/errors.js';
import { type Database, openDatabase } from '../../src/store/sqlite/database.js';
import { openSqliteStore } from '../../src/store/sqlite/index.js';
import { MIGRATIONS } from '../../src/store/sqlite/schema.js';
import { sampleCommit, samplePaidPayment, samplePayer, samplePayment } from '../contract/samples.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guichet-open-'));
  path = join(folder, 'store.db');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const FIRST = 'CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL, bytes BLOB) STRICT';
const SECOND = 'ALTER TABLE things ADD COLUMN colour TEXT; CREATE INDEX things_by_colour ON things (colour)';
const open = (...migrations: string[]) => openDatabase({ path, migrations });
const columnsOf = (database: Database) =>
  database
    .prepare('PRAGMA table_info(things)')
    .all()
    .map((row) => (row as { name: string }).name);

describe('opening a file', () => {
  it('makes it with every setting that durability needs', () => {
    const database = open(FIRST);
    const settings = ['journal_mode', 'synchronous', 'foreign_keys', 'secure_delete', 'user_version'];
    const values = settings.map((name) => Object.values(database.prepare(`PRAGMA ${name}`).get() as object)[0]);
    expect(values).toEqual(['wal', 2, 1, 1, 1]);
    expect(database.prepare('PRAGMA busy_timeout').get()).toEqual({ timeout: 5_000 });
    database.close();
  });

  it('lets nobody but its owner read it', async () => {
    const database = open(FIRST);
    for (const name of [path, `${path}-wal`, `${path}-shm`]) expect((await stat(name)).mode & 0o777).toBe(0o600);
    database.close();
  });

  it('leaves one whole file behind when it is closed', async () => {
    const store = openSqliteStore({ path });
    await store.payments.commit(sampleCommit(samplePayment()));
    await store.close();
    const wal = await stat(`${path}-wal`).catch(() => ({ size: 0 }));
    expect(wal.size).toBe(0);
  });

  it('takes the steps that are missing, all or none, and keeps what is there', () => {
    const old = open(FIRST);
    old.prepare('INSERT INTO things (id, name) VALUES (?, ?)').run(1, 'kept');
    old.close();
    expect(() => open(FIRST, SECOND, 'CREATE TABLE things (id)')).toThrow(/cannot be opened.*already exists/);
    const still = open(FIRST);
    expect(columnsOf(still)).toEqual(['id', 'name', 'bytes']);
    still.close();
    const current = open(FIRST, SECOND);
    expect(current.prepare('SELECT * FROM things').all()).toEqual([{ id: 1, name: 'kept', bytes: null, colour: null }]);
    current.close();
  });

  it('refuses a file of a newer release and says what to do', () => {
    open(FIRST, SECOND).close();
    expect(() => open(FIRST)).toThrow(/schema 2; this release knows up to 1.*newer release again, or restore/s);
    const again = open(FIRST, SECOND);
    expect(columnsOf(again)).toContain('colour');
    again.close();
  });

  it.each<[string, () => Promise<unknown> | undefined, RegExp]>([
    ['a file of another program', async () => strange(path), /another program/],
    ['a file that is no database', () => writeFile(path, 'not a database '.repeat(500)), /not a database/],
    ['a folder that is not there', async () => rm(folder, { recursive: true }), /folder that exists/],
  ])('refuses %s and says what to do', async (_what, prepare, message) => {
    await prepare();
    expect(() => openSqliteStore({ path })).toThrow(message);
    expect(() => openSqliteStore({ path })).toThrow(expect.objectContaining({ name: 'StoreFailure' }));
  });

  it('refuses a damaged file', async () => {
    const store = openSqliteStore({ path });
    for (let count = 0; count < 50; count++) await store.payments.commit(sampleCommit(samplePayment()));
    await store.close();
    const file = await openFile(path, 'r+');
    // Everything but the first page, which says that it is a database.
    await file.write(Buffer.alloc(400_000, 7), 0, 400_000, 4_096);
    await file.close();
    expect(() => openSqliteStore({ path })).toThrow(/is damaged .*restore the last backup/);
  });

  it('finds payments by their account that were made before they were found by it', async () => {
    const before = openDatabase({ path, migrations: MIGRATIONS.slice(0, 1) });
    const { id, merchant, mode, payer, ...payment } = samplePaidPayment();
    before.prepare('INSERT INTO walls (id, owner, mode) VALUES (1, ?, ?)').run(merchant, mode);
    before
      .prepare(
        `INSERT INTO payments (id, revision, wall, created_at, reference, status, body) VALUES (?, 1, 1, ?, ?, ?, ?)`,
      )
      .run(id, payment.createdAt, 'R', 'succeeded', JSON.stringify({ id, merchant, mode, payer, ...payment }));
    before.close();
    const store = openSqliteStore({ path });
    const idsOf = async (account: string) =>
      (await store.payments.list({ merchant, mode, account, limit: 5 })).data.map((found) => found.id);
    expect(await idsOf(payer.account ?? '')).toEqual([id]);
    expect(await idsOf('another')).toEqual([]);
    await store.close();
  });

  it('finds payers that were made before they could leave something undone', async () => {
    const before = openDatabase({ path, migrations: MIGRATIONS.slice(0, -1) });
    const { unfinished: _, ...payer } = samplePayer();
    before.prepare('INSERT INTO walls (id, owner, mode) VALUES (1, ?, ?)').run(payer.owner, payer.mode);
    before
      .prepare('INSERT INTO payers (id, revision, wall, account, body) VALUES (?, 1, 1, ?, ?)')
      .run(payer.id, payer.account, JSON.stringify(payer));
    before.close();
    const store = openSqliteStore({ path });
    expect(await store.payers.load(payer.id)).toEqual(payer);
    expect(await store.payers.due(Number.MAX_SAFE_INTEGER, 9)).toEqual([]);
    const left = { ...payer, revision: 2, unfinished: { destroy: ['tok_1'], tell: [], dueAt: 5 } };
    await store.payers.commit(left);
    expect(await store.payers.due(5, 9)).toEqual([left]);
    await store.close();
  });

  it('works from migration zero of the real schema', async () => {
    openDatabase({ path, migrations: [] }).close();
    const store = openSqliteStore({ path });
    await store.ping();
    await store.close();
    expect(() => openDatabase({ path, migrations: MIGRATIONS.slice(0, -1) })).toThrow(/newer release/);
  });
});

function strange(at: string): void {
  const database = openDatabase({ path: at, migrations: [] });
  database.exec('CREATE TABLE recipes (name TEXT)');
  database.close();
}

describe('a statement', () => {
  it('answers rows as they were bound, one or many', () => {
    const database = open(FIRST);
    const insert = database.prepare('INSERT INTO things (id, name, bytes) VALUES (?, ?, ?)');
    const view = Uint8Array.from([1, 2, 3, 4]).subarray(1, 3);
    expect(insert.run(Number.MAX_SAFE_INTEGER, 'é😀\n\u2028', view)).toMatchObject({ changes: 1 });
    const select = database.prepare('SELECT * FROM things');
    const row = { id: Number.MAX_SAFE_INTEGER, name: 'é😀\n\u2028' };
    const rows = [...select.all(), select.get()] as { bytes: Uint8Array }[];
    expect(rows).toHaveLength(2);
    for (const got of rows) {
      expect(got.bytes).toBeInstanceOf(Uint8Array);
      expect({ ...got, bytes: [...got.bytes] }).toEqual({ ...row, bytes: [2, 3] });
    }
    expect(database.prepare('SELECT 1 FROM things WHERE id = 0').get()).toBeUndefined();
    expect(database.prepare('SELECT typeof(?) AS type').get(null)).toEqual({ type: 'null' });
    database.close();
  });

  it.each([2 ** 53, -(2 ** 53), 0.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses the number %d', (number) => {
    const database = open(FIRST);
    expect(() => database.prepare('SELECT ?').get(number)).toThrow(Impossible);
    database.close();
  });

  it('refuses what comes after the end, instead of working on or taking the process down', () => {
    const database = open(FIRST);
    const insert = database.prepare("INSERT INTO things (name) VALUES ('late')");
    database.close();
    database.close();
    expect(() => insert.run()).toThrow(/closed/);
    expect(() => database.prepare('SELECT 1')).toThrow(/closed/);
    expect(() => database.exec('SELECT 1')).toThrow(/closed/);
    expect(database.inTransaction).toBe(false);
  });
});
