/** Calls to us: each verb, keys, silence and hanging up, against a small application. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { voice } from './application.js';
import { CALLER, OUR_NUMBER, openWorld, type World } from './world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const dial = (from = CALLER) => world.twilio.dial({ from, to: OUR_NUMBER });
const codes = () => world.twilio.problems().map(({ code }) => code);

function menu(): string {
  return voice((response) => {
    const gather = response.gather({ action: '/choice?step=1', numDigits: 1, timeout: 7, actionOnEmptyResult: true });
    gather.say({ language: 'fr-FR', voice: 'Polly.Lea-Neural' }, 'Pour payer, tapez 1.');
    gather.pause({ length: 1 });
    gather.say({ language: 'en-GB' }, 'To pay, press 1.');
  });
}

describe('a call', () => {
  it('is told of as Twilio tells it, signed, and says what the document says', async () => {
    world.app.at(
      '/voice',
      voice((response) => response.say({ language: 'fr-FR' }, 'Bonjour.')),
    );
    const call = dial();
    expect(await call.hears('Bonjour')).toBe('Bonjour.');
    await call.over();
    const [first] = world.app.to('/voice');
    expect(first).toMatchObject({ method: 'POST', isSigned: true });
    expect(first?.params).toMatchObject({
      ...{ CallSid: call.sid, AccountSid: world.twilio.accountSid, From: CALLER, To: OUR_NUMBER },
      ...{ CallStatus: 'ringing', Direction: 'inbound', ApiVersion: '2010-04-01', FromCountry: 'FR' },
    });
    expect(call.sid).toMatch(/^CA[0-9a-f]{32}$/);
    const [status] = world.app.to('/status');
    expect(status?.params).toMatchObject({
      CallSid: call.sid,
      CallStatus: 'completed',
      CallDuration: expect.stringMatching(/^\d+$/),
    });
    expect(status?.isSigned).toBe(true);
    expect(codes()).toEqual([]);
  });

  it('may hide where it comes from', async () => {
    world.app.at(
      '/voice',
      voice((response) => response.hangup()),
    );
    await dial('anonymous').over();
    expect(world.app.to('/voice')[0]?.params).toMatchObject({ From: 'anonymous', Caller: 'anonymous' });
  });

  it('keeps the language of each sentence, and spells what is to be spelt', async () => {
    const document = voice((response) => {
      const say = response.say({ language: 'fr-FR' }, 'Code ');
      say.sayAs({ 'interpret-as': 'digits' }, '4821');
      say.break({ time: '300ms' });
    });
    world.app.at('/voice', document);
    const call = dial();
    expect(await call.hears(/Code 4821/)).toBe('Code 4 8 2 1 …');
    expect(call.transcript[0]).toMatchObject({ language: 'fr-FR', written: 'Code 4821' });
    await call.over();
    expect(codes()).toEqual([]);
  });

  it('goes where it is redirected, keeps cookies, plays in silence, and ends with the document', async () => {
    const first = voice((response) => {
      response.play('https://example.org/music.mp3');
      response.pause({ length: 1 });
      response.redirect({ method: 'GET' }, '/second?x=1');
      response.say('never');
    });
    world.app.at('/voice', { body: first, headers: { 'set-cookie': 'visit=7; Path=/' } });
    world.app.at(
      '/second',
      voice((response) => response.say('Second.')),
    );
    const call = dial();
    await call.hears('Second.');
    await call.over();
    const [second] = world.app.to('/second');
    expect(second).toMatchObject({ method: 'GET', isSigned: true, headers: { cookie: 'visit=7' } });
    expect(new URLSearchParams(second?.query).get('CallSid')).toBe(call.sid);
    expect(call.transcript.map(({ text }) => text).join()).not.toContain('never');
  });

  it.each([
    ['busy', 'busy'],
    ['rejected', 'no-answer'],
  ] as const)('is turned away: %s', async (reason, status) => {
    world.app.at(
      '/voice',
      voice((response) => response.reject({ reason })),
    );
    const call = dial();
    await call.over();
    expect(call.call.status()).toBe(status);
    expect(world.app.to('/status')[0]?.params).toMatchObject({ CallStatus: status, CallDuration: '0' });
  });

  it('is put through to an agent, and told when that is over', async () => {
    world.app.at(
      '/voice',
      voice((response) => response.dial({ action: '/after' }, '+33170000099')),
    );
    world.app.at(
      '/after',
      voice((response) => response.say('Goodbye.')),
    );
    const call = dial();
    await call.silence();
    await call.hears('Goodbye.');
    expect(world.app.to('/after')[0]?.params['DialCallStatus']).toBe('completed');
    expect(call.transcript.map(({ text }) => text)).toContain('put through to +33170000099');
  });
});

describe('keys', () => {
  it('end an entry by their number, and the entry is posted with what the address brings', async () => {
    world.app.at('/voice', menu());
    world.app.at(
      '/choice',
      voice((response) => response.say('Thank you.')),
    );
    const call = dial();
    await call.hears(/tapez 1/);
    await call.press('1');
    await call.hears('Thank you.');
    const [choice] = world.app.to('/choice');
    expect(choice).toMatchObject({
      query: 'step=1',
      isSigned: true,
      params: { Digits: '1', CallStatus: 'in-progress' },
    });
  });

  it('end an entry by the finishing key, which is not part of it', async () => {
    world.app.at(
      '/voice',
      voice((response) => response.gather({ action: '/code', timeout: 3 })),
    );
    world.app.at(
      '/code',
      voice((response) => response.hangup()),
    );
    const call = dial();
    await call.press('4821 0937 56#');
    await call.over();
    expect(world.app.to('/code')[0]?.params['Digits']).toBe('4821093756');
  });

  it('are all taken where no key finishes: silence does then', async () => {
    world.app.at(
      '/voice',
      voice((response) => response.gather({ action: '/code', finishOnKey: '' })),
    );
    world.app.at(
      '/code',
      voice((response) => response.hangup()),
    );
    const call = dial();
    await call.press('12*#');
    await call.silence();
    await call.over();
    expect(world.app.to('/code')[0]?.params['Digits']).toBe('12*#');
  });

  it('silence is posted where the document wants to hear of it', async () => {
    world.app.at('/voice', menu());
    world.app.at('/choice', ({ params }) =>
      voice((response) => response.say(params['Digits'] === '' ? 'Nothing.' : 'Key.')),
    );
    const call = dial();
    await call.silence();
    await call.hears('Nothing.');
  });

  it('silence leads to the next verb otherwise, and so does the finishing key alone', async () => {
    const document = voice((response) => {
      response.gather({ action: '/code' });
      response.say('Nothing was keyed.');
      response.gather({ action: '/code' });
      response.say('Again nothing.');
    });
    world.app.at('/voice', document);
    const call = dial();
    await call.silence();
    await call.hears('Nothing was keyed.');
    await call.press('#');
    await call.hears('Again nothing.');
    await call.over();
    expect(world.app.to('/code')).toEqual([]);
  });

  it('without an action go to the document itself', async () => {
    world.app.at('/voice', ({ params }) =>
      params['Digits'] === undefined
        ? voice((response) => response.gather({ numDigits: 2 }))
        : voice((response) => response.say(`Got ${params['Digits']}.`)),
    );
    const call = dial();
    await call.press('12');
    await call.hears('Got 12.');
  });

  it('break in on what is said', async () => {
    await world.close();
    world = await openWorld(() => ({ pace: { msPerCharacter: 1_000 } }));
    world.app.at('/voice', menu());
    world.app.at(
      '/choice',
      voice((response) => response.hangup()),
    );
    const call = dial();
    await call.hears(/tapez 1/);
    await call.press('1');
    await call.over();
    expect(call.transcript.map(({ text }) => text)).not.toContain('To pay, press 1.');
  });

  it('that are card digits are not kept, wherever they are keyed', async () => {
    world.app.at(
      '/voice',
      voice((response) => response.gather({ action: '/code' })),
    );
    world.app.at(
      '/code',
      voice((response) => response.hangup()),
    );
    const call = dial();
    await call.press('4242424242424242#');
    await call.over();
    expect(world.app.to('/code')[0]?.params['Digits']).toBe('4242424242424242');
    expect(JSON.stringify([call.transcript, world.twilio.exchanges()])).not.toContain('42424242');
  });

  it('say what was heard when a caller waits in vain', async () => {
    world.app.at('/voice', menu());
    const call = dial();
    await expect(call.hears('Your card')).rejects.toThrow(/was not said.*listening.*Pour payer/s);
  });
});

describe('hanging up', () => {
  it('at a menu ends the call, and only that is told', async () => {
    world.app.at('/voice', menu());
    const call = dial();
    await call.hears(/press 1/);
    call.hangUp();
    await call.over();
    expect(world.app.to('/choice')).toEqual([]);
    expect(world.app.to('/status')[0]?.params['CallStatus']).toBe('completed');
    await expect(call.press('1')).rejects.toThrow('nobody takes the key');
  });

  it('while the application thinks: its answer is for nobody', async () => {
    let answer: (document: string) => void = () => undefined;
    world.app.at(
      '/voice',
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const call = dial();
    await expect.poll(() => world.app.to('/voice').length).toBe(1);
    call.hangUp();
    answer(menu());
    await call.over();
    expect(call.call.status()).toBe('no-answer');
    expect(call.said()).toBe('');
  });
});
