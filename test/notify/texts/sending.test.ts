import { describe, expect, it } from 'vitest';
import type { Begun } from '../../../src/contracts/telephone.js';
import { digitsOf, newSid, openSmsWorld, PHONE, START, STRANGER } from '../../channels/sms/world.js';

const UNKNOWN: Begun = { outcome: 'unknown', reason: 'ETIMEDOUT' };
const NOT_SENT: Begun = { outcome: 'not_sent', reason: 'ECONNREFUSED' };
const refused = (why: 'opted_out' | 'unreachable' | 'configuration'): Begun => ({ outcome: 'refused', why, code: 1 });

async function asked(answers: readonly Begun[] = [], fallback: readonly ('email' | 'ivr')[] = []) {
  const world = await openSmsWorld({ callAddresses: true });
  world.answers.push(...answers);
  const { id } = await world.order();
  const ways = fallback.map((channel) => ({ channel, to: channel === 'email' ? 'ada@example.org' : PHONE }));
  await world.engine.reach(id, { channel: 'sms', to: PHONE, fallback: ways, request: null });
  await world.settle();
  return { world, id };
}

describe('a text', () => {
  it('is planned once for one way, however often it is begun', async () => {
    const { world, id } = await asked();
    const [reach] = (await world.payment(id)).reaches;
    if (reach === undefined) throw new Error('no reach');
    for (let again = 0; again < 5; again += 1) await world.texts.offer(await world.payment(id), reach);
    await world.settle();
    expect([world.sent.length, (await world.textsOf(id)).length]).toEqual([1, 1]);
  });

  it('that was not sent is sent again, with the same words', async () => {
    const { world, id } = await asked([NOT_SENT, NOT_SENT]);
    expect((await world.textsOf(id))[0]).toMatchObject({ status: 'waiting', sends: 0, why: 'not_sent' });
    await world.goOn(START + 60_000);
    expect(world.sent).toHaveLength(3);
    expect(new Set(world.sent.map(({ body }) => body)).size).toBe(1);
    expect((await world.textsOf(id))[0]).toMatchObject({ status: 'sent', sends: 1 });
    await world.inbound(digitsOf(world.sent[2] ?? { body: '' }));
    expect((await world.payment(id)).status).toBe('succeeded');
  });

  it('whose answer was lost is looked for first, and not sent again where it was', async () => {
    const { world, id } = await asked([UNKNOWN]);
    const [first] = world.sent;
    world.listed.push({ sid: newSid(), body: first?.body ?? '', to: PHONE });
    await world.goOn(START + 60_000);
    expect(world.sent).toHaveLength(1);
    expect((await world.textsOf(id))[0]).toMatchObject({ status: 'sent', sid: world.listed[0]?.sid });
  });

  it('is sent a second time at most, with the same digits, where nobody knows', async () => {
    const { world, id } = await asked([UNKNOWN, UNKNOWN], ['email']);
    await world.goOn(START + 600_000);
    expect(world.sent).toHaveLength(2);
    expect(world.sent[0]?.body).toBe(world.sent[1]?.body);
    expect((await world.textsOf(id))[0]).toMatchObject({ status: 'failed', why: 'unknown' });
    expect((await world.eventsOf(id)).slice(-2)).toEqual(['channel.sms_failed unknown', 'channel.email_requested']);
  });

  it('is not sent again while the provider does not say', async () => {
    const { world } = await asked([UNKNOWN]);
    world.isListAway = true;
    await world.goOn(START + 300_000);
    expect(world.sent).toHaveLength(1);
  });

  it('that a crash cut off between the request and its record goes out twice at most, with the same digits', async () => {
    const { world, id } = await asked();
    const [text] = await world.textsOf(id);
    if (text === undefined) throw new Error('no text');
    // As the process left it that died while it sent.
    const died = { status: 'waiting', sid: null, sentAt: null, untold: false, sends: 1, tries: 1, to: PHONE } as const;
    const write = async (change: object) => {
      const now = (await world.textsOf(id))[0] ?? text;
      await world.store.texts.commit({
        ...now,
        ...died,
        ...change,
        revision: now.revision + 1,
        dueAt: world.clock.now(),
      });
    };
    await write({});
    await world.settle();
    expect(world.sent).toHaveLength(1);
    // The provider never got it.
    world.listed.length = 0;
    await write({});
    await world.settle();
    expect(world.sent).toHaveLength(2);
    expect(world.sent[1]?.body).toBe(world.sent[0]?.body);
    world.listed.length = 0;
    await write({ sends: 2 });
    await world.settle();
    expect(world.sent).toHaveLength(2);
    expect((await world.textsOf(id))[0]?.status).toBe('failed');
  });

  it('is claimed by one process only', async () => {
    const world = await openSmsWorld();
    const { id } = await world.order();
    await world.engine.reach(id, { channel: 'sms', to: PHONE, request: null });
    await world.engine.sweep();
    await world.engine.idle();
    await Promise.all([world.texts.sweep(), world.texts.sweep(), world.texts.sweep()]);
    await world.texts.idle();
    expect(world.sent).toHaveLength(1);
  });

  it('is not sent by a process that was frozen after it had claimed it, beside the one that took over', async () => {
    const frozen = { forMs: 0 };
    const world = await openSmsWorld({
      faulty: (store) => ({
        ...store,
        texts: {
          ...store.texts,
          async commit(text) {
            const isWritten = await store.texts.commit(text);
            if (text.status === 'waiting' && text.sends > 0) world.clock.advance(frozen.forMs);
            return isWritten;
          },
        },
      }),
    });
    // Its lease ends before its request would.
    frozen.forMs = 20_001;
    const { id } = await world.order();
    await world.engine.reach(id, { channel: 'sms', to: PHONE, request: null });
    await world.engine.sweep();
    await world.engine.idle();
    await world.texts.sweep();
    await world.texts.idle();
    expect([world.sent.length, (await world.textsOf(id))[0]?.status]).toEqual([0, 'waiting']);
    frozen.forMs = 0;
    await world.goOn(START + 120_000);
    expect([world.sent.length, (await world.textsOf(id))[0]?.status]).toEqual([1, 'sent']);
  });

  it('is dropped when the payment has moved on, and when its person is forgotten', async () => {
    const { world, id } = await asked([NOT_SENT]);
    await world.engine.cancel(id, { by: 'merchant', request: null, deadline: world.clock.now() });
    await world.goOn(START + 30_000);
    expect([world.sent.length, (await world.textsOf(id))[0]?.status]).toEqual([1, 'dropped']);
  });
});

describe('what the provider refuses', () => {
  it('moves the reach on, one way after the other', async () => {
    const { world, id } = await asked([refused('unreachable'), refused('unreachable')], ['ivr', 'email']);
    expect(world.calls).toHaveLength(1);
    expect((await world.eventsOf(id)).slice(1)).toEqual([
      'channel.sms_requested',
      'channel.sms_failed unreachable',
      'channel.call_requested',
      'channel.call_failed unreachable',
      'channel.email_requested',
    ]);
    expect((await world.payment(id)).reaches).toMatchObject([
      { channel: 'email', to: 'ada@example.org', step: 2, status: 'queued', fallback: [] },
    ]);
  });

  it('as opted out is written down: no other text goes to the number', async () => {
    const { world, id } = await asked([refused('opted_out')]);
    expect((await world.payment(id)).reaches).toMatchObject([{ status: 'refused' }]);
    expect(await world.consents.optedOutAt(PHONE, 'payment')).not.toBeNull();
    await world.engine.reach(id, { channel: 'sms', to: PHONE, request: null });
    await world.settle();
    expect(world.sent).toHaveLength(1);
  });
});

describe('a status callback', () => {
  async function sent() {
    const { world, id } = await asked([], ['email']);
    const [text] = await world.textsOf(id);
    const report = (status: string, code?: number, sid = text?.sid ?? '') =>
      world.status(text?.id ?? '', {
        MessageSid: sid,
        MessageStatus: status,
        ...(code !== undefined && { ErrorCode: String(code) }),
      });
    return { world, id, report, text: text?.id ?? '' };
  }

  it('moves a text forward and never back, however often and in which order it comes', async () => {
    const { world, id, report } = await sent();
    for (const status of ['delivered', 'sent', 'queued', 'delivered', 'sending', 'undelivered']) await report(status);
    expect((await world.textsOf(id))[0]).toMatchObject({ status: 'delivered' });
    expect((await world.eventsOf(id)).slice(1)).toEqual([
      'channel.sms_requested',
      'channel.sms_sent',
      'channel.sms_delivered',
    ]);
    expect((await world.payment(id)).reaches).toMatchObject([{ status: 'delivered', answerBy: START + 600_000 }]);
  });

  it('of a failure moves on once', async () => {
    const { world, id, report } = await sent();
    await Promise.all([report('undelivered', 30_005), report('undelivered', 30_005), report('failed', 30_005)]);
    await report('delivered');
    expect((await world.eventsOf(id)).slice(2)).toEqual([
      'channel.sms_sent',
      'channel.sms_failed unreachable',
      'channel.email_requested',
    ]);
  });

  it('of an opt-out is remembered', async () => {
    const { world, report } = await sent();
    await report('undelivered', 21_610);
    expect(await world.consents.optedOutAt(PHONE, 'receipt')).not.toBeNull();
  });

  it('about another message, or no text of ours, changes nothing', async () => {
    const { world, id, report } = await sent();
    const before = await world.textsOf(id);
    expect(await report('failed', 30_005, newSid())).toBe(200);
    expect(await world.status('txt_unknown', { MessageSid: newSid(), MessageStatus: 'failed' })).toBe(200);
    expect(await world.status('x', { MessageSid: newSid(), MessageStatus: 'failed' })).toBe(200);
    expect(await world.textsOf(id)).toEqual(before);
  });

  it('that overtakes the answer to the request settles it', async () => {
    const { world, id } = await asked([UNKNOWN]);
    const [text] = await world.textsOf(id);
    const sid = newSid();
    await world.status(text?.id ?? '', { MessageSid: sid, MessageStatus: 'sent' });
    await world.goOn(START + 120_000);
    expect(world.sent).toHaveLength(1);
    expect((await world.textsOf(id))[0]).toMatchObject({ status: 'sent', sid });
  });
});

describe('the desk', () => {
  it('texts the link of an open payment once to a number, and the receipt of a paid one', async () => {
    const { world, id } = await asked();
    const { desk } = world.texts;
    const payment = await world.payment(id);
    for (let again = 0; again < 3; again += 1) expect(await desk.link(payment, STRANGER)).toBe(true);
    await world.settle();
    expect(world.sent).toHaveLength(2);
    expect(world.sent[1]).toMatchObject({ to: STRANGER });
    expect(world.sent[1]?.body).toMatch(/ to pay\. Pay: https/);
    expect(await desk.receipt(payment, PHONE)).toBe(false);
    await world.inbound(digitsOf(world.sent[0] ?? { body: '' }));
    const paid = await world.payment(id);
    expect(await desk.link(paid, PHONE)).toBe(false);
    for (let again = 0; again < 3; again += 1) expect(await desk.receipt(paid, STRANGER)).toBe(true);
    await world.settle();
    expect(world.sent.map(({ body }) => body).filter((body) => body.startsWith('Receipt'))).toEqual([
      'Receipt: 42.50 EUR paid to La Lune on 08/01, card *4242. Reference: ORDER-1',
    ]);
  });

  it('texts no landline, no number that is none, and nobody who wants none', async () => {
    const { world, id } = await asked();
    const payment = await world.payment(id);
    await world.consents.say(STRANGER, { given: false, by: 'payer', purposes: ['payment'] });
    for (const to of ['+33123456789', '12', STRANGER]) expect(await world.texts.desk.link(payment, to)).toBe(false);
    await world.settle();
    expect(world.sent).toHaveLength(1);
  });

  it('sends another one where the one before came to nothing', async () => {
    const { world, id } = await asked();
    world.answers.push(refused('configuration'));
    const payment = await world.payment(id);
    expect(await world.texts.desk.link(payment, STRANGER)).toBe(true);
    await world.settle();
    expect(await world.texts.desk.link(payment, STRANGER)).toBe(true);
    await world.settle();
    expect(world.sent.filter(({ to }) => to === STRANGER)).toHaveLength(2);
  });
});
