/** Where the provider gives no answer: what is thrown and logged holds neither the account's secret nor the number. */
import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { createTwilioTelephone } from '../../src/twilio/rest.js';
import { silentLog } from '../support/silent_log.js';

const ACCOUNT = `AC${'1'.repeat(32)}`;
const TOKEN = 'a-secret-of-the-account';
const CALLEE = '+33612345678';
/** Where nobody listens. */
const NOWHERE = 'http://127.0.0.1:1';

it.each(['textsTo', 'callsTo'] as const)('%s says so in a word', async (list) => {
  const clock = systemClock();
  const telephone = createTwilioTelephone(
    { accountSid: ACCOUNT, authToken: TOKEN, voiceFrom: '+33199001234', messagingFrom: '38999', apiBaseUrl: NOWHERE },
    { clock, log: silentLog() },
  );
  const thrown = await telephone[list](CALLEE, clock.now() - 60_000).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(Error);
  const all = inspect(thrown, { depth: 20, showHidden: true });
  expect(all).toContain('the provider did not say what it had sent: ECONNREFUSED');
  for (const secret of [TOKEN, Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64'), CALLEE.slice(1)]) {
    expect(all).not.toContain(secret);
  }
});
