/**
 * `npm run demo`: one payment from the order to the money, without a browser. A house of its own is opened in a temporary
 * folder; everything then goes over HTTP, as it does for a merchant's server and a payer's browser.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../clock.js';
import { listeningOn, readConfig } from '../config.js';
import { openGuichet } from '../house/index.js';
import { createIds } from '../ids.js';
import { createLog } from '../log.js';
import { createMetrics } from '../metrics.js';
import { createPayer, formIn, patiently } from './payer.js';

/** Its issuer wants to see the holder; see `/docs` for the others. */
const CARD = { number: '4000 0000 0000 3220', expiry: '12/34', security_code: '123' };

const clock = systemClock();
const folder = mkdtempSync(join(tmpdir(), 'guichet-demo-'));
const config = listeningOn(readConfig({ DATA_DIR: folder, PORT: '0' }), await freePort());
const log = createLog({ level: 'error', format: 'text', clock, stream: process.stderr });
const guichet = await openGuichet(config, { clock, ids: createIds({ clock }), log, metrics: createMetrics() });
try {
  await takePayment(config.publicUrl);
} finally {
  await guichet.close();
  rmSync(folder, { recursive: true, force: true });
}

async function takePayment(url: string): Promise<void> {
  console.log('The merchant asks for 42.50 EUR              POST /v1/payments');
  const wanted = { amount: 4_250, currency: 'EUR', reference: 'ORDER-1', payer: { language: 'en' } };
  const payment = await merchant<Payment>(`${url}/v1/payments`, wanted);
  console.log(`                                             ${payment.id}, ${payment.status}`);

  console.log('The payer opens the page                     GET  /pay/…');
  const browser = createPayer(url, clock);
  const cardForm = await browser.waitForForm(payment.links.pay, '/card');
  console.log(`and types ${CARD.number}                POST /pay/…/card`);
  await browser.post(cardForm, CARD);

  const way = await browser.waitForForm(payment.links.pay, '/acs/challenge');
  console.log('The bank asks: is it you?                    POST to the issuer, which is the sandbox here');
  const question = formIn(await browser.post(way), '/acs/answer', way.action);
  const back = formIn(await browser.post(question, { decision: 'approve', code: '' }), '/3ds/return', question.action);
  console.log('It is. Back to the page                      POST /3ds/return/…');
  await browser.post(back);

  const paid = await settled(`${url}/v1/payments/${payment.id}`);
  console.log(`                                             ${paid.id}, ${paid.status}\n`);
  await tellStory(`${url}/v1/payments/${payment.id}`);
}

async function tellStory(payment: string): Promise<void> {
  const timeline = await merchant<{ data: { at: string; text: string }[] }>(`${payment}/timeline`);
  console.log('Its timeline                                 GET  /v1/payments/…/timeline');
  for (const { at, text } of timeline.data) console.log(`  ${at.slice(11, 23)}  ${text}`);
  const events = await merchant<{ data: { sequence: number; type: string; id: string }[] }>(`${payment}/events`);
  console.log('\nIts events, as webhooks would bring them     GET  /v1/payments/…/events');
  for (const { sequence, type, id } of events.data) console.log(`  ${sequence}  ${type.padEnd(32)} ${id}`);
}

interface Payment {
  readonly id: string;
  readonly status: string;
  readonly links: { readonly pay: string };
}

/** What the merchant's server does: `GET`, or `POST` with a body, under the demo merchant's key. */
async function merchant<T>(url: string, body?: object): Promise<T> {
  const headers = { authorization: 'Bearer sk_test_demo', 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(url, { ...sent, headers });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

async function settled(url: string): Promise<Payment> {
  return patiently(clock, 'the outcome', async () => {
    const payment = await merchant<Payment>(url);
    return payment.status === 'succeeded' ? payment : null;
  });
}

async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await new Promise<number>((resolve) => {
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
