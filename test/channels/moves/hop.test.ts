/** One payment, met on one channel after the other: each goes on where it stands, and the story tells which did what. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalsOf } from '../../browser/house.js';
import { type MovesHouse, type Order, openMovesHouse } from './house.js';
import { visiting } from './page.js';

const CHALLENGED = '4000000000003220';
const NEEDS_HOLDER = '4000002760003184';
const REFUSED = '4000000000000002';
const EXPIRY = '12/34';

let house: MovesHouse;
beforeAll(async () => {
  house = await openMovesHouse();
});
afterAll(() => house?.close());

interface Told {
  readonly type: string;
  readonly channel: string | null;
  readonly text: string;
}

/** What was tried and came of it, on which channel, in words. */
async function story({ id }: Order): Promise<string[]> {
  const { data } = (await house.api(`/v1/payments/${id}/timeline`)) as unknown as { data: Told[] };
  for (const { text } of data) expect(text).toMatch(/\w.*\.$/);
  return data
    .filter(({ type }) => /^(?:attempt|channel\.call)/.test(type))
    .map(({ type, channel, text }) => `${channel}: ${type}: ${text}`);
}

const shown = async ({ id }: Order) =>
  (await house.api(`/v1/payments/${id}`)) as { channel: string; attempts: { channel: string; status: string }[] };

/** The address that a text brings. */
const linkIn = (body: string): string => new URL(/https?:\/\/\S+/.exec(body)?.[0] ?? '').pathname;

describe('a caller who asks for the link', () => {
  it('finishes on the page, and the story tells who did what', async () => {
    const order = await house.order();
    const call = await house.calling(order);
    expect(await call.press('2')).toMatch(/A link goes to the number of your order/);
    expect(call.hasEnded()).toBe(true);
    const text = await house.received(order, /Pay: http/);
    expect(linkIn(text.body)).toBe(order.path);
    const page = visiting(house, { ...order, path: linkIn(text.body) });
    await page.giveCard(CHALLENGED, EXPIRY);
    await page.decide('approve');
    const paid = await house.settled(order.id, 'succeeded');
    expect(approvalsOf(paid)).toBe(1);
    expect(await shown(order)).toMatchObject({ channel: 'web', attempts: [{ channel: 'web', status: 'captured' }] });
    expect(await story(order)).toEqual([
      'ivr: channel.call_started: A telephone call about the payment began.',
      'web: attempt.processing: An attempt with the card ending in 3220 began on the page.',
      'web: attempt.requires_action: An attempt on the page asks something of the payer.',
      expect.stringMatching(/^web: attempt\.processing: /),
      'web: attempt.captured: The bank approved the card ending in 3220; the amount was taken.',
    ]);
  });

  it('is offered it after a decline, and by text after another', async () => {
    const order = await house.order(NEEDS_HOLDER);
    const call = await house.calling(order);
    await call.press('1');
    await call.keyCard({ number: REFUSED });
    expect(await call.listen()).toMatch(
      /Your bank refused the payment\. Nothing was charged\..*link to a payment page, press 2/,
    );
    const digits = /\d{6}/.exec(await house.asked(order))?.[0] ?? '';
    await house.texted(order, digits);
    const told = await house.received(order, /confirm with your bank/);
    expect(linkIn(told.body)).toBe(order.path);
  });
});

describe('page, telephone and page again', () => {
  it('each attempt says where it was made, and the last one pays', async () => {
    const order = await house.order();
    const laptop = visiting(house, order);
    await laptop.giveCard(CHALLENGED, EXPIRY);
    await laptop.until('data-challenge');
    // Half-way through it the payer calls, and would rather key another card.
    const call = await house.calling(order);
    await call.press('1');
    await call.keyCard({ number: REFUSED });
    expect(await call.listen()).toMatch(/Your bank refused/);
    const phone = visiting(house, order);
    await phone.giveCard('4242424242424242', EXPIRY);
    const paid = await house.settled(order.id, 'succeeded');
    expect(paid.attempts.map(({ channel, status }) => [channel, status])).toEqual([
      ['web', 'canceled'],
      ['ivr', 'declined'],
      ['web', 'captured'],
    ]);
    expect((await shown(order)).channel).toBe('web');
    const told = await story(order);
    for (const line of [
      /^web: attempt\.canceled: The attempt was left/,
      /^ivr: attempt\.processing: .* began by telephone\./,
      /^ivr: attempt\.declined: .*0002 was declined/,
      /^web: attempt\.captured: .*4242/,
    ]) {
      expect(
        told.find((sentence) => line.test(sentence)),
        String(line),
      ).toBeDefined();
    }
    // The first page learns that its card is no longer asked for, and that all is paid.
    expect((await laptop.look()).body).toContain('You have paid');
  });
});

describe('a challenge that was begun on another device', () => {
  it('begins anew here, with the same card, which nobody types again', async () => {
    const order = await house.order();
    const laptop = visiting(house, order);
    await laptop.giveCard(CHALLENGED, EXPIRY);
    await laptop.until('data-challenge');
    const phone = visiting(house, order);
    const there = await phone.until('begun on another device');
    expect(there.body).not.toContain('3220');
    await phone.press('/take-over', there);
    expect((await laptop.until('begun on another device')).body).toContain('Go on here with the same card');
    await phone.decide('approve');
    const paid = await house.settled(order.id, 'succeeded');
    expect(paid.attempts.map(({ status, face }) => [status, face?.last4])).toEqual([
      ['canceled', '3220'],
      ['captured', '3220'],
    ]);
    expect(approvalsOf(paid)).toBe(1);
    const booked = (await house.ledger(order.id)).filter(({ type }) => type === 'authorize');
    expect(booked).toHaveLength(1);
  });

  it('is taken over by one of two that ask in the same instant, or goes on where it was', async () => {
    for (let round = 0; round < 5; round += 1) {
      const order = await house.order();
      const laptop = visiting(house, order);
      await laptop.giveCard(CHALLENGED, EXPIRY);
      await laptop.until('data-challenge');
      const others = [visiting(house, order), visiting(house, order)];
      const pages = await Promise.all(others.map((other) => other.until('begun on another device')));
      await Promise.all([
        ...others.map((other, at) => other.press('/take-over', pages[at])),
        laptop.decide('approve').catch(() => undefined),
      ]);
      for (let payment = await house.payment(order.id); payment.status === 'processing'; ) {
        await house.watch(payment);
        payment = await house.payment(order.id);
      }
      const payment = await house.payment(order.id);
      expect(payment.attempts.length).toBeLessThanOrEqual(2);
      expect(payment.attempts.filter(({ flow }) => flow !== null).length).toBe(payment.status === 'succeeded' ? 0 : 1);
      expect(approvalsOf(payment)).toBe(payment.status === 'succeeded' ? 1 : 0);
    }
  });
});
