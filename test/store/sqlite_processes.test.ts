import { spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/index.js';
import {
  nextRevision,
  sampleCommit,
  sampleHash,
  sampleMerchant,
  sampleOperator,
  samplePayment,
} from '../contract/samples.js';
import { buildScript } from './built.js';

/** Real processes on one file: killed in the middle of writing, or writing side by side. */

let built: string;

/** Enough to meet every way in which two of four can be in each other's way, most of which take a millisecond. */
const OPENINGS = 60;

/** Writes payments in groups of eight for ever, and names each only once its write is acknowledged. */
const WRITER = `
import { openSqliteStore } from './src/store/sqlite/index.js';
import { nextRevision, sampleCommit, samplePaidPayment } from './test/contract/samples.js';
const store = openSqliteStore({ path: process.argv[2] });
for (;;) {
  await Promise.all(Array.from({ length: 8 }, async () => {
    const payment = samplePaidPayment({ merchant: 'mer_shared' });
    await store.payments.commit(sampleCommit(payment));
    process.stdout.write(payment.id + ' 1\\n');
    await store.payments.commit(sampleCommit(nextRevision(payment)));
    process.stdout.write(payment.id + ' 2\\n');
  }));
}
`;

/**
 * Opens new files, the same ones at the same moments as its fellows: each waits for the word of the last, and says what it
 * was refused with.
 */
const OPENER = `
import { openSqliteStore } from './src/store/sqlite/index.js';
for await (const chunk of process.stdin) {
  for (const path of String(chunk).split('\\n').filter(Boolean)) {
    let said = 'opened';
    try {
      const store = openSqliteStore({ path });
      await store.ping();
      await store.close();
    } catch (error) {
      said = String(error.message);
    }
    process.stdout.write(said + '\\n');
  }
}
`;

beforeAll(async () => {
  built = await buildScript(['src/store/sqlite/index.ts', 'test/contract/samples.ts'], WRITER);
  await writeFile(join(built, 'opener.js'), OPENER);
}, 60_000);
afterAll(() => rm(built, { recursive: true, force: true }));

/** Starts a writer and kills it with SIGKILL once it has acknowledged `count` writes; answers all that it acknowledged. */
async function killedAfter(count: number, path: string): Promise<Map<string, number>> {
  const writer = spawn(process.execPath, [join(built, 'script.js'), path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => writer.on('exit', (_code, signal) => resolve(signal)));
  const acknowledged = new Map<string, number>();
  for await (const line of createInterface({ input: writer.stdout })) {
    const [id = '', revision = ''] = line.split(' ');
    // The last line may have been cut by the kill.
    if (revision !== '') acknowledged.set(id, Number(revision));
    if (acknowledged.size === count) writer.kill('SIGKILL');
  }
  expect(await ended).toBe('SIGKILL');
  return acknowledged;
}

/** Everything that was acknowledged is there, and the feed has neither hole nor double. */
async function check(path: string, acknowledged: ReadonlyMap<string, number>): Promise<void> {
  const store = openSqliteStore({ path });
  expect(acknowledged.size).toBeGreaterThan(0);
  for (const [id, revision] of acknowledged) {
    expect((await store.payments.load(id))?.revision ?? 0).toBeGreaterThanOrEqual(revision);
  }
  const feed = await store.feed.after('mer_shared', 'test', 0, 100_000);
  expect(feed.map(({ position }) => position)).toEqual(feed.map((_, index) => index + 1));
  const told = new Map<string, number>();
  for (const { payment } of feed) told.set(payment, (told.get(payment) ?? 0) + 1);
  for (const [id, events] of told) expect((await store.payments.load(id))?.revision).toBe(events);
  await store.close();
}

it('keeps every acknowledged write through kill -9, again and again', async () => {
  const path = join(built, 'killed.db');
  const acknowledged = new Map<string, number>();
  for (const count of [1, 30, 77, 150]) {
    for (const [id, revision] of await killedAfter(count, path)) acknowledged.set(id, revision);
    await check(path, acknowledged);
  }
}, 30_000);

it('lets several processes write side by side, and survives the death of each', async () => {
  const path = join(built, 'shared.db');
  const all = await Promise.all([killedAfter(150, path), killedAfter(90, path), killedAfter(120, path)]);
  await check(path, new Map(all.flatMap((acknowledged) => [...acknowledged])));
}, 30_000);

it('opens a new file, and closes it, at the same moment as others do', async () => {
  const openers = Array.from({ length: 4 }, () => {
    const opener = spawn(process.execPath, [join(built, 'opener.js')], { stdio: ['pipe', 'pipe', 'inherit'] });
    return { opener, lines: createInterface({ input: opener.stdout })[Symbol.asyncIterator]() };
  });
  const said = new Set<string>();
  for (let file = 0; file < OPENINGS; file++) {
    const path = join(built, `opened-${file}.db`);
    for (const { opener } of openers) opener.stdin.write(`${path}\n`);
    for (const { lines } of openers) said.add((await lines.next()).value);
  }
  for (const { opener } of openers) opener.stdin.end();
  expect([...said]).toEqual(['opened']);
}, 60_000);

it('lets one of two openings of a file win each revision', async () => {
  const path = join(built, 'two.db');
  const stores = [openSqliteStore({ path }), openSqliteStore({ path })] as const;
  let payment = samplePayment();
  for (let round = 0; round < 10; round++) {
    const won = await Promise.all(stores.map((store) => store.payments.commit(sampleCommit(payment))));
    expect(won.toSorted()).toEqual([false, true]);
    for (const store of stores) expect((await store.payments.load(payment.id))?.revision).toBe(payment.revision);
    payment = nextRevision(payment);
  }
  for (const store of stores) await store.close();
});

it('knows at once when another opening has changed what an operator may do', async () => {
  const path = join(built, 'operators.db');
  const [one, other] = [openSqliteStore({ path }), openSqliteStore({ path })];
  const operator = sampleOperator();
  await one.operators.commit(operator);
  for (const store of [one, other]) expect(await store.operators.load(operator.id)).toEqual(operator);
  const disabled = { ...operator, revision: 2, status: 'disabled' as const };
  await other.operators.commit(disabled);
  for (const store of [one, other]) expect(await store.operators.load(operator.id)).toEqual(disabled);
  const fewer = { ...disabled, revision: 3, merchants: [] };
  await one.operators.commit(fewer);
  for (const store of [one, other]) expect(await store.operators.load(operator.id)).toEqual(fewer);
  for (const store of [one, other]) await store.close();
});

it('knows at once when another opening has changed what a key opens', async () => {
  const path = join(built, 'keys.db');
  const [one, other] = [openSqliteStore({ path }), openSqliteStore({ path })];
  const merchant = sampleMerchant();
  const hash = merchant.keys[0]?.hash as string;
  await one.merchants.commit(merchant);
  for (const store of [one, other]) expect(await store.merchants.byKey(hash)).toEqual(merchant);
  const disabled = { ...merchant, revision: 2, status: 'disabled' as const };
  await other.merchants.commit(disabled);
  for (const store of [one, other]) expect(await store.merchants.byKey(hash)).toEqual(disabled);
  const rolled = { ...disabled, revision: 3, keys: merchant.keys.map((key) => ({ ...key, hash: sampleHash('next') })) };
  await one.merchants.commit(rolled);
  for (const store of [one, other]) expect(await store.merchants.byKey(hash)).toBeNull();
  for (const store of [one, other]) expect(await store.merchants.byKey(sampleHash('next'))).toEqual(rolled);
  for (const store of [one, other]) await store.close();
});
