/** Secrets on every path, then a search of everything that is left: nothing is found outside the vault. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepare } from '../../scripts/prepare.mjs';
import { TEST_CARDS } from '../../src/lab/acquirer/cards.js';
import { DEMO_OPERATOR } from '../../src/operators/demo.js';
import { openReceiver, type Receiver } from '../process/receiver.js';
import { pause } from '../process/requests.js';
import { seededRandom } from '../simulation/random.js';
import { type GuichetProcess, guichetProcess } from '../support/guichet.js';
import { payByTelephone, payWithPurchaseCode, TELEPHONE, takeCalls } from './calls.js';
import { typedCard, unknownNumber } from './canaries.js';
import { askWrongly, tellWrongly } from './misuse.js';
import { setPurchaseCode, useSecretsOfPayers } from './payers.js';
import { createScanner, type Finding, type Form } from './scanner.js';
import { payBesideTelevision, payOnTelevision } from './televisions.js';
import { openProvider, type Provider, payByText, textByMistake } from './texts.js';
import { call, ONE_TIME_CODE, payAtPage, type Seen, type Typed, type Walker, WRONG_ONE_TIME_CODE } from './walks.js';

const seed = Date.now() % 1_000_000;
const random = seededRandom(seed);
const UNKNOWN_PAYMENTS = 20;
const CARDS_PER_PAYMENT = 5;
const AT_ONCE = 8;
const CALLS = 3;
const TEXTS = 6;

const known = TEST_CARDS.map(({ number }) => typedCard(number, random));
const unknown = Array.from({ length: UNKNOWN_PAYMENTS }, () =>
  Array.from({ length: CARDS_PER_PAYMENT }, () => typedCard(unknownNumber(random), random)),
);
const challenged = typedCard('4000000000003220', random);
const cards: readonly Typed[] = [...known, ...unknown.flat()];
const refused = Array.from({ length: 10 }, () => unknownNumber(random));
const hidden = unknownNumber(random);
const shown = unknownNumber(random);
const codes = {
  right: '80417256',
  wrong: '71930584',
  oneTime: '59203871',
  atDesk: '69058134',
  differs: '41379620',
  byPhone: '57418263',
  mistypedByPhone: '86205947',
  byText: '31964075',
  onTelevision: '74290318',
  mistypedOnTelevision: '35107924',
  besideTelevision: '60815392',
  differsBesideTelevision: '29473608',
  iban: 'FR7630006000011234567890189',
};
/** Six digits stand in many a number by chance: these are looked for as values. */
const mailed = { right: '806194', wrong: '370582' };
/** The same on the page that a television leads to: ours, which a mail brings, and others. */
const besideTelevision = { right: '', wrong: '918275' };
/** Six digits of ours, and six others that were texted in their place. */
const texted = { right: '', wrong: '604918' };
const never = [...cards.map(({ number }) => number), ...Object.values(codes), ONE_TIME_CODE, WRONG_ONE_TIME_CODE];

let guichet: GuichetProcess;
let receiver: Receiver;
let provider: Provider;
let whileRunning: Seen[] = [];
let afterwards: Seen[] = [];
const feed: Seen[] = [];
const walker: Walker = { url: '', seen: [] };

beforeAll(async () => {
  prepare();
  receiver = await openReceiver();
  provider = await openProvider();
  const settings = { LOG_LEVEL: 'debug', ...TELEPHONE, TWILIO_API_BASE_URL: provider.url };
  guichet = await guichetProcess({ settings });
  await guichet.start();
  await takeCalls(guichet.dataDir);
  Object.assign(walker, { url: guichet.url });
  const made = await call({ ...walker, seen: [] }, 'POST', '/v1/webhook_endpoints', `{"url":"${receiver.url}"}`);
  receiver.trust((JSON.parse(made.text) as { secret: string }).secret);

  const walks = [...known.map((card) => [card, card, ...unknownAgain()]), ...unknown];
  for (let from = 0; from < walks.length; from += AT_ONCE) {
    await Promise.all(walks.slice(from, from + AT_ONCE).map((walk) => payAtPage(walker, walk)));
  }
  await Promise.all([...known.slice(0, CALLS), ...cards.slice(-CALLS)].map((card) => payByTelephone(walker, card)));
  await useCodesByTelephone();
  await useCodesOnTelevision();
  for (const number of refused) await askWrongly(walker, number, '041');
  await tellWrongly(walker, { hidden, shown });
  await lookAround();
  whileRunning = filesOf(guichet.dataDir);
  await heardAll();
  await guichet.end('SIGTERM');

  await useSecretsOfPayers(guichet.dataDir, { codes, mailed, card: cards[0] as Typed });
  afterwards = filesOf(guichet.dataDir);
}, 240_000);
afterAll(async () => {
  await guichet?.close();
  await receiver?.close();
  await provider?.close();
});

/** Purchase codes and one-time codes keyed and texted, digits of ours sent back, and cards that are texted by mistake. */
async function useCodesByTelephone(): Promise<void> {
  await setPurchaseCode(guichet.dataDir, codes.byPhone);
  const keyed = { right: codes.byPhone, wrong: codes.mistypedByPhone, oneTime: codes.oneTime };
  await payWithPurchaseCode(walker, keyed);
  const byMistake = [...known.slice(0, TEXTS), ...unknown.flat().slice(0, TEXTS)];
  for (const [index, card] of byMistake.entries()) await textByMistake(walker, card, index);
  const wrongly = [texted.wrong, codes.byText, codes.byPhone, codes.oneTime];
  texted.right = await payByText(walker, provider, cards[0] as Typed, wrongly);
}

/** Purchase codes, one-time codes and a card number at the remote control, and on the page that the television leads to. */
async function useCodesOnTelevision(): Promise<void> {
  await setPurchaseCode(guichet.dataDir, codes.onTelevision, DEMO_OPERATOR.id);
  const entered = { right: codes.onTelevision, wrong: codes.mistypedOnTelevision, oneTime: codes.oneTime };
  await payOnTelevision(walker, entered, cards[0] as Typed);
  const typed = {
    ...{ notMailed: besideTelevision.wrong, next: codes.besideTelevision, differs: codes.differsBesideTelevision },
  };
  besideTelevision.right = await payBesideTelevision(walker, typed, challenged);
}

/** A few cards for a payer who was declined. */
const unknownAgain = (): Typed[] => [random.pick(unknown.flat())];

/** Reads what the house tells its merchant, its operator and the lab. */
async function lookAround(): Promise<void> {
  for (const path of [
    '/v1/payments?limit=100',
    '/v1/payers/demo',
    '/v1/webhook_endpoints',
    '/metrics',
    '/readyz',
    '/',
    '/lab/mailbox/messages.json?limit=1000',
  ]) {
    await call(walker, 'GET', path);
  }
  const { port, credential } = JSON.parse(readFileSync(join(guichet.dataDir, 'sandbox.json'), 'utf8'));
  const sandbox = { url: `http://127.0.0.1:${port}`, seen: walker.seen };
  const headers = { authorization: `Bearer ${credential}` };
  for (const path of ['/exchanges', '/ledger?limit=1000']) await call(sandbox, 'GET', path, null, headers);
  for (let after = '0', next = ''; next !== after; after = next) {
    const page = await call({ ...walker, seen: feed }, 'GET', `/v1/events?limit=100&after=${next || after}`);
    after = next || after;
    next = (JSON.parse(page.text) as { next: string }).next;
  }
  walker.seen.push(...feed);
}

/** Waits until the merchant's server was told of all that the feed had. */
async function heardAll(): Promise<void> {
  const events = feed.flatMap(({ text }) => (JSON.parse(text) as { data: unknown[] }).data).length;
  for (let look = 0; receiver.events.size < events && look < 200; look += 1) await pause(50);
}

function filesOf(folder: string): Seen[] {
  return readdirSync(folder).map((name) => {
    return { where: name, text: readFileSync(join(folder, name)).toString('latin1') };
  });
}

/** What the process has written, without the greeting, which names the test card to begin with. */
function logs(): Seen[] {
  const lines = guichet.output().split('\n');
  const text = lines.filter((line) => !line.includes('and pay with 4242 4242 4242 4242:')).join('\n');
  return [{ where: 'output of the process', text }];
}
const webhooks = (): Seen[] => [...receiver.events].map(([where, text]) => ({ where, text }));

/** The demo payer's telephone number, in which the sandbox's one-time code happens to stand. */
const DEMO_PHONE = '33612345678';

function search(secrets: readonly string[], places: readonly Seen[], forms?: (secret: string) => Form[]): Finding[] {
  const scanner = createScanner(secrets, forms);
  const bytesOf = (text: string): Buffer => Buffer.from(text.replaceAll(DEMO_PHONE, ''), 'latin1');
  return places.flatMap(({ where, text }) => scanner.scan(where, bytesOf(text))).slice(0, 10);
}

/** Three digits alone mean nothing: a security code is looked for as a value. */
const asValue = (code: string): Form[] =>
  [`"${code}"`, `'${code}'`, `=${code}&`, `=${code}"`, `:${code},`, `:${code}}`, `>${code}<`, `%22${code}%22`]
    .flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le')])
    .map((bytes) => ({ form: 'value', bytes }));

/** Among words, as our text says it: six digits by themselves are no coincidence there. */
const asWord = (code: string): Form[] =>
  [` ${code} `, `"${code} `, ` ${code}"`, `+${code}+`, `%20${code}%20`].map((text) => ({
    form: 'word',
    bytes: Buffer.from(text),
  }));

describe(`secrets (seed ${seed})`, () => {
  it('went every way there is', () => {
    const types = new Set(webhooks().map(({ text }) => (JSON.parse(text) as { type: string }).type));
    const wanted = ['requires_action', 'succeeded', 'failed'].map((status) => `payment.${status}`);
    expect([...types]).toEqual(expect.arrayContaining([...wanted, 'attempt.captured', 'attempt.declined']));
    const pages = new Set(walker.seen.map(({ where }) => where));
    const answers = [303, 403, 409, 413, 422].map((status) => `answer to /card ${status}`);
    const calls = ['/ivr/keyed 200', '/ivr/saved 200', '/ivr/code 403', 'connector 200', 'live events'];
    const texts = ['/sms/inbound 200', '/sms/inbound 403', '/sms/status 200'];
    const televisions = ['television 201', 'television 200', 'television 404'];
    expect([...pages]).toEqual(
      expect.arrayContaining([...calls, ...texts, ...televisions, ...answers, 'answer to /device-check 303']),
    );
  });

  it('are found in no file of the data folder, while the house runs and afterwards', () => {
    expect(whileRunning.map(({ where }) => where)).toEqual(expect.arrayContaining(['guichet.sqlite', 'sandbox.db']));
    expect(whileRunning.some(({ where }) => where === 'guichet.sqlite-wal')).toBe(true);
    for (const files of [whileRunning, afterwards]) expect(search([...never, ...refused], files)).toEqual([]);
  });

  it('are found in no log', () => {
    expect(logs()[0]?.text).toContain('closing');
    expect(search([...never, ...refused, hidden, shown], logs())).toEqual([]);
  });

  it('are found in no webhook and nowhere in the feed', () => {
    expect(receiver.wrong).toEqual([]);
    expect(receiver.events.size).toBeGreaterThan(cards.length);
    const told = [...webhooks(), ...feed];
    expect(search([...never, ...refused, hidden], told)).toEqual([]);
    // What the merchant calls a payment it is told again.
    expect(search([shown], told).length).toBeGreaterThan(0);
  });

  it('are found on no page and in no answer', () => {
    expect(walker.seen.length).toBeGreaterThan(10 * cards.length);
    expect(search(never, walker.seen)).toEqual([]);
  });

  it('are found in nothing that the provider is asked, and in no mail', () => {
    expect(provider.texts.length).toBeGreaterThan(1);
    expect(search([...never, ...refused], provider.asked)).toEqual([]);
    const mails = walker.seen.filter(({ where }) => where.includes('/lab/mailbox'));
    expect(mails.map(({ text }) => (JSON.parse(text) as { data: unknown[] }).data.length)).not.toContain(0);
    // The one text that has them says them, and no other.
    const saying = provider.texts.filter(({ form }) => form.get('Body')?.includes(texted.right));
    expect(saying).toHaveLength(1);
  });

  it('of three, four and six digits stand nowhere as a value', () => {
    const places = [...whileRunning, ...afterwards, ...logs(), ...webhooks(), ...walker.seen];
    // The last digits of a card may be shown, and those of one may be the code of another.
    const shownDigits = new Set(cards.map(({ number }) => number.slice(-4)));
    const securityCodes = cards.map(({ securityCode }) => securityCode).filter((code) => !shownDigits.has(code));
    expect(search([...securityCodes, '041', ...Object.values({ ...mailed, ...texted })], places, asValue)).toEqual([]);
    for (const { right } of [texted, besideTelevision]) expect(right).toMatch(/^\d{6}$/);
    expect(search(Object.values(texted), places, asWord)).toEqual([]);
    // What a mail says stands in the lab's mailbox, which is the payer's, and nowhere else.
    const ours = places.filter(({ where }) => !where.includes('mailbox'));
    for (const forms of [asValue, asWord]) expect(search(Object.values(besideTelevision), ours, forms)).toEqual([]);
    const inMailbox = places.filter(({ where }) => where.includes('/lab/mailbox'));
    expect(inMailbox.some(({ text }) => text.includes(besideTelevision.right))).toBe(true);
    expect(search([texted.right], provider.asked, asWord)).toHaveLength(1);
  });

  it('lie in the vault, sealed', () => {
    const database = new Database(join(guichet.dataDir, 'guichet.sqlite'));
    const rows = database.prepare('SELECT kind, sealed FROM vault').all() as { kind: string; sealed: Buffer }[];
    database.close();
    expect(rows.map(({ kind }) => kind)).toContain('card');
    const sealed = rows.map(({ kind, sealed: bytes }) => ({
      where: kind,
      text: Buffer.from(bytes).toString('latin1'),
    }));
    expect(search(never, sealed)).toEqual([]);
  });

  it('would have been found: one of each kind, put where it must not be', () => {
    const [card] = cards;
    const leaks = [card?.number ?? '', codes.right, ONE_TIME_CODE].map((secret) => ({
      where: secret,
      text: `${logs()[0]?.text} ${JSON.stringify({ note: `the payer typed ${secret}` })}`,
    }));
    expect(search(never, leaks).map(({ where }) => where)).toEqual(leaks.map(({ where }) => where));
    const leak = [{ where: 'a document', text: JSON.stringify({ security_code: card?.securityCode }) }];
    expect(search([card?.securityCode ?? ''], leak, asValue)).toHaveLength(1);
  });
});
