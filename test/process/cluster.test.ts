/** Web processes commit, workers send, Redis wakes them, and payments complete once. What breaks them is in test/chaos/. */
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepare } from '../../scripts/prepare.mjs';
import { type Cluster, startCluster } from '../support/cluster.js';
import { needs } from '../support/skip.js';
import { callersOf, type Reckoning, underLoad } from './cluster_load.js';
import type { Book } from './merchants.js';
import { type Answer, type Caller, pause, post } from './requests.js';

const seed = Date.now() % 1_000_000;
const REST_SECONDS_MAX = 20;
const TEST_MS_MAX = 90_000;
const SENT = /guichet_operations_total\{acquirer="sandbox",type="authorize",status="approved"\} (\d+)/;

needs('mongod')('a cluster', () =>
  needs('redis')(`(seed ${seed})`, (redisServer) => {
    let cluster: Cluster;
    const book: Book = { orders: new Map(), told: [] };
    let round = 0;

    beforeAll(async () => {
      prepare();
      cluster = await startCluster({ redisServer, webs: 2, workers: 2, settings: { LOG_LEVEL: 'warn' } });
    }, 90_000);
    afterAll(() => cluster?.close());

    async function survives(trouble: () => Promise<void>): Promise<Reckoning> {
      round += 1;
      const load = { seed: seed + round, merchants: 3, payers: 2 };
      const reckoning = await underLoad(cluster, load, book, trouble);
      const { wrong, restSeconds, payments } = reckoning;
      console.log(`${payments.length} payments, at rest after ${restSeconds} s`);
      expect(wrong).toEqual([]);
      expect(restSeconds).toBeLessThan(REST_SECONDS_MAX);
      return reckoning;
    }

    /** Authorizations that a process has sent. */
    async function approvals(url: string): Promise<number> {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      return Number(SENT.exec(metrics)?.[1] ?? 0);
    }

    async function approvalsOfAll(members: readonly { readonly url: string }[]): Promise<number> {
      const counts = await Promise.all(members.map(({ url }) => approvals(url)));
      return counts.reduce((total, count) => total + count, 0);
    }

    async function payOnce(reference: string): Promise<Answer & { readonly ms: number }> {
      const [caller] = callersOf(cluster, (sentence) => expect(sentence).toBe('never said')) as [Caller];
      book.orders.set(reference, { reference, amount: 1_000, refundsAsked: 0, payment: null });
      const body = { amount: 1_000, currency: 'EUR', reference, pay_with: 'tok_sandbox_approve' };
      const began = Date.now();
      const answer = await post(caller, '/v1/payments', body, reference);
      return { ...answer, ms: Date.now() - began };
    }

    it('pays, each process its part', { timeout: TEST_MS_MAX }, async () => {
      await survives(() => pause(2_000));
      for (const { url } of cluster.workers) {
        expect((await fetch(`${url}/healthz`)).status).toBe(200);
        expect((await fetch(`${url}/v1/payments`)).status).toBe(404);
        expect(await approvals(url)).toBeGreaterThan(0);
      }
      const [byWorkers = 0, byWebs = 0] = await Promise.all([cluster.workers, cluster.webs].map(approvalsOfAll));
      // On a busy machine the queue may be too slow now and then: then who has committed sends.
      expect(byWebs).toBeLessThan(byWorkers);
    });

    it('pays while Redis is away, at once, and is ready all the same', { timeout: TEST_MS_MAX }, async () => {
      await survives(async () => {
        await cluster.redis.kill();
        await pause(1_000);
        for (const { url } of [...cluster.webs, ...cluster.workers]) {
          const ready = await fetch(`${url}/readyz`);
          expect(ready.status).toBe(200);
          expect(await ready.json()).toMatchObject({
            status: 'ok',
            services: expect.arrayContaining([{ name: 'redis', status: 'unavailable' }]),
          });
        }
      });
      // With nobody there who sweeps: what does not go on at once by itself would not go on.
      for (const worker of cluster.workers) worker.freeze();
      const { body } = await payOnce(`AWAY-${seed}`).finally(() => {
        for (const worker of cluster.workers) worker.thaw();
      });
      expect(body['status']).toBe('succeeded');
      // It comes back empty: it is started without what it had written.
      await survives(() => cluster.redis.start().then(() => pause(1_500)));
      const lines = cluster.webs.map((web) => web.output().match(/Redis does not answer/g)?.length);
      expect(lines).toEqual([1, 1]);
    });

    it('does nothing twice for jobs that come twice, again later, or about nothing', {
      timeout: TEST_MS_MAX,
    }, async () => {
      const connection = new Redis(cluster.redis.url, { maxRetriesPerRequest: null });
      const queue = new Queue('authorization', { connection, prefix: 'guichet' });
      const repeat = (id: unknown) => queue.add('claim', { id }, { removeOnComplete: true, removeOnFail: true });
      const { payments } = await survives(async () => {
        for (let repetition = 0; repetition < 30; repetition += 1) {
          const made = [...book.orders.values()].flatMap(({ payment }) => payment ?? []);
          await Promise.all(made.slice(-20).flatMap((id) => [repeat(id), repeat(id)]));
          await Promise.all(['pay_of_nobody', '', 7, null].map(repeat));
          await pause(100);
        }
      });
      const before = payments.map(({ id, status }) => `${id} ${status}`);
      await Promise.all(payments.map(({ id }) => repeat(id)));
      const after = await survives(() => pause(500));
      const afterwards = after.payments.map(({ id, status }) => `${id} ${status}`);
      expect(before.filter((line) => !afterwards.includes(line))).toEqual([]);
      await queue.close();
      connection.disconnect();
    });
  }),
);
