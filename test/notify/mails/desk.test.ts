import { describe, expect, it } from 'vitest';
import type { Payer } from '../../../src/contracts/payer.js';
import type { Payment } from '../../../src/contracts/payment.js';
import { erasePayments } from '../../../src/payers/erase.js';
import {
  DAY_MS,
  SAMPLE_TIME,
  sampleFace,
  sampleInstrument,
  sampleOperator,
  samplePayer,
} from '../../contract/samples.js';
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

  it('is sent again to who asks again, where the one before came to nothing', async () => {
    const world = await openWorld();
    const payment = await paidByNobody(world);
    world.behaviour = async () => 'refuse';
    await world.mails.desk.receipt(payment, 'me@example.org');
    await world.goOn(SAMPLE_TIME + DAY_MS);
    expect(await world.mailsOf(payment.id)).toMatchObject([{ status: 'parked' }]);
    world.behaviour = async () => 'take';
    await world.mails.desk.receipt(payment, 'me@example.org');
    await world.mails.desk.receipt(payment, 'me@example.org');
    await world.settle();
    await world.mails.desk.receipt(payment, 'me@example.org');
    await world.settle();
    expect((await world.mailsOf(payment.id)).map(({ status }) => status)).toEqual(['parked', 'sent']);
    expect(await world.received()).toHaveLength(1);
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

  it.each([
    ['en', /^Télé Lune: your saved cards$/],
    ['fr', /^Télé Lune\s: vos cartes enregistrées$/],
  ] as const)('of a household is sent in the name of its television operator, in %s', async (language, subject) => {
    const world = await openWorld();
    const operator = sampleOperator({ name: 'Télé Lune' });
    const owned = { owner: operator.id, mode: 'live', email: 'home@example.org', language } as const;
    const payer = samplePayer({ ...owned, sessions: [session] });
    await world.store.payers.commit(payer);
    await world.mails.desk.accountLink(payer, session);
    // Of nobody we know nothing is sent.
    await world.settle();
    expect(await world.received()).toEqual([]);
    await world.store.operators.commit(operator);
    const again = { ...session, id: 'pss_2' };
    await world.store.payers.commit({ ...payer, revision: 2, sessions: [session, again] });
    await world.mails.desk.accountLink(payer, again);
    await world.mails.desk.accountChanged(payer, 'purchase_code_set', null, null);
    await world.settle();
    const received = await world.received();
    expect(received.map(({ to }) => to.join())).toEqual(['home@example.org', 'home@example.org']);
    expect(received.map((letter) => letter.subject)).toContainEqual(expect.stringMatching(subject));
    for (const { text } of received) expect(text).toContain('Télé Lune');
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

describe('a change of an account', () => {
  const kept = { owner: 'mer_lune', mode: 'live', email: 'kept@example.org', language: 'en' } as const;

  async function open(change: Partial<Payer> = {}) {
    const world = await openWorld();
    const payer = samplePayer({ ...kept, ...change });
    await world.store.payers.commit(payer);
    return { world, payer, tell: world.mails.desk.accountChanged };
  }
  const addresses = async ({ received }: World) => (await received()).map(({ to }) => to.join()).sort();

  it('is told once to whom the account belongs, with the card that it is about', async () => {
    const face = sampleFace({ brand: 'mastercard', last4: '9995' });
    const { world, payer, tell } = await open({ instruments: [sampleInstrument({ id: 'ins_1', face })] });
    await tell(payer, 'card_saved', 'ins_1', null);
    await tell({ ...payer, updatedAt: 7 }, 'card_saved', 'ins_1', null);
    await world.settle();
    expect(await addresses(world)).toEqual(['kept@example.org']);
    const [{ text = '', payment = '' } = {}] = await world.received();
    expect(text).toContain('Mastercard ending in 9995');
    expect(text).toContain('If it was not you, contact Lune & Fils');
    expect(payment).toBeNull();
  });

  it('is another one for another card, code or revision', async () => {
    const { world, payer, tell } = await open();
    for (const about of ['ins_1', 'ins_2', 'ins_2']) await tell(payer, 'card_removed', about, null);
    const purchaseCode = { hash: 'x', setAt: SAMPLE_TIME, errors: 0, lockedUntil: null };
    for (const revision of [2, 2]) await tell({ ...payer, purchaseCode, revision }, 'purchase_code_set', null, null);
    for (const revision of [4, 4, 5]) await tell({ ...payer, revision }, 'contact_changed', null, null);
    await world.settle();
    expect(await addresses(world)).toHaveLength(5);
  });

  it('of address is told to the one before too, which learns nothing of the new one', async () => {
    const { world, payer, tell } = await open({ language: 'fr' });
    for (const to of ['before@example.org', null, 'before@example.org']) await tell(payer, 'contact_changed', null, to);
    await world.settle();
    expect(await addresses(world)).toEqual(['before@example.org', 'kept@example.org']);
    const before = (await world.received()).find(({ to }) => to.includes('before@example.org'));
    expect(before?.raw).not.toContain('kept');
    expect(before?.text).toContain('jusqu’ici');
  });

  it('is told to nobody without an address, nor once the person is erased', async () => {
    const { world, payer, tell } = await open();
    await tell({ ...payer, email: null }, 'card_saved', 'ins_1', null);
    await tell(payer, 'contact_changed', null, 'before@example.org');
    await world.store.payers.commit({ ...payer, revision: 2, email: null, erasedAt: SAMPLE_TIME });
    await world.settle();
    expect(await world.received()).toEqual([]);
    expect(world.counted).toEqual(['dropped']);
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
