import type { TwilioOptions } from '../../../src/lab/twilio/options.js';
import type { Twilio } from '../../../src/lab/twilio/simulator.js';
import { type Application, openApplication } from './application.js';
import { openTwilio } from './support.js';

export const OUR_NUMBER = '+33170000001';
export const SHORT_CODE = '36180';
export const CALLER = '+33612345678';
const AUTH_TOKEN = 'f00dbabef00dbabef00dbabef00dbabe';

export interface World {
  readonly app: Application;
  readonly twilio: Twilio;
  close(): Promise<void>;
}

/** The simulator with an application behind it. */
export async function openWorld(options: (url: string) => Partial<TwilioOptions> = () => ({})): Promise<World> {
  const app = await openApplication(AUTH_TOKEN);
  const urls = {
    ...{ voiceUrl: `${app.url}/voice`, smsUrl: `${app.url}/sms`, statusCallback: `${app.url}/status` },
  };
  const twilio = await openTwilio({
    authToken: AUTH_TOKEN,
    numbers: [
      { phoneNumber: OUR_NUMBER, ...urls },
      { phoneNumber: SHORT_CODE, smsUrl: urls.smsUrl },
    ],
    senders: ['GUICHET'],
    ...options(app.url),
  });
  app.at('/status', { status: 204 });
  return {
    app,
    twilio,
    async close() {
      await twilio.close();
      await app.close();
    },
  };
}
