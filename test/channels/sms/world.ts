import type { AddressInfo } from 'node:net';
import express from 'express';
import twilio from 'twilio';
import { expect, onTestFinished } from 'vitest';
import { createSay } from '../../../channels/catalogue/index.js';
import { createSmsChannel } from '../../../channels/sms/index.js';
import type { Engine, NewPayment } from '../../../src/contracts/engine.js';
import type { Merchant, MerchantProfile } from '../../../src/contracts/merchant.js';
import type { Payment } from '../../../src/contracts/payment.js';
import type { Store } from '../../../src/contracts/store.js';
import type { Begun, OutgoingCall, OutgoingText, Telephone } from '../../../src/contracts/telephone.js';
import type { Consents, Text } from '../../../src/contracts/text.js';
import { createTextCharge } from '../../../src/counter/text_charge.js';
import { createTextCounter } from '../../../src/counter/text_replies.js';
import { totalsOf } from '../../../src/engine/ledger.js';
import { promptsOf } from '../../../src/engine/prompts.js';
import { isTextEnough } from '../../../src/engine/proof.js';
import { createReaching } from '../../../src/notify/reaching.js';
import { createConsents } from '../../../src/notify/texts/consents.js';
import { createTexts, type Texts } from '../../../src/notify/texts/index.js';
import { bindingOf } from '../../../src/notify/texts/offer.js';
import { deviceOf } from '../../../src/notify/texts/record.js';
import { languageOf, parametersOf } from '../../../src/notify/texts/writer.js';
import { createSigning } from '../../../src/signing.js';
import { createSignatures } from '../../../src/twilio/signature.js';
import { createVault } from '../../../src/vault/index.js';
import { type VirtualClock, virtualClock } from '../../clock.js';
import { sampleInstrument, sampleMerchant, samplePayer } from '../../contract/samples.js';
import { seededIds } from '../../ids.js';
import { emptyStore } from '../../support/empty_store.js';
import { silentLog } from '../../support/silent_log.js';
import { MESSAGING, parseTwiml, problemsOf } from '../ivr/twiml.js';
import { openEngine } from './engine.js';
import { type Fate, type Listed, newSid, obedientProvider } from './provider.js';

export { newSid } from './provider.js';

/** A Tuesday, 14:22 in Paris. */
export const START = Date.UTC(2030, 0, 8, 13, 22);
export const PHONE = '+33612345678';
export const STRANGER = '+33698765432';
export const TOKEN = 'a-secret-of-the-account-1234';
export const PUBLIC_URL = 'https://pay.example.org';
const KEY = { id: 'k1', bytes: Uint8Array.from({ length: 32 }, (_, index) => (index * 7 + 3) % 256) };

export interface SmsWorld {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly telephone: Telephone;
  readonly engine: Engine;
  readonly texts: Texts;
  readonly consents: Consents;
  readonly merchant: Merchant;
  /** What the provider was given, oldest first. */
  readonly sent: OutgoingText[];
  readonly calls: OutgoingCall[];
  /** What it answers to the next requests, in turn; then it takes everything. */
  readonly answers: Begun[];
  /** What it says it has sent. */
  readonly listed: Listed[];
  /** When set, authorizations wait for it. */
  gate: Promise<void> | null;
  /** Throws in the place of the provider's list. */
  isListAway: boolean;
  order(change?: Partial<NewPayment>): Promise<Payment>;
  /** Has the payer texted, and does what follows. */
  reach(payment: Payment, to?: string): Promise<OutgoingText>;
  settle(): Promise<void>;
  /** Goes on in time until `at`, doing what is due. */
  goOn(at: number): Promise<void>;
  payment(id: string): Promise<Payment>;
  textsOf(payment: string): Promise<Text[]>;
  /** What comes in at a number of ours; answers what is said back. */
  inbound(body: string, change?: Inbound): Promise<string>;
  status(text: string, fields: Readonly<Record<string, string>>): Promise<number>;
  post(path: string, fields: Readonly<Record<string, string>>, signature?: string | null): Promise<Response>;
  eventsOf(payment: string): Promise<string[]>;
}

export interface Inbound {
  readonly from?: string;
  readonly sid?: string;
  readonly more?: Readonly<Record<string, string>>;
}

interface Given {
  readonly profile?: Partial<MerchantProfile>;
  readonly isOneWay?: boolean;
  readonly providerAnswers?: boolean;
  readonly callAddresses?: boolean;
  readonly reachesPerHour?: { readonly live: number };
  /** The store as those who text see it. */
  readonly faulty?: (store: Store) => Store;
  /** Thrown where a reach is told what became of its text; null while all is well. */
  readonly trouble?: (payment: string) => Error | null;
  /** Payments that only another release can go on with. */
  readonly isElsewhere?: (payment: string) => boolean;
  /** What a request for a text comes to, in the place of `answers`. */
  readonly fate?: Fate;
}

export const digitsOf = ({ body }: { readonly body: string }): string => /\b\d{6}\b/.exec(body)?.[0] ?? 'none';

let worlds = 1;

/** Everything about texts, with a real store and engine, real signatures, and a provider that does what it is told. */
export async function openSmsWorld(given: Given = {}): Promise<SmsWorld> {
  const clock = virtualClock(START);
  const store = await emptyStore();
  const ids = seededIds(worlds++, clock);
  const log = silentLog();
  const signing = createSigning({ keys: [KEY], ids });
  const vault = createVault({ records: store.vault, keys: [KEY], clock, ids, log });
  const state = { gate: null as Promise<void> | null, isListAway: false };
  const { telephone, sent, calls, answers, listed } = obedientProvider(state, given.fate, clock.now);
  const smsConfirmLimit = { EUR: 15_000 };
  const base = sampleMerchant({ id: 'mer_lune' });
  const merchant = sampleMerchant({
    id: 'mer_lune',
    profile: {
      ...base.profile,
      smsName: 'La Lune',
      channels: ['web', 'sms', 'ivr'],
      smsConfirmLimit,
      ...given.profile,
    },
  });
  await store.merchants.commit(merchant);
  await store.payers.commit(
    samplePayer({
      id: 'pyr_ada',
      owner: merchant.id,
      mode: 'live',
      account: 'ada',
      phone: PHONE,
      instruments: [sampleInstrument({ id: 'ins_card', token: 'tok_sandbox_approve' })],
      defaultInstrument: 'ins_card',
    }),
  );
  const { numberNames, textCodes: codes } = signing;
  const consents = createConsents({ store, clock, numberNames });
  const payers = {
    find: ({ owner, mode, account }: { owner: string; mode: 'test' | 'live'; account: string }) =>
      store.payers.byAccount(owner, mode, account),
  };
  const payLink = ({ id, generation }: Payment): string | null =>
    generation === null ? null : `${PUBLIC_URL}/pay/${signing.pageToken(id, generation)}`;
  const engine = openEngine({
    ...{ store, vault, clock, ids, log },
    gate: () => state.gate,
    begin: (payment, reach) => reaching.begin(payment, reach),
  });
  const fail = (id: string): void => {
    const trouble = given.trouble?.(id) ?? null;
    if (trouble !== null) throw trouble;
  };
  const troubled: Pick<Engine, 'reached' | 'consented'> = {
    async reached(id, ...report) {
      fail(id);
      return engine.reached(id, ...report);
    },
    async consented(id, wanted) {
      fail(id);
      return engine.consented(id, wanted);
    },
  };
  const openPromptOf = promptsOf({ goesOnHere: ({ id }) => given.isElsewhere?.(id) !== true });
  const seen = given.faulty?.(store) ?? store;
  const shared = {
    ...{ store: seen, clock, consents, codes, numberNames, openPromptOf, isTextEnough, deviceOf, payers },
    engine: { ...engine, ...troubled },
  };
  const say = createSay('text');
  const texts = createTexts({
    ...shared,
    ...{ telephone, ids, log, say, payLink, isOneWay: given.isOneWay ?? false },
    ...{ pseudonym: signing.pseudonymOf, reachesPerHour: { live: 12, test: 12, ...given.reachesPerHour } },
    sums: totalsOf,
    statusUrl: (text) => `${PUBLIC_URL}/sms/status?text=${text}`,
    charge: createTextCharge(shared),
    concurrency: 4,
    due: () => undefined,
  });
  const reaching = createReaching({
    ...{ store, clock, telephone, pseudonym: signing.pseudonymOf, offer: texts.offer },
    callAddresses: given.callAddresses
      ? ({ id }, reach) => ({
          url: `${PUBLIC_URL}/ivr/reach?p=${id}`,
          statusUrl: `${PUBLIC_URL}/ivr/status?r=${reach.id}`,
        })
      : null,
  });
  const counter = createTextCounter({
    ...shared,
    ...{ bindingOf, payLink, follow: texts.follow },
    wordsAbout: async (payment, link) =>
      parametersOf({ payment, merchant, last4: null, link }, languageOf(payment.payer.language)),
  });
  const app = express();
  const signed = createSignatures({ authTokens: [TOKEN], publicUrl: PUBLIC_URL });
  const providerAnswers = given.providerAnswers ?? true;
  app.use(createSmsChannel({ counter, reported: texts.reported, signed, providerAnswers, say, log }));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    server.close();
    await texts.close();
    await engine.idle();
    await store.close();
  });

  let orders = 0;
  const world: SmsWorld = Object.assign(state, {
    ...{ clock, store, telephone, engine, texts, consents, merchant, sent, calls, answers, listed },
    order(change: Partial<NewPayment> = {}) {
      orders += 1;
      return engine.create({
        ...{ id: ids.next('pay'), mode: 'live', merchant: merchant.id, amount: 4250, currency: 'EUR' },
        ...{ reference: `ORDER-${orders}`, description: null, capture: 'automatic', instruments: ['card'] },
        channels: ['web', 'sms', 'ivr'],
        payer: { account: 'ada', email: 'ada@example.org', phone: PHONE, name: null, language: 'en' },
        ...{ origin: 'web', returnUrl: null, cancelUrl: null, metadata: {}, payWith: null, request: null },
        terms: { lateMoney: 'return', merchantName: 'La Lune', statementDescriptor: null, attemptsMax: 5 },
        expiresAt: clock.now() + 86_400_000,
        deadline: clock.now() + 5_000,
        ...change,
      });
    },
    async reach({ id }: Payment, to = PHONE) {
      await engine.reach(id, { channel: 'sms', to, request: null });
      await world.settle();
      const last = sent.at(-1);
      if (last === undefined) throw new Error('no text was sent');
      return last;
    },
    async settle() {
      for (let round = 0; round < 4; round += 1) {
        await engine.sweep();
        await engine.idle();
        await texts.sweep();
        await texts.idle();
      }
    },
    async goOn(at: number) {
      await world.settle();
      while (clock.now() < at) {
        const next = [await engine.sweep(), await texts.sweep()].filter((due) => due !== null);
        clock.advanceTo(Math.min(at, Math.max(clock.now() + 1_000, ...(next.length > 0 ? [Math.min(...next)] : [at]))));
        await world.settle();
      }
    },
    async payment(id: string) {
      const payment = await store.payments.load(id);
      if (payment === null) throw new Error(`no ${id}`);
      return payment;
    },
    textsOf: (payment: string) => store.texts.ofPayment(payment),
    async post(path: string, fields: Readonly<Record<string, string>>, signature?: string | null) {
      const sign = signature === undefined ? signatureOf(path, fields) : signature;
      return fetch(url + path, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: sign === null ? {} : { 'x-twilio-signature': sign },
      });
    },
    async inbound(body: string, { from = PHONE, sid = newSid(), more = {} }: Inbound = {}) {
      const fields = { MessageSid: sid, From: from, To: '38000', Body: body, ...more };
      const answer = await world.post('/sms/inbound', fields);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/xml; charset=utf-8');
      const document = await answer.text();
      expect(problemsOf(parseTwiml(document), MESSAGING)).toEqual([]);
      const said = /<Message>(.*)<\/Message>/s.exec(document)?.[1] ?? '';
      await world.settle();
      return said;
    },
    async status(text: string, fields: Readonly<Record<string, string>>) {
      const answer = await world.post(`/sms/status?text=${text}`, fields);
      await world.settle();
      return answer.status;
    },
    eventsOf: async (payment: string) =>
      (await world.payment(payment)).events.map(({ type, note }) => (note === null ? type : `${type} ${note}`)),
  });
  return world;
}

export function signatureOf(path: string, fields: Readonly<Record<string, string>>, token = TOKEN): string {
  return twilio.getExpectedTwilioSignature(token, PUBLIC_URL + path, { ...fields });
}
