import { existsSync, readFileSync } from 'node:fs';
import mongoose, { type Connection } from 'mongoose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import type { Payment } from '../../src/contracts/payment.js';
import type { Store } from '../../src/contracts/store.js';
import { openMongoStore } from '../../src/store/mongo/index.js';
import { nextRevision, sampleCommit, samplePayment } from '../contract/samples.js';
import { rolesOf } from '../support/mongo_members.js';
import { type Mongo, startMongo } from '../support/mongod.js';
import { silentLog } from '../support/silent_log.js';
import { needs } from '../support/skip.js';

/** Servers of our own that are frozen and killed while they are written to. */
needs('mongod')('a MongoDB in trouble', () => {
  let mongo: Mongo;
  let url: string;
  let raw: Connection;
  const stores: Store[] = [];

  const open = async (patienceMs: number): Promise<Store> => {
    const store = await openMongoStore({ url, log: silentLog(), clock: systemClock(), patienceMs });
    stores.push(store);
    return store;
  };

  /**
   * Reads, and goes on from what was read. The write in doubt may still arrive after the reading, from a socket that was
   * frozen with it: then going on loses its race, and is decided again on the newer truth.
   */
  async function goOn(payment: Payment, doubtful: Payment): Promise<void> {
    // More patient than the one that was left in doubt: the machine may be busy.
    const store = await until(() => open(20_000));
    const onwards = await until(async () => {
      const settled = await store.payments.load(payment.id);
      expect([payment, doubtful]).toContainEqual(settled);
      const next = nextRevision(settled ?? payment, { channel: 'ivr' });
      return (await store.payments.commit(sampleCommit(next))) ? next : null;
    });
    expect(await store.payments.load(payment.id)).toEqual(onwards);
    expect(await store.feed.ofPayment(payment.id)).toHaveLength(onwards.revision);
  }

  async function start(members: 1 | 3): Promise<void> {
    mongo = await startMongo(members);
    url = mongo.database();
    raw = await mongoose.createConnection(url).asPromise();
  }

  afterEach(async () => {
    for (const { pid } of mongo.members) signal(pid, 'SIGCONT');
    await Promise.all(stores.splice(0).map((store) => store.close().catch(() => undefined)));
    await raw.close();
    await mongo.stop();
  }, 60_000);

  describe.runIf(!process.env['MONGODB_URL'])('of one member', () => {
    beforeEach(() => start(1), 60_000);

    it('leaves nobody waiting when it is frozen, and reading settles what became of a write', async () => {
      const store = await open(2_000);
      const payment = samplePayment();
      await store.payments.commit(sampleCommit(payment));
      const [{ pid } = { pid: 0 }] = mongo.members;
      await freeze(pid);
      const begun = Date.now();
      const next = nextRevision(payment, { channel: 'tv' });
      await expect(store.payments.commit(sampleCommit(next))).rejects.toMatchObject({ name: 'StoreFailure' });
      await expect(store.payments.load(payment.id)).rejects.toMatchObject({ name: 'StoreFailure' });
      await expect(store.guards.raise('a', 1_000, 1)).rejects.toMatchObject({ name: 'StoreFailure' });
      await expect(store.ping()).rejects.toMatchObject({ name: 'StoreFailure' });
      expect(Date.now() - begun).toBeLessThan(30_000);
      signal(pid, 'SIGCONT');
      await goOn(payment, next);
    }, 60_000);
  });

  describe.runIf(!process.env['MONGODB_URL'])('of three members', () => {
    beforeEach(() => start(3), 60_000);

    it('says that nobody knows when a majority does not answer in time, and keeps what it kept', async () => {
      const store = await open(2_000);
      const payment = samplePayment();
      await store.payments.commit(sampleCommit(payment));
      const { secondaries } = await rolesOf(mongo, raw);
      for (const { pid } of secondaries) await freeze(pid);
      const next = nextRevision(payment, { channel: 'tv' });
      await expect(store.payments.commit(sampleCommit(next))).rejects.toMatchObject({ name: 'StoreFailure' });
      for (const { pid } of secondaries) signal(pid, 'SIGCONT');
      await goOn(payment, next);
    }, 60_000);

    it.each(['SIGKILL', 'SIGSTOP'] as const)(
      'loses nothing acknowledged when its primary gets %s under load',
      async (how) => {
        const store = await open(5_000);
        const acknowledged = new Map<string, number>();
        let isOver = false;
        const failures: unknown[] = [];
        const writers = Array.from({ length: 4 }, async () => {
          while (!isOver) {
            let payment = samplePayment();
            for (let revision = 1; revision <= 3; revision++) {
              const won = await store.payments.commit(sampleCommit(payment)).catch((error: unknown) => {
                failures.push(error);
                return false;
              });
              if (!won) break;
              acknowledged.set(payment.id, revision);
              payment = nextRevision(payment);
            }
          }
        });
        await until(async () => (acknowledged.size > 50 ? true : null));
        const { primary } = await rolesOf(mongo, raw);
        if (how === 'SIGSTOP') await freeze(primary.pid);
        else signal(primary.pid, how);
        const before = acknowledged.size;
        await until(async () => (acknowledged.size > before + 30 ? true : null));
        isOver = true;
        await Promise.all(writers);
        if (how === 'SIGSTOP') signal(primary.pid, 'SIGCONT');

        for (const failure of failures) expect(failure).toMatchObject({ name: 'StoreFailure' });
        const fresh = await open(10_000);
        for (const [id, revision] of acknowledged) {
          const found = await fresh.payments.load(id);
          expect(found?.revision ?? 0).toBeGreaterThanOrEqual(revision);
          expect(await fresh.feed.ofPayment(id)).toHaveLength(found?.revision ?? 0);
        }
        const feed = await fresh.feed.after('mer_sample', 'test', 0, 1_000_000);
        expect(feed.map(({ position }) => position)).toEqual(feed.map((_, index) => index + 1));
      },
      120_000,
    );
  });
});

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already.
  }
}

/** Stops a server, and waits until it stands still: on a busy machine it may still answer for a moment. */
async function freeze(pid: number): Promise<void> {
  signal(pid, 'SIGSTOP');
  const stat = `/proc/${pid}/stat`;
  while (existsSync(stat) && !readFileSync(stat, 'utf8').includes(') T ')) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Asks again while the answer is a failure or nothing. */
async function until<T>(ask: () => Promise<T | null>): Promise<T> {
  const giveUpAt = Date.now() + 60_000;
  for (;;) {
    const answer = await ask().catch((error: unknown) => {
      if (Date.now() > giveUpAt) throw error;
      return null;
    });
    if (answer !== null) return answer;
    if (Date.now() > giveUpAt) throw new Error('nothing came of it');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
