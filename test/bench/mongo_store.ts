import { cpus } from 'node:os';
import { systemClock } from '../../src/clock.js';
import type { Store } from '../../src/contracts/store.js';
import { openMongoStore } from '../../src/store/mongo/index.js';
import { nextRevision, sampleAttempt, sampleBatch, sampleCommit, samplePayment } from '../contract/samples.js';
import { startMongo } from '../support/mongod.js';
import { cpuMsOf } from './machine.js';

/**
 * The bare store: payments of two commits, as `pay_with` makes them, with their events drained into the feed before the clock
 * stops. `node scripts/run.mjs test/bench/mongo_store.ts [seconds]`, against a replica set of one on this machine.
 */

const SECONDS = Number(process.argv[2] ?? 5);
const log = { debug() {}, info() {}, warn: console.warn, error: console.error };

async function pay(store: Store, caller: number): Promise<void> {
  const begun = samplePayment({ merchant: `mer_${caller % 4}`, status: 'processing', attempts: [sampleAttempt()] });
  await store.payments.commit(sampleCommit(begun, { feed: sampleBatch(begun, 2) }));
  const attempts = begun.attempts.map((attempt) => ({ ...attempt, authorizationCode: 'A1' }));
  const paid = nextRevision(begun, { status: 'succeeded', dueAt: null, channel: 'web', attempts });
  await store.payments.commit(sampleCommit(paid, { feed: sampleBatch(paid, 3) }));
  await store.payments.load(begun.id);
}

async function measure(store: Store, callers: number, mongod: number | undefined): Promise<string> {
  let payments = 0;
  const latencies: number[] = [];
  const before = { at: performance.now(), ours: process.cpuUsage(), theirs: mongod ? cpuMsOf(mongod) : 0 };
  const until = before.at + SECONDS * 1_000;
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      while (performance.now() < until) {
        const begun = performance.now();
        await pay(store, caller);
        latencies.push(performance.now() - begun);
        payments += 1;
      }
    }),
  );
  await store.endpoints.behind(1);
  const seconds = (performance.now() - before.at) / 1_000;
  const { user, system } = process.cpuUsage(before.ours);
  const theirs = mongod ? Math.round(((cpuMsOf(mongod) - before.theirs) * 1_000) / payments) : 0;
  latencies.sort((one, other) => one - other);
  const percentile = (share: number) => (latencies[Math.floor(latencies.length * share)] ?? 0).toPrecision(3);
  return [
    callers,
    Math.round(payments / seconds),
    percentile(0.5),
    percentile(0.99),
    Math.round((user + system) / payments),
    theirs,
  ]
    .map((figure) => String(figure))
    .join(' | ');
}

const mongo = await startMongo();
const store = await openMongoStore({ url: mongo.database(), log, clock: systemClock() });
console.log(`${cpus().length} cores of ${cpus()[0]?.model}, Node ${process.versions.node}`);
console.log('callers | payments/s | p50 ms | p99 ms | our CPU µs each | mongod CPU µs each');
await measure(store, 4, undefined);
for (const callers of [1, 8, 32, 64]) console.log(await measure(store, callers, mongo.members[0]?.pid));
await store.close();
await mongo.stop();
