/** What we ask of the provider's REST interface, held against its own OpenAPI document where that is at hand. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { readConfig } from '../../src/config.js';
import { runTwilioCommand } from '../../src/twilio/commands.js';
import { createTwilioTelephone } from '../../src/twilio/rest.js';
import { silentLog } from '../support/silent_log.js';
import { needs } from '../support/skip.js';
import { type OpenApi, problemsIn, type Requested } from './openapi.js';

const ACCOUNT = `AC${'1'.repeat(32)}`;
const SERVICE = `MG${'2'.repeat(32)}`;
const NUMBER = '+33123456789';
const CALL = `CA${'5'.repeat(32)}`;
const CALLEE = '+33612345678';
const HOUR_MS = 3_600_000;

/** Takes whatever it is asked, and keeps it. */
async function openRecorder(): Promise<{ url: string; asked: Requested[] }> {
  const asked: Requested[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { method = '', url: address = '' } = request;
    asked.push({ method, address, form: Buffer.concat(chunks).toString() });
    const numbers = [{ sid: `PN${'3'.repeat(32)}`, phone_number: NUMBER }];
    const list = address.includes('/Messages.json') ? { messages: [] } : { incoming_phone_numbers: numbers };
    const page = { ...list, page: 0, page_size: 50, next_page_uri: null };
    const body = method === 'GET' ? page : { sid: `SM${'4'.repeat(32)}` };
    response.writeHead(method === 'GET' ? 200 : 201, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** Every request that the house can make: texts from a number and from a service, a call, a list, a call that goes on elsewhere, and the setup of a number. */
async function askEverything(): Promise<readonly Requested[]> {
  const { url, asked } = await openRecorder();
  const clock = systemClock();
  const deadline = clock.now() + HOUR_MS;
  const account = { accountSid: ACCOUNT, authToken: 'a-secret-of-the-account', voiceFrom: NUMBER, apiBaseUrl: url };
  for (const messagingFrom of [NUMBER, SERVICE]) {
    const telephone = createTwilioTelephone({ ...account, messagingFrom }, { clock, log: silentLog() });
    const statusUrl = 'https://pay.example.org/status?text=txt_1';
    const text = { to: CALLEE, body: 'Reply 482193 to pay.', statusUrl, validForSeconds: 600, deadline };
    expect((await telephone.sendText(text)).outcome).toBe('taken');
    const call = { to: CALLEE, url: 'https://pay.example.org/call?p=1', statusUrl, ringSeconds: 30, lastsSeconds: 900 };
    expect((await telephone.placeCall({ ...call, deadline })).outcome).toBe('taken');
    expect(await telephone.textsTo(CALLEE, clock.now() - HOUR_MS)).toEqual([]);
    const taken = { sid: CALL, url: 'https://pay.example.org/ivr/news?n=4', deadline };
    expect((await telephone.redirect(taken)).outcome).toBe('taken');
  }
  const config = readConfig({
    ...{ PUBLIC_URL: 'https://pay.example.org', TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_API_BASE_URL: url },
    ...{ TWILIO_AUTH_TOKEN: 'a-secret-of-the-account', TWILIO_VOICE_FROM: NUMBER, TWILIO_MESSAGING_FROM: NUMBER },
    ...{ PAY_CONNECTOR_USERNAME: 'connector', PAY_CONNECTOR_PASSWORD: 'a-password-of-the-connector' },
  });
  await runTwilioCommand(['setup'], () => config);
  return asked;
}

it('is asked for texts, calls and numbers, and for nothing else', async () => {
  const asked = await askEverything();
  const account = `/2010-04-01/Accounts/${ACCOUNT}`;
  const ofOneSender = ['POST /Messages.json', 'POST /Calls.json', 'GET /Messages.json', `POST /Calls/${CALL}.json`];
  expect(asked.map(({ method, address }) => `${method} ${address.replace(account, '').split('?')[0]}`)).toEqual([
    ...ofOneSender,
    ...ofOneSender,
    'GET /IncomingPhoneNumbers.json',
    `POST /IncomingPhoneNumbers/PN${'3'.repeat(32)}.json`,
  ]);
});

needs('twilioOpenApi')("the provider's own document", (path) => {
  it('knows every request of ours, with every name and value in it', async () => {
    const document = JSON.parse(readFileSync(path, 'utf8')) as OpenApi;
    const wrong = (await askEverything()).flatMap((one) =>
      problemsIn(one, document).map((problem) => `${one.method} ${one.address}: ${problem}`),
    );
    expect(wrong).toEqual([]);
  });
});

/** A document as small as it can be. */
const SMALL: OpenApi = {
  paths: {
    '/v1/{AccountSid}/Texts.json': {
      parameters: [{ name: 'AccountSid', in: 'path', required: true, schema: { type: 'string', pattern: '^AC1+$' } }],
      get: { parameters: [{ name: 'Sent>', in: 'query', schema: { type: 'string', format: 'date-time' } }] },
      post: {
        requestBody: {
          content: {
            'application/x-www-form-urlencoded': {
              schema: {
                properties: {
                  To: { type: 'string', maxLength: 13 },
                  Seconds: { type: 'integer', minimum: 1 },
                  Back: { type: 'string', format: 'uri' },
                  Events: { type: 'array', items: { $ref: '#/components/schemas/event' } },
                },
                required: ['To'],
              },
            },
          },
        },
      },
    },
  },
  components: { schemas: { event: { type: 'string', enum: ['sent', 'delivered'] } } },
};

describe('the check', () => {
  const post = (form: string, address = `/v1/${ACCOUNT}/Texts.json`) =>
    problemsIn({ method: 'POST', address, form }, SMALL);

  it('has nothing against what is right', () => {
    const whole = `To=${encodeURIComponent(CALLEE)}&Seconds=60&Back=https%3A%2F%2Fx.example&Events=sent&Events=delivered`;
    expect(post(whole)).toEqual([]);
    const list = { method: 'GET', address: `/v1/${ACCOUNT}/Texts.json?Sent%3E=2030-01-01T00:00:00Z`, form: '' };
    expect(problemsIn(list, SMALL)).toEqual([]);
  });

  it.each([
    ['Seconds=60', 'To is missing'],
    ['To=1&Colour=red', 'nothing is called Colour'],
    ['To=1&Seconds=soon', 'Seconds may not be soon'],
    ['To=1&Seconds=0', 'Seconds may not be 0'],
    ['To=1&Back=nowhere', 'Back may not be nowhere'],
    ['To=1&Events=read', 'Events may not be read'],
    ['To=1&To=2', 'To is given 2 times'],
    ['To=12345678901234', 'To may not be 12345678901234'],
  ])('finds what is wrong with %s', (form, problem) => {
    expect(post(form)).toEqual([problem]);
  });

  it('finds wrong paths, methods and queries', () => {
    expect(post('To=1', '/v1/AC9/Texts.json')).toEqual(['AccountSid may not be AC9']);
    expect(post('To=1', '/v2/Texts.json')).toEqual(['no path /v2/Texts.json']);
    const address = `/v1/${ACCOUNT}/Texts.json`;
    expect(problemsIn({ method: 'DELETE', address, form: '' }, SMALL)).toEqual([
      'no DELETE of /v1/{AccountSid}/Texts.json',
    ]);
    expect(problemsIn({ method: 'GET', address: `${address}?Page=1`, form: '' }, SMALL)).toEqual([
      'nothing is called Page',
    ]);
  });
});
