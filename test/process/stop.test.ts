/** Asked to stop, the process ends what it has begun; started again, it has everything. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { prepare } from '../../scripts/prepare.mjs';
import { type GuichetProcess, guichetProcess, type OutsideSandbox, outsideSandbox } from '../support/guichet.js';
import { allPayments, audit, ledgerOf } from './audit.js';
import type { Book } from './merchants.js';
import { type Caller, get, pause, post, tryOnce } from './requests.js';

const SLOW_ANSWER_MS = 900;
const UNDER_WAY = 30;

let guichet: GuichetProcess;
let sandbox: OutsideSandbox | null;
const wrong: string[] = [];
beforeAll(() => prepare(), 60_000);
afterEach(async () => {
  await guichet?.close();
  await sandbox?.close();
  expect(wrong).toEqual([]);
});

const caller = (): Caller => ({ url: guichet.url, key: 'sk_test_demo', wrong: (sentence) => wrong.push(sentence) });
const payWith = (reference: string) => ({
  amount: 1_250,
  currency: 'EUR',
  reference,
  pay_with: 'tok_sandbox_approve',
});

it('answers what is under way before it ends, and nothing is left in doubt', { timeout: 40_000 }, async () => {
  sandbox = await outsideSandbox({ slowMs: SLOW_ANSWER_MS });
  guichet = await guichetProcess({ settings: { SANDBOX_URL: sandbox.setting } });
  await guichet.start();
  await fetch(`${sandbox.url}/faults`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.credential}` },
    body: JSON.stringify({ operation: 'authorize', fault: 'slow', count: UNDER_WAY }),
  });
  const asked = Array.from({ length: UNDER_WAY }, (_, index) => {
    const headers = { 'idempotency-key': `stop-${index}` };
    const body = JSON.stringify(payWith(`STOP-${index}`));
    return tryOnce(caller(), 'POST', '/v1/payments', { body, headers });
  });
  await allIn(sandbox, UNDER_WAY);
  expect(await guichet.end('SIGTERM')).toBe(0);
  const answers = await Promise.all(asked);
  expect(answers.map((answer) => answer?.body['status'])).toEqual(Array(UNDER_WAY).fill('succeeded'));

  await guichet.start();
  const orders = answers.map((answer, index) => {
    const reference = `STOP-${index}`;
    return [reference, { reference, amount: 1_250, refundsAsked: 0, payment: String(answer?.body['id']) }] as const;
  });
  const book: Book = { orders: new Map(orders), told: [] };
  expect(audit(book, await allPayments(caller()), await ledgerOf(sandbox))).toEqual([]);
});

/** Waits until the sandbox has booked so many operations: their answers are on their slow way back. */
async function allIn(bank: OutsideSandbox, count: number): Promise<void> {
  while ((await ledgerOf(bank)).length < count) await pause(10);
}

it.each(['SIGTERM', 'SIGKILL'] as const)(
  'has all its data after %s and a new start',
  { timeout: 40_000 },
  async (signal) => {
    sandbox = null;
    guichet = await guichetProcess();
    await guichet.start();
    const paid = await post(caller(), '/v1/payments', payWith('KEPT-1'), 'kept-1');
    const path = `/v1/payments/${paid.body['id']}`;
    await post(caller(), `${path}/refunds`, { amount: 250 }, 'kept-2');
    const open = await post(caller(), '/v1/payments', { ...payWith('KEPT-2'), pay_with: null }, 'kept-3');
    const endpoint = { url: 'http://127.0.0.1:9/nobody' };
    await post(caller(), '/v1/webhook_endpoints', endpoint, 'kept-4');
    await tryOnce(caller(), 'PUT', '/v1/payers/kept', { body: JSON.stringify({ name: 'Camille' }) });
    const paths = [
      path,
      `${path}/timeline`,
      `/v1/refunds?payment=${paid.body['id']}`,
      `/v1/payments/${open.body['id']}`,
      '/v1/events?limit=100',
      '/v1/webhook_endpoints',
      '/v1/payers/kept',
      '/v1/payers/demo',
      '/v1/merchant',
    ];
    // Seconds that are left are told anew each time.
    const whole = async (one: string): Promise<unknown> =>
      JSON.parse(
        JSON.stringify((await get(caller(), one)).body, (key, value) => (key === 'expires_in' ? null : value)),
      );
    const look = () => Promise.all(paths.map(whole));
    const before = await look();
    const page = (open.body['links'] as { pay: string }).pay;
    expect((await fetch(page)).status).toBe(200);

    await guichet.end(signal);
    await guichet.start();
    expect(await look()).toEqual(before);
    expect((await fetch(page)).status).toBe(200);
    const again = await post(caller(), '/v1/payments', payWith('KEPT-1'), 'kept-1');
    expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([paid.body, 'true']);

    await guichet.end('SIGTERM');
    const file = join(guichet.dataDir, 'guichet.sqlite');
    const database = new Database(file);
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    database.close();
    expect(existsSync(join(guichet.dataDir, 'sandbox.db'))).toBe(true);
  },
);
