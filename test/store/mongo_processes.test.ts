import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FeedEntry, Store } from '../../src/contracts/store.js';
import { mongoForTests } from '../support/mongo_stores.js';
import { needs } from '../support/skip.js';
import { buildScript } from './built.js';

/** Real processes that write and append to the same feeds, killed at random. */

const MERCHANTS = ['mer_one', 'mer_two'];

/** Writes payments in groups for ever, each in three commits, and names each commit only once it is acknowledged. */
const WRITER = `
import { systemClock } from './src/clock.js';
import { openMongoStore } from './src/store/mongo/index.js';
import { nextRevision, sampleBatch, sampleCommit, samplePayment } from './test/contract/samples.js';
const log = { debug() {}, info() {}, warn() {}, error() {} };
const store = await openMongoStore({ url: process.argv[2], log, clock: systemClock() });
for (let round = 0; ; round++) {
  await Promise.all(Array.from({ length: 6 }, async (_, index) => {
    let payment = samplePayment({ merchant: ${JSON.stringify(MERCHANTS)}[index % 2] });
    for (let revision = 1; revision <= 3; revision++) {
      await store.payments.commit(sampleCommit(payment, { feed: sampleBatch(payment, 1 + (round + index) % 3) }));
      process.stdout.write(payment.id + ' ' + revision + '\\n');
      payment = nextRevision(payment);
    }
  }));
}
`;

needs('mongod')('several processes that append to the same feeds', () => {
  const mongo = mongoForTests();
  let built: string;
  beforeAll(async () => {
    const sources = ['src/clock.ts', 'src/store/mongo/index.ts', 'test/contract/samples.ts'];
    built = await buildScript(sources, WRITER);
  }, 60_000);
  afterAll(() => rm(built, { recursive: true, force: true }));

  interface Writer {
    readonly process: ChildProcess;
    /** Resolves once it was killed and all it acknowledged is known. */
    readonly ended: Promise<void>;
  }

  function startWriter(acknowledged: Map<string, number>): Writer {
    const writer = spawn(process.execPath, [join(built, 'script.js'), mongo.url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = new Promise((resolve) => writer.on('exit', (_code, signal) => resolve(signal)));
    const read = (async () => {
      for await (const line of createInterface({ input: writer.stdout })) {
        const [id = '', revision = ''] = line.split(' ');
        // The last line may have been cut by the kill.
        if (/^[123]$/.test(revision)) acknowledged.set(id, Number(revision));
      }
      expect(await exit).toBe('SIGKILL');
    })();
    return { process: writer, ended: read };
  }

  /** Follows a feed as a cursor does, until told to stop. */
  function follow(store: Store, merchant: string) {
    const read: FeedEntry[] = [];
    let isOver = false;
    const done = (async () => {
      while (!isOver) read.push(...(await store.feed.after(merchant, 'test', read.length, 50)));
    })();
    return {
      read,
      async stop() {
        isOver = true;
        await done;
      },
    };
  }

  it('leave one chain of events without hole or double, whoever is killed when', async () => {
    const store = await mongo.openEmpty();
    const acknowledged = new Map<string, number>();
    const cursors = MERCHANTS.map((merchant) => follow(store, merchant));
    let writers = Array.from({ length: 3 }, () => startWriter(acknowledged));
    // Another pause each time, so that the kill meets another step.
    for (const [kill, pauseMs] of [700, 430, 610, 390, 550, 470, 520].entries()) {
      const before = acknowledged.size;
      while (acknowledged.size < before + 6) await sleep(20);
      await sleep(pauseMs);
      const victim = writers[kill % writers.length] as Writer;
      victim.process.kill('SIGKILL');
      await victim.ended;
      writers = writers.map((writer) => (writer === victim ? startWriter(acknowledged) : writer));
    }
    for (const { process: writer } of writers) writer.kill('SIGKILL');
    await Promise.all(writers.map(({ ended }) => ended));
    for (const cursor of cursors) await cursor.stop();

    expect(acknowledged.size).toBeGreaterThan(50);
    for (const [index, merchant] of MERCHANTS.entries()) {
      const feed = await store.feed.after(merchant, 'test', 0, 1_000_000);
      expect(feed.map(({ position }) => position)).toEqual(feed.map((_, place) => place + 1));
      expect(new Set(feed.map(({ event }) => event.id)).size).toBe(feed.length);
      // What a cursor has read while they were writing is there to stay.
      const read = cursors[index]?.read ?? [];
      expect(read.length).toBeGreaterThan(0);
      expect(feed.slice(0, read.length)).toEqual(read);
    }
    await expectWhole(store, acknowledged);
    await store.close();
  }, 60_000);

  /** Each commit that is stored was told once and in order, and each that was acknowledged is stored. */
  async function expectWhole(store: Store, acknowledged: ReadonlyMap<string, number>): Promise<void> {
    const stored = await mongo.raw
      .collection('payments')
      .find({}, { projection: { revision: 1, outbox: 1 } })
      .toArray();
    const revisions = new Map(stored.map(({ _id, revision }) => [String(_id), revision as number]));
    for (const [id, revision] of acknowledged) expect(revisions.get(id) ?? 0).toBeGreaterThanOrEqual(revision);
    for (const { outbox } of stored) expect(outbox).toEqual([]);
    const rows = await mongo.raw.collection('feed').find().sort({ after: 1 }).toArray();
    const told = new Map<string, string[]>();
    for (const { _id, payment } of rows) told.set(payment, [...(told.get(payment) ?? []), String(_id)]);
    expect(told.size).toBe(revisions.size);
    for (const [id, revision] of revisions) {
      expect(told.get(id)).toEqual(Array.from({ length: revision }, (_, index) => `${id}.${index + 1}`));
    }
    expect(await store.endpoints.behind(1)).toEqual([]);
  }
});

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
