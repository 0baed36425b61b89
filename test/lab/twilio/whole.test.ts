/** The house's own channels behind the simulator: payments by telephone and by text, with everything that was told of them. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createPayer, formIn } from '../../../src/lab/payer.js';
import type { Twilio } from '../../../src/lab/twilio/simulator.js';
import type { Caller } from '../../../src/lab/twilio/voice/caller.js';
import { DEMO_PHONE } from '../../../src/payers/demo.js';
import { clockFrom, type LabHouse, openLabHouse, until } from '../house.js';

/** A Tuesday morning in Paris: nobody is called at night. */
const BY_DAY = Date.parse('2030-01-08T10:00:00Z');
const OURS = '+33199001234';
const CARD = '4242424242424242 1234 123';
const CHALLENGED = { number: '4000 0000 0000 3220', expiry: '12/34', security_code: '123' };
const SLOW_MS = 90_000;

let house: LabHouse;
let twilio: Twilio;
beforeAll(async () => {
  house = await openLabHouse((config) => config, clockFrom(BY_DAY));
  if (house.twilio === null) throw new Error('there is no simulator');
  twilio = house.twilio;
}, SLOW_MS);
afterEach(() => expect(twilio.problems()).toEqual([]));
afterAll(() => house?.close());

interface Order {
  readonly id: string;
  readonly code: string;
  readonly pay: string;
}

let orders = 0;
async function order(wanted: Record<string, unknown> = {}): Promise<Order> {
  orders += 1;
  const made = await house.api('/v1/payments', {
    ...{ amount: 4250, currency: 'EUR', reference: `WHOLE-${orders}` },
    // What is sent to a caller goes to the number of the order, and not to the one that the account keeps.
    payer: { account: 'demo', phone: '+33612345678', language: 'en' },
    ...wanted,
  });
  const { id, payment_code: code, links } = made as { id: string; payment_code: string; links: { pay: string } };
  return { id, code, pay: links.pay };
}

const payment = (id: string) => house.api(`/v1/payments/${id}`);
const settled = (id: string, status: string): Promise<void> =>
  until(`${id} is ${status}`, async () => (await payment(id))['status'] === status);

/**
 * Types of what the story tells, in its order, each said in a sentence. That something is on its way is left out: where
 * it arrives first, nobody says it any more.
 */
async function story(id: string): Promise<string[]> {
  const { data } = (await house.api(`/v1/payments/${id}/timeline`)) as { data: { type: string; text: string }[] };
  for (const { text } of data) expect(text).toMatch(/\w.*\.$/);
  return data.map(({ type }) => type).filter((type) => !type.endsWith('_sent'));
}

async function authorizations(id: string): Promise<number> {
  const lines = await house.ledger(id);
  return lines.filter(({ type, status }) => type === 'authorize' && status === 'approved').length;
}

/** A caller who has given the code and hears what it is about. */
async function calling({ code }: Order): Promise<Caller> {
  const caller = twilio.dial({ from: DEMO_PHONE, to: OURS });
  await caller.press('2');
  await caller.hears('key in your payment code');
  await caller.press(`${code}#`);
  await caller.hears('forty-two euros fifty');
  return caller;
}

it('a call in, a card by keypad, the reference twice, and the receipt by text', { timeout: SLOW_MS }, async () => {
  const wanted = await order();
  const caller = await calling(wanted);
  expect(caller.said()).toContain('the little shop');
  await caller.press('1');
  await caller.press(CARD);
  await caller.hears('You have paid');
  expect(await caller.hears('Once more')).toMatch(/Once more/);
  await caller.press('1');
  await caller.hears('receipt');
  await caller.over();
  const receipt = await twilio.handset(DEMO_PHONE).receives('Receipt');
  expect(receipt).toMatchObject({ encoding: 'GSM-7', count: 1, with: '38999' });
  expect(receipt.body).toContain(`Reference: WHOLE-${orders}`);
  await settled(wanted.id, 'succeeded');
  expect(await payment(wanted.id)).toMatchObject({
    channel: 'ivr',
    attempts: [{ channel: 'ivr', authentication: { method: 'telephone_order' } }],
  });
  expect(await authorizations(wanted.id)).toBe(1);
  expect(await story(wanted.id)).toEqual([
    'payment.created',
    'channel.call_started',
    'attempt.processing',
    'payment.processing',
    'attempt.captured',
    'payment.succeeded',
    'channel.receipt_texted',
  ]);
  const wire = JSON.stringify(twilio.exchanges());
  expect(wire).not.toContain('4242424242424242');
});

it('a text is answered with its digits, and the outcome comes back', { timeout: SLOW_MS }, async () => {
  const handset = twilio.handset(DEMO_PHONE);
  const { id } = await order({ reach: { channel: 'sms' } });
  const offer = await handset.receives(/Reply \d{6} to pay/);
  expect(offer.body).toContain('Petite Boutique 42.50 EUR, card *4242');
  await until('it is known to have arrived', async () => (await story(id)).includes('channel.sms_delivered'));
  await handset.reply(/\d{6}/.exec(offer.body)?.[0] ?? '');
  await handset.receives(`Paid: 42.50 EUR to Petite Boutique, card *4242. Reference: WHOLE-${orders}`);
  await settled(id, 'succeeded');
  expect(await payment(id)).toMatchObject({ channel: 'sms', attempts: [{ authentication: { method: 'sms_code' } }] });
  expect(await authorizations(id)).toBe(1);
  expect(await story(id)).toEqual([
    'payment.created',
    'channel.sms_requested',
    'channel.sms_delivered',
    'attempt.processing',
    'payment.processing',
    'attempt.captured',
    'payment.succeeded',
  ]);
});

it('a call that Guichet places tells no amount before a key, and is paid', { timeout: SLOW_MS }, async () => {
  const { id } = await order({ reach: { channel: 'ivr' } });
  const caller = await twilio.called(DEMO_PHONE);
  await caller.answer();
  await caller.hears('A payment call from the little shop');
  expect(caller.said()).not.toContain('euros');
  await caller.press('1');
  await caller.hears('forty-two euros');
  await caller.press('1');
  await caller.press(CARD);
  await caller.hears('You have paid');
  caller.hangUp();
  await caller.over();
  await settled(id, 'succeeded');
  expect(await authorizations(id)).toBe(1);
  expect(await story(id)).toEqual(
    expect.arrayContaining([
      'channel.call_requested',
      'channel.call_delivered',
      'channel.call_started',
      'payment.succeeded',
    ]),
  );
});

it('a bank that wants its holder authenticated has the link sent, on the same payment', {
  timeout: SLOW_MS,
}, async () => {
  const wanted = await order();
  const caller = await calling(wanted);
  await caller.press('1');
  await caller.press('4000002760003184 1234 123');
  await caller.hears('link');
  await caller.over();
  const text = await twilio.handset(DEMO_PHONE).receives(/to pay\. Pay: http/);
  expect(text.body).toContain(wanted.pay.split('/pay/')[0] ?? '');
  expect(await authorizations(wanted.id)).toBe(0);
  await house.pay(/http\S+/.exec(text.body)?.[0] ?? '');
  await settled(wanted.id, 'succeeded');
  expect(await authorizations(wanted.id)).toBe(1);
  expect(await payment(wanted.id)).toMatchObject({ attempts: [{ channel: 'ivr' }, { channel: 'web' }] });
  expect(await story(wanted.id)).toEqual(
    expect.arrayContaining(['channel.call_started', 'attempt.declined', 'channel.link_texted', 'payment.succeeded']),
  );
});

it('begins by telephone, asks for the link, and finishes on the page with a challenge', {
  timeout: SLOW_MS,
}, async () => {
  const wanted = await order();
  const caller = await calling(wanted);
  await caller.press('2');
  await caller.hears('A link goes to the number of your order');
  await caller.over();
  const text = await twilio.handset(DEMO_PHONE).receives(`to pay. Pay: ${wanted.pay}`);
  const link = /http\S+/.exec(text.body)?.[0] ?? '';
  const payer = createPayer(house.url, clockFrom(BY_DAY));
  await payer.post(await payer.waitForForm(link, '/card'), CHALLENGED);
  const bank = await payer.waitForForm(link, '/acs/challenge');
  const asked = await payer.post(bank);
  const back = await payer.post(formIn(asked, '/acs/answer', bank.action), { decision: 'approve' });
  await payer.post(formIn(back, '/3ds/return', bank.action));
  await payer.waitForWords(link, /You have paid/);
  expect(await authorizations(wanted.id)).toBe(1);
  expect(await payment(wanted.id)).toMatchObject({
    ...{ status: 'succeeded', channel: 'web' },
    attempts: [{ channel: 'web', authentication: { method: 'three_d_secure', result: 'Y' } }],
  });
  const { data } = (await house.api(`/v1/payments/${wanted.id}/timeline`)) as { data: Record<string, string>[] };
  expect(data.filter(({ channel }) => channel !== null).map(({ type, channel }) => `${channel} ${type}`)).toEqual([
    'api payment.created',
    'ivr channel.call_started',
    'web attempt.processing',
    'web attempt.requires_action',
    'web attempt.processing',
    'web attempt.captured',
  ]);
});
