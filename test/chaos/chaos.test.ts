/** One short round of each fault; `npm run chaos` is the long way. */
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepare } from '../../scripts/prepare.mjs';
import { reckon } from '../process/cluster_load.js';
import { needs } from '../support/skip.js';
import { FAULT_NAMES, type FaultName, type Lengths } from './faults.js';
import { openScene, type Scene } from './scene.js';

const seed = Date.now() % 1_000_000;
const LENGTHS: Lengths = {
  around: [300, 800],
  away: [300, 800],
  // Longer than any lease of a payment.
  frozen: [5_000, 5_000],
  redisFrozen: [3_000, 3_000],
  deposed: [300, 800],
  flushes: 10,
};
const END_MS_MAX = 120_000;
const TEST_MS_MAX = 240_000;

// Three members of our own, and Linux to tell who has dialled whom.
const isPossible = !process.env['MONGODB_URL'] && process.platform === 'linux';

needs('mongod')('a cluster that is broken', (mongod) =>
  needs('redis')(`on purpose (seed ${seed})`, (redisServer) =>
    describe.runIf(isPossible)('under load', () => {
      let scene: Scene;
      const played = new Set<FaultName>();
      beforeAll(async () => {
        prepare();
        scene = await openScene({
          ...{ mongod, redisServer, lengths: LENGTHS, endMsMax: END_MS_MAX },
          ...{ merchants: 3, payers: 2 },
        });
      }, 180_000);
      afterAll(() => scene?.close(), 60_000);

      it.each([
        ['processes that are killed and stand still', 'w'],
        ['a Redis that is away, forgets, and stands still', 'redis'],
        ['a primary that is killed, stands still, and is cut off', 'primary'],
      ])('outlives %s', { timeout: TEST_MS_MAX }, async (_, beginning) => {
        const faults = FAULT_NAMES.filter((name) => name.startsWith(beginning));
        for (const fault of faults) played.add(fault);
        const { harm, ...figures } = await scene.round(seed + played.size, faults);
        console.log(JSON.stringify(figures));
        if (harm.length > 0) console.log(scene.lastWords());
        expect(harm).toEqual([]);
        expect(figures.payments).toBeGreaterThan(0);
      });

      it('has told every event under one id', { timeout: TEST_MS_MAX }, async () => {
        expect([...played]).toEqual(FAULT_NAMES);
        const { harm, events } = await scene.hear();
        expect(harm).toEqual([]);
        expect(events).toBeGreaterThan(0);
      });

      it('is not blind: harm that is planted is found', { timeout: TEST_MS_MAX }, async () => {
        const database = await mongoose.createConnection(scene.cluster.databaseUrl).asPromise();
        try {
          const payments = database.collection<{ _id: string }>('payments');
          const paid = await payments.find({ status: 'succeeded' }).limit(3).toArray();
          const [lost, doubled, stuck] = paid.map(({ _id }) => _id);
          await payments.deleteOne({ _id: lost ?? '' });
          const copy = { ...paid[1], _id: `${doubled}x`, openReference: null, requests: [] } as Record<string, unknown>;
          // Of two at one place a list shows both only by chance.
          const place = { ...(copy['found'] as object), place: `${(copy['found'] as { place: string }).place}x` };
          await payments.insertOne({ ...copy, found: place } as never);
          await payments.updateOne({ _id: stuck ?? '' }, { $set: { status: 'processing', dueAt: 4e12 } });
          const deadline = Date.now();
          const manners = { waitsUntil: () => deadline, wrong: (sentence: string) => expect(sentence).toBe('unsaid') };
          const { found } = await reckon(scene.cluster, scene.book, manners, false);
          const about = (id: string | undefined) =>
            found.flatMap(({ kind, sentence }) => (sentence.includes(id ?? '-') ? kind : []));
          expect(about(lost)).toContain('lost');
          expect(about(`${doubled}x`)).toContain('doubled');
          expect(about(stuck)).toContain('stuck');
        } finally {
          await database.close();
        }
      });
    }),
  ),
);
