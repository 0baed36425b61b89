/** Live calls that the application takes elsewhere over REST: from keys, from a card, and from an answer on its way. */
import twilio from 'twilio';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.js';
import { createTwilioTelephone } from '../../../src/twilio/rest.js';
import { silentLog } from '../../support/silent_log.js';
import { voice } from './application.js';
import { CALLER, OUR_NUMBER, openWorld, type World } from './world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld((url) => ({
    connectors: { Default: { url: `${url}/connector`, username: 'twilio', password: 'secret' } },
  }));
  world.app.at(
    '/news',
    voice((response) => response.gather({ timeout: 100, action: '/after' }).say('It was paid.')),
  );
  world.app.at(
    '/after',
    voice((response) => response.say('Goodbye.')),
  );
});
afterEach(() => world.close());

const telephone = () =>
  createTwilioTelephone(
    {
      ...{ accountSid: world.twilio.accountSid, authToken: world.twilio.authToken },
      ...{ voiceFrom: OUR_NUMBER, messagingFrom: OUR_NUMBER, apiBaseUrl: world.twilio.url },
    },
    { clock: systemClock(), log: silentLog() },
  );
const take = (sid: string) =>
  telephone().redirect({ sid, url: `${world.app.url}/news?n=4`, deadline: Date.now() + 5_000 });
const dial = () => world.twilio.dial({ from: CALLER, to: OUR_NUMBER });
const asked = () => world.app.asked.map(({ path }) => path);

it('from keys: what was keyed is nowhere, and the call goes on there', async () => {
  world.app.at(
    '/voice',
    voice((response) => response.gather({ timeout: 100, action: '/keyed' }).say('Your code?')),
  );
  const call = dial();
  await call.hears('Your code?');
  await call.press('48');
  expect(await take(call.sid)).toEqual({ outcome: 'taken', sid: call.sid });
  await expect.poll(() => call.said()).toContain('It was paid.');
  await call.press('7#');
  await call.over();
  expect(asked()).toEqual(['/voice', '/news', '/after', '/status']);
  expect(world.app.to('/news')).toMatchObject([
    { method: 'POST', query: 'n=4', isSigned: true, params: { CallSid: call.sid, CallStatus: 'in-progress' } },
  ]);
  expect(world.app.to('/after')[0]?.params['Digits']).toBe('7');
  const notes = call.transcript.filter(({ by }) => by === 'note').map(({ text }) => text);
  expect(notes).toEqual(['The application takes the call elsewhere.', 'The call has ended.']);
  expect(world.twilio.problems()).toEqual([]);
});

const withPay = voice((response) => {
  response.pay({ action: '/paid', timeout: 100, postalCode: 'false' });
  response.redirect('/paid');
});

it('from a card: neither its digits nor a result are told to anybody', async () => {
  world.app.at('/voice', withPay);
  const call = dial();
  await call.press('4111 1111');
  expect(call.call.line.isSecret()).toBe(true);
  await take(call.sid);
  await expect.poll(() => call.said()).toContain('It was paid.');
  expect(call.call.line.isSecret()).toBe(false);
  call.hangUp();
  await call.over();
  expect(asked()).toEqual(['/voice', '/news', '/status']);
});

it('from a card that is with the connector: what that answers is for nobody', async () => {
  let answer = (_: string): void => undefined;
  world.app.at('/connector', () => new Promise<string>((resolve) => (answer = resolve)));
  world.app.at('/voice', withPay);
  const call = dial();
  await call.press('4111 1111 1111 1111 1234 123');
  await expect.poll(() => asked()).toContain('/connector');
  await take(call.sid);
  await expect.poll(() => call.said()).toContain('It was paid.');
  answer(JSON.stringify({ token_id: 'tok_1', error_code: null, error_message: null }));
  await call.press('7#');
  await call.over();
  expect(asked()).toEqual(['/voice', '/connector', '/news', '/after', '/status']);
});

it('from an answer on its way, which nobody hears then', async () => {
  let answer = (_: string): void => undefined;
  world.app.at(
    '/voice',
    voice((response) => response.gather({ timeout: 100, action: '/menu', numDigits: 1 }).say('A key?')),
  );
  world.app.at('/menu', () => new Promise<string>((resolve) => (answer = resolve)));
  const call = dial();
  await call.press('1');
  await expect.poll(() => asked()).toContain('/menu');
  await take(call.sid);
  await expect.poll(() => call.said()).toContain('It was paid.');
  answer(voice((response) => response.say('Too late.')));
  await call.press('7#');
  await call.over();
  expect(call.transcript.map(({ text }) => text)).not.toContain('Too late.');
  expect(asked()).toEqual(['/voice', '/menu', '/news', '/after', '/status']);
});

it('is refused for a call that is over, and not found for one that never was', async () => {
  world.app.at(
    '/voice',
    voice((response) => response.hangup()),
  );
  const call = dial();
  await call.over();
  expect(await take(call.sid)).toEqual({ outcome: 'refused', why: 'refused', code: 21220 });
  expect(await take(`CA${'0'.repeat(32)}`)).toEqual({ outcome: 'refused', why: 'refused', code: 20404 });
  const client = twilio(world.twilio.accountSid, world.twilio.authToken);
  client.api.baseUrl = world.twilio.url;
  const update = client.calls(`CA${'0'.repeat(32)}`).update({ url: world.app.url });
  await expect(update).rejects.toMatchObject({ status: 404, code: 20404 });
});
