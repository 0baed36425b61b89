/** Mails of the whole house, as its lab's mailbox received them. */
import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type House, openHouse } from '../../browser/house.js';
import { createBrowser } from '../../channels/web/page_server.js';

const CARD = { number: '4242424242424242', expiry: '12/34', security_code: '123' };

interface Received {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly raw: string;
}

let house: House;
beforeAll(async () => {
  house = await openHouse();
}, 20_000);
afterAll(() => house.close());

async function mailsAbout(payment: string): Promise<readonly Received[]> {
  const answer = await fetch(`${house.url}/lab/mailbox/messages.json?about=${payment}`);
  return ((await answer.json()) as { data: Received[] }).data;
}

const subjects = async (payment: string): Promise<string[]> =>
  (await mailsAbout(payment)).map(({ to, subject }) => `${to.join()} ${subject}`).sort();

it('a payer who is sent the link pays, and gets the money back: each is told, to payer and merchant', async () => {
  const email = 'camille@example.org';
  const { id, pay } = await house.order({ reference: 'ORDER-77', payer: { email, language: 'fr' } });
  const browser = createBrowser(house.url);
  await browser.submit(await browser.ask(new URL(pay).pathname), '/card', CARD);
  await house.settled(id, 'succeeded');
  await expect
    .poll(() => subjects(id), { timeout: 10_000 })
    .toEqual([
      'camille@example.org TEST\u00a0: La Petite Boutique\u00a0: paiement de 42,50\u00a0€ effectué (ORDER-77)',
      'orders@shop.example TEST: La Petite Boutique: €42.50 paid (ORDER-77)',
    ]);
  const headers = { authorization: 'Bearer sk_test_demo', 'content-type': 'application/json' };
  const refund = await fetch(`${house.url}/v1/payments/${id}/refunds`, {
    method: 'POST',
    headers,
    body: '{"amount":1000}',
  });
  expect(refund.status).toBe(201);
  await expect.poll(() => subjects(id), { timeout: 10_000 }).toHaveLength(4);
  const refunded = (await mailsAbout(id)).find(({ subject }) => subject.includes('remboursement'));
  expect(refunded?.text).toContain('10,00\u00a0€ sur 42,50\u00a0€');
  for (const { raw } of await mailsAbout(id)) expect(raw).not.toMatch(/4242.?4242/);
}, 30_000);

it('the mailbox answers neighbours only, as its page does', async () => {
  const { port } = new URL(house.url);
  const statusWith = (headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path: '/lab/mailbox', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });
  expect(await statusWith({})).toBe(200);
  expect(await statusWith({ host: 'evil.example' })).toBe(404);
  expect(await statusWith({ 'x-forwarded-for': '192.0.2.7' })).toBe(404);
});
