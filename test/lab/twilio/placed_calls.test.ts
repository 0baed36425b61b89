/** Calls over REST as Twilio's own SDK places them, and what can be told to go wrong with them. */
import twilio from 'twilio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.js';
import { createTwilioTelephone } from '../../../src/twilio/rest.js';
import { silentLog } from '../../support/silent_log.js';
import { voice } from './application.js';
import { CALLER, OUR_NUMBER, openWorld, type World } from './world.js';

let world: World;
let client: ReturnType<typeof twilio>;
beforeEach(async () => {
  world = await openWorld();
  client = twilio(world.twilio.accountSid, world.twilio.authToken);
  client.api.baseUrl = world.twilio.url;
  world.app.at('/news', { status: 204 });
  world.app.at(
    '/answered',
    voice((response) => response.say('A payment call.')),
  );
});
afterEach(() => world.close());

const news = () => world.app.to('/news').map(({ params }) => params);

describe('calls', () => {
  const place = (change: object = {}) =>
    client.calls.create({
      ...{ to: CALLER, from: OUR_NUMBER, url: `${world.app.url}/answered`, statusCallback: `${world.app.url}/news` },
      statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
      ...change,
    });
  const told = () => news().map(({ CallStatus }) => CallStatus);

  it('ring, are answered, go through their document, and are told of', async () => {
    const placed = await place();
    expect(placed).toMatchObject({ status: 'queued', direction: 'outbound-api', to: CALLER, from: OUR_NUMBER });
    const call = await world.twilio.called(CALLER);
    await call.hears('A payment call.');
    await call.over();
    expect(call.sid).toBe(placed.sid);
    expect(told()).toEqual(['initiated', 'ringing', 'in-progress', 'completed']);
    expect(news()[3]).toMatchObject({ CallDuration: expect.stringMatching(/^\d+$/), Direction: 'outbound-api' });
    expect(await client.calls(placed.sid).fetch()).toMatchObject({ status: 'completed', duration: expect.any(String) });
    expect(world.app.to('/answered')[0]?.params['AnsweredBy']).toBeUndefined();
  });

  it.each([
    ['human', 'human'],
    ['machine', 'machine_start'],
  ] as const)('say whether a %s answers, where that is asked', async (callee, answeredBy) => {
    world.twilio.answerAs(CALLER, callee);
    await place({ machineDetection: 'Enable' });
    await (await world.twilio.called(CALLER)).over();
    expect(world.app.to('/answered')[0]?.params['AnsweredBy']).toBe(answeredBy);
  });

  it.each([
    ['busy', 'busy'],
    ['no_answer', 'no-answer'],
  ] as const)('%s', async (callee, status) => {
    world.twilio.answerAs(CALLER, callee);
    await place();
    await (await world.twilio.called(CALLER)).over();
    expect(told()).toEqual(['initiated', 'ringing', status]);
    expect(world.app.to('/answered')).toEqual([]);
  });

  it('ring until somebody picks up, or presses them away, or they are called off', async () => {
    world.twilio.answerAs(CALLER, 'rings');
    await place();
    const first = await world.twilio.called(CALLER);
    await first.answer();
    await first.hears('A payment call.');
    await place();
    const second = await world.twilio.called(CALLER);
    await expect.poll(() => second.call.line.state()).toBe('ringing');
    second.hangUp();
    await second.over();
    expect(second.call.status()).toBe('busy');
    const third = await place();
    await expect.poll(async () => (await client.calls(third.sid).fetch()).status).toBe('ringing');
    expect(await client.calls(third.sid).update({ status: 'canceled' })).toMatchObject({ status: 'canceled' });
    await (await world.twilio.called(CALLER)).over();
    expect(told().at(-1)).toBe('canceled');
  });

  it('are ended, and taken elsewhere, over REST', async () => {
    await world.close();
    world = await openWorld(() => ({ pace: { msPerCharacter: 0, ringMs: 0, messageMs: 0 } }));
    client = twilio(world.twilio.accountSid, world.twilio.authToken);
    client.api.baseUrl = world.twilio.url;
    world.app.at(
      '/answered',
      voice((response) => response.pause({ length: 3_600 })),
    );
    world.app.at(
      '/other',
      voice((response) => response.gather({ timeout: 100, action: '/x' }).say('Elsewhere.')),
    );
    const placed = await place({ statusCallback: undefined });
    const call = await world.twilio.called(CALLER);
    await expect.poll(() => call.call.line.state()).toBe('pausing');
    await client.calls(placed.sid).update({ url: `${world.app.url}/other` });
    await call.hears('Elsewhere.');
    await client.calls(placed.sid).update({ status: 'completed' });
    await call.over();
    expect(call.call.status()).toBe('completed');
    await expect(client.calls(placed.sid).update({ url: `${world.app.url}/other` })).rejects.toMatchObject({
      code: 21220,
    });
  });

  it('may bring their document along, whose addresses must be whole', async () => {
    const twiml = voice((response) => {
      response.say('Hello.');
      response.redirect('/relative');
    });
    await place({ url: undefined, twiml, statusCallback: undefined });
    const call = await world.twilio.called(CALLER);
    await call.hears('Hello.');
    await call.over();
    expect(world.twilio.problems().map(({ code }) => code)).toEqual([11100]);
  });

  it.each([
    ['refused', { code: 21219 }, { status: 400, code: 21219 }],
    ['rate_limited', {}, { status: 429, code: 20429 }],
    ['down', {}, { status: 503 }],
  ] as const)('%s: none is placed', async (fault, more, error) => {
    world.twilio.fail({ on: 'call', fault, ...more });
    await expect(place()).rejects.toMatchObject(error);
    expect(await client.calls.list()).toEqual([]);
  });

  it('whose answer is lost are placed all the same, and one may fail', async () => {
    world.twilio.fail({ on: 'call', fault: 'lost_answer' });
    await expect(place()).rejects.toThrow();
    await (await world.twilio.called(CALLER)).hears('A payment call.');
    expect(await client.calls.list({ to: CALLER })).toHaveLength(1);
    world.twilio.fail({ on: 'call', fault: 'failed' });
    await place();
    await (await world.twilio.called(CALLER)).over();
    expect(told().at(-1)).toBe('failed');
  });

  it('are found by their number and their start, as our own telephone looks for them', async () => {
    const account = { accountSid: world.twilio.accountSid, authToken: world.twilio.authToken };
    const telephone = createTwilioTelephone(
      { ...account, voiceFrom: OUR_NUMBER, messagingFrom: OUR_NUMBER, apiBaseUrl: world.twilio.url },
      { clock: systemClock(), log: silentLog() },
    );
    const before = Date.now() - 5_000;
    const [inAnHour, hourAgo] = [new Date(Date.now() + 3_600_000), new Date(Date.now() - 3_600_000)];
    expect(await telephone.callsTo(CALLER, before)).toEqual([]);
    world.twilio.fail({ on: 'call', fault: 'lost_answer' });
    await expect(place()).rejects.toThrow();
    await (await world.twilio.called(CALLER)).over();
    const [found, ...others] = await telephone.callsTo(CALLER, before);
    expect([found?.sid, others]).toEqual([expect.stringMatching(/^CA[0-9a-f]{32}$/), []]);
    expect(await telephone.callsTo(CALLER, inAnHour.getTime())).toEqual([]);
    expect(await telephone.callsTo('+33600000099', before)).toEqual([]);
    expect(await client.calls.list({ to: CALLER, startTimeAfter: hourAgo })).toMatchObject([
      { sid: found?.sid, startTime: expect.any(Date) },
    ]);
    expect(await client.calls.list({ to: CALLER, startTimeAfter: inAnHour })).toEqual([]);
    expect(await client.calls.list({ startTimeBefore: hourAgo })).toEqual([]);
    expect(await client.calls.list({ startTime: new Date(), status: 'completed' })).toHaveLength(1);
    world.twilio.fail({ on: 'rest', fault: 'down' });
    await expect(telephone.callsTo(CALLER, before)).rejects.toThrow();
  });

  it.each([
    [{ to: 'nonsense' }, 21211],
    [{ from: '+33100000000' }, 21212],
    [{ url: 'nonsense' }, 21205],
  ])('%j is refused', async (change, code) => {
    await expect(place(change)).rejects.toMatchObject({ status: 400, code });
  });
});
