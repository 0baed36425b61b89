/** The telephone and the handset of the lab's page, over HTTP, as a browser without scripts meets them. */
import twilio from 'twilio';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../../src/contracts/html.js';
import { DEVICES_AWAY, devicesPart, NO_DEVICES } from '../../../src/lab/page/devices/pages.js';
import { type LabHouse, openLabHouse, until } from '../house.js';
import { type Application, messaging, openApplication, voice } from '../twilio/application.js';

let house: LabHouse;
let app: Application;
beforeAll(async () => {
  house = await openLabHouse();
  app = await openApplication(house.twilio?.authToken ?? '');
});
afterAll(async () => {
  await house?.close();
  await app?.close();
});

const PHONE = '+33612345678';
const page = async (number = PHONE): Promise<string> =>
  (await fetch(`${house.url}/lab/devices?${new URLSearchParams({ number })}`)).text();
const post = (action: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${house.url}/lab/devices/${action}`, {
    ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) },
    headers: { accept: 'application/json', ...headers },
  });
const done = async (answer: Promise<Response>): Promise<unknown> => (await answer).json();
const sidIn = (text: string): string => /name="sid" value="(CA[0-9a-f]+)"/.exec(text)?.[1] ?? '';

function rest(): ReturnType<typeof twilio> {
  if (house.twilio === null) throw new Error('there is no lab');
  const client = twilio(house.twilio.accountSid, house.twilio.authToken);
  client.api.baseUrl = house.twilio.url;
  return client;
}

/** Has calls and texts go to the small application instead of this house. */
async function divert(): Promise<void> {
  const client = rest();
  for (const { sid } of await client.incomingPhoneNumbers.list()) {
    await client.incomingPhoneNumbers(sid).update({ voiceUrl: `${app.url}/voice`, smsUrl: `${app.url}/sms` });
  }
}

it('says kindly that nobody is there while Guichet answers no calls', async () => {
  const [, ours = ''] = /value="(\+33\d+)" list="dialled-list"/.exec(await page()) ?? [];
  app.at('/nowhere', { status: 404 });
  const client = rest();
  const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: ours });
  await client.incomingPhoneNumbers(number?.sid ?? '').update({ voiceUrl: `${app.url}/nowhere` });
  expect(await done(post('dial', { from: PHONE, to: ours }))).toEqual({ done: true });
  await until('the call is over', async () => (await page()).includes('it answered 404'));
  expect(await page()).toContain('nobody is there: 404');
});

it('calls, presses keys, shows what is said and the last exchange', async () => {
  await divert();
  app.at('/voice', ({ params }) =>
    params['Digits'] === undefined
      ? voice((response) => response.gather({ numDigits: 1, timeout: 60 }).say({ language: 'fr-FR' }, 'Tapez <1>.'))
      : voice((response) => response.pause({ length: 1 })),
  );
  const [, number = ''] = /value="(\+33\d+)" list="dialled-list"/.exec(await page()) ?? [];
  await post('dial', { from: PHONE, to: number, hidden: 'yes' });
  await until('the voice speaks', async () => (await page()).includes('Tapez'));
  const shown = await page();
  expect(shown).toContain('<span lang="fr-FR">Tapez &lt;1&gt;.</span>');
  expect(shown).toContain('Your turn');
  expect(shown).toContain('signature accepted, 200');
  expect(shown).toContain('From = anonymous');
  expect(shown).toMatch(/X-Twilio-Signature: [\w+/]+=/);
  expect(await done(post('press', { sid: sidIn(shown), key: 'x' }))).toEqual({ done: false });
  expect(await done(post('press', { sid: sidIn(shown), key: '1' }))).toEqual({ done: true });
  await until('the call is over', async () => (await page()).includes('is over: completed'));
  expect(app.to('/voice').map(({ params }) => params['Digits'])).toEqual([undefined, '1']);
});

it('rings when it is called: it can be answered and hung up', async () => {
  app.at(
    '/calling',
    voice((response) => response.gather({ timeout: 60 }).say('A payment call.')),
  );
  const client = rest();
  const [own] = await client.incomingPhoneNumbers.list();
  await client.calls.create({ to: PHONE, from: own?.phoneNumber ?? '', url: `${app.url}/calling` });
  await until('it rings', async () => (await page()).includes(`Call from ${own?.phoneNumber}`));
  expect(await page()).toContain('<button id="call" aria-disabled="true">');
  const sid = sidIn(await page());
  expect(await done(post('pick-up', { sid }))).toEqual({ done: true });
  await until('the voice speaks', async () => (await page()).includes('A payment call.'));
  expect(await done(post('hang-up', { sid }))).toEqual({ done: true });
  await until('it is over', async () => (await page()).includes('is over: completed'));
});

it('sends a text, and shows the reply with its links', async () => {
  await divert();
  app.at(
    '/sms',
    messaging((response) => response.message('Pay: https://pay.example.org/pay/abc')),
  );
  await post('text', { from: PHONE, to: '38999', body: '482193' });
  await until('the reply is there', async () => (await page()).includes('pay.example.org'));
  const shown = await page();
  expect(shown).toContain('<a href="https://pay.example.org/pay/abc">');
  expect(shown).toMatch(/class="own">.*482193/);
  expect(shown).toContain('GSM-7, 1 part');
  expect(await page('+33699999999')).not.toContain('482193');
});

it('is not for other sites, and without a script leads back to the page', async () => {
  expect((await post('text', { from: PHONE, to: '38999', body: 'x' }, { 'sec-fetch-site': 'cross-site' })).status).toBe(
    403,
  );
  const answer = await post('press', { sid: '', key: '1' }, { accept: 'text/html' });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/lab']);
});

it('has words for a house with a real account, and for a simulator that is away', () => {
  expect(textOf(NO_DEVICES)).toContain('use a real telephone');
  expect(textOf(DEVICES_AWAY)).toContain('does not answer');
  const part = textOf(
    devicesPart({
      number: '',
      ours: [],
      call: null,
      texts: [],
      textExchange: null,
      problems: [{ at: 0, code: 12200, text: 'a & b', url: 'http://h/ivr' }],
    }),
  );
  expect(part).toContain('12200 a &amp; b <code>/ivr</code>');
});
