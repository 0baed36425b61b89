/** `npm run twilio -- setup` against a server that speaks the provider's REST for numbers. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import twilio from 'twilio';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config.js';
import { runTwilioCommand } from '../../src/twilio/commands.js';
import { SetupProblem, webhooksOf } from '../../src/twilio/setup.js';
import { messaging, openApplication, voice } from '../lab/twilio/application.js';
import { openTwilio } from '../lab/twilio/support.js';

const ACCOUNT = `AC${'1'.repeat(32)}`;
const TOKEN = 'a-secret-of-the-account';
const NUMBER = '+33123456789';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly form: Readonly<Record<string, string>>;
}

async function provider(
  numbers: readonly string[] = [NUMBER],
  bound: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://provider');
    const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    const authorization = request.headers.authorization ?? '';
    asked.push({ method: request.method ?? '', path: pathname, authorization, form });
    const wanted = searchParams.get('PhoneNumber');
    const found = numbers
      .filter((number) => number === wanted)
      .map((phone_number) => ({ sid: `PN${phone_number.slice(1)}`, phone_number, ...bound[phone_number] }));
    const isRight = authorization === `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}`;
    const body = isRight
      ? request.method === 'GET'
        ? { incoming_phone_numbers: found, page: 0, page_size: 1, next_page_uri: null }
        : { sid: pathname.split('/').at(-1) }
      : { code: 20003, message: 'Authenticate', status: 401 };
    response.writeHead(isRight ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const settings = (url: string, change: Record<string, string> = {}) => ({
  PUBLIC_URL: 'https://pay.example.org',
  TWILIO_ACCOUNT_SID: ACCOUNT,
  TWILIO_AUTH_TOKEN: TOKEN,
  TWILIO_VOICE_FROM: NUMBER,
  TWILIO_MESSAGING_FROM: 'Guichet',
  TWILIO_API_BASE_URL: url,
  PAY_CONNECTOR_USERNAME: 'twilio',
  PAY_CONNECTOR_PASSWORD: 'secret-of-the-connector',
  ...change,
});

/** Where nobody listens any more. */
async function closedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

describe('setup', () => {
  it('sets every webhook of the number, and prints what is left without a secret', async () => {
    const { url, asked } = await provider();
    const printed = await runTwilioCommand(['setup'], () => readConfig(settings(url)));
    const update = asked.find(({ method }) => method === 'POST');
    expect(update?.path).toBe(`/2010-04-01/Accounts/${ACCOUNT}/IncomingPhoneNumbers/PN33123456789.json`);
    expect(update?.form).toEqual({
      VoiceUrl: 'https://pay.example.org/ivr/call',
      VoiceMethod: 'POST',
      VoiceFallbackUrl: 'https://pay.example.org/ivr/fallback',
      VoiceFallbackMethod: 'POST',
      StatusCallback: 'https://pay.example.org/ivr/status',
      StatusCallbackMethod: 'POST',
      SmsUrl: 'https://pay.example.org/sms/inbound',
      SmsMethod: 'POST',
    });
    for (const left of [
      'sub-account',
      'PCI Mode',
      'irreversible',
      'https://pay.example.org/ivr/pay-connector',
      'twilio',
      'Guichet',
    ]) {
      expect(printed).toContain(left);
    }
    expect(printed).not.toContain('secret-of-the-connector');
    expect(printed).not.toContain(TOKEN);
  });

  it('sets other numbers when they are named', async () => {
    const numbers = ['+33100000001', '+33100000002'];
    const { url, asked } = await provider(numbers);
    await runTwilioCommand(['setup', '--number', numbers[0] ?? '', '--number', numbers[1] ?? ''], () =>
      readConfig(settings(url)),
    );
    expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(2);
  });

  describe('of a number that something else answers', () => {
    const OTHER = '+33100000002';
    const BOUND = { voice_application_sid: 'AP1', sms_application_sid: 'AP2', trunk_sid: 'TK3' };
    const both = ['setup', '--number', OTHER, '--number', NUMBER];

    it('says what hides our addresses before anything is changed, at any of the numbers', async () => {
      const { url, asked } = await provider([OTHER, NUMBER], { [NUMBER]: BOUND });
      const run = runTwilioCommand(both, () => readConfig(settings(url)));
      await expect(run).rejects.toThrow(
        `${NUMBER} is answered by something else, and would not come to us: the application AP1 for calls, ` +
          'the application AP2 for texts, the trunk TK3 for calls.',
      );
      await expect(run).rejects.toThrow('--replace');
      expect(asked.filter(({ method }) => method !== 'GET')).toEqual([]);
    });

    it('takes it from them where it is told to, and says so', async () => {
      const { url, asked } = await provider([OTHER, NUMBER], { [NUMBER]: BOUND });
      const printed = await runTwilioCommand([...both, '--replace'], () => readConfig(settings(url)));
      const [untouched, taken] = asked.filter(({ method }) => method === 'POST').map(({ form }) => form);
      const none = { VoiceApplicationSid: '', SmsApplicationSid: '', TrunkSid: '' };
      expect(taken).toMatchObject({ ...none, VoiceUrl: 'https://pay.example.org/ivr/call' });
      expect(Object.keys(untouched ?? {})).not.toContain('TrunkSid');
      expect(printed).toContain(`${NUMBER}  taken from the application AP1 for calls, the application AP2 for texts, `);
    });
  });

  it('says what is wrong: a number that is not there, a secret that is refused, an address nobody can reach', async () => {
    const { url } = await provider([]);
    const run = (change: Record<string, string>) =>
      runTwilioCommand(['setup'], () => readConfig(settings(url, change)));
    await expect(run({})).rejects.toThrow(`The account has no number ${NUMBER}`);
    await expect(run({ TWILIO_AUTH_TOKEN: 'another-secret-of-16' })).rejects.toThrow('refused with 401, code 20003');
    const silent = await run({ TWILIO_API_BASE_URL: await closedAddress() }).catch((error: unknown) => error);
    expect(silent).toBeInstanceOf(SetupProblem);
    expect(inspect(silent, { depth: 10 })).toContain('The provider gave no answer: ECONNREFUSED.');
    expect(inspect(silent, { depth: 10 })).not.toContain(Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64'));
    const { TWILIO_API_BASE_URL: _none, ...real } = settings(url, { PUBLIC_URL: 'http://127.0.0.1:3000' });
    await expect(runTwilioCommand(['setup'], () => readConfig(real))).rejects.toThrow(
      'The provider cannot reach http://127.0.0.1:3000',
    );
    await expect(runTwilioCommand(['setup'], () => readConfig({}))).rejects.toThrow('TWILIO_ACCOUNT_SID');
  });

  it('sets them at a server that speaks the whole protocol: calls and texts come where it says', async () => {
    const app = await openApplication(TOKEN);
    onTestFinished(app.close);
    const simulator = await openTwilio({ accountSid: ACCOUNT, authToken: TOKEN, numbers: [{ phoneNumber: NUMBER }] });
    onTestFinished(simulator.close);
    app.at(
      '/ivr/call',
      voice((response) => response.say('Take your time.')),
    );
    app.at('/ivr/status', { status: 204 });
    app.at(
      '/sms/inbound',
      messaging((response) => response.message('Nothing waits for you here.')),
    );
    const given = settings(simulator.url, { PUBLIC_URL: app.url });
    // Run again, it sets the same.
    for (let run = 0; run < 2; run += 1) {
      const printed = await runTwilioCommand(['setup'], () => readConfig(given));
      expect(printed).toContain(`${NUMBER}  calls, texts and their states come to ${app.url} now`);
    }
    const client = twilio(ACCOUNT, TOKEN);
    client.api.baseUrl = simulator.url;
    expect(await client.incomingPhoneNumbers.list()).toMatchObject([webhooksOf(app.url)]);
    const caller = simulator.dial({ from: '+33612345678', to: NUMBER });
    await caller.over();
    expect(caller.transcript.map(({ text }) => text)).toContain('Take your time.');
    await simulator.handset('+33612345678').reply('hello', NUMBER);
    await simulator.handset('+33612345678').receives('Nothing waits');
    expect(app.to('/ivr/status').at(-1)?.params).toMatchObject({ CallStatus: 'completed' });
    expect(simulator.problems()).toEqual([]);
  });

  it.each([[[]], [['--help']], [['setup', '-h']]])('explains itself: %o', async (args) => {
    expect(await runTwilioCommand(args, () => readConfig({}))).toMatch(/^npm run twilio -- setup/);
  });

  it.each([[['teardown']], [['setup', 'now']], [['setup', '--numbers', 'x']], [['setup', '--number', '0123']]])(
    'refuses %o',
    async (args) => {
      await expect(runTwilioCommand(args, () => readConfig({}))).rejects.toThrow(
        /There is no command|is no number|Unknown option/,
      );
    },
  );
});
