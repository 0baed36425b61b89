/** Texts that come in: passed on, answered, and kept away from whoever wants none. */
import twilio from 'twilio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { segmentsOf } from '../../../src/lab/twilio/texts/segments.js';
import { messaging, voice } from './application.js';
import { CALLER, OUR_NUMBER, openWorld, SHORT_CODE, type World } from './world.js';

let world: World;
let client: ReturnType<typeof twilio>;
beforeEach(async () => {
  world = await openWorld();
  client = twilio(world.twilio.accountSid, world.twilio.authToken);
  client.api.baseUrl = world.twilio.url;
  world.app.at(
    '/sms',
    messaging(() => undefined),
  );
});
afterEach(() => world.close());

const text = (from = OUR_NUMBER) => client.messages.create({ to: CALLER, from, body: 'Reply 482193 to pay' });
const bodies = () =>
  world.twilio
    .handset(CALLER)
    .texts()
    .filter(({ isOwn }) => !isOwn)
    .map(({ body }) => body);

describe('a text', () => {
  it('is passed on as Twilio does, signed, and what is replied arrives', async () => {
    world.app.at(
      '/sms',
      messaging((response) => response.message('Paid. Thank you.')),
    );
    await text();
    const phone = world.twilio.handset(CALLER);
    await phone.receives('482193');
    await phone.reply('482193');
    await phone.receives('Paid. Thank you.');
    const [asked] = world.app.to('/sms');
    expect(asked).toMatchObject({ method: 'POST', isSigned: true });
    const sid = asked?.params['MessageSid'];
    expect(asked?.params).toMatchObject({
      ...{ From: CALLER, To: OUR_NUMBER, Body: '482193', NumMedia: '0', NumSegments: '1', SmsStatus: 'received' },
      ...{ SmsSid: sid, SmsMessageSid: sid, AccountSid: world.twilio.accountSid, ApiVersion: '2010-04-01' },
    });
    expect(sid).toMatch(/^SM[0-9a-f]{32}$/);
    expect(asked?.params).not.toHaveProperty('OptOutType');
    expect(world.twilio.problems()).toEqual([]);
  });

  it('with a card number is passed on, and kept without it', async () => {
    await world.twilio.handset(CALLER).reply('4242 4242 4242 4242 12/34', OUR_NUMBER);
    expect(world.app.to('/sms')[0]?.params['Body']).toContain('4242 4242');
    const kept = JSON.stringify([
      world.twilio.messages(),
      world.twilio.exchanges(),
      world.twilio.handset(CALLER).texts(),
    ]);
    expect(kept).not.toContain('4242');
    expect(kept).toContain('•••• ••••');
  });

  it('is answered with attributes, a body of its own, and a redirect', async () => {
    world.app.at(
      '/sms',
      messaging((response) => response.redirect('/sms/second')),
    );
    world.app.at('/news', { status: 204 });
    const second = messaging((response) =>
      response.message({ action: '/news', to: '+33699999999' }, '').body('For another.'),
    );
    world.app.at('/sms/second', second);
    await world.twilio.handset(CALLER).reply('Hello', OUR_NUMBER);
    await world.twilio.handset('+33699999999').receives('For another.');
    await world.twilio.idle();
    expect(world.app.to('/sms/second')[0]).toMatchObject({ isSigned: true, params: { Body: 'Hello' } });
    expect(world.app.to('/news').map(({ params }) => params['MessageStatus'])).toEqual([
      'sending',
      'sent',
      'delivered',
    ]);
  });

  it.each([
    ['words', { body: 'OK', headers: { 'content-type': 'text/plain' } }],
    ['a document of a call', voice((response) => response.say('Hi'))],
  ])('answered by %s is a problem', async (_, answer) => {
    world.app.at('/sms', answer);
    await world.twilio.handset(CALLER).reply('Hello', OUR_NUMBER);
    expect(world.twilio.problems().map(({ code }) => code)).toEqual([12200]);
    expect(bodies()).toEqual([]);
  });

  it('has nobody to go to when none has come', async () => {
    await expect(world.twilio.handset(CALLER).reply('Hello')).rejects.toThrow('nobody to reply to');
  });
});

describe('keywords', () => {
  it.each(['STOP', ' stop ', 'ARRET', 'cancel', 'Unsubscribe'])('%j ends texts from that number', async (word) => {
    world.app.at(
      '/sms',
      messaging((response) => response.message('never')),
    );
    await text();
    await world.twilio.handset(CALLER).receives('482193');
    await world.twilio.handset(CALLER).reply(word);
    await world.twilio.idle();
    expect(world.app.to('/sms')[0]?.params).toMatchObject({ OptOutType: 'STOP', Body: word });
    await expect(text()).rejects.toMatchObject({ status: 400, code: 21610 });
    expect(bodies()).toEqual(['Reply 482193 to pay', expect.stringContaining('no more messages')]);
    expect(world.twilio.problems().map(({ code }) => code)).toEqual([21610]);
    await text('GUICHET');
  });

  it('START begins them again, HELP explains', async () => {
    const phone = world.twilio.handset(CALLER);
    await phone.reply('STOP', OUR_NUMBER);
    await phone.reply('START', OUR_NUMBER);
    await phone.reply('help', OUR_NUMBER);
    await text();
    await phone.receives(/rates may apply/);
    expect(world.app.to('/sms').map(({ params }) => params['OptOutType'])).toEqual(['STOP', 'START', 'HELP']);
  });

  it('in a sentence, or sent to a short code, are the application’s', async () => {
    const phone = world.twilio.handset(CALLER);
    await phone.reply('STOP PLEASE', OUR_NUMBER);
    await phone.reply('STOP', SHORT_CODE);
    expect(world.app.to('/sms').map(({ params }) => params['OptOutType'])).toEqual([undefined, undefined]);
    await text();
    await text(SHORT_CODE);
  });
});

it.each([
  ['a'.repeat(160), 'GSM-7', 1],
  ['a'.repeat(161), 'GSM-7', 2],
  ['€'.repeat(80), 'GSM-7', 1],
  ['€'.repeat(81), 'GSM-7', 2],
  ['Payé à Noël', 'UCS-2', 1],
  ['Payé à Éole', 'GSM-7', 1],
  ['ê'.repeat(70), 'UCS-2', 1],
  ['ê'.repeat(71), 'UCS-2', 2],
  ['a'.repeat(306), 'GSM-7', 2],
])('%s: %s, %i', (body, encoding, count) => {
  expect(segmentsOf(body)).toEqual({ encoding, count });
});
