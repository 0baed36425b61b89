/**
 * Begun by one process, authorized by a second, completed by a third after the first two were killed: once. Each has a door of
 * its own to the acquirer, so it is known who said what.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepare } from '../../scripts/prepare.mjs';
import { createBrowser } from '../channels/web/page_server.js';
import { type Cluster, startCluster } from '../support/cluster.js';
import type { GuichetProcess } from '../support/guichet.js';
import { type RecordedDoor, recordedDoor } from '../support/recorded.js';
import { needs } from '../support/skip.js';
import { isAtRest, ledgerOf, type ShownPayment } from './audit.js';
import { checkFeed, readFeed } from './feed.js';
import { openReceiver, type Receiver } from './receiver.js';
import { type Caller, get, post } from './requests.js';

/** Approved at once, and answered after the deadline. */
const SLOW_CARD = { number: '4000 0010 0000 0067', expiry: '12/34', security_code: '123' };
/** Longer than this test lasts: the second process never hears the answer. */
const SLOW_MS = 120_000;
const SOON = { timeout: 20_000, interval: 25 };
const AMOUNT = 1_000;
const AUTHORIZATION = 'POST /authorizations';

needs('mongod')('three processes', () =>
  needs('redis')('of which two are killed', (redisServer) => {
    let cluster: Cluster;
    let receiver: Receiver;
    const doors: RecordedDoor[] = [];

    beforeAll(async () => {
      receiver = await openReceiver();
      prepare();
      cluster = await startCluster({ redisServer, webs: 0, workers: 0, slowMs: SLOW_MS });
    }, 60_000);
    afterAll(async () => {
      await cluster?.close();
      await Promise.all(doors.map((door) => door.close()));
      await receiver?.close();
    });

    /** A process with a door of its own to the acquirer, not started yet. */
    async function member(role: 'web' | 'worker' | 'all', heard?: (line: string) => void) {
      const { url, credential } = cluster.sandbox;
      const door = await recordedDoor(url, heard);
      doors.push(door);
      const SANDBOX_URL = door.url.replace('://', `://sandbox:${credential}@`);
      return { process: await cluster.another(role, { SANDBOX_URL }), door };
    }

    const callerOf = ({ url }: GuichetProcess): Caller => {
      return { url, key: 'sk_test_demo', wrong: (sentence) => expect(sentence).toBe('never said') };
    };
    const moves = ({ came }: RecordedDoor): string[] =>
      came.filter((line) => line.startsWith('POST /') && !line.includes('/3ds/'));
    const read = async (caller: Caller, id: string) =>
      (await get(caller, `/v1/payments/${id}`)).body as unknown as ShownPayment;

    it('it ends exactly once', { timeout: 120_000 }, async () => {
      const [first, third] = [await member('web'), await member('all')];
      // It stands still once it has asked, so that it certainly never learns the answer.
      const second = await member('worker', (line) => {
        if (line === AUTHORIZATION) second.process.freeze();
      });
      await Promise.all([first.process.start(), second.process.start()]);
      const begun = callerOf(first.process);
      const endpoint = await post(begun, '/v1/webhook_endpoints', { url: receiver.url }, 'endpoint');
      receiver.trust(String(endpoint.body['secret']));

      // On a busy machine the queue may be too slow for a payer: then who took the card sends it, and it is tried again.
      const { id, path, browser } = await handedOver(begun, second.door);
      const [operation] = (await ledgerOf(cluster.sandbox)).filter(({ payment }) => payment === id);
      expect(operation).toMatchObject({ type: 'authorize', status: 'approved', captured: AMOUNT });
      const { attempts } = await read(begun, id);
      expect(attempts.flatMap(({ operations }) => operations)).toMatchObject([
        { id: operation?.operation, status: 'sent' },
      ]);
      await second.process.end('SIGKILL');
      await first.process.end('SIGKILL');
      await third.process.start();
      const completed = callerOf(third.process);
      await expect.poll(() => read(completed, id).then(isAtRest), SOON).toBe(true);

      const payment = await read(completed, id);
      expect(payment).toMatchObject({ status: 'succeeded', amount_captured: AMOUNT });
      expect((await ledgerOf(cluster.sandbox)).filter((line) => line.payment === id)).toEqual([operation]);
      // Who said what: one authorization, by the second; the third only asked what became of it.
      const about = (door: RecordedDoor) => door.came.filter((line) => line.includes(String(operation?.operation)));
      expect(about(first.door)).toEqual([]);
      expect(about(second.door)).toEqual([]);
      expect(new Set(about(third.door))).toEqual(new Set([`GET /operations/${operation?.operation}`]));
      expect(moves(second.door)).toEqual([AUTHORIZATION]);
      expect(moves(third.door)).toEqual([]);

      // The payer, on the same page, sees the outcome; the same request again is answered the same.
      const later = createBrowser(third.process.url);
      for (const [name, value] of browser.cookies) later.cookies.set(name, value);
      expect((await later.ask(path)).body).toContain('You have paid');
      const again = await post(completed, '/v1/payments', orderOf(payment.reference), payment.reference);
      expect([again.body['id'], again.headers.get('idempotent-replayed')]).toEqual([id, 'true']);
      await told(completed, payment);
      await itsStory(completed, id);
    });

    const orderOf = (reference: string) => ({ amount: AMOUNT, currency: 'EUR', reference });

    /** A payment whose card the first has taken, and whose authorization the second has sent and waits for. */
    async function handedOver(caller: Caller, door: RecordedDoor) {
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        const reference = `HANDS-${attempt}`;
        const { body } = await post(caller, '/v1/payments', orderOf(reference), reference);
        const id = String(body['id']);
        const path = new URL((body['links'] as { pay: string }).pay).pathname;
        const browser = createBrowser(caller.url);
        expect((await browser.submit(await browser.ask(path), '/card', SLOW_CARD)).status).toBe(303);
        const arrived = async () => (await ledgerOf(cluster.sandbox)).some(({ payment }) => payment === id);
        await expect.poll(arrived, SOON).toBe(true);
        if (moves(door).length > 0) return { id, path, browser };
      }
      throw new Error('no payment was handed over');
    }

    /** The merchant's server hears of everything, of each event under its one id. */
    async function told(caller: Caller, payment: ShownPayment): Promise<void> {
      const feed = await readFeed(caller);
      expect(checkFeed(feed, [payment])).toEqual([]);
      await expect.poll(() => feed.filter(({ id }) => !receiver.events.has(id)), SOON).toEqual([]);
      const bodies = [...receiver.events.values()].map((body) => JSON.parse(body) as { type: string; payment: string });
      const ends = bodies.filter(({ type, payment: about }) => about === payment.id && type === 'payment.succeeded');
      expect(ends).toHaveLength(1);
      expect(receiver.wrong).toEqual([]);
    }

    async function itsStory(caller: Caller, id: string): Promise<void> {
      const { body } = await get(caller, `/v1/payments/${id}/timeline`);
      const types = (body['data'] as { type: string }[]).map(({ type }) => type);
      for (const type of ['payment.created', 'attempt.captured', 'payment.succeeded']) {
        expect(types.filter((one) => one === type)).toEqual([type]);
      }
      expect(types[0]).toBe('payment.created');
      expect(types.at(-1)).toBe('payment.succeeded');
      expect(body['next']).toBeNull();
    }
  }),
);
