import { describe, expect, it } from 'vitest';
import type { Payment } from '../../../src/contracts/payment.js';
import { DAY_MS, SAMPLE_TIME, sampleMerchant, samplePayer } from '../../contract/samples.js';
import { declined, held, lune, STATES, taken } from './samples.js';
import { newOrder, openWorld, type World } from './world.js';

const MINUTE = 60_000;

/** To whom what was sent, in the order it arrived. */
async function told({ received }: World): Promise<string[]> {
  return (await received()).map(
    ({ to, subject }) => `${to.join()}: ${subject.replace(/^.*?: ?/, '').replace(/ \(.*/, '')}`,
  );
}

/** What became of the mails of one payment. */
async function states({ mailsOf }: World, { id }: Payment): Promise<string[]> {
  return (await mailsOf(id)).map(({ kind, audience, status, lastError }) =>
    [kind, audience, status, ...(lastError === null ? [] : [lastError])].join(' '),
  );
}

const open = { status: 'requires_payment_method', dueAt: SAMPLE_TIME + DAY_MS, openReference: null } as const;

describe('what is told', () => {
  it('the outcome, once, to the payer and the merchant', async () => {
    const world = await openWorld();
    const paid = newOrder({ status: 'succeeded', attempts: [taken()] });
    await world.happen(paid, ['attempt.captured', 'capture.succeeded', 'payment.succeeded']);
    await world.settle();
    await world.settle(world.another());
    expect(await told(world)).toHaveLength(2);
    expect(await states(world, paid)).toEqual(['paid payer sent', 'paid merchant sent']);
    const mine = (await world.received()).find(({ to }) => to.includes('camille@example.org'));
    const [mail] = await world.mailsOf(paid.id);
    expect(mine).toMatchObject({ to: ['camille@example.org'], from: 'pay@operator.example', payment: paid.id });
    expect(mine?.messageId).toBe(`<${mail?.id}@operator.example>`);
    expect(mine?.raw).toContain('Auto-Submitted: auto-generated');
    expect(mine?.raw).toContain('Date: Tue, 01 Jan 2030 12:00:00 +0000');
    expect(mine?.raw).toMatch(/^From: "?Caisse Centrale"? <pay@operator\.example>/m);
    expect(mine?.raw).toMatch(/^Reply-To: aide@lune\.example/m);
  });

  it.each([
    ['payment.requires_capture', 'reserved', 2],
    ['payment.failed', 'refused', 2],
    ['payment.canceled', 'canceled', 2],
    ['payment.expired', 'expired', 2],
    ['payment.requires_review', 'review', 1],
    ['refund.succeeded', 'refunded', 2],
    ['refund.failed', 'refund_failed', 1],
    ['channel.email_requested', 'link', 1],
  ] as const)('%s: %s', async (type, kind, count) => {
    const world = await openWorld();
    const [change, about] = STATES[kind];
    const order = newOrder({ ...change, dueAt: SAMPLE_TIME + DAY_MS });
    await world.happen(order, [type], about ?? null);
    await world.settle();
    expect((await states(world, order)).every((state) => state.startsWith(kind) && state.endsWith('sent'))).toBe(true);
    expect(await world.received()).toHaveLength(count);
  });

  it('nobody without an address, and nothing that is no news, at the price of no mail at all', async () => {
    const world = await openWorld({ merchant: sampleMerchant({ id: 'mer_lune' }) });
    const payer = { account: 'cust-7', email: null, phone: null, name: null, language: null };
    const paid = newOrder({ status: 'succeeded', attempts: [taken()], payer });
    await world.happen(paid, ['payment.created', 'payment.succeeded']);
    const expired = newOrder({ status: 'expired' });
    await world.happen(expired, ['payment.expired']);
    await world.settle();
    expect([...(await world.mailsOf(paid.id)), ...(await world.mailsOf(expired.id))]).toEqual([]);
    expect(await world.store.mails.behind(9)).toEqual([]);
  });

  it('of a cancel only the merchant, where no payer ever tried to pay', async () => {
    const world = await openWorld();
    const order = newOrder({ status: 'canceled', canceledBy: 'merchant', attempts: [] });
    await world.happen(order, ['payment.canceled']);
    await world.settle();
    expect(await states(world, order)).toEqual(['canceled merchant sent']);
  });

  it('only what is younger than three days when it is planned at last', async () => {
    const world = await openWorld();
    const old = newOrder({ status: 'succeeded', attempts: [taken()] });
    await world.happen(old, ['payment.succeeded']);
    world.clock.advance(3 * DAY_MS + 1);
    const young = newOrder({ status: 'succeeded', attempts: [taken()] });
    await world.happen(young, ['payment.succeeded']);
    await world.settle();
    expect(await world.mailsOf(old.id)).toEqual([]);
    expect(await world.mailsOf(young.id)).toHaveLength(2);
  });

  it('a status that comes a second time is told once; each review is told', async () => {
    const world = await openWorld();
    const [failed] = STATES.refused;
    const [review] = STATES.review;
    const order = newOrder(failed);
    await world.happen(order, ['payment.failed']);
    await world.settle();
    await world.happen({ ...order, ...review }, ['payment.requires_review']);
    await world.settle();
    await world.happen({ ...order, ...failed }, ['payment.failed']);
    await world.happen({ ...order, ...review }, ['payment.requires_review']);
    await world.settle();
    await world.happen({ ...order, ...failed }, ['payment.failed']);
    await world.settle();
    expect(
      (await states(world, order)).filter((state) => state.includes('payer') && state.endsWith('sent')),
    ).toHaveLength(1);
    expect((await states(world, order)).filter((state) => state.startsWith('review merchant sent'))).toHaveLength(2);
  });
});

describe('a decline', () => {
  it('is told after ten minutes, with the link to go on, if nobody has tried again', async () => {
    const world = await openWorld();
    const order = newOrder({ ...open, attempts: [declined()] });
    await world.happen(order, ['attempt.declined', 'payment.requires_payment_method'], 'att_declined');
    await world.goOn(SAMPLE_TIME + 10 * MINUTE - 1);
    expect(await told(world)).toEqual([]);
    await world.goOn(SAMPLE_TIME + 10 * MINUTE);
    expect(await states(world, order)).toEqual(['declined payer sent', 'declined merchant sent']);
    const received = await world.received();
    const mine = received.find(({ to }) => to.includes('camille@example.org'));
    const theirs = received.find(({ to }) => to.includes('ventes@lune.example'));
    expect(mine?.text).toContain('https://pay.example.org/pay/');
    expect(mine?.raw).toContain('Date: Tue, 01 Jan 2030 12:10:00 +0000');
    expect(theirs?.raw).not.toContain('/pay/');
  });

  it.each<[string, Partial<Payment>]>([
    ['was tried again', { attempts: [declined(), taken({ id: 'att_2', status: 'requires_action', end: null })] }],
    ['is paid', { status: 'succeeded', attempts: [declined(), taken()] }],
    ['has failed', { status: 'failed', attempts: [declined()] }],
    ['was canceled', { status: 'canceled' }],
    ['is being canceled', { wish: { to: 'cancel', by: 'payer', at: SAMPLE_TIME } }],
    ['is over', { expiresAt: SAMPLE_TIME + 5 * MINUTE }],
  ])('is not told when the payment %s', async (_, change) => {
    const world = await openWorld();
    const order = newOrder({ ...open, attempts: [declined()] });
    await world.happen(order, ['attempt.declined'], 'att_declined');
    await world.settle();
    await world.happen({ ...order, ...change }, []);
    await world.goOn(SAMPLE_TIME + 20 * MINUTE);
    expect(await states(world, order)).toEqual([
      'declined payer dropped moved_on',
      'declined merchant dropped moved_on',
    ]);
    expect(await told(world)).toEqual([]);
  });

  it('is told to the payer once, however many follow each other; the merchant hears of each', async () => {
    const world = await openWorld();
    const first = newOrder({ ...open, attempts: [declined()] });
    await world.happen(first, ['attempt.declined'], 'att_declined');
    await world.goOn(SAMPLE_TIME + 14 * MINUTE);
    world.clock.advanceTo(SAMPLE_TIME + 15 * MINUTE);
    const attempts = [declined(), { ...declined(), id: 'att_again' }];
    await world.happen({ ...first, attempts }, ['attempt.declined'], 'att_again');
    await world.goOn(SAMPLE_TIME + 40 * MINUTE);
    expect(await states(world, first)).toEqual([
      'declined payer sent',
      'declined merchant sent',
      'declined payer dropped told_already',
      'declined merchant sent',
    ]);
    await world.happen({ ...first, status: 'failed', attempts }, ['payment.failed']);
    await world.settle();
    expect((await states(world, first)).slice(4)).toEqual(['refused payer sent', 'refused merchant sent']);
  });

  it('that ends the payment is told once, as a refusal', async () => {
    const world = await openWorld();
    const order = newOrder({ status: 'failed', attempts: [declined()] });
    await world.happen(order, ['attempt.declined', 'payment.failed'], 'att_declined');
    await world.goOn(SAMPLE_TIME + 20 * MINUTE);
    expect(await states(world, order)).toEqual(['refused payer sent', 'refused merchant sent']);
  });

  it('is told before the expiry that follows it, and a reservation is not told once the money was taken', async () => {
    const world = await openWorld();
    const order = newOrder({ status: 'requires_capture', capture: 'manual', attempts: [held()], dueAt: SAMPLE_TIME });
    await world.happen(order, ['payment.requires_capture']);
    await world.happen({ ...order, status: 'succeeded', attempts: [taken()] }, ['payment.succeeded']);
    await world.settle();
    expect((await states(world, order)).sort()).toEqual([
      'paid merchant sent',
      'paid payer sent',
      'reserved merchant dropped moved_on',
      'reserved payer dropped moved_on',
    ]);
  });
});

describe('a payment of 0', () => {
  const verified = { amount: 0, status: 'succeeded', payer: { ...newOrder().payer, account: 'cust-7' } } as const;

  it('is no purchase: its payer hears of the card from the account, and from nobody else', async () => {
    const world = await openWorld();
    const save = { consent: { words: 'Keep it', at: SAMPLE_TIME }, state: 'kept', tries: 1, nextAt: null } as const;
    const order = newOrder({ ...verified, attempts: [taken({ amount: 0, save })] });
    await world.happen(order, ['payment.succeeded']);
    await world.settle();
    const payer = samplePayer({
      owner: 'mer_lune',
      mode: 'live',
      account: 'cust-7',
      email: 'kept@example.org',
      language: 'en',
    });
    await world.store.payers.commit(payer);
    await world.mails.desk.accountChanged(payer, 'card_saved', 'ins_1', null);
    await world.settle();
    expect(await states(world, order)).toEqual([]);
    expect(await told(world)).toEqual(['kept@example.org: your card was saved']);
  });

  it('says nothing when it fails', async () => {
    const world = await openWorld();
    const order = newOrder({ ...verified, status: 'failed', attempts: [declined()] });
    await world.happen(order, ['attempt.declined', 'payment.failed', 'payment.canceled'], 'att_declined');
    await world.settle();
    expect(await states(world, order)).toEqual([]);
  });
});

it('several processes plan and send side by side, and each mail goes out once', async () => {
  const world = await openWorld();
  const orders = Array.from({ length: 30 }, () => newOrder({ status: 'succeeded', attempts: [taken()] }));
  for (const order of orders) await world.happen(order, ['payment.succeeded']);
  const others = [world.mails, world.another(), world.another()];
  await Promise.all(others.map((mails) => world.settle(mails)));
  await Promise.all(others.map((mails) => world.settle(mails)));
  const ids = (await world.received()).map(({ messageId }) => messageId);
  expect(ids).toHaveLength(60);
  expect(new Set(ids).size).toBe(60);
});

it('uses the merchant it finds at sending: one that turned mail off is not written to', async () => {
  const world = await openWorld();
  const order = newOrder({ status: 'succeeded', attempts: [taken()] });
  await world.happen(order, ['payment.succeeded']);
  world.isAway = true;
  await world.settle();
  const profile = { ...lune.profile, notificationEmail: null };
  await world.store.merchants.commit({ ...lune, revision: 2, profile });
  world.isAway = false;
  await world.goOn(SAMPLE_TIME + MINUTE);
  expect((await states(world, order)).sort()).toEqual(['paid merchant dropped no_address', 'paid payer sent']);
});
