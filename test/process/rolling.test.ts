/**
 * Two builds in one cluster: this release, and one made after it. Upgraded process by process and rolled back again under
 * load; and what the newer one has begun in a way that this one does not know waits for it, and for nobody else.
 */
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBrowser } from '../channels/web/page_server.js';
import { needs } from '../support/skip.js';
import { allPayments, isAtRest } from './audit.js';
import { type Open, type Reckoning, underLoad } from './cluster_load.js';
import { type Fleet, moorInTurn, openFleet, type Release } from './fleet.js';
import type { Book } from './merchants.js';
import { type NextBuild, nextBuild, RELEASE } from './next_build.js';
import { type Caller, get, pause, post, tryOnce } from './requests.js';

const seed = Date.now() % 1_000_000;
const PHASE_MS_MAX = 400_000;
const WAIT_MS_MAX = 120_000;
const MIXED_MS = 700;
const CODE = { security_code: '123' };
const CARD = { number: '4242 4242 4242 4242', expiry: '12/34', ...CODE };
/** Of a payment that somebody has begun in the newer version and not ended. */
const LEFT = /guichet_payments_left_alone\{needs="flow card@\d+"\} ([1-9]\d*)/;

needs('mongod')('two releases in one cluster', () =>
  needs('redis')(`(seed ${seed})`, (redisServer) => {
    let fleet: Fleet;
    let next: NextBuild;
    let raw: Connection;
    let caller: Caller;
    const book: Book = { orders: new Map(), told: [] };
    const now: Release = {};
    const said: string[] = [];
    let phase = 0;

    beforeAll(async () => {
      fleet = await openFleet(redisServer, 2, 1);
      next = nextBuild();
      raw = await mongoose.createConnection(fleet.cluster.databaseUrl).asPromise();
      caller = { url: fleet.front.url, key: 'sk_test_demo', wrong: (sentence) => said.push(sentence) };
      await Promise.all([...fleet.webs, ...fleet.workers].map((berth) => berth.moor(now)));
    }, 120_000);
    afterAll(async () => {
      await raw?.close();
      await fleet?.close();
      next?.remove();
    }, 60_000);

    const payments = () => raw.collection('payments');
    const all = () => [...fleet.workers, ...fleet.webs];
    const inNewVersion = () => payments().countDocuments({ 'attempts.flow.version': next.version });

    async function comes<T>(what: string, look: () => Promise<T | null | false>): Promise<T> {
      const giveUpAt = Date.now() + WAIT_MS_MAX;
      for (;;) {
        const found = await look();
        if (found !== null && found !== false) return found;
        if (Date.now() > giveUpAt) throw new Error(`${what}: not within ${WAIT_MS_MAX} ms`);
        await pause(50);
      }
    }

    async function survives(trouble: () => Promise<void>): Promise<Reckoning> {
      phase += 1;
      const open: Open = { webs: [{ url: fleet.front.url }], sandbox: fleet.cluster.sandbox };
      const reckoning = await underLoad(open, { seed: seed + phase, merchants: 3, payers: 4 }, book, trouble);
      console.log(`${reckoning.payments.length} payments, at rest after ${reckoning.restSeconds} s`);
      expect([...reckoning.wrong, ...said]).toEqual([]);
      expect(await payments().countDocuments({ review: { $ne: null } })).toBe(0);
      return reckoning;
    }

    /** A payer who has typed a card, as far as the next release's new state. */
    async function typesCard(
      reference: string,
    ): Promise<{ id: string; path: string; browser: ReturnType<typeof createBrowser> }> {
      book.orders.set(reference, { reference, amount: 1_000, refundsAsked: 0, payment: null });
      const body = { amount: 1_000, currency: 'EUR', reference };
      const made = (await post(caller, '/v1/payments', body, reference)).body;
      const path = new URL(String((made['links'] as { pay: string }).pay)).pathname;
      const browser = createBrowser(fleet.front.url);
      await browser.submit(await browser.ask(path), '/card', CARD);
      return { id: String(made['id']), path, browser };
    }

    it('is upgraded and rolled back process by process, while everybody pays', { timeout: PHASE_MS_MAX }, async () => {
      await survives(async () => {
        await pause(MIXED_MS);
        await moorInTurn(all(), next);
        await pause(MIXED_MS);
        await comes('what the next release writes', () => payments().findOne({ release: RELEASE }));
        expect(await raw.collection('workers').countDocuments({ release: RELEASE })).toBeGreaterThan(0);
        // It ships dark: nothing has begun in its new version.
        expect(await inNewVersion()).toBe(0);
        await moorInTurn(all(), now);
        await pause(MIXED_MS);
      });
      // This release has gone on with payments of the next one, and has kept what it does not know of.
      const both = { release: RELEASE, 'totals.seen': 1, events: { $elemMatch: { release: { $exists: false } } } };
      expect(await payments().countDocuments(both)).toBeGreaterThan(0);
      const lost = { 'events.0.release': RELEASE, release: { $ne: RELEASE } };
      expect(await payments().countDocuments(lost)).toBe(0);
    });

    it('leaves what only the newer release knows to it, and to nobody else', { timeout: PHASE_MS_MAX }, async () => {
      const lit: Release = { root: next.root, settings: { FLOWS: next.flow } };
      await survives(async () => {
        await Promise.all(all().map((berth) => berth.moor(lit)));
        const [sent, held] = [await typesCard(`SENT-${seed}`), await typesCard(`HELD-${seed}`)];
        expect(await inNewVersion()).toBeGreaterThanOrEqual(2);
        // Rolled back without putting the light out first, and workers before those who hand over to them.
        await Promise.all(fleet.workers.map((berth) => berth.moor(now)));
        await sent.browser.submit(await sent.browser.ask(sent.path), '/security-code', CODE);
        await Promise.all(fleet.webs.map((berth) => berth.moor(now)));
        await comes('left alone, and said so', async () => {
          const metrics = await Promise.all(
            fleet.workers.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()),
          );
          return metrics.every((text) => LEFT.test(text));
        });
        for (const worker of fleet.workers) expect(worker.output()).toContain('payments wait for a process that knows');
        const cancel = `/v1/payments/${held.id}/cancel`;
        expect((await get(caller, `/v1/payments/${held.id}`)).body['status']).toBe('requires_action');
        const page = await held.browser.ask(held.path);
        expect(page).toMatchObject({ status: 200, body: expect.stringContaining('spinner') });
        expect(page.body).not.toContain(`action="${held.path}/`);
        const refused = await tryOnce(caller, 'POST', cancel, { body: '{}' });
        expect(refused).toMatchObject({ status: 503, body: { code: 'another_release' } });
        // One process of the newer release, which begins nothing in that way, and it all goes on.
        const rescue = await fleet.berth('all');
        await rescue.moor(next);
        await post(caller, cancel, {}, `CANCEL-${seed}`);
        await comes('the outcome', async () => {
          const shown = await sent.browser.ask(sent.path);
          // The code was sealed to workers that could not use it, so it may be asked for once more; and who was asked to
          // wait for too long begins anew.
          for (const [form, typed] of [
            ['/security-code', CODE],
            ['/card', CARD],
          ] as const) {
            if (shown.body.includes(`action="${sent.path}${form}"`)) await sent.browser.submit(shown, form, typed);
          }
          return shown.body.includes('class="outcome paid"');
        });
        // Only one process in three shows their forms and takes them: that takes as many looks as it takes.
        await comes('the end of the others', async () => (await inNewVersion()) === 0);
      });
      expect(await inNewVersion()).toBe(0);
      const shown = await allPayments(caller);
      expect(shown.find(({ reference }) => reference === `HELD-${seed}`)?.status).toBe('canceled');
      expect(shown.every(isAtRest)).toBe(true);
    });
  }),
);
