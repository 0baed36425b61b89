/** Where calls and texts go through: the lab's own Twilio, unless an account is set or there is no lab. */
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { readConfig } from '../../src/config.js';
import { devicesOf, openSwitchboard, telephoneVariables } from '../../src/house/switchboard.js';
import { createIds } from '../../src/ids.js';
import { silentLog } from '../support/silent_log.js';

const clock = systemClock();
const parts = { clock, ids: createIds({ clock }), log: silentLog() };
const ACCOUNT = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'a'.repeat(32),
  TWILIO_AUTH_TOKEN_SECONDARY: 'b'.repeat(32),
  TWILIO_VOICE_FROM: '+33123456789',
  TWILIO_MESSAGING_FROM: '38123',
  PAY_CONNECTOR_USERNAME: 'pay',
  PAY_CONNECTOR_PASSWORD: 'c'.repeat(32),
};

it('a lab without an account gets one of its own, which a process that is started with it reads alike', async () => {
  const { config, twilio, close } = await openSwitchboard(readConfig({ PORT: '3999' }), parts);
  try {
    expect(config.twilio).toMatchObject({ accountSid: twilio?.accountSid, apiBaseUrl: twilio?.url });
    expect(config.payConnector.credentials?.password).toMatch(/^[\w-]{22}$/);
    expect(devicesOf(config)).toMatchObject({ url: twilio?.url, authToken: twilio?.authToken });
    const child = readConfig({ PORT: '3999', ...telephoneVariables(config) });
    expect(child.twilio).toEqual(config.twilio);
    expect(child.payConnector).toEqual(config.payConnector);
    const second = await openSwitchboard(child, parts);
    expect(second.twilio).toBeNull();
  } finally {
    await close();
  }
});

it('an account that is set stays as it is, and has no devices here', async () => {
  const given = readConfig({ ...ACCOUNT });
  const { config, twilio } = await openSwitchboard(given, parts);
  expect(config).toBe(given);
  expect(twilio).toBeNull();
  expect(devicesOf(config)).toBeNull();
  expect(telephoneVariables(config)).toEqual({ ...ACCOUNT, TWILIO_PAY_CONNECTOR: 'Default' });
});

it('where there is no lab there is none', async () => {
  const given = { ...readConfig({}), lab: false };
  const { config, twilio } = await openSwitchboard(given, parts);
  expect([config.twilio, twilio]).toEqual([null, null]);
  expect(telephoneVariables(config)).toEqual({});
});
