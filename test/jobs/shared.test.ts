import { Queue } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { openSharedJobs } from '../../src/jobs/bullmq/index.js';
import { createLocalJobs } from '../../src/jobs/local.js';
import { createConnector } from '../../src/live/connection.js';
import { openLive } from '../../src/live/redis.js';
import { proveJobs } from '../contract/jobs.js';
import { type RedisProcess, redisProcess } from '../support/redis.js';
import { silentLog } from '../support/silent_log.js';
import { needs } from '../support/skip.js';

const clock = systemClock();

proveJobs('local', async (duty) => {
  const jobs = createLocalJobs(clock, silentLog(), duty);
  return { runner: jobs, teller: jobs, close: async () => {} };
});

needs('redis')('through Redis', (path) => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await redisProcess(path);
    await redis.start();
  });
  afterAll(() => redis?.close());

  const open = (log = silentLog()) => openSharedJobs(createConnector(redis.url, log), clock, log);

  proveJobs('shared', async (duty) => {
    const [worker, web] = [open(), open()];
    return {
      runner: worker.look('timers', duty, true),
      teller: web.look('timers', duty, false),
      close: async () => {
        await Promise.all([worker.close(), web.close()]);
        redis.ask('FLUSHALL');
      },
    };
  });

  describe('payments that are handed over', () => {
    it('are taken by a worker; frozen or away, Redis refuses within a moment and is asked again later', async () => {
      const [worker, web] = [open(), open()];
      const claimed: string[] = [];
      worker.work(async (payment) => void claimed.push(payment));
      // A cold start on a busy machine may take longer than a payer waits.
      await expect.poll(() => web.handover.offer('pay_first'), { timeout: 8_000 }).toBe(true);
      await expect.poll(() => claimed).toContain('pay_first');

      redis.freeze();
      const began = Date.now();
      expect(await web.handover.offer('pay_frozen')).toBe(false);
      expect(Date.now() - began).toBeLessThan(1_000);
      const asked = Date.now();
      expect(await web.handover.offer('pay_not_asked')).toBe(false);
      expect(Date.now() - asked).toBeLessThan(100);
      redis.thaw();

      await expect.poll(() => web.handover.offer('pay_thawed'), { timeout: 8_000 }).toBe(true);
      await expect.poll(() => claimed).toContain('pay_thawed');
      await redis.kill();
      expect(await web.handover.offer('pay_killed')).toBe(false);
      expect(web.isUp()).toBe(false);
      await redis.start();
      await expect.poll(() => web.handover.offer('pay_back'), { timeout: 8_000 }).toBe(true);
      await expect.poll(() => claimed, { timeout: 8_000 }).toContain('pay_back');
      expect(claimed).not.toContain('pay_not_asked');
      await Promise.all([worker.close(), web.close()]);
    }, 40_000);

    it('are not claimed for a job of another name, which a newer release has put there', async () => {
      const worker = open();
      const claimed: string[] = [];
      worker.work(async (payment) => void claimed.push(payment));
      const queue = new Queue('authorization', { connection: { url: redis.url }, prefix: 'guichet' });
      const options = { removeOnComplete: true, removeOnFail: true };
      await queue.add('weigh', { id: 'pay_weighed' }, options);
      await queue.add('claim', { id: 'pay_claimed' }, options);
      await expect.poll(() => claimed, { timeout: 8_000 }).toContain('pay_claimed');
      await expect.poll(() => redis.ask('LLEN', 'guichet:authorization:wait')).toBe('0');
      await expect.poll(() => redis.ask('LLEN', 'guichet:authorization:active')).toBe('0');
      expect(claimed).toEqual(['pay_claimed']);
      await Promise.all([worker.close(), queue.close()]);
    }, 20_000);

    it('leave nothing behind in Redis, also when taking one fails', async () => {
      const both = open();
      both.work(() => Promise.reject(new Error('the store is away')));
      await expect.poll(() => both.handover.offer('pay_fails'), { timeout: 8_000 }).toBe(true);
      await expect.poll(() => redis.ask('LLEN', 'guichet:authorization:active')).toBe('0');
      await expect.poll(() => redis.ask('EXISTS', 'guichet:authorization:1')).toBe('0');
      expect(redis.ask('ZCARD', 'guichet:authorization:failed')).toBe('0');
      expect(redis.ask('ZCARD', 'guichet:authorization:completed')).toBe('0');
      await both.close();
    }, 20_000);
  });

  it('word for one duty is not taken for that of another at the same moment', async () => {
    const web = open();
    const at = clock.now() + 800;
    for (const name of ['mails', 'texts', 'webhooks']) {
      web.look('notification', { name, run: async () => null }, false).wake(at);
    }
    const told = (): number =>
      Number(redis.ask('ZCARD', 'guichet:notification:delayed')) +
      Number(redis.ask('LLEN', 'guichet:notification:wait'));
    await expect.poll(told, { timeout: 8_000 }).toBe(3);
    await web.close();
    redis.ask('FLUSHALL');
  }, 20_000);

  it('word of changes reaches the others, and is lost without harm', async () => {
    const log = silentLog();
    const [one, other] = [
      openLive(createConnector(redis.url, log), log),
      openLive(createConnector(redis.url, log), log),
    ];
    const heard: string[] = [];
    other.listen((payment) => void heard.push(payment));
    await expect.poll(() => one.isUp() && other.isUp(), { timeout: 5_000 }).toBe(true);
    await expect
      .poll(() => {
        one.tell('pay_1');
        return heard;
      })
      .toContain('pay_1');
    await redis.kill();
    await expect.poll(() => other.isUp()).toBe(false);
    one.tell('pay_lost');
    expect(heard).not.toContain('pay_lost');
    await redis.start();
    one.close();
    other.close();
  }, 20_000);

  it('a Redis that evicts is recognised before the start, and one that is not there is no reason not to', async () => {
    const connector = createConnector(redis.url, silentLog());
    expect(await connector.look()).toEqual({ found: 'usable' });
    redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    expect(await connector.look()).toEqual({ found: 'evicting', policy: 'allkeys-lru' });
    redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    expect(await createConnector('redis://127.0.0.1:1', silentLog()).look()).toEqual({ found: 'nothing' });
  });
});
