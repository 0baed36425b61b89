/**
 * Moving channel never lowers the proof asked: a card whose holder was to be authenticated on one channel is nowhere taken
 * without that afterwards, under whichever token it is kept and with whichever date; with it, it is taken once.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Source } from '../../../src/contracts/payment.js';
import { approvalsOf } from '../../browser/house.js';
import { digitsIn, type MovesHouse, type Order, openMovesHouse, PURCHASE_CODE } from './house.js';
import { type Visitor, visiting } from './page.js';

/** Its bank wants the holder authenticated, always. The one that is stored is good until 12/34, those that are typed longer. */
const CARD = '4000002760003184';
const TYPED = '11/35';

let house: MovesHouse;
beforeAll(async () => {
  house = await openMovesHouse();
});
afterAll(() => house?.close());

/** A payer at all their devices; the text with digits was sent before anything else happened. */
interface Payer {
  readonly order: Order;
  readonly page: Visitor;
  readonly digits: string;
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
];

const PAIRS = LEFT.flatMap((left) => RETURNS.map((back) => [left.channel, left.name, back.name, left, back] as const));

async function arrive(order: Order): Promise<Payer> {
  const digits = digitsIn(await house.asked(order));
  return { order, page: visiting(house, order), digits };
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
    const payer = await arrive(await house.order(CARD));
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

it('a card that was stored before the key of fingerprints changed is the same card still', async () => {
  for (const way of RETURNS.filter(({ act }) => act === byPurchaseCode || act === byDigits)) {
    const payer = await arrive(await house.order(CARD));
    const stored = await house.store.payers.byAccount('mer_demo', 'test', payer.order.account);
    if (stored === null) throw new Error('the account is gone');
    const instruments = stored.instruments.map((instrument) => ({
      ...instrument,
      face: { ...instrument.face, fingerprint: instrument.face.fingerprint.replace(/^1\./, '0.of-another-key.') },
    }));
    await house.store.payers.commit({ ...stored, instruments, revision: stored.revision + 1 });
    await challenged(payer);
    await payer.page.press('/leave');
    const before = await house.settled(payer.order.id, 'requires_payment_method');
    expect(await way.act(payer)).toMatch(way.says);
    await stillUnpaid(payer.order, before.attempts.length);
  }
});

it.each(RETURNS.filter(({ act }) => act !== byDigits))(
  'a stored card that its bank wants authenticated with `pay_with` does not come back $name',
  async ({ act, says }) => {
    const order = await house.order(CARD, (token) => ({ pay_with: token, reason: 'payer_present' }));
    expect((await house.settled(order.id, 'requires_action')).attempts).toMatchObject([
      { channel: 'api', decline: { code: 'authentication_required' } },
    ]);
    expect(await act({ order, page: visiting(house, order), digits: '' })).toMatch(says);
    await stillUnpaid(order, 1, 'requires_action');
  },
);
