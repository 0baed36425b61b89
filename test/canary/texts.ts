/** The ways of secrets through texts: card numbers sent by mistake, digits of ours, codes that belong elsewhere. And what the provider is asked. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import twilio from 'twilio';
import { expect } from 'vitest';
import { DEMO_PHONE } from '../../src/payers/demo.js';
import { AUTH_TOKEN, SHARED_NUMBER } from '../channels/ivr/caller.js';
import { pause } from '../process/requests.js';
import { call, newPayment, type Seen, type Typed, type Walker } from './walks.js';

/** The provider's REST interface as far as the house asks it. What it was asked is kept. */
export interface Provider {
  readonly url: string;
  /** Every request with its head. */
  readonly asked: Seen[];
  /** The texts that it sent, oldest first. */
  readonly texts: { readonly sid: string; readonly form: URLSearchParams }[];
  close(): Promise<void>;
}

let messages = 0;
const newSid = (): string => {
  messages += 1;
  return `SM${messages.toString(16).padStart(32, '0')}`;
};

export async function openProvider(): Promise<Provider> {
  const asked: Seen[] = [];
  const texts: { sid: string; form: URLSearchParams }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('latin1');
    const where = `${request.method} ${request.url}`;
    asked.push({ where, text: `${where}\n${request.rawHeaders.join('\n')}\n${body}` });
    const isText = request.method === 'POST' && request.url?.endsWith('/Messages.json') === true;
    const sid = newSid();
    if (isText) texts.push({ sid, form: new URLSearchParams(body) });
    const answer = isText ? { sid, status: 'queued' } : { messages: [] };
    response.writeHead(isText ? 201 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ asked, texts },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Form = Readonly<Record<string, string>>;

/** A webhook, signed unless said otherwise; what is answered is kept. */
async function post({ url, seen }: Walker, path: string, form: Form, signature?: string): Promise<string> {
  const right = twilio.getExpectedTwilioSignature(AUTH_TOKEN, url + path, { ...form });
  const headers = { 'x-twilio-signature': signature ?? right };
  const answer = await fetch(url + path, { method: 'POST', headers, body: new URLSearchParams(form) });
  const text = await answer.text();
  const { pathname } = new URL(url + path);
  seen.push({ where: `${pathname} ${answer.status}`, text: `${text} ${JSON.stringify([...answer.headers])}` });
  return text;
}

const inbound = (walker: Walker, from: string, body: string, more: Form = {}): Promise<string> =>
  post(walker, '/sms/inbound', { MessageSid: newSid(), From: from, To: SHARED_NUMBER, Body: body, ...more });

/** Whoever texts a card number: alone, with all that belongs to it, in every field, unsigned and too long. */
export async function textByMistake(walker: Walker, { number, securityCode }: Typed, index: number): Promise<void> {
  const from = `+336980${`${index}`.padStart(5, '0')}`;
  const groups = number.replaceAll(/(\d{4})(?=\d)/g, '$1 ');
  const answer = await inbound(walker, from, `${groups} 12/34 "${securityCode}"`);
  expect(answer).not.toBe('');
  await inbound(walker, from, number);
  await inbound(walker, from, `My card is ${number.replaceAll(/(\d{4})(?=\d)/g, '$1-')}, thank you`);
  await inbound(walker, from, 'Hello', { ProfileName: number, MediaUrl0: `https://media.example/${number}` });
  await inbound(walker, from, number, { MessageSid: number });
  await inbound(walker, number, number);
  await inbound(walker, from, `${number} `.repeat(2_000));
  const form = { MessageSid: newSid(), From: from, To: SHARED_NUMBER, Body: number };
  await post(walker, `/sms/inbound?body=${number}`, form, 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=');
  await post(walker, `/sms/status?text=${number}`, { MessageSid: newSid(), MessageStatus: number, ErrorCode: number });
}

/** What a payer types where digits are asked for: everything but them, and then them, told twice. Answers the digits. */
export async function payByText(
  walker: Walker,
  provider: Provider,
  { number }: Typed,
  codes: readonly string[],
): Promise<string> {
  const before = provider.texts.length;
  const payer = { account: 'demo', language: 'en' };
  const { id } = await newPayment(walker, { channels: ['web', 'sms'], payer, reach: { channel: 'sms' } });
  const offer = await until(() =>
    provider.texts.slice(before).find(({ form }) => /\b\d{6}\b/.test(form.get('Body') ?? '')),
  );
  const digits = /\b\d{6}\b/.exec(offer.form.get('Body') ?? '')?.[0] ?? '';
  const { pathname, search } = new URL(offer.form.get('StatusCallback') ?? '');
  await post(walker, pathname + search, { MessageSid: offer.sid, MessageStatus: 'delivered' });
  for (const code of codes) await inbound(walker, DEMO_PHONE, code);
  await inbound(walker, DEMO_PHONE, `${digits} ${number}`);
  const form = { MessageSid: newSid(), From: DEMO_PHONE, To: SHARED_NUMBER, Body: digits };
  await Promise.all([post(walker, '/sms/inbound', form), post(walker, '/sms/inbound', form)]);
  await until(async () => {
    const { text } = await call(walker, 'GET', `/v1/payments/${id}`);
    return (JSON.parse(text) as { status: string }).status === 'succeeded' || undefined;
  });
  return digits;
}

const LOOKS_MAX = 600;
const LOOK_AGAIN_MS = 50;

async function until<T>(found: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const one = await found();
    if (one !== undefined) return one;
    await pause(LOOK_AGAIN_MS);
  }
  throw new Error('it did not come');
}
