import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import type { Store } from '../../src/contracts/store.js';
import { type Collections, collectionsOf } from '../../src/store/mongo/collections.js';
import { createMongoStore } from '../../src/store/mongo/index.js';
import {
  nextRevision,
  SAMPLE_TIME,
  sampleBatch,
  sampleCommit,
  sampleMail,
  samplePayment,
  sampleVaultRecord,
} from '../contract/samples.js';
import { mongoForTests } from '../support/mongo_stores.js';
import { silentLog } from '../support/silent_log.js';
import { needs } from '../support/skip.js';
import { type Member, prepareMembers } from './members.js';
import { type Crash, type FaultyCollections, faultyCollections } from './mongo_faults.js';

/**
 * A process that dies at each of its writes in turn. Whatever was told as done is found by others once somebody has looked for
 * what is left, and of what was not told either all of it happened or nothing.
 */

needs('mongod')('a process that dies', () => {
  const mongo = mongoForTests();
  let survivor: Store;
  let connection: Connection;
  let collections: Collections;

  beforeAll(async () => {
    connection = await mongoose.createConnection(mongo.url, { w: 'majority' }).asPromise();
    collections = collectionsOf(connection);
  });
  afterAll(async () => {
    await survivor?.close();
    await connection?.close();
  });
  beforeEach(async () => {
    await survivor?.close();
    survivor = await mongo.openEmpty();
  });

  /** A store whose process can be made to die. Its connection is shared: nothing is closed. */
  function mortal(): { store: Store; faults: FaultyCollections } {
    const faults = faultyCollections(collections);
    const store = createMongoStore({
      connection,
      collections: faults.collections,
      log: silentLog(),
      clock: systemClock(),
    });
    return { store, faults };
  }

  /** Does what sweepers do, in whatever process they are. */
  async function sweep(): Promise<void> {
    await survivor.endpoints.behind(1);
    await survivor.mails.behind(1);
    await survivor.vault.removeDead(SAMPLE_TIME - 1, 100);
  }

  async function outboxesLeft(): Promise<number> {
    const carrying = { $or: [{ 'outbox.0': { $exists: true } }, { 'carried.by': { $exists: true } }] };
    const counts = ['payments', 'endpoints', 'walls'].map((name) =>
      connection.collection(name).countDocuments(carrying),
    );
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  /** Lets the member be written by one that dies at its write `at`; answers what it was told, and the writes it made. */
  async function dieAt(member: Member, at: number, crash: Crash): Promise<{ told: boolean; writes: string[] }> {
    const { store, faults } = mortal();
    faults.arm(at, crash);
    const told = await member.write(store).then(
      () => true,
      (error: unknown) => {
        expect(error).toMatchObject({ name: 'StoreFailure' });
        return false;
      },
    );
    await store.feed.head('mer_sample', 'test').catch(() => undefined);
    // Only what the drain has left in the background may still be under way.
    await new Promise((resolve) => setTimeout(resolve, 20));
    return { told, writes: [...faults.writes] };
  }

  it.each<Crash>(['before', 'after'])(
    '%s any of its writes leaves all of a commit or nothing',
    async (crash) => {
      const names = (await prepareMembers(survivor)).map(({ name }) => name);
      const made = new Set<string>();
      for (const index of names.keys()) {
        for (let at = 1; ; at++) {
          await survivor.close();
          survivor = await mongo.openEmpty();
          const member = (await prepareMembers(survivor))[index] as Member;
          await sweep();
          const { told, writes } = await dieAt(member, at, crash);
          for (const write of writes) made.add(write);
          await sweep();
          const traces = await member.traces(survivor);
          const where = { member: member.name, at, write: writes.at(-1), traces };
          expect(where).toEqual({ ...where, traces: traces.map(() => traces[0]) });
          if (told) expect(where).toEqual({ ...where, traces: traces.map(() => true) });
          expect(await outboxesLeft()).toBe(0);
          if (writes.length < at) break;
        }
      }
      const steps = [
        'payments.updateOne',
        'vault.updateMany',
        'vault.deleteMany',
        'codes.updateOne',
        'feed.insertMany',
      ];
      const more = [
        'walls.updateOne',
        'endpoints.updateMany',
        'payments.bulkWrite',
        'endpoints.updateOne',
        'deliveries.insertMany',
      ];
      expect([...made]).toEqual(expect.arrayContaining([...steps, ...more]));
    },
    120_000,
  );

  it('never loses a card that its payment needs, though it should have died long ago', async () => {
    for (const crash of ['before', 'after'] as const) {
      for (let at = 1; at <= 3; at++) {
        const record = sampleVaultRecord();
        await survivor.vault.put(record);
        const { store, faults } = mortal();
        faults.arm(at, crash);
        const payment = samplePayment();
        await store.payments.commit(sampleCommit(payment, { claims: [record.token] })).catch(() => undefined);
        const isCommitted = (await survivor.payments.load(payment.id)) !== null;
        const removed = await survivor.vault.removeDead((record.diesAt ?? 0) + 1, 100);
        expect(removed.includes(record.token)).toBe(!isCommitted);
        expect((await survivor.vault.get(record.token))?.diesAt).toBe(isCommitted ? null : undefined);
        if (isCommitted) {
          const done = nextRevision(payment);
          faults.arm(at, crash);
          await store.payments.commit(sampleCommit(done, { releases: [record.token] })).catch(() => undefined);
          const isReleased = (await survivor.payments.load(payment.id))?.revision === 2;
          await survivor.vault.removeDead(SAMPLE_TIME, 100);
          expect((await survivor.vault.get(record.token)) === null).toBe(isReleased);
        }
      }
    }
  }, 30_000);

  it('leaves mails that are planned once, wherever it dies', async () => {
    for (const crash of ['before', 'after'] as const) {
      for (let at = 1; ; at++) {
        await survivor.close();
        survivor = await mongo.openEmpty();
        const payment = samplePayment();
        await survivor.payments.commit(sampleCommit(payment, { feed: sampleBatch(payment, 2) }));
        const [cursor] = await survivor.mails.behind(5);
        if (cursor === undefined) throw new Error('nothing is behind');
        const mails = [1, 2].map((key) => sampleMail({ key: `evt_${key}.payer`, payment: payment.id }));
        const { store, faults } = mortal();
        faults.arm(at, crash);
        const told = await store.mails.enqueue(cursor, 2, mails).catch(() => null);
        const left = await survivor.mails.behind(5);
        const planned = await survivor.mails.ofPayment(payment.id);
        expect(planned).toEqual(left.length === 0 ? mails : []);
        if (told) expect(left).toEqual([]);
        const again = mails.map((mail) => sampleMail({ ...mail, id: `${mail.id}x` }));
        for (const behind of left) expect(await survivor.mails.enqueue(behind, 2, again)).toBe(true);
        expect((await survivor.mails.ofPayment(payment.id)).map(({ key }) => key)).toEqual(mails.map(({ key }) => key));
        expect(await outboxesLeft()).toBe(0);
        if (faults.writes.length < at) break;
      }
    }
  }, 60_000);
});
