import { type Config, isLoopback } from '../config.js';
import type { Telephone } from '../lab/page/devices/source.js';
import type { PayConnector } from '../lab/twilio/options.js';
import { startTwilio, type Twilio } from '../lab/twilio/simulator.js';
import { DEMO_PHONE } from '../payers/demo.js';
import type { PayConnectorSettings, TwilioSettings } from '../telephone_settings.js';
import type { Parts } from './parts.js';

/** Where calls and texts go through. */
export interface Switchboard {
  /** The settings with an account in them, wherever there is one: the simulator's, in a lab that was given none. */
  readonly config: Config;
  /** The simulator that this process runs; null where another account is set, or no lab is. */
  readonly twilio: Twilio | null;
  close(): Promise<void>;
}

/** A number that is given to nobody in France, and a short code: texts to it can be answered. */
const VOICE_FROM = '+33199001234';
const MESSAGING_FROM = '38999';

/** Starts the lab's own Twilio where no account is set: calls and texts then reach the devices on its page, nobody else. */
export async function openSwitchboard(
  config: Config,
  parts: Pick<Parts, 'clock' | 'ids' | 'log' | 'pace'>,
): Promise<Switchboard> {
  const { lab, publicUrl, payConnector } = config;
  if (!lab || config.twilio !== null) return { config, twilio: null, close: () => Promise.resolve() };
  const { clock, ids, log, pace = {} } = parts;
  const credentials = payConnector.credentials ?? { username: 'guichet', password: ids.token(128) };
  const connector: PayConnector = { url: `${publicUrl}/ivr/pay-connector`, ...credentials };
  const twilio = await startTwilio({
    ...{ clock, ids, log, pace },
    numbers: [
      { phoneNumber: VOICE_FROM, voiceUrl: `${publicUrl}/ivr/call`, statusCallback: `${publicUrl}/ivr/status` },
      { phoneNumber: MESSAGING_FROM, smsUrl: `${publicUrl}/sms/inbound` },
    ],
    connectors: { [payConnector.name]: connector },
  });
  const { url: apiBaseUrl, accountSid, authToken } = twilio;
  const account: TwilioSettings = {
    ...{ accountSid, authTokens: [authToken], apiBaseUrl },
    ...{ voiceFrom: VOICE_FROM, messagingFrom: MESSAGING_FROM },
  };
  const filled = { ...config, twilio: account, payConnector: { ...payConnector, credentials } };
  return { config: filled, twilio, close: () => twilio.close() };
}

/** The settings as variables, for a process that is started with them. */
export function telephoneVariables({ twilio, payConnector }: Pick<Config, 'twilio' | 'payConnector'>) {
  if (twilio === null) return {};
  return { ...accountVariables(twilio), ...connectorVariables(payConnector) };
}

function accountVariables({ accountSid, authTokens, voiceFrom, messagingFrom, apiBaseUrl }: TwilioSettings) {
  const [first = '', second] = authTokens;
  return {
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: first,
    ...(second === undefined ? {} : { TWILIO_AUTH_TOKEN_SECONDARY: second }),
    TWILIO_VOICE_FROM: voiceFrom,
    TWILIO_MESSAGING_FROM: messagingFrom,
    ...(apiBaseUrl === null ? {} : { TWILIO_API_BASE_URL: apiBaseUrl }),
  };
}

function connectorVariables({ name, credentials }: PayConnectorSettings) {
  if (credentials === null) return {};
  const { username, password } = credentials;
  return { TWILIO_PAY_CONNECTOR: name, PAY_CONNECTOR_USERNAME: username, PAY_CONNECTOR_PASSWORD: password };
}

/** The devices of the lab's page: those of a simulator on this machine. Null for an account in the world. */
export function devicesOf({ twilio }: Config): Telephone | null {
  if (twilio?.apiBaseUrl == null || !isLoopback(twilio.apiBaseUrl)) return null;
  const { apiBaseUrl: url, accountSid, authTokens } = twilio;
  return { url, accountSid, authToken: authTokens[0] ?? '', holder: DEMO_PHONE };
}
