import { describe, expect, it } from 'vitest';
import type { Payment } from '../../../src/contracts/payment.js';
import { erasePayments } from '../../../src/payers/erase.js';
import { DAY_MS, SAMPLE_TIME, samplePayer } from '../../contract/samples.js';
import { taken } from './samples.js';
import { newOrder, openWorld, type World } from './world.js';

const MINUTE = 60_000;
const nobody = { account: 'cust-7', email: null, phone: null, name: null, language: 'fr' };

async function paidByNobody(world: World): Promise<Payment> {
  return world.happen(newOrder({ status: 'succeeded', attempts: [taken()], payer: nobody }), []);
}

describe('a receipt', () => {
  it('is sent once to each address that asked for it, which is kept no longer than that', async () => {
    const world = await openWorld();
    const payment = await paidByNobody(world);
    for (const to of ['me@example.org', ' Me@example.org', 'other@example.org'])
      await world.mails.desk.receipt(payment, to);
    expect(await world.mailsOf(payment.id)).toHaveLength(2);
    await world.settle();
    await world.mails.desk.receipt(payment, 'me@example.org');
    await world.settle();
    expect((await world.received()).map(({ to }) => to.join()).sort()).toEqual(['me@example.org', 'other@example.org']);
    expect(await world.mailsOf(payment.id)).toMatchObject([
      { status: 'sent', to: null },
      { status: 'sent', to: null },
    ]);
    expect((await world.received())[0]?.text).toContain('Votre adresse n’est pas conservée');
  });

  it('is not sent to somebody who was erased meanwhile', async () => {
    const world = await openWorld();
    const payment = await paidByNobody(world);
    await world.mails.desk.receipt(payment, 'me@example.org');
    const { merchant, mode } = payment;
    await erasePayments(world.store, { merchant, mode, account: 'cust-7' });
    await world.settle();
    expect(await world.received()).toEqual([]);
    expect(await world.mailsOf(payment.id)).toMatchObject([{ status: 'dropped', to: null, lastError: 'erased' }]);
  });

  it('leaves no address of an order behind that was erased before the mail server came back', async () => {
    const world = await openWorld();
    world.isAway = true;
    const payer = { ...nobody, email: 'me@example.org' };
    const payment = await world.happen(newOrder({ status: 'succeeded', attempts: [taken()], payer }), [
      'payment.succeeded',
    ]);
    await world.settle();
    await erasePayments(world.store, { merchant: payment.merchant, mode: payment.mode, account: 'cust-7' });
    world.isAway = false;
    await world.goOn(SAMPLE_TIME + DAY_MS);
    expect((await world.received()).map(({ to }) => to.join())).toEqual(['ventes@lune.example']);
    expect(JSON.stringify(await world.mailsOf(payment.id))).not.toContain('me@example.org');
  });
});

describe('the link of an account', () => {
  const session = {
    id: 'pss_1',
    purpose: 'manage',
    payment: null,
    returnUrl: null,
    language: null,
    reach: 'email',
    createdAt: SAMPLE_TIME,
    expiresAt: SAMPLE_TIME + DAY_MS,
  } as const;

  it('goes to the address that the account keeps, once', async () => {
    const world = await openWorld();
    const payer = samplePayer({ owner: 'mer_lune', mode: 'live', email: 'kept@example.org', sessions: [session] });
    await world.store.payers.commit(payer);
    await world.mails.desk.accountLink(payer, session);
    await world.mails.desk.accountLink(payer, session);
    await world.settle();
    expect(await world.received()).toMatchObject([{ to: ['kept@example.org'], payment: null }]);
    expect((await world.received())[0]?.text).toContain(`/account/${payer.id}.pss_1`);
  });

  it('is not sent without an address, nor once the session or the person is gone', async () => {
    const world = await openWorld();
    const payer = samplePayer({ owner: 'mer_lune', mode: 'live', sessions: [session] });
    await expect(world.mails.desk.accountLink({ ...payer, email: null }, session)).rejects.toMatchObject({
      status: 409,
      code: 'payer_without_email',
    });
    await world.store.payers.commit(payer);
    await world.mails.desk.accountLink(payer, session);
    await world.store.payers.commit({ ...payer, revision: 2, sessions: [], email: null });
    await world.settle();
    expect(await world.received()).toEqual([]);
  });
});

describe('a one-time code', () => {
  const code = {
    to: 'kept@example.org',
    code: '402871',
    minutes: 10,
    language: 'fr-CA',
    merchantName: 'Lune',
    mode: 'test',
  } as const;

  it('is sent at once, stands in the mail alone, and each has an identity of its own', async () => {
    const world = await openWorld();
    const wanted = { ...code, deadline: SAMPLE_TIME + MINUTE };
    expect(await world.mails.desk.code(wanted)).toBe(true);
    expect(await world.mails.desk.code(wanted)).toBe(true);
    const received = await world.received();
    expect(new Set(received.map(({ messageId }) => messageId)).size).toBe(2);
    expect(received[0]?.text).toContain('402871');
    expect(received[0]?.subject).toBe('TEST\u00a0: Lune\u00a0: votre code');
    expect(await world.store.mails.nextDue()).toBeNull();
    expect(world.logged.join()).not.toContain('402871');
  });

  it('is given up at the deadline, when refused, and where no mail server is', async () => {
    const world = await openWorld();
    world.behaviour = async () => 'refuse';
    expect(await world.mails.desk.code({ ...code, deadline: SAMPLE_TIME + MINUTE })).toBe(false);
    expect(await world.mails.desk.code({ ...code, to: 'a@b, c@d', deadline: SAMPLE_TIME + MINUTE })).toBe(false);
    let isAsked = false;
    world.behaviour = () => {
      isAsked = true;
      return new Promise(() => undefined);
    };
    const late = world.mails.desk.code({ ...code, deadline: SAMPLE_TIME + MINUTE });
    await expect.poll(() => isAsked).toBe(true);
    world.clock.advance(MINUTE);
    expect(await late).toBe(false);
    const without = world.another({ server: null });
    expect(await without.desk.code({ ...code, deadline: SAMPLE_TIME + 2 * MINUTE })).toBe(false);
  });
});
