/**
 * Whoever guesses a code goes from one web process to the other, while Redis forgets everything between two guesses, or is not
 * there at all: the bounds are in the store, and hold exactly.
 */

import { join } from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepare } from '../../scripts/prepare.mjs';
import { createLetters } from '../../src/lab/mailbox/letters.js';
import { MIGRATIONS } from '../../src/lab/mailbox/schema.js';
import { openDatabase } from '../../src/store/sqlite/database.js';
import { createBrowser, formOf, type Answer as Page, wordsOf } from '../channels/web/page_server.js';
import { type Cluster, startCluster } from '../support/cluster.js';
import { needs } from '../support/skip.js';
import { callersOf } from './cluster_load.js';
import { type Caller, get, post } from './requests.js';

const TEST_MS_MAX = 90_000;
/** Right by its check digit, and nobody's. */
const UNKNOWN = '4000000002';
const LINK_TRIES = 10;
const CODE_TRIES = 5;
const ACCOUNT_TRIES = 20;
const SENDINGS_OF_PAGE = 3;
const SENDINGS = 5;
const CARD_TRIES = 20;
const SLIP = { number: '4242 4242 4242 4241', expiry: '12/34', security_code: '123' };
const CARD = { ...SLIP, number: '4242 4242 4242 4242' };

type Browser = ReturnType<typeof createBrowser>;

needs('mongod')('two web processes', () =>
  needs('redis')('on one store', (redisServer) => {
    let cluster: Cluster;
    let database: Connection;
    beforeAll(async () => {
      const settings = { LOG_LEVEL: 'warn', TRUSTED_PROXIES: '1' };
      prepare();
      cluster = await startCluster({ redisServer, webs: 2, workers: 1, settings });
      database = await mongoose.createConnection(cluster.databaseUrl).asPromise();
      // Codes are drawn for what can also be paid at a television.
      await database.collection('merchants').updateMany({}, { $set: { 'profile.channels': ['web', 'tv'] } });
    }, 90_000);
    afterAll(async () => {
      await database?.close();
      await cluster?.close();
    });

    const callers = (): Caller[] => callersOf(cluster, (sentence) => expect(sentence).toBe('never said'));
    const caller = (): Caller => callers()[0] as Caller;

    /** One device that is at every web process, from an address of its own. */
    function guesser(address: string) {
      const browsers = callers().map(({ url }) => createBrowser(url));
      const headers = { 'x-forwarded-for': address };
      let turns = 0;
      /** At the other process than the last time; Redis has forgotten everything, if it is there. */
      function turn(): Browser {
        turns += 1;
        const here = browsers[turns % browsers.length] as Browser;
        const before = browsers[(turns + 1) % browsers.length] as Browser;
        for (const [name, value] of before.cookies) here.cookies.set(name, value);
        cluster.redis.ask('FLUSHALL');
        return here;
      }
      return {
        see: (path: string): Promise<Page> => turn().ask(path, { headers }),
        submit: (page: Page, to: string, typed: Record<string, string>): Promise<Page> =>
          turn().submit(page, to, typed, { headers }),
        /** By the button that stands in the card form, or the form of its own that stands there after the first. */
        askForCode(page: Page, path: string): Promise<Page> {
          const own = /<form [^>]*send-code"/.test(page.body) ? '/send-code' : '/card';
          const body = new URLSearchParams(formOf(page.body, own).fields);
          return turn().ask(`${path}/send-code`, { method: 'POST', body, headers });
        },
      };
    }

    async function openPayment(reference: string, wanted: object = {}) {
      const body = { amount: 1_000, currency: 'EUR', reference, ...wanted };
      const made = (await post(caller(), '/v1/payments', body, reference)).body;
      const path = new URL(String((made['links'] as { pay: string }).pay)).pathname;
      return { id: String(made['id']), code: String(made['payment_code']), path };
    }

    /** As many guesses as there may be, each refused as wrong; then even what is right is refused. */
    async function exactly(tries: number, guess: () => Promise<number>, right: () => Promise<number>): Promise<void> {
      const statuses: number[] = [];
      for (let index = 0; index < tries; index += 1) statuses.push(await guess());
      expect(statuses).toEqual(statuses.map(() => 422));
      expect(await right()).toBe(429);
      expect(await guess()).toBe(429);
    }

    async function paymentCodes(address: string, code: string): Promise<void> {
      const { see, submit } = guesser(address);
      const page = await see('/link');
      const enter = async (typed: string): Promise<number> => (await submit(page, '/link', { code: typed })).status;
      await exactly(
        LINK_TRIES,
        () => enter(UNKNOWN),
        () => enter(code),
      );
      // Somebody else, meanwhile, comes in.
      const other = guesser(`${address}9`);
      expect((await other.submit(await other.see('/link'), '/link', { code })).status).toBe(303);
    }

    async function cardSlips(address: string, path: string): Promise<void> {
      const { see, submit } = guesser(address);
      const page = await see(path);
      const enter = async (card: Record<string, string>): Promise<number> => (await submit(page, '/card', card)).status;
      await exactly(
        CARD_TRIES,
        () => enter(SLIP),
        () => enter(CARD),
      );
    }

    /** The code that was mailed last. */
    async function mailedCode(): Promise<string> {
      const mailbox = openDatabase({ path: join(cluster.dataDir, 'mailbox.db'), migrations: MIGRATIONS });
      try {
        const letters = createLetters(mailbox);
        const [newest] = letters.list({ limit: 1 });
        const letter = newest === undefined ? null : await letters.read(newest.id);
        return /\b\d{6}\b/.exec(letter?.text ?? '')?.[0] ?? 'none';
      } finally {
        mailbox.close();
      }
    }

    const another = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

    it('payment codes, with Redis flushed between', { timeout: TEST_MS_MAX }, async () => {
      const { code } = await openPayment('GUESS-1');
      await paymentCodes('192.0.2.1', code);
    });

    it('payment codes, all guesses at once', { timeout: TEST_MS_MAX }, async () => {
      const { see, submit } = guesser('192.0.2.30');
      const page = await see('/link');
      const many = Array.from({ length: 3 * LINK_TRIES }, () => submit(page, '/link', { code: UNKNOWN }));
      const statuses = (await Promise.all(many)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 422)).toHaveLength(LINK_TRIES);
      expect(statuses.filter((status) => status === 429)).toHaveLength(2 * LINK_TRIES);
    });

    it('cards of one payment, with Redis flushed between', { timeout: TEST_MS_MAX }, async () => {
      const { path } = await openPayment('GUESS-2');
      await cardSlips('192.0.2.2', path);
    });

    it('one-time codes, with Redis flushed between: of each, of an account, and how many are sent', {
      timeout: TEST_MS_MAX,
    }, async () => {
      const { see, submit, askForCode } = guesser('192.0.2.4');
      let path = '';
      let asked = 0;
      /** Half a minute after the one before; one page has three sent, and says so before the account's own bound is met. */
      const send = async (): Promise<number> => {
        if (asked % SENDINGS_OF_PAGE === 0) {
          if (asked > 0) expect((await askForCode(await see(path), path)).status).toBe(429);
          path = (await openPayment(`GUESS-3-${asked}`, { payer: { account: 'demo' } })).path;
        }
        asked += 1;
        await database.collection('counters').deleteMany({ _id: { $regex: /^sending:pause:/ } as never });
        return (await askForCode(await see(path), path)).status;
      };
      const enter = async (code: string): Promise<Page> => submit(await see(path), '/code', { code });
      let tries = 0;
      const wrongly = async (code: string, count: number): Promise<void> => {
        for (let index = 0; index < count; index += 1) expect((await enter(another(code))).status).toBe(422);
        tries += count;
      };

      expect(await send()).toBe(303);
      const first = await mailedCode();
      const page = await see(path);
      await wrongly(first, CODE_TRIES);
      // Dead, though it is the right one, and its page was open before.
      expect((await submit(page, '/code', { code: first })).status).toBe(429);
      tries += 1;
      for (const count of [CODE_TRIES, CODE_TRIES, ACCOUNT_TRIES - 2 * CODE_TRIES - tries]) {
        expect(await send()).toBe(303);
        await wrongly(await mailedCode(), count);
      }
      expect(tries).toBe(ACCOUNT_TRIES);
      // This one is not dead; but the account's tries of a day are used up.
      const refused = await enter(await mailedCode());
      expect(refused.status).toBe(429);
      expect(wordsOf(refused)).not.toContain('4242');
      for (let sent = 4; sent < SENDINGS; sent += 1) expect(await send()).toBe(303);
      expect(await send()).toBe(429);
    });

    it('and with Redis stopped altogether, while payments go on', { timeout: TEST_MS_MAX }, async () => {
      await cluster.redis.kill();
      const { id, code, path } = await openPayment('GUESS-4');
      await paymentCodes('192.0.2.5', code);
      await cardSlips('192.0.2.6', path);
      const payer = guesser('192.0.2.7');
      expect((await payer.submit(await payer.see(path), '/card', CARD)).status).toBe(303);
      const status = async () => (await get(caller(), `/v1/payments/${id}`)).body['status'];
      await expect.poll(status, { timeout: 15_000 }).toBe('succeeded');
    });
  }),
);
