/** How webhooks travel: signed as Twilio signs, repeated as their address wants, with a way round a broken one. */
import { createHmac } from 'node:crypto';
import twilio from 'twilio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOverrides } from '../../../src/lab/twilio/wire/overrides.js';
import { type Params, signatureOf, signedAddress } from '../../../src/lab/twilio/wire/signature.js';
import { virtualClock } from '../../clock.js';
import { voice } from './application.js';
import { CALLER, OUR_NUMBER, openWorld, type World } from './world.js';

const HANGUP = voice((response) => response.hangup());

describe('a signature', () => {
  it('is that of the reference’s vector, and of the SDK', () => {
    const url = 'https://example.com/myapp.php?foo=1&bar=2';
    const params: Params = [
      ['CallSid', 'CA1234567890ABCDE'],
      ['Caller', '+14158675310'],
      ['Digits', '1234'],
      ['From', '+14158675310'],
      ['To', '+18005551212'],
    ];
    expect(signatureOf('12345', url, params)).toBe('L/OH5YylLD5NRKLltdqwSvS0BnU=');
    expect(twilio.validateRequest('12345', signatureOf('12345', url, params), url, Object.fromEntries(params))).toBe(
      true,
    );
  });

  it('of a body is that of the other vector', () => {
    const url = 'https://example.com/myapp?bodySHA256=5ccde7145dfb8f56479710896586cb9d5911809d83afbe34627818790db0aec9';
    expect(signatureOf('12345', url, [])).toBe('hPXmLwIy3Fgqv1i9KPmH/HhQ6zo=');
  });

  it('counts a repeated name once for each value, sorted, and keeps white space', () => {
    const url = 'https://example.com/x';
    const params: Params = [
      ['b', ' b '],
      ['a', 'b'],
      ['a', 'a'],
      ['a', 'b'],
      ['B', 'x'],
    ];
    const expected = createHmac('sha1', 't').update(`${url}Bxaaabb b `).digest('base64');
    expect(signatureOf('t', url, params)).toBe(expected);
    expect(twilio.validateRequest('t', expected, url, { b: ' b ', a: ['b', 'a', 'b'], B: 'x' })).toBe(true);
  });

  it.each([
    ['https://u:p@example.com:8443/a?b=c#rc=2', true, 'https://example.com/a?b=c'],
    ['https://u:p@example.com:8443/a?b=c#rc=2', false, 'https://example.com:8443/a?b=c'],
    ['http://127.0.0.1:3000/a', true, 'http://127.0.0.1:3000/a'],
    ['https://example.com/a?at=b@c#d@e', true, 'https://example.com/a?at=b@c'],
  ])('is over %s without what is not signed (voice: %s)', (address, isVoice, signed) => {
    expect(signedAddress(address, isVoice)).toBe(signed);
  });
});

it('connection overrides are read from the fragment, nonsense is told', () => {
  expect(readOverrides('https://h/p?q=1#ct=2000&rt=9000&tt=12000&rc=2&rp=ct,rt,5xx&e=dublin')).toEqual({
    ...{ connectMs: 2_000, readMs: 9_000, totalMs: 12_000, retries: 2, retryOn: ['ct', 'rt', '5xx'], wrong: [] },
  });
  expect(readOverrides('https://h/p')).toMatchObject({ connectMs: 5_000, readMs: 15_000, retries: 1, retryOn: ['ct'] });
  expect(readOverrides('https://h/p#rp=all').retryOn).toEqual(['4xx', '5xx', 'ct', 'rt']);
  expect(readOverrides('https://h/p#rc=9&tt=99999&rp=6xx').wrong).toEqual(['tt=99999', 'rc=9', 'rp=6xx']);
});

describe('a webhook', () => {
  let world: World;
  const open = (change: (url: string) => object = () => ({}), options: object = {}) =>
    openWorld((url) => ({
      ...options,
      numbers: [
        { phoneNumber: OUR_NUMBER, voiceUrl: `${url}/voice`, voiceFallbackUrl: `${url}/fallback`, ...change(url) },
      ],
    }));
  beforeEach(async () => {
    world = await open();
    world.app.at('/fallback', HANGUP);
  });
  afterEach(() => world.close());
  const call = () => world.twilio.dial({ from: CALLER, to: OUR_NUMBER });
  const reopen = async (change: (url: string) => object, options?: object): Promise<void> => {
    await world.close();
    world = await open(change, options);
    world.app.at('/fallback', HANGUP);
  };

  it.each([
    ['another', 403],
    ['none', 403],
    ['stale', 403],
    [{ token: 'the token before this one' }, 403],
    ['own', 200],
  ] as const)('signed by %j gets %s from who checks', async (how, status) => {
    world.app.at('/voice', ({ isSigned }) => (isSigned ? HANGUP : { status: 403 }));
    world.twilio.signWith(how);
    const { sid, over } = call();
    await over();
    expect(world.twilio.exchanges(sid)[0]).toMatchObject({ kind: 'voice', status });
    expect(world.app.to('/voice')[0]?.headers['x-twilio-signature'] === undefined).toBe(how === 'none');
  });

  it('that a new token signs is right under that token', async () => {
    world.app.at('/voice', HANGUP);
    world.twilio.signWith({ token: 'new' });
    await call().over();
    const [asked] = world.app.to('/voice');
    const signature = String(asked?.headers['x-twilio-signature']);
    expect(twilio.validateRequest('new', signature, `${world.app.url}/voice`, asked?.params ?? {})).toBe(true);
    expect(asked?.isSigned).toBe(false);
  });

  it('is repeated as its fragment wants, under one token, and the fragment is not signed', async () => {
    await reopen((url) => ({ voiceUrl: `${url}/voice?a=1#rc=2&rp=5xx` }));
    world.app.at('/voice', (_asked, count) => (count < 3 ? { status: 503 } : HANGUP));
    await call().over();
    const asked = world.app.to('/voice');
    expect(asked.map(({ isSigned, query }) => [isSigned, query])).toEqual(Array(3).fill([true, 'a=1']));
    expect(new Set(asked.map(({ headers }) => headers['i-twilio-idempotency-token'])).size).toBe(1);
    expect(world.app.to('/fallback')).toEqual([]);
  });

  it('that fails goes to the fallback, which hears why', async () => {
    world.app.at('/voice', { status: 500 });
    await call().over();
    expect(world.app.to('/voice')).toHaveLength(1);
    expect(world.app.to('/fallback')[0]?.params).toMatchObject({
      ErrorCode: '11200',
      ErrorUrl: `${world.app.url}/voice`,
    });
    expect(world.app.to('/fallback')[0]?.isSigned).toBe(true);
  });

  it.each(['cut', 'lost_answer'] as const)('whose answer is lost (%s) is not repeated by itself', async (how) => {
    world.app.at('/voice', how === 'cut' ? 'cut' : HANGUP);
    if (how === 'lost_answer') world.twilio.fail({ on: 'webhook', fault: 'lost_answer' });
    await call().over();
    expect(world.app.to('/voice')).toHaveLength(1);
    expect(world.app.to('/fallback')[0]?.params['ErrorCode']).toBe('11205');
  });

  it('that finds nobody is tried once more', async () => {
    await reopen(() => ({ voiceUrl: 'http://127.0.0.1:9/voice' }));
    const { sid, over } = call();
    await over();
    expect(
      world.twilio.exchanges(sid).map(({ url, attempt, status }) => [new URL(url).pathname, attempt, status]),
    ).toEqual([
      ['/voice', 1, null],
      ['/voice', 2, null],
      ['/fallback', 1, 200],
    ]);
  });

  it('that is not answered in fifteen seconds has failed', async () => {
    const clock = virtualClock(Date.UTC(2026, 0, 1));
    await reopen(() => ({}), { clock });
    world.app.at('/voice', 'hold');
    const { over } = call();
    await expect.poll(() => world.app.to('/voice').length).toBe(1);
    clock.advance(14_999);
    expect(world.twilio.problems()).toEqual([]);
    clock.advance(1);
    await over();
    expect(world.app.to('/fallback')[0]?.params['ErrorCode']).toBe('11205');
  });

  it('may be doubled by the network, under one token', async () => {
    world.app.at('/voice', HANGUP);
    world.twilio.fail({ on: 'webhook', fault: 'doubled' });
    await call().over();
    const tokens = world.app.to('/voice').map(({ headers }) => headers['i-twilio-idempotency-token']);
    expect(tokens).toHaveLength(2);
    expect(new Set(tokens).size).toBe(1);
  });

  it('gives name and password only when it is asked for them', async () => {
    await reopen((url) => ({ voiceUrl: `${url.replace('http://', 'http://me:pa%40ss@')}/voice` }));
    world.app.at('/voice', ({ headers }) =>
      headers.authorization === undefined
        ? { status: 401, headers: { 'www-authenticate': 'Basic realm="calls"' } }
        : HANGUP,
    );
    await call().over();
    const asked = world.app.to('/voice');
    expect(asked.map(({ isSigned }) => isSigned)).toEqual([true, true]);
    expect(asked.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      `Basic ${Buffer.from('me:pa@ss').toString('base64')}`,
    ]);
  });

  it('follows redirects, but not for ever', async () => {
    world.app.at('/voice', { status: 302, headers: { location: '/elsewhere' } });
    world.app.at('/elsewhere', HANGUP);
    await call().over();
    expect(world.app.to('/elsewhere')[0]).toMatchObject({ method: 'GET', isSigned: true });
    world.app.at('/elsewhere', { status: 302, headers: { location: '/elsewhere' } });
    await call().over();
    expect(world.twilio.problems().map(({ code }) => code)).toEqual([11215]);
  });

  it.each([
    ['application/json', 12300],
    ['', 12300],
  ])('answered as %j is no document', async (type, code) => {
    world.app.at('/voice', { body: HANGUP, headers: { 'content-type': type } });
    await call().over();
    expect(world.app.to('/fallback')[0]?.params['ErrorCode']).toBe(String(code));
  });
});
