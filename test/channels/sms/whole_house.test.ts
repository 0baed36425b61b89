/** Texts over the whole house: settings, merchant API, sweeper, REST, webhooks, sandbox, story. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import twilio from 'twilio';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.js';
import { readConfig } from '../../../src/config.js';
import { type Guichet, openGuichet } from '../../../src/house/index.js';
import { withPort } from '../../../src/house/port.js';
import { createIds } from '../../../src/ids.js';
import { createMetrics } from '../../../src/metrics.js';
import { emptyMongoStore } from '../../support/empty_store.js';
import { newSid } from './provider.js';
import { digitsOf } from './world.js';

const ACCOUNT = `AC${'0'.repeat(32)}`;
const TOKEN = 'the-secret-of-this-very-account';
const PHONE = '+33612345678';
const CARD = '4970101122334471';

interface Sent {
  readonly sid: string;
  readonly form: URLSearchParams;
}

const folder = mkdtempSync(join(tmpdir(), 'guichet-sms-'));
const sent: Sent[] = [];
const logged: string[] = [];
/** The provider's REST interface, as far as texts need it. */
const provider = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on('end', () => {
    const authorized =
      request.headers.authorization === `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}`;
    if (!authorized || request.method !== 'POST' || !request.url?.endsWith(`/${ACCOUNT}/Messages.json`)) {
      response.writeHead(authorized ? 404 : 401, { 'content-type': 'application/json' }).end('{"code":20003}');
      return;
    }
    const sid = newSid();
    sent.push({ sid, form: new URLSearchParams(body) });
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ sid, status: 'queued' }));
  });
});

let guichet: Guichet;
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const settings = {
    ...{ DATA_DIR: folder, PORT: '0', TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_AUTH_TOKEN: TOKEN },
    ...{ TWILIO_VOICE_FROM: '+33123456789', TWILIO_MESSAGING_FROM: '38000' },
    TWILIO_API_BASE_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}`,
    ...{ PAY_CONNECTOR_USERNAME: 'connector', PAY_CONNECTOR_PASSWORD: 'a-password-of-the-connector' },
  };
  const config = await withPort(readConfig(settings));
  url = config.publicUrl;
  const clock = systemClock();
  const write = (message: string, fields?: unknown): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log = { debug: write, info: write, warn: write, error: write };
  const store = await emptyMongoStore();
  const parts = { clock, ids: createIds({ clock }), log, metrics: createMetrics() };
  guichet = await openGuichet(config, store === null ? parts : { ...parts, store });
  const demo = await guichet.store.merchants.load('mer_demo');
  if (demo === null) throw new Error('no demo merchant');
  const profile = { ...demo.profile, channels: ['web', 'sms'] as const, smsConfirmLimit: { EUR: 15_000 } };
  await guichet.store.merchants.commit({ ...demo, profile, revision: demo.revision + 1 });
}, 30_000);

afterAll(async () => {
  await guichet?.close();
  provider.closeAllConnections();
  await new Promise((resolve) => provider.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

async function api(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: 'Bearer sk_test_demo', 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, ...((await answer.json()) as object) };
}

async function webhook(path: string, form: Readonly<Record<string, string>>): Promise<string> {
  const signature = twilio.getExpectedTwilioSignature(TOKEN, url + path, { ...form });
  const headers = { 'x-twilio-signature': signature };
  const answer = await fetch(url + path, { method: 'POST', headers, body: new URLSearchParams(form) });
  expect(answer.status).toBe(200);
  return answer.text();
}

const inbound = (body: string, sid = newSid()) =>
  webhook('/sms/inbound', { MessageSid: sid, From: PHONE, To: '38000', Body: body, NumMedia: '0' });

const theText = (index: number): Promise<Sent> =>
  expect
    .poll(() => sent[index], { timeout: 15_000 })
    .toBeDefined()
    .then(() => sent[index] as Sent);

let reference = 0;
async function order(): Promise<string> {
  reference += 1;
  const made = await api('POST', '/v1/payments', {
    ...{ amount: 4250, currency: 'EUR', reference: `SMS-${reference}`, payer: { account: 'demo', language: 'fr' } },
    reach: { channel: 'sms' },
  });
  expect(made['status']).toBe('requires_payment_method');
  return String(made['id']);
}

const secrets: string[] = [];

it('a text is sent, reported, answered, charged, and told in the payment’s story', async () => {
  const from = sent.length;
  const id = await order();
  const { sid, form } = await theText(from);
  const code = digitsOf({ body: form.get('Body') ?? '' });
  secrets.push(code);
  expect(form.get('Body')).toMatch(
    /^TEST Répondez \d{6} pour payer 42,50 EUR à Petite Boutique, carte \*4242, avant \d\d:\d\d\. Pour refuser : NON\.$/,
  );
  expect([form.get('To'), form.get('From')]).toEqual([PHONE, '38000']);
  const address = new URL(form.get('StatusCallback') ?? '');
  expect(`${address.origin}${address.pathname}`).toBe(`${url}/sms/status`);
  await expect
    .poll(async () => (await api('GET', `/v1/payments/${id}`))['next_actions'], { timeout: 15_000 })
    .toContainEqual(expect.objectContaining({ type: 'sms_challenge', to_masked: '+336•••••678' }));
  for (const said of ['sent', 'delivered', 'sent']) {
    await webhook(`${address.pathname}${address.search}`, { MessageSid: sid, MessageStatus: said });
  }
  const message = newSid();
  expect(await inbound(`Je confirme ${code}`, message)).not.toContain('<Message>');
  await inbound(`Je confirme ${code}`, message);
  const outcome = await theText(from + 1);
  expect(outcome.form.get('Body')).toMatch(
    /^TEST Payé : 42,50 EUR à Petite Boutique, carte \*4242\. Référence : SMS-\d+$/,
  );
  const paid = await api('GET', `/v1/payments/${id}`);
  expect(paid).toMatchObject({ status: 'succeeded', channel: 'sms' });
  expect(paid['attempts']).toMatchObject([{ channel: 'sms', authentication: { method: 'sms_code' } }]);
  const story = (await api('GET', `/v1/payments/${id}/timeline`))['data'] as { type: string }[];
  expect(story.map(({ type }) => type).filter((type) => type.startsWith('channel.'))).toEqual([
    'channel.sms_requested',
    'channel.sms_sent',
    'channel.sms_delivered',
  ]);
}, 60_000);

it('a wish to hear no more is heeded by the API and shown in the account', async () => {
  const from = sent.length;
  const id = await order();
  await theText(from);
  expect(await inbound('Stop')).toContain('Vous ne recevrez plus de SMS');
  const refused = await api('POST', `/v1/payments/${id}/reach`, { channel: 'sms' });
  expect([refused['status'], refused['code']]).toEqual([409, 'opted_out']);
  expect((await api('GET', '/v1/payers/demo'))['sms_consent']).toMatchObject({ given: false });
  expect(await inbound('START')).toContain('Vous recevez de nouveau');
  expect((await api('GET', '/v1/payers/demo'))['sms_consent']).toBeNull();
}, 60_000);

it('no digits and no card number that was texted stand in the file, beside it or in the log', async () => {
  expect(await inbound(`ma carte ${CARD.replace(/(.{4})/g, '$1 ')}12/34 123`)).toContain('numéro de carte');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .flatMap((path) => {
      try {
        return [readFileSync(path).toString('latin1')];
      } catch {
        // A folder.
        return [];
      }
    });
  expect(files.length).toBeGreaterThan(0);
  const everything = [...files, ...logged];
  expect(secrets.length).toBeGreaterThan(0);
  for (const secret of secrets) {
    const asValue = new RegExp(`(?<![0-9A-Za-z_.-])${secret}(?![0-9A-Za-z_-])`);
    expect(everything.filter((text) => asValue.test(text))).toEqual([]);
  }
  expect(everything.filter((text) => text.includes(CARD) || text.includes('4970 1011 2233 4471'))).toEqual([]);
});
