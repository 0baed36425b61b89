/** Callers who wait before keys while another device pays: through the simulator, over real HTTP. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Twilio } from '../../../src/lab/twilio/simulator.js';
import type { Caller } from '../../../src/lab/twilio/voice/caller.js';
import { type LabHouse, openLabHouse, until } from '../../lab/house.js';

const OURS = '+33199001234';
const CARD = '4111111111111111';
const TOLD_WITHIN_MS = 2_000;
const SLOW_MS = 60_000;

let house: LabHouse;
let twilio: Twilio;
beforeAll(async () => {
  house = await openLabHouse();
  if (house.twilio === null) throw new Error('there is no simulator');
  twilio = house.twilio;
}, SLOW_MS);
afterEach(() => {
  twilio.heal();
  expect(twilio.problems()).toEqual([]);
});
afterAll(() => house?.close());

const LANGUAGES = {
  en: {
    key: '2',
    menu: /press 1/,
    merchant: /forty-two euros fifty/,
    told: /has been paid already\. Nothing more is due/,
    own: /Done\. You have paid/,
  },
  fr: {
    key: '1',
    menu: /appuyez sur 1/,
    merchant: /quarante-deux euros/,
    told: /déjà réglé\. Plus rien n’est dû/,
    own: /C’est fait\. Vous avez payé/,
  },
} as const;
type Language = keyof typeof LANGUAGES;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let orders = 0;

/** A caller who has given the code of a payment, and hears the menu. */
async function calling(language: Language) {
  orders += 1;
  const made = (await house.api('/v1/payments', {
    ...{ amount: 4_250, currency: 'EUR', reference: `NEWS-${orders}` },
    payer: { language },
  })) as { id: string; payment_code: string; links: { pay: string } };
  const caller = twilio.dial({ from: `+3361${8_000_000 + orders}`, to: OURS });
  await caller.press(LANGUAGES[language].key);
  await caller.press(`${made.payment_code}#`);
  await caller.hears(LANGUAGES[language].menu);
  return { id: made.id, pay: made.links.pay, caller };
}

/** When it was paid, as the merchant's story of it says. */
async function paidAt(id: string): Promise<number> {
  await until(`${id} is paid`, async () => (await house.api(`/v1/payments/${id}`))['status'] === 'succeeded');
  const { data } = (await house.api(`/v1/payments/${id}/timeline`)) as { data: { type: string; at: string }[] };
  return Date.parse(data.find(({ type }) => type === 'payment.succeeded')?.at ?? '');
}

/** Waits until the caller was told, who presses nothing; answers what was said, and what was heard since. */
async function expectTold(id: string, caller: Caller, language: Language): Promise<void> {
  const { told } = LANGUAGES[language];
  await expect.poll(() => caller.said(), { timeout: 10_000, interval: 20 }).toMatch(told);
  const heard = caller.transcript.find(({ text }) => told.test(text));
  expect((heard?.at ?? Number.NaN) - (await paidAt(id))).toBeLessThanOrEqual(TOLD_WITHIN_MS);
  await caller.over();
  const authorizations = (await house.ledger(id)).filter(({ type }) => type === 'authorize');
  expect(authorizations.map(({ status }) => status)).toEqual(['approved']);
}

const voiceOf = ({ sid }: Caller): string[] =>
  twilio
    .exchanges(sid)
    .filter(({ kind }) => kind === 'voice')
    .map(({ url }) => new URL(url).pathname);

describe.each(Object.keys(LANGUAGES) as Language[])('in %s, a caller', (language) => {
  it('in the menu is told within two seconds that the page has paid', { timeout: SLOW_MS }, async () => {
    const { id, pay, caller } = await calling(language);
    await house.pay(pay);
    await expectTold(id, caller, language);
    expect(voiceOf(caller)).toEqual(expect.arrayContaining(['/ivr/code', '/ivr/news']));
    expect(voiceOf(caller)).not.toContain('/ivr/menu');
  });

  it('who is keying a card too, and its digits are nowhere', { timeout: SLOW_MS }, async () => {
    const { id, pay, caller } = await calling(language);
    await caller.press('1');
    await caller.press(CARD.slice(0, 10));
    await house.pay(pay);
    await expectTold(id, caller, language);
    expect(voiceOf(caller)).not.toContain('/ivr/keyed');
    expect(JSON.stringify([twilio.exchanges(), caller.transcript])).not.toContain(CARD.slice(0, 10));
    expect(twilio.exchanges(caller.sid).map(({ kind }) => kind)).not.toContain('connector');
  });

  it('whose card is with the connector in that very instant hears who was faster, and one is charged', {
    timeout: SLOW_MS,
  }, async () => {
    for (let round = 0; round < 4; round += 1) {
      const { id, pay, caller } = await calling(language);
      await caller.press('1');
      await caller.press(`${CARD} 1234 12`);
      await Promise.all([house.pay(pay).catch(() => undefined), caller.press('3')]);
      await paidAt(id);
      const heard = new RegExp(`${LANGUAGES[language].told.source}|${LANGUAGES[language].own.source}`);
      await expect.poll(() => caller.said(), { timeout: 10_000, interval: 20 }).toMatch(heard);
      const [attempt] = ((await house.api(`/v1/payments/${id}`)) as { attempts: { channel: string }[] }).attempts;
      const isOwn = attempt?.channel === 'ivr';
      expect(LANGUAGES[language][isOwn ? 'own' : 'told'].test(caller.said())).toBe(true);
      if (isOwn) expect(voiceOf(caller)).not.toContain('/ivr/news');
      caller.hangUp();
      await caller.over();
      const authorizations = (await house.ledger(id)).filter(({ type }) => type === 'authorize');
      expect(authorizations.map(({ status }) => status)).toEqual(['approved']);
    }
  });
});

it('where the provider takes no call anywhere, the caller hears it at the next key', { timeout: SLOW_MS }, async () => {
  const { id, pay, caller } = await calling('en');
  twilio.fail({ on: 'rest', fault: 'down', count: 2 });
  await house.pay(pay);
  await paidAt(id);
  await pause(1_000);
  expect(voiceOf(caller)).not.toContain('/ivr/news');
  await caller.press('1');
  await caller.hears(LANGUAGES.en.told);
});

it('where it does not take the call at once, it is asked once more', { timeout: SLOW_MS }, async () => {
  const { id, pay, caller } = await calling('en');
  twilio.fail({ on: 'rest', fault: 'rate_limited' });
  await house.pay(pay);
  await expectTold(id, caller, 'en');
});
