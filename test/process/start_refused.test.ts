/** What a process of a cluster cannot be built on is refused at its start: a line each, all at once. What it can do without, is not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepare } from '../../scripts/prepare.mjs';
import { type FakeMongod, fakeMongod } from '../support/fake_mongod.js';
import { freePort, type GuichetProcess, guichetProcess } from '../support/guichet.js';
import { type Mongo, startMongo } from '../support/mongod.js';
import { type RedisProcess, redisProcess } from '../support/redis.js';
import { needs } from '../support/skip.js';
import { get, post } from './requests.js';

const TEST_MS_MAX = 90_000;
const NOBODY = 'mongodb://user:s3cret@127.0.0.1:9/guichet?replicaSet=rs0';
const PUBLIC_URL = 'http://127.0.0.1:3000';
const PRODUCTION = {
  ...{ NODE_ENV: 'production', PUBLIC_URL: 'https://pay.example.org', SANDBOX_URL: 'http://x:y@127.0.0.1:9' },
  ...{ SMTP_URL: 'smtps://mail.example.org', MAIL_FROM: 'pay@example.org' },
};

beforeAll(() => prepare(), 60_000);

/** What a start ends with: its exit code, and every line it wrote. */
async function start(settings: Readonly<Record<string, string>>): Promise<{ code: number | null; lines: string[] }> {
  const guichet = await guichetProcess({ settings });
  try {
    guichet.launch();
    const code = await guichet.end();
    expect(guichet.output()).not.toContain('s3cret');
    return { code, lines: guichet.output().trimEnd().split('\n') };
  } finally {
    await guichet.close();
  }
}

/** Of several problems: a heading, and a line for each. */
async function problems(settings: Readonly<Record<string, string>>): Promise<string[]> {
  const { code, lines } = await start(settings);
  const [heading = '', ...rest] = lines;
  expect(code).toBe(1);
  expect(heading).toMatch(/not right, so Guichet does not start:$/);
  for (const line of rest) expect(line).toMatch(/^ {2}- [A-Z_]+: /);
  return rest.map((line) => line.slice(4));
}

const named = (lines: readonly string[]): string[] => lines.map((line) => line.split(':')[0] ?? '').sort();

describe('settings', () => {
  it('that are malformed are told all at once', { timeout: TEST_MS_MAX }, async () => {
    const told = await problems({
      MONGODB_URL: 'mongo://one',
      REDIS_URL: 'http://redis',
      ROLE: 'boss',
      LOG_LEVEL: 'x',
    });
    expect(named(told)).toEqual(['LOG_LEVEL', 'MONGODB_URL', 'REDIS_URL', 'ROLE']);
  });

  it('that the driver alone finds malformed are told too', { timeout: TEST_MS_MAX }, async () => {
    const MONGODB_URL = 'mongodb://user:s3cret%@127.0.0.1:9/guichet';
    const { code, lines } = await start({ MONGODB_URL, REDIS_URL: 'redis://127.0.0.1:9', PUBLIC_URL });
    expect([code, lines]).toEqual([1, [expect.stringMatching(/^MONGODB_URL is malformed: write mongodb:/)]]);
  });
});

needs('redis')('servers', (path) => {
  let evicting: RedisProcess;
  const fakes: FakeMongod[] = [];
  beforeAll(async () => {
    evicting = await redisProcess(path, ['--maxmemory-policy', 'allkeys-lru']);
    await evicting.start();
  }, 30_000);
  afterAll(async () => {
    await evicting?.close();
    await Promise.all(fakes.map((fake) => fake.close()));
  });

  const OLD = { version: '5.0.31', wireVersion: 13, setName: 'rs0' };
  const ANCIENT = { version: '3.6.23', wireVersion: 6, setName: 'rs0' };
  const STANDALONE = { version: '6.0.5', wireVersion: 17, setName: null };

  it.concurrent.each([
    ['nobody', null, /no MongoDB answers at mongodb:\/\/127\.0\.0\.1:9\/guichet /],
    ['a MongoDB that is too old', OLD, /is MongoDB 5\.0\.31; version 6\.0 or newer is needed\.$/],
    ['one that is too old even for the driver', ANCIENT, /is an old MongoDB; version 6\.0 or newer/],
    ['a standalone one', STANDALONE, /is a standalone server, .* start mongod with --replSet/],
  ])('%s at MONGODB_URL, and a Redis that evicts', { timeout: TEST_MS_MAX }, async (_, nature, sentence) => {
    const fake = nature === null ? null : await fakeMongod(nature);
    if (fake !== null) fakes.push(fake);
    const MONGODB_URL = fake === null ? NOBODY : `mongodb://127.0.0.1:${fake.port}/guichet`;
    const [told, { code, lines }] = await Promise.all([
      problems({ MONGODB_URL, REDIS_URL: evicting.url, PUBLIC_URL }),
      start({ MONGODB_URL, REDIS_URL: 'redis://127.0.0.1:9', PUBLIC_URL }),
    ]);
    expect(told).toEqual([
      expect.stringMatching(sentence),
      expect.stringMatching(/^REDIS_URL: this Redis evicts \(maxmemory-policy allkeys-lru\); set .*noeviction$/),
    ]);
    // Alone it is one line, and a Redis that is not there is no reason.
    expect([code, lines]).toEqual([1, [expect.stringMatching(sentence)]]);
  });

  it('and settings are told together', { timeout: TEST_MS_MAX }, async () => {
    const fake = await fakeMongod(OLD);
    fakes.push(fake);
    const MONGODB_URL = `mongodb://127.0.0.1:${fake.port}/guichet`;
    const told = await problems({ ...PRODUCTION, MONGODB_URL, REDIS_URL: evicting.url });
    expect(named(told)).toEqual(['MONGODB_URL', 'REDIS_URL', 'SIGNING_KEYS', 'VAULT_KEYS']);
    expect(told.join('\n')).toMatch(/VAULT_KEYS: required in production; give id:base64 of 32 bytes/);
    // Of two addresses one may be good enough to be asked.
    expect(named(await problems({ MONGODB_URL: 'mongo://one', REDIS_URL: evicting.url }))).toEqual([
      'MONGODB_URL',
      'REDIS_URL',
    ]);
  });
});

needs('mongod')('a process', () => {
  let mongo: Mongo;
  let guichet: GuichetProcess;
  beforeAll(async () => {
    mongo = await startMongo();
    const port = await freePort();
    const REDIS_URL = `redis://127.0.0.1:${await freePort()}`;
    const settings = { MONGODB_URL: mongo.database(), REDIS_URL, PUBLIC_URL: `http://127.0.0.1:${port}` };
    guichet = await guichetProcess({ port, settings });
  }, TEST_MS_MAX);
  afterAll(async () => {
    await guichet?.close();
    await mongo?.stop();
  });

  const caller = () => ({ url: guichet.url, key: 'sk_test_demo', wrong: (what: string) => expect(what).toBe('never') });
  const readiness = async (): Promise<number> => (await fetch(`${guichet.url}/readyz`)).status;

  it('starts without Redis, says so once, and pays', { timeout: TEST_MS_MAX }, async () => {
    await guichet.start();
    const answer = await fetch(`${guichet.url}/readyz`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      services: [{ name: 'redis', status: 'unavailable' }, { name: 'smtp' }, { name: 'twilio' }],
    });
    const order = { amount: 1_000, currency: 'EUR', reference: 'ALONE', pay_with: 'tok_sandbox_approve' };
    const paid = await post(caller(), '/v1/payments', order, 'alone');
    expect(paid.body['status']).toBe('succeeded');
    // Tried again ten times and more meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const warnings = guichet
      .output()
      .split('\n')
      .filter((line) => /"level":"(?:warn|error)"/.test(line));
    expect(warnings).toEqual([expect.stringContaining('Redis does not answer: payments go on without it')]);
  });

  describe.runIf(!process.env['MONGODB_URL'])('of a MongoDB that is ours', () => {
    it('is ready while the store answers, and only then', { timeout: TEST_MS_MAX }, async () => {
      const signal = (name: NodeJS.Signals): void => {
        for (const { pid } of mongo.members) process.kill(pid, name);
      };
      signal('SIGSTOP');
      expect(await readiness()).toBe(503);
      expect((await fetch(`${guichet.url}/healthz`)).status).toBe(200);
      signal('SIGCONT');
      await expect.poll(readiness, { timeout: 30_000 }).toBe(200);
      const { body } = await get(caller(), '/v1/payments?reference=ALONE');
      expect(body['data']).toHaveLength(1);
    });
  });
});
