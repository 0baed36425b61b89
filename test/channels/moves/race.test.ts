/** Two channels answer in the same instant: one is taken, one authorization is made, and the other is told in its own words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChannelName } from '../../../src/contracts/payment.js';
import { approvalsOf } from '../../browser/house.js';
import type { Call } from '../ivr/caller.js';
import { digitsIn, type MovesHouse, type Order, openMovesHouse, PURCHASE_CODE, pause } from './house.js';

const ROUNDS = 10;
const TOLD_WITHIN_MS = 2_000;

/** Somebody at the last key of a channel. */
interface Hand {
  press(): Promise<unknown>;
  /** What they are told in the end, and when. */
  told(): Promise<{ readonly words: string; readonly at: number }>;
}

interface Channel {
  readonly name: ChannelName;
  ready(order: Order): Promise<Hand>;
  readonly won: RegExp;
  /** What is said to whoever was second, to one on that channel. */
  lost(to: ChannelName): RegExp;
}

let house: MovesHouse;
beforeAll(async () => {
  house = await openMovesHouse();
});
afterAll(() => house?.close());

const PAID_ELSEWHERE: Readonly<Record<ChannelName, RegExp>> = {
  web: /was paid on another device\. Nothing was charged here\./,
  ivr: /was paid by telephone\. Nothing was charged here\./,
  sms: /was paid by text message\. Nothing was charged here\./,
  tv: /was paid on a television\. Nothing was charged here\./,
};

const web: Channel = {
  name: 'web',
  won: /You have paid €42\.50/,
  // Of two pages of one payment nobody can tell which it was.
  lost: (to) => (to === 'web' ? /You have paid €42\.50/ : PAID_ELSEWHERE[to]),
  async ready({ path }) {
    const browser = house.browser();
    const page = await browser.ask(path);
    const card = { number: '4242 4242 4242 4242', expiry: '12/34', security_code: '123' };
    return {
      press: () => browser.submit(page, '/card', card),
      async told() {
        for (;;) {
          const { body } = await browser.ask(path);
          if (/You have paid|was paid/.test(body)) return { words: body, at: Date.now() };
          await pause(50);
        }
      },
    };
  },
};

/** Follows where a call leads, at the provider's pace: a pause takes its time. */
async function listened(call: Call, before: string): Promise<{ words: string; at: number }> {
  let [heard, at] = [before, Date.now()];
  while (call.has('Redirect')) {
    if (call.has('Pause')) await pause(1_000 * Number(call.attribute('Pause', 'length')));
    heard += ` ${await call.follow()}`;
    at = Date.now();
  }
  return { words: heard, at };
}

const ivr: Channel = {
  name: 'ivr',
  won: /Done\. You have paid forty-two euros fifty/,
  lost: () => /This payment has been paid already\./,
  async ready(order) {
    const call = await house.calling(order);
    await call.press('1');
    const action = call.attribute('Pay', 'action');
    const { body } = await call.connect({ number: '4111111111111111', month: '12', year: '34', code: '123' }, call.sid);
    let heard = '';
    return {
      async press() {
        heard = await call.go(action, { Result: 'success', PaymentToken: body.token_id ?? '' });
      },
      told: () => listened(call, heard),
    };
  },
};

const sms: Channel = {
  name: 'sms',
  won: /Paid: 42\.50 EUR to .*, card \*4242/,
  lost: () =>
    /(?:Already paid to .*|being paid elsewhere just now\.) Your reply charged nothing\.|under way\. The outcome follows\./,
  async ready(order) {
    const text = texts.get(order.id) ?? (await house.asked(order));
    texts.set(order.id, text);
    let answer = '';
    let at = 0;
    return {
      async press() {
        answer = await house.texted(order, digitsIn(text));
        at = Date.now();
      },
      async told() {
        if (answer !== '') return { words: answer, at };
        const { body, at: sentAt } = await house.received(
          order,
          /^TEST (?:Paid|Already paid|This payment is being paid)/,
        );
        return { words: body, at: sentAt };
      },
    };
  },
};
/** The text of each payment: two hands hold the one telephone. */
const texts = new Map<string, string>();

/** The last key is the purchase code, or the one that chooses a card after it. */
const tv: Channel = {
  name: 'tv',
  won: /^€42\.50 paid to La Petite Boutique with \w+ ending in \d{4}\./,
  lost: () => /^€42\.50 paid to La Petite Boutique\. Reference/,
  async ready(order) {
    boxes += 1;
    const device = `box-${boxes}`;
    const choosesCard = boxes % 4 > 1;
    const cards = choosesCard ? { cards: [order.stored, '4111111111111111'] } : {};
    const box = await house.television(order, { device, ...cards });
    await box.press('GREEN');
    if (choosesCard) await box.enter(PURCHASE_CODE);
    return {
      press: () => (choosesCard ? box.press('OK') : box.enter(PURCHASE_CODE)),
      async told() {
        const { text } = await box.until('paid');
        return { words: text, at: Date.now() };
      },
    };
  },
};
let boxes = 0;

const CHANNELS = [web, ivr, sms, tv] as const;
const PAIRS = CHANNELS.flatMap((one, index) => CHANNELS.slice(index).map((other) => [one, other] as const));

describe.each(PAIRS.map(([one, other]) => [one.name, other.name, one, other] as const))(
  '%s and %s',
  (_, __, one, other) => {
    it(`answer in the same instant, ${ROUNDS} times over`, async () => {
      const channels = [one, other];
      for (let round = 0; round < ROUNDS; round += 1) {
        const order = await house.order();
        const hands: Hand[] = [];
        for (const { ready } of channels) hands.push(await ready(order));
        // Either may be first to be heard.
        const pressed = round % 2 === 0 ? hands : [...hands].reverse();
        await Promise.all(pressed.map(({ press }) => press()));
        const told = await Promise.all(hands.map((hand) => hand.told()));
        const payment = await house.settled(order.id, 'succeeded');

        const [attempt, ...more] = payment.attempts;
        expect([more.length, approvalsOf(payment), attempt?.flow]).toEqual([0, 1, null]);
        const booked = (await house.ledger(order.id)).filter(({ type }) => type === 'authorize');
        expect(booked.map(({ status, captured }) => [status, captured])).toEqual([['approved', payment.amount]]);
        const by = attempt?.channel as ChannelName;
        const hasWon = channels.map(({ name, won }, at) => name === by && won.test(told[at]?.words ?? ''));
        // Of two pages of one payment nobody can tell which it was.
        expect(hasWon.filter(Boolean)).toHaveLength(one === web && other === web ? 2 : 1);
        const paidAt = payment.events.find(({ type }) => type === 'payment.succeeded')?.at ?? 0;
        channels.forEach(({ lost }, at) => {
          const { words, at: toldAt } = told[at] ?? { words: '', at: Number.POSITIVE_INFINITY };
          if (!hasWon[at]) expect(words).toMatch(lost(by));
          expect(toldAt - paidAt).toBeLessThanOrEqual(TOLD_WITHIN_MS);
        });
        expect(payment.channel).toBe(attempt?.channel);
        expect(await house.payment(order.id)).toEqual(payment);
      }
    });
  },
);

describe.each([web, ivr, sms].map((channel) => [channel.name, channel] as const))(
  'while somebody pays by %s',
  (_, { ready, won }) => {
    it.each([
      ['in the menu', []],
      ['before a card', ['1']],
    ] as const)('a caller who waits %s hears it without pressing anything', async (_where, keys) => {
      const order = await house.order();
      const call = await house.calling(order);
      for (const key of keys) await call.press(key);
      const hand = await ready(order);
      await hand.press();
      const taken = () => house.redirected.find(({ sid }) => sid === call.sid);
      await expect.poll(taken, { timeout: 10_000, interval: 20 }).toBeDefined();
      const { words, at } = await listened(call, await call.go(taken()?.url ?? ''));
      const payment = await house.settled(order.id, 'succeeded');
      const paidAt = payment.events.find(({ type }) => type === 'payment.succeeded')?.at ?? 0;
      expect(words).toMatch(/This payment has been paid already\./);
      expect(at - paidAt).toBeLessThanOrEqual(TOLD_WITHIN_MS);
      expect((await hand.told()).words).toMatch(won);
      const booked = (await house.ledger(order.id)).filter(({ type }) => type === 'authorize');
      expect(booked.map(({ status }) => status)).toEqual(['approved']);
    });
  },
);
