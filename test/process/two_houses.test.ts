/** Two processes on one data folder, which both believe to be the only one: races of theirs double nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepare } from '../../scripts/prepare.mjs';
import { type GuichetProcess, guichetProcess, type OutsideSandbox, outsideSandbox } from '../support/guichet.js';
import { allPayments, audit, isAtRest, ledgerOf, type ShownPayment } from './audit.js';
import type { Book, Order } from './merchants.js';
import { type Answer, type Caller, get, pause, post, tryOnce } from './requests.js';

const AMOUNT = 1_000;
const ROUNDS = 12;

let folder: string | undefined;
let sandbox: OutsideSandbox;
let houses: readonly [GuichetProcess, GuichetProcess];
const wrong: string[] = [];
const book: Book = { orders: new Map<string, Order>(), told: [] };

beforeAll(async () => {
  prepare();
  folder = mkdtempSync(join(tmpdir(), 'guichet-two-'));
  sandbox = await outsideSandbox();
  const options = { dataDir: folder, settings: { SANDBOX_URL: sandbox.setting } };
  houses = [await guichetProcess(options), await guichetProcess(options)];
  // Both at once: who comes second finds keys, schema and demo objects half made.
  await Promise.all(houses.map((house) => house.start()));
}, 60_000);
afterAll(async () => {
  await Promise.all((houses ?? []).map((house) => house.close()));
  await sandbox?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

const callerOf = ({ url }: GuichetProcess): Caller => ({
  url,
  key: 'sk_test_demo',
  wrong: (sentence) => wrong.push(sentence),
});

async function pay(reference: string, wanted: object): Promise<string> {
  const body = { amount: AMOUNT, currency: 'EUR', reference, pay_with: 'tok_sandbox_approve', ...wanted };
  const both = await Promise.all(houses.map((house) => post(callerOf(house), '/v1/payments', body, reference)));
  expect(both[0]?.body['id']).toBe(both[1]?.body['id']);
  const payment = String(both[0]?.body['id']);
  book.orders.set(reference, { reference, amount: AMOUNT, refundsAsked: 0, payment });
  return payment;
}

/** The same request to both houses so many times, all at once, without keys; broken answers are no answers. */
async function race(path: string, bodies: readonly object[]): Promise<Answer[]> {
  const asked = bodies.flatMap((body) =>
    houses.map((house) => tryOnce(callerOf(house), 'POST', path, { body: JSON.stringify(body) })),
  );
  return (await Promise.all(asked)).filter((answer) => answer !== null);
}

const taken = (answers: readonly Answer[]): number => answers.filter(({ status }) => status < 300).length;
const read = async (id: string): Promise<ShownPayment> =>
  (await get(callerOf(houses[0]), `/v1/payments/${id}`)).body as unknown as ShownPayment;

async function allIsWell(): Promise<void> {
  const giveUpAt = Date.now() + 15_000;
  let payments = await allPayments(callerOf(houses[1]));
  while (!payments.every(isAtRest) && Date.now() < giveUpAt) {
    await pause(100);
    payments = await allPayments(callerOf(houses[1]));
  }
  expect([...audit(book, payments, await ledgerOf(sandbox)), ...wrong]).toEqual([]);
}

it('one key at both is one payment, one refund', { timeout: 60_000 }, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const id = await pay(`ONE-${round}`, {});
    const refunds = await Promise.all(
      houses.map((house) => post(callerOf(house), `/v1/payments/${id}/refunds`, { amount: 300 }, `REFUND-${round}`)),
    );
    expect(refunds[0]?.body['id']).toBe(refunds[1]?.body['id']);
    expect((await read(id)).amount_refunded).toBe(300);
  }
  await allIsWell();
});

it('refunds at both stay within what was captured', { timeout: 60_000 }, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const id = await pay(`BACK-${round}`, {});
    const answers = await race(`/v1/payments/${id}/refunds`, [{ amount: 300 }, { amount: 300 }, { amount: 300 }]);
    expect(taken(answers)).toBe(3);
    expect((await read(id)).amount_refunded).toBe(900);
  }
  await allIsWell();
});

it('captures and a cancel at both: one of them wins', { timeout: 60_000 }, async () => {
  const ends = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const id = await pay(`HOLD-${round}`, { capture: 'manual' });
    const [captured, canceled] = await Promise.all([
      race(`/v1/payments/${id}/capture`, [{ amount: 400, final: false }, {}]),
      race(`/v1/payments/${id}/cancel`, round % 2 === 0 ? [{}] : []),
    ]);
    const { status, amount_captured, amount_authorized } = await read(id);
    expect(taken(captured) + taken(canceled)).toBeGreaterThan(0);
    expect(amount_captured).toBeLessThanOrEqual(amount_authorized);
    if (status === 'canceled') expect(amount_captured).toBe(0);
    ends.add(status);
  }
  expect(ends.size).toBeGreaterThan(0);
  await allIsWell();
});

/** Longer than any lease: what the frozen one was about to send is no longer its own to send. */
const FROZEN_MS = 6_000;

it.each([15, 60])('one that stood still from %i ms on sends nothing late', { timeout: 60_000 }, async (after) => {
  const [first, second] = houses;
  const references = Array.from({ length: 20 }, (_, index) => `STILL-${after}-${index}`);
  for (const reference of references) {
    book.orders.set(reference, { reference, amount: AMOUNT, refundsAsked: 0, payment: null });
  }
  const payAllAt = (house: GuichetProcess): Promise<Answer[]> => {
    const body = { amount: AMOUNT, currency: 'EUR', pay_with: 'tok_sandbox_approve' };
    const payments = references.map((reference) =>
      post(callerOf(house), '/v1/payments', { ...body, reference }, reference),
    );
    return Promise.all(payments);
  };
  const answers = payAllAt(first);
  await pause(after);
  first.freeze();
  // The other climbs the ladder meanwhile; one frozen in the middle of a write makes it wait for the thaw.
  const others = payAllAt(second);
  await pause(FROZEN_MS);
  first.thaw();
  const ids = (all: readonly Answer[]): unknown[] => all.map(({ body }) => body['id']);
  expect(ids(await answers)).toEqual(ids(await others));
  await allIsWell();
  const payments = await allPayments(callerOf(second));
  const ends = payments.filter(({ reference }) => references.includes(reference)).map(({ status }) => status);
  expect(ends).toEqual(references.map(() => 'succeeded'));
});
