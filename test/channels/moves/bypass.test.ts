/**
 * Moving channel never lowers the proof asked: a card whose holder was to be authenticated on one channel is nowhere taken
 * without that afterwards, under whichever token it is kept and with whichever date; with it, it is taken once.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Source } from '../../../src/contracts/payment.js';
import { approvalsOf } from '../../browser/house.js';
import type { Television } from '../tv/box.js';
import { digitsIn, type MovesHouse, OPERATOR, type Order, openMovesHouse, PURCHASE_CODE } from './house.js';
import { type Visitor, visiting } from './page.js';

/** Its bank wants the holder authenticated, always. The one that is stored is good until 12/34, those that are typed longer. */
const CARD = '4000002760003184';
const TYPED = '11/35';

let house: MovesHouse;
beforeAll(async () => {
  house = await openMovesHouse();
});
afterAll(() => house?.close());

/** A payer at all their devices; before anything else happened a television had asked for the purchase code, and digits were sent. */
interface Payer {
  readonly order: Order;
  readonly page: Visitor;
  readonly digits: string;
  readonly box: Television;
}

interface Way {
  readonly name: string;
  readonly channel: Source;
  act(payer: Payer): Promise<string>;
}

async function keyed({ order }: Payer): Promise<string> {
  const call = await house.calling(order);
  await call.press('1');
  const said = await call.keyCard({ number: CARD, month: TYPED.slice(0, 2), year: TYPED.slice(3) });
  return `${said} ${await call.listen()}`;
}

async function byPurchaseCode({ order }: Payer): Promise<string> {
  const call = await house.calling(order);
  await call.press('3');
  const said = await call.press(PURCHASE_CODE);
  return `${said} ${await call.listen()}`;
}

async function byDigits({ order, digits }: Payer): Promise<string> {
  const said = await house.texted(order, digits);
  return said === '' ? (await house.received(order, /charged/)).body : said;
}

/** At a box that offers the card, or that has offered it; and once more on the screen that is shown then. */
async function givenTo(box: Television): Promise<string> {
  if (box.screen.options.some(({ key }) => key === 'GREEN')) await box.press('GREEN');
  await box.enter(PURCHASE_CODE);
  await box.enter(PURCHASE_CODE);
  const { id, options, text } = box.screen;
  return `${id}: ${options.map(({ label }) => label).join(', ')}: ${text}`;
}

const NOT_HERE = /^(?:handover|opened): Cancel: /;

async function challenged({ page }: Payer): Promise<void> {
  await page.giveCard(CARD, TYPED);
  await page.until('data-challenge');
}

/** Ways in which the holder was to be authenticated, and was not. */
const LEFT: readonly Way[] = [
  {
    name: 'a challenge that the holder refused',
    channel: 'web',
    async act(payer) {
      await challenged(payer);
      await payer.page.decide('refuse');
      return (await payer.page.until('did not succeed')).body;
    },
  },
  {
    name: 'a challenge that was left for another card',
    channel: 'web',
    async act(payer) {
      await challenged(payer);
      await payer.page.press('/leave');
      return (await payer.page.until('Card number')).body;
    },
  },
  {
    name: 'a challenge that another device has ended',
    channel: 'web',
    async act(payer) {
      await challenged(payer);
      const other = visiting(house, payer.order);
      await other.press('/leave');
      return (await other.until('Card number')).body;
    },
  },
  {
    name: 'a challenge that a caller has ended',
    channel: 'web',
    async act(payer) {
      await challenged(payer);
      return (await house.calling(payer.order)).press('1');
    },
  },
  { name: 'a card keyed on a telephone that its bank wants authenticated', channel: 'ivr', act: keyed },
  { name: 'a stored card that its bank wants authenticated, by purchase code', channel: 'ivr', act: byPurchaseCode },
  { name: 'a stored card that its bank wants authenticated, by text', channel: 'sms', act: byDigits },
  {
    name: 'a stored card that its bank wants authenticated, by purchase code on a television',
    channel: 'tv',
    async act({ box }) {
      await box.enter(PURCHASE_CODE);
      return (await box.until('handover')).text;
    },
  },
];

/** Ways to pay without the holder being authenticated. */
const RETURNS: readonly (Way & { readonly says: RegExp })[] = [
  { name: 'keyed on a telephone', channel: 'ivr', act: keyed, says: /your bank must confirm.*A link goes/i },
  { name: 'by purchase code', channel: 'ivr', act: byPurchaseCode, says: /your bank must confirm.*A link goes/i },
  { name: 'by digits that were sent before', channel: 'sms', act: byDigits, says: /charged.*https?:\/\// },
  {
    name: 'by a text that is sent now',
    channel: 'sms',
    async act({ order }) {
      const text = await house.asked(order);
      expect(digitsIn(text)).toBe('');
      return text;
    },
    says: /Pay: https?:\/\//,
  },
  {
    name: 'by purchase code on a television that is opened now',
    channel: 'tv',
    act: async ({ order }) => givenTo(await house.television(order, { device: 'box-2' })),
    says: NOT_HERE,
  },
  {
    name: 'by purchase code on a television that had asked for it before',
    channel: 'tv',
    act: ({ box }) => givenTo(box),
    says: NOT_HERE,
  },
];

const PAIRS = LEFT.flatMap((left) => RETURNS.map((back) => [left.channel, left.name, back.name, left, back] as const));

/** Digits are asked for where somebody means to send them back: how often payers are reached within an hour is bounded. */
async function arrive(order: Order, ...ways: readonly Way[]): Promise<Payer> {
  const digits = ways.some(({ act }) => act === byDigits) ? digitsIn(await house.asked(order)) : '';
  const box = await house.television(order);
  await box.press('GREEN');
  expect(box.screen.id).toBe('purchase_code');
  return { order, page: visiting(house, order), digits, box };
}

/** Nothing was charged, and nothing was begun that could be without the holder. */
async function stillUnpaid(order: Order, attempts: number, status = 'requires_payment_method'): Promise<void> {
  const payment = await house.payment(order.id);
  expect(payment.status).toBe(status);
  expect(payment.attempts).toHaveLength(attempts);
  expect(approvalsOf(payment)).toBe(0);
  expect((await house.ledger(order.id)).filter(({ status }) => status === 'approved')).toEqual([]);
}

describe.each(PAIRS)('%s: %s', (_, __, back, left, way) => {
  it(`does not come back ${back}`, async () => {
    const payer = await arrive(await house.order(CARD), left, way);
    await left.act(payer);
    const before = await house.settled(payer.order.id, 'requires_payment_method');
    expect(before.attempts.at(-1)?.channel).toBe(left.channel);
    expect(await way.act(payer)).toMatch(
      left.act === byDigits && way.act === byDigits ? /charged|closed|expired/i : way.says,
    );
    await stillUnpaid(payer.order, before.attempts.length);

    await payer.page.giveCard(CARD, TYPED);
    await payer.page.decide('approve');
    const paid = await house.settled(payer.order.id, 'succeeded');
    expect(paid.attempts.at(-1)).toMatchObject({
      ...{ channel: 'web', initiator: 'holder', authentication: { state: 'passed', proof: { result: 'Y' } } },
    });
    expect(approvalsOf(paid)).toBe(1);
    const booked = (await house.ledger(payer.order.id)).filter(({ captured }) => captured > 0);
    expect(booked.map(({ captured }) => captured)).toEqual([paid.amount]);
  });
});

/** The cards of an account, as if they had been stored before the key of fingerprints changed. */
async function storeUnderAnotherKey(owner: string, account: string): Promise<void> {
  const stored = await house.store.payers.byAccount(owner, 'test', account);
  if (stored === null) throw new Error('the account is gone');
  const instruments = stored.instruments.map((instrument) => ({
    ...instrument,
    face: { ...instrument.face, fingerprint: instrument.face.fingerprint.replace(/^1\./, '0.of-another-key.') },
  }));
  await house.store.payers.commit({ ...stored, instruments, revision: stored.revision + 1 });
}

it('a card that was stored before the key of fingerprints changed is the same card still', async () => {
  for (const way of RETURNS.filter(
    ({ act, channel }) => act === byPurchaseCode || act === byDigits || channel === 'tv',
  )) {
    const payer = await arrive(await house.order(CARD), way);
    await storeUnderAnotherKey('mer_demo', payer.order.account);
    await storeUnderAnotherKey(OPERATOR, house.homeOf(payer.order));
    await challenged(payer);
    await payer.page.press('/leave');
    const before = await house.settled(payer.order.id, 'requires_payment_method');
    expect(await way.act(payer)).toMatch(way.says);
    await stillUnpaid(payer.order, before.attempts.length);
  }
});

it('while a challenge waits for its holder, no television takes its card', async () => {
  const payer = await arrive(await house.order(CARD));
  await challenged(payer);
  for (const box of [payer.box, await house.television(payer.order, { device: 'box-2' })]) {
    expect(await givenTo(box)).toMatch(/^elsewhere: Cancel: .*Confirm it on the device where you began/);
  }
  await stillUnpaid(payer.order, 1, 'requires_action');
  await payer.page.decide('approve');
  const paid = await house.settled(payer.order.id, 'succeeded');
  expect(paid.attempts).toMatchObject([{ channel: 'web', authentication: { state: 'passed' } }]);
  expect((await payer.box.until('paid')).text).not.toMatch(/ending in/);
});

it.each(RETURNS.filter(({ act }) => act !== byDigits))(
  'a stored card that its bank wants authenticated with `pay_with` does not come back $name',
  async ({ act, says }) => {
    const order = await house.order(CARD, (token) => ({ pay_with: token, reason: 'payer_present' }));
    expect((await house.settled(order.id, 'requires_action')).attempts).toMatchObject([
      { channel: 'api', decline: { code: 'authentication_required' } },
    ]);
    const box = await house.television(order);
    expect(await act({ order, page: visiting(house, order), digits: '', box })).toMatch(says);
    await stillUnpaid(order, 1, 'requires_action');
  },
);
