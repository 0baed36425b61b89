/**
 * Four processes on one database, all attacked at the same instant over the same payments: one that hands over and three that
 * send and sweep. Of whatever excludes each other one thing happens, once, and everybody is told clearly.
 */
import mongoose from 'mongoose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepare } from '../../scripts/prepare.mjs';
import { createBrowser } from '../channels/web/page_server.js';
import { seededRandom } from '../simulation/random.js';
import { type Cluster, startCluster } from '../support/cluster.js';
import type { GuichetProcess } from '../support/guichet.js';
import { needs } from '../support/skip.js';
import { allPayments, audit, isAtRest, ledgerOf, type ShownPayment } from './audit.js';
import { checkFeed, readFeed } from './feed.js';
import type { Book } from './merchants.js';
import { type Answer, type Caller, get, pause, post, tryOnce } from './requests.js';

const seed = Number(process.env['RACES_SEED'] ?? Date.now() % 1_000_000);
const AMOUNT = 1_000;
const ROUNDS = 2;
/** Payments that are fought over at the same time. */
const SIDE_BY_SIDE = 6;
const TEST_MS_MAX = 120_000;
const REST_MS_MAX = 40_000;
const CARD = { number: '4242 4242 4242 4242', expiry: '12/34', security_code: '123' };

/** What a door has answered to a request under this key. */
interface Told {
  readonly key: string;
  readonly answer: Answer;
}

needs('mongod')('four processes', () =>
  needs('redis')(`(seed ${seed})`, (redisServer) => {
    const random = seededRandom(seed);
    const book: Book = { orders: new Map(), told: [] };
    const wrong: string[] = [];
    let attacks = 0;
    let cluster: Cluster;
    let members: readonly GuichetProcess[];

    beforeAll(async () => {
      const settings = { LOG_LEVEL: 'warn' };
      prepare();
      cluster = await startCluster({ redisServer, webs: 1, workers: 0, settings });
      const senders = await Promise.all(['all', 'all', 'all'].map(() => cluster.another('all')));
      await Promise.all(senders.map((sender) => sender.start()));
      members = [...cluster.webs, ...senders];
    }, 120_000);
    afterAll(() => cluster?.close());

    const doors = (): Caller[] =>
      members.map(({ url }) => ({ url, key: 'sk_test_demo', wrong: (sentence) => wrong.push(sentence) }));
    const door = (): Caller => random.pick(doors());

    async function order(reference: string, wanted: object): Promise<ShownPayment & { links: { pay: string } }> {
      book.orders.set(reference, { reference, amount: AMOUNT, refundsAsked: 0, payment: null });
      const body = { amount: AMOUNT, currency: 'EUR', reference, ...wanted };
      const made = await post(door(), '/v1/payments', body, reference);
      expect(made.status).toBe(201);
      const payment = made.body as unknown as ShownPayment & { links: { pay: string } };
      book.orders.set(reference, { reference, amount: AMOUNT, refundsAsked: 0, payment: payment.id });
      return payment;
    }

    /** The same moment at every door, under equal keys, keys of two, or a key each. */
    async function attack(path: string, bodies: readonly object[]): Promise<Told[]> {
      const sharing = random.pick([4, 2, 1]);
      attacks += 1;
      const name = `${path} ${attacks}`;
      const asks = bodies.flatMap((body, which) =>
        doors().map(async (caller, index) => {
          // Under one key stands one body.
          const key = `${name} ${which} ${Math.floor(index / sharing)}`;
          return { key, answer: await post(caller, path, body, key) };
        }),
      );
      return Promise.all(asks);
    }

    /** How many different requests were taken; each under one answer, and every other refused in words that a program knows. */
    function taken(told: readonly Told[], refusals: readonly string[]): number {
      const ids = new Map<string, Set<unknown>>();
      for (const { key, answer } of told) {
        if (answer.status >= 300) {
          expect([409, 422]).toContain(answer.status);
          expect(refusals).toContain(answer.body['code']);
        }
        const same = ids.get(key) ?? new Set();
        ids.set(key, same.add(answer.status < 300 ? answer.body['id'] : null));
      }
      for (const [key, answers] of ids) expect([key, answers.size]).toEqual([key, 1]);
      return [...ids.values()].filter((answers) => !answers.has(null)).length;
    }

    const read = async (id: string): Promise<ShownPayment> =>
      (await get(door(), `/v1/payments/${id}`)).body as unknown as ShownPayment;
    const keysOf = (told: readonly Told[]): number => new Set(told.map(({ key }) => key)).size;

    async function sideBySide(name: string, fight: (reference: string) => Promise<void>): Promise<void> {
      for (let round = 0; round < ROUNDS; round += 1) {
        await Promise.all(Array.from({ length: SIDE_BY_SIDE }, (_, index) => fight(`${name}-${round}-${index}`)));
      }
    }

    async function reckoning(): Promise<string[]> {
      const giveUpAt = Date.now() + REST_MS_MAX;
      let payments = await allPayments(door());
      while (!payments.every(isAtRest) && Date.now() < giveUpAt) {
        await pause(100);
        payments = await allPayments(door());
      }
      const feeds = await Promise.all(doors().map((one) => readFeed(one)));
      return [
        ...audit(book, payments, await ledgerOf(cluster.sandbox)),
        ...feeds.flatMap((feed) => checkFeed(feed, payments)),
        ...wrong,
      ];
    }

    const PAID = { pay_with: 'tok_sandbox_approve' };
    const HELD = { ...PAID, capture: 'manual' };

    it('one order everywhere is one payment', { timeout: TEST_MS_MAX }, () =>
      sideBySide('ORDER', async (reference) => {
        book.orders.set(reference, { reference, amount: AMOUNT, refundsAsked: 0, payment: null });
        const told = await attack('/v1/payments', [{ amount: AMOUNT, currency: 'EUR', reference, ...PAID }]);
        expect(taken(told, ['reference_in_use'])).toBe(1);
      }),
    );

    it('captures of all there is: one', { timeout: TEST_MS_MAX }, () =>
      sideBySide('WHOLE', async (reference) => {
        const { id } = await order(reference, HELD);
        const told = await attack(`/v1/payments/${id}/capture`, [{}]);
        expect(taken(told, ['payment_not_capturable'])).toBe(1);
        expect((await read(id)).amount_captured).toBe(AMOUNT);
      }),
    );

    it('captures of parts stay within what is held', { timeout: TEST_MS_MAX }, () =>
      sideBySide('PARTS', async (reference) => {
        const { id } = await order(reference, HELD);
        const told = await attack(`/v1/payments/${id}/capture`, [{ amount: 400, final: false }]);
        const won = taken(told, ['amount_too_large']);
        expect(won).toBe(Math.min(2, keysOf(told)));
        expect((await read(id)).amount_captured).toBe(400 * won);
      }),
    );

    it('refunds of parts stay within what was captured', { timeout: TEST_MS_MAX }, () =>
      sideBySide('BACK', async (reference) => {
        const { id } = await order(reference, PAID);
        const told = await attack(`/v1/payments/${id}/refunds`, [{ amount: 300 }, { amount: 300, reason: 'again' }]);
        const won = taken(told, ['amount_too_large']);
        expect(won).toBe(Math.min(3, keysOf(told)));
        expect((await read(id)).amount_refunded).toBe(300 * won);
      }),
    );

    it('a cancel and a capture: one of them', { timeout: TEST_MS_MAX }, () =>
      sideBySide('EITHER', async (reference) => {
        const { id } = await order(reference, HELD);
        const [canceled, captured] = await Promise.all([
          attack(`/v1/payments/${id}/cancel`, [{}]),
          attack(`/v1/payments/${id}/capture`, [{}]),
        ]);
        const cancels = taken(canceled, ['payment_not_cancelable']);
        const captures = taken(captured, ['payment_not_capturable']);
        expect([captures, cancels > 0]).toEqual(captures === 1 ? [1, false] : [0, true]);
        const end = captures === 1 ? ['succeeded', AMOUNT] : ['canceled', 0];
        await expect.poll(async () => (await read(id)).status, { timeout: 20_000 }).toBe(end[0]);
        expect((await read(id)).amount_captured).toBe(end[1]);
      }),
    );

    it('two payers at two processes, with two clicks each: one pays', { timeout: TEST_MS_MAX }, () =>
      sideBySide('TWINS', async (reference) => {
        const { id, links } = await order(reference, {});
        const click = await twoPayers(links.pay);
        expect(await click()).toEqual([303, 303, 303, 303]);
        await expect.poll(async () => (await read(id)).status, { timeout: 20_000 }).toBe('succeeded');
        expect((await read(id)).attempts).toHaveLength(1);
      }),
    );

    it('a cancel while a card is authorized: paid, or canceled without money', { timeout: TEST_MS_MAX }, () =>
      sideBySide('CALLED-OFF', async (reference) => {
        const { id, links } = await order(reference, { capture: random.pick(['automatic', 'manual']) });
        const click = await twoPayers(links.pay);
        const delayMs = random.pick([0, 5, 20]);
        const [canceled] = await Promise.all([
          pause(delayMs).then(() => attack(`/v1/payments/${id}/cancel`, [{}])),
          click(),
        ]);
        const end = taken(canceled, ['payment_not_cancelable']) > 0 ? 'canceled' : 'succeeded';
        await expect.poll(async () => (await read(id)).status, { timeout: 20_000 }).toBe(end);
      }),
    );

    /** Two browsers at two doors have the page open; a click is each posting its form twice, all at once. */
    async function twoPayers(pay: string): Promise<() => Promise<number[]>> {
      const { pathname } = new URL(pay);
      const first = random.between(0, 3);
      const browsers = [first, (first + random.between(1, 3)) % 4].map((at) => createBrowser(doors()[at]?.url ?? ''));
      const pages = await Promise.all(
        browsers.map(async (browser) => ({ browser, page: await browser.ask(pathname) })),
      );
      const posts = [...pages, ...pages];
      return async () => {
        const answers = await Promise.all(posts.map(({ browser, page }) => browser.submit(page, '/card', CARD)));
        return answers.map(({ status }) => status);
      };
    }

    it('sweepers that all find the leases of a dead process over', { timeout: TEST_MS_MAX }, async () => {
      const [, , , dying] = members;
      if (dying === undefined) throw new Error('there are four');
      const names = Array.from({ length: SIDE_BY_SIDE }, (_, index) => `DEAD-${index}`);
      const held = await Promise.all(names.map((name) => order(`${name}-HELD`, HELD)));
      const paid = await Promise.all(names.map((name) => order(`${name}-PAID`, PAID)));
      const before = (await ledgerOf(cluster.sandbox)).length;
      const asks = [
        ...held.map(({ id }) => ({ path: `/v1/payments/${id}/capture`, body: {}, operation: 'capture', payment: id })),
        ...paid.map(({ id }) => ({
          ...{ path: `/v1/payments/${id}/refunds`, body: { amount: 300 }, operation: 'refund', payment: id },
        })),
      ];
      for (const { operation, payment } of asks) await program({ operation, payment, fault: 'slow' });
      const headers = (path: string) => ({ 'idempotency-key': `dead ${path}` });
      const dyingDoor = { ...doors()[3], wrong: () => undefined } as Caller;
      for (const { path, body } of asks) {
        void tryOnce(dyingDoor, 'POST', path, { body: JSON.stringify(body), headers: headers(path) });
      }
      // The acquirer has done it all, and has not said so.
      const arrived = async () => (await ledgerOf(cluster.sandbox)).length - before;
      await expect.poll(arrived, { timeout: 20_000, interval: 20 }).toBe(asks.length);
      await dying.end('SIGKILL');
      await dying.start();
      const again = await Promise.all(asks.map(({ path, body }) => post(door(), path, body, `dead ${path}`)));
      expect(again.map(({ status }) => status)).toEqual(
        asks.map(({ operation }) => (operation === 'refund' ? 201 : 200)),
      );
      const after = await Promise.all([...held, ...paid].map(({ id }) => read(id)));
      expect(after.map(({ amount_captured }) => amount_captured)).toEqual(after.map(() => AMOUNT));
      expect(after.map(({ amount_refunded }) => amount_refunded)).toEqual(
        [...held, ...paid].map((one) => (paid.includes(one) ? 300 : 0)),
      );
    });

    it('afterwards the truth is the ledger, and the feed is whole at every door', {
      timeout: TEST_MS_MAX,
    }, async () => {
      expect(await reckoning()).toEqual([]);
    });

    const program = (fault: object) => toSandbox('/faults', fault);

    async function toSandbox(path: string, body: object): Promise<void> {
      const { url, credential } = cluster.sandbox;
      const headers = { authorization: `Bearer ${credential}`, 'content-type': 'application/json' };
      const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      expect(answer.ok).toBe(true);
    }

    it('would notice: a refund that was made twice, and an event that is gone', { timeout: TEST_MS_MAX }, async () => {
      const { id, merchant } = (await order('PLANTED', PAID)) as unknown as { id: string; merchant: string };
      await post(door(), `/v1/payments/${id}/refunds`, { amount: 100 }, 'planted');
      const [authorization] = (await ledgerOf(cluster.sandbox)).filter((line) => line.payment === id);
      const original = { operation: authorization?.operation, reference: null };
      const money = { amount: 100, currency: 'EUR' };
      await toSandbox('/refunds', { operation: 'opn_twin', payment: id, merchant, ...money, original });
      // Until somebody reads, what was told may wait in the payment itself.
      await readFeed(door());
      const database = await mongoose.createConnection(cluster.databaseUrl).asPromise();
      await database.collection('feed').deleteOne({ payment: id });
      await database.close();
      const found = (await reckoning()).join('\n');
      expect(found).toContain('we say 100 refunded');
      expect(found).toContain('opn_twin is not known here');
      expect(found).toContain('in the place of');
      expect(found).toContain(`the feed lacks an event of ${id}`);
    });
  }),
);
