import type { Config } from '../config.js';
import { startTwilio, type Twilio } from '../lab/twilio/simulator.js';
import { DEMO_PHONE } from '../payers/demo.js';
import type { Parts } from './parts.js';

export type TelephoneLine = Awaited<ReturnType<typeof openTelephone>>;

/** Numbers that are given to nobody in France, and a short code: texts to it can be answered. */
const VOICE_FROM = '+33199001234';
const MESSAGING_FROM = '38999';
const CONNECTOR = 'Default';

/** The lab's own Twilio, where there is a lab: calls and texts then reach the devices on its page and nobody else. */
export async function openTelephone({ lab, publicUrl }: Config, parts: Parts) {
  const { clock, ids, log } = parts;
  if (!lab) return { account: null, devices: null, twilio: null, close: () => Promise.resolve() };
  const connector = { name: CONNECTOR, username: 'guichet', password: ids.token(128) };
  const { username, password } = connector;
  const twilio: Twilio = await startTwilio({
    ...{ clock, ids, log, pace: parts.pace ?? {} },
    numbers: [
      { phoneNumber: VOICE_FROM, voiceUrl: `${publicUrl}/ivr/call`, statusCallback: `${publicUrl}/ivr/status` },
      { phoneNumber: MESSAGING_FROM, smsUrl: `${publicUrl}/sms/inbound` },
    ],
    connectors: { [CONNECTOR]: { url: `${publicUrl}/ivr/pay-connector`, username, password } },
  });
  const { url, accountSid, authToken } = twilio;
  return {
    /** What the channels need to speak to it: in the place of the settings that name a real account. */
    account: {
      apiBaseUrl: url,
      accountSid,
      authToken,
      voiceFrom: VOICE_FROM,
      messagingFrom: MESSAGING_FROM,
      connector,
    },
    devices: { url, accountSid, authToken, holder: DEMO_PHONE },
    twilio,
    close: () => twilio.close(),
  };
}
