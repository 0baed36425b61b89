import { describe, expect, it } from 'vitest';
import type { ReachWish } from '../../src/contracts/engine.js';
import { callableAt, clockTimeAt, dayAt, mayTakeTexts } from '../../src/contracts/numbers.js';
import type { Reach, ReachReport } from '../../src/contracts/reach.js';
import { ZONES } from '../../src/contracts/zones.js';
import { requiredProof } from '../../src/engine/proof.js';
import { PAYMENT, type Sketch, START, sketch } from './sketch.js';

const PHONE = '+33612345678';
const ways = (...fallback: ('email' | 'sms' | 'ivr')[]): ReachWish => ({
  channel: 'sms',
  to: PHONE,
  fallback: fallback.map((channel) => ({ channel, to: channel === 'email' ? 'a@example.org' : PHONE })),
});

const reachOf = ({ payment }: Sketch): Reach => {
  const reach = payment.reaches.at(-1);
  if (reach === undefined) throw new Error('no reach');
  return reach;
};
const reach = (sketched: Sketch, wish: ReachWish = ways()): Reach => {
  sketched.tell({ type: 'reach', command: { ...wish, request: null } });
  return reachOf(sketched);
};
const begun = (sketched: Sketch, answer: Parameters<Sketch['tell']>[0] & { type: 'reach_begun' }) =>
  sketched.tell(answer);
const of = (sketched: Sketch) => {
  const { id, step = 0, tries = 0 } = reachOf(sketched);
  return { reach: id, step, call: tries };
};
const report = (sketched: Sketch, given: ReachReport) => {
  const { id, step = 0 } = reachOf(sketched);
  return sketched.tell({ type: 'reached', of: { reach: id, step }, report: given });
};
const told = ({ payment }: Sketch): string[] =>
  payment.events.slice(1).map(({ type, note }) => (note === null ? type : `${type} ${note}`));

describe('a reach', () => {
  it('is begun by the sweeper, under a lease that ends', () => {
    const sketched = sketch();
    expect(reach(sketched)).toMatchObject({ status: 'queued', dueAt: START, tries: 0, step: 0 });
    sketched.wait();
    expect(sketched.calls).toEqual([{ kind: 'reach', reach: reachOf(sketched).id, step: 0, call: 1 }]);
    expect(reachOf(sketched)).toMatchObject({ tries: 1, dueAt: START + 30_000 });
    sketched.wait();
    expect(sketched.calls).toHaveLength(2);
    // The answer to the asking before changes nothing any more.
    expect(
      begun(sketched, { type: 'reach_begun', of: { ...of(sketched), call: 1 }, answer: { begun: 'handed_over' } }),
    ).toBe(false);
    expect(begun(sketched, { type: 'reach_begun', of: of(sketched), answer: { begun: 'handed_over' } })).toBe(true);
    expect(reachOf(sketched)).toMatchObject({ dueAt: null, status: 'queued' });
    expect(sketched.payment.dueAt).toBe(PAYMENT.expiresAt);
  });

  it('is given up after six askings that nobody answered', () => {
    const sketched = sketch();
    reach(sketched, ways('email'));
    for (let asking = 0; asking < 7; asking += 1) sketched.wait();
    expect(told(sketched)).toEqual([
      'channel.sms_requested',
      'channel.sms_failed not_begun',
      'channel.email_requested',
    ]);
  });

  it('is one, however often the decision is made', () => {
    const { payment } = sketch({ channels: ['web', 'ivr'], reach: ways() });
    expect(payment.reaches).toHaveLength(1);
  });

  it.each([
    ['sent, delivered', [{ status: 'sent', answerBy: null }, { status: 'delivered' }], 'delivered', 2],
    ['delivered, sent', [{ status: 'delivered' }, { status: 'sent', answerBy: null }], 'delivered', 1],
    ['delivered, failed', [{ status: 'delivered' }, { status: 'failed', why: 'x' }], 'delivered', 1],
    ['failed, delivered', [{ status: 'failed', why: 'x' }, { status: 'delivered' }], 'failed', 1],
    [
      'sent twice',
      [
        { status: 'sent', answerBy: null },
        { status: 'sent', answerBy: null },
      ],
      'sent',
      1,
    ],
    ['refused after all', [{ status: 'delivered' }, { status: 'refused' }], 'refused', 2],
    ['opted out', [{ status: 'failed', why: 'opted_out' }], 'refused', 1],
  ] as const)('goes on and never back: %s', (_, reports, status, events) => {
    const sketched = sketch();
    reach(sketched);
    for (const given of reports) report(sketched, given);
    expect([reachOf(sketched).status, told(sketched).length]).toEqual([status, events + 1]);
  });

  it('goes one way after the other, and hears nothing more of the ways before', () => {
    const sketched = sketch();
    const { id } = reach(sketched, { ...ways('ivr', 'email'), asked: true });
    report(sketched, { status: 'failed', why: 'unreachable' });
    expect(reachOf(sketched)).toMatchObject({ channel: 'ivr', step: 1, status: 'queued', tries: 0 });
    expect(sketched.tell({ type: 'reached', of: { reach: id, step: 0 }, report: { status: 'delivered' } })).toBe(false);
    sketched.wait();
    const placed = { begun: 'placed', reportBy: sketched.now + 60_000 } as const;
    begun(sketched, { type: 'reach_begun', of: of(sketched), answer: placed });
    expect(reachOf(sketched)).toMatchObject({ status: 'sent', dueAt: sketched.now + 60_000 });
    sketched.wait();
    expect(reachOf(sketched)).toMatchObject({ channel: 'email', to: 'a@example.org', step: 2, dueAt: null });
    expect(told(sketched)).toEqual([
      'channel.sms_requested',
      'channel.sms_failed unreachable',
      'channel.call_requested',
      'channel.call_failed no_report',
      'channel.email_requested',
    ]);
  });

  it('bothers nobody about a payment that waits for nobody', () => {
    const sketched = sketch();
    reach(sketched, ways('email'));
    sketched.tell({ type: 'cancel', command: { by: 'merchant', request: null, deadline: sketched.now } });
    expect(sketched.payment.dueAt).toBeNull();
    report(sketched, { status: 'failed', why: 'unreachable' });
    expect(told(sketched)).not.toContain('channel.email_requested');
  });

  it('refused by its payer is followed by no other way', () => {
    const sketched = sketch();
    reach(sketched, ways('ivr', 'email'));
    report(sketched, { status: 'refused' });
    expect(told(sketched)).toEqual(['channel.sms_requested', 'channel.sms_refused']);
    expect(sketched.payment.status).toBe('requires_payment_method');
  });

  it('tells of STOP and START once each, and of no START where nobody had said STOP', () => {
    const sketched = sketch();
    const given = [true, false, false, true, true, false].map((word) =>
      sketched.tell({ type: 'consented', given: word }),
    );
    expect(given).toEqual([false, true, false, true, false, true]);
    expect(told(sketched)).toEqual(['channel.sms_opted_out', 'channel.sms_opted_in', 'channel.sms_opted_out']);
  });
});

describe('a call that nobody asked for', () => {
  const at = (text: string): number => Date.parse(text);

  it.each([
    ['in the day', PHONE, '2030-01-08T13:22:00Z', '2030-01-08T13:22:00Z'],
    ['at 7:59 in Paris', PHONE, '2030-01-08T06:59:00Z', '2030-01-08T07:00:00Z'],
    ['at 8:00', PHONE, '2030-01-08T07:00:00Z', '2030-01-08T07:00:00Z'],
    ['at 20:00', PHONE, '2030-01-08T19:00:00Z', '2030-01-09T07:00:00Z'],
    ['on Saturday evening', PHONE, '2030-01-12T19:30:00Z', '2030-01-14T07:00:00Z'],
    ['on Sunday', PHONE, '2030-01-13T11:00:00Z', '2030-01-14T07:00:00Z'],
    ['in summer', PHONE, '2030-07-09T05:59:00Z', '2030-07-09T06:00:00Z'],
    ['in Guadeloupe, where it is night', '+590690123456', '2030-01-08T11:59:00Z', '2030-01-08T12:00:00Z'],
    ['in Guadeloupe, behind 33', '+33690123456', '2030-01-08T11:59:00Z', '2030-01-08T12:00:00Z'],
    ['on Réunion, where it is evening', '+262692123456', '2030-01-08T16:00:00Z', '2030-01-09T04:00:00Z'],
    ['in London', '+447700900123', '2030-01-08T07:59:00Z', '2030-01-08T08:00:00Z'],
    ['in America, where Hawaii sleeps', '+12025550123', '2030-01-08T14:00:00Z', '2030-01-08T18:00:00Z'],
    ['in America, where it is late in Newfoundland', '+12025550123', '2030-01-08T23:30:00Z', '2030-01-09T18:00:00Z'],
    ['in Russia, from one end to the other', '+79161234567', '2030-01-08T08:00:00Z', '2030-01-09T06:00:00Z'],
    ['in Australia, where Perth sleeps', '+61412345678', '2030-01-07T22:00:00Z', '2030-01-08T01:30:00Z'],
    ['in Brazil, where it is night in Acre', '+5511961234567', '2030-01-08T12:00:00Z', '2030-01-08T13:00:00Z'],
  ])('waits for the day where the number is: %s', (_, number, now, expected) => {
    expect(new Date(callableAt(number, at(now)) ?? 0).toISOString()).toBe(new Date(expected).toISOString());
  });

  it('finds a time in every country of the table, within a week, and none where the country is not known', () => {
    for (const prefix of Object.keys(ZONES)) {
      for (const now of ['2030-01-11T20:00:00Z', '2030-07-12T20:00:00Z']) {
        const found = callableAt(`+${prefix.padEnd(11, '0')}`, at(now));
        expect([prefix, found !== null && found < at(now) + 7 * 86_400_000]).toEqual([prefix, true]);
      }
    }
    for (const number of ['+88123456789', '+2991234567', '+999123456']) {
      expect(callableAt(number, at('2030-01-08T13:00:00Z'))).toBeNull();
    }
  });

  it('is scheduled, and begun in the morning; one that was asked for, and a text, are begun at once', () => {
    const night = at('2030-01-08T22:00:00Z');
    const morning = at('2030-01-09T07:00:00Z');
    const call = { channel: 'ivr', to: PHONE } as const;
    const sketched = sketch({ expiresAt: morning + 3_600_000 });
    sketched.now = night;
    expect(reach(sketched, call)).toMatchObject({ status: 'scheduled', dueAt: morning });
    sketched.wait();
    expect([sketched.now, sketched.calls.length]).toEqual([morning, 1]);
    sketched.now = night;
    expect(reach(sketched, { ...call, asked: true })).toMatchObject({ status: 'queued', dueAt: night });
    expect(reach(sketched)).toMatchObject({ status: 'queued', dueAt: night });
  });

  it('put off to a morning that the payment does not see is followed by the next way at once', () => {
    const night = at('2030-01-08T22:00:00Z');
    const morning = at('2030-01-09T07:00:00Z');
    const call = { channel: 'ivr', to: PHONE, fallback: [{ channel: 'email', to: 'a@example.org' }] } as const;
    const sketched = sketch({ expiresAt: morning });
    sketched.now = night;
    expect(reach(sketched, call)).toMatchObject({ channel: 'email', step: 1, dueAt: null });
    const without = sketch({ expiresAt: morning });
    without.now = night;
    expect(reach(without, { ...call, fallback: [] })).toMatchObject({ status: 'failed', dueAt: null });
    for (const { payment } of [sketched, without]) {
      expect(payment.events.some(({ type, note }) => type === 'channel.call_failed' && note === 'too_late')).toBe(true);
    }
    // The same where only whoever calls finds that it is night.
    const late = sketch({ expiresAt: morning });
    reach(late, call);
    late.wait();
    begun(late, { type: 'reach_begun', of: of(late), answer: { begun: 'later', at: morning } });
    expect(reachOf(late)).toMatchObject({ channel: 'email', step: 1 });
  });

  it('times are told as the number’s clock shows them', () => {
    expect([clockTimeAt(PHONE, START), clockTimeAt('+262692123456', START), dayAt(PHONE, START - 1)]).toEqual([
      '01:00',
      '04:00',
      '01/01',
    ]);
  });

  it('French landlines take no texts', () => {
    const numbers = [PHONE, '+33712345678', '+33123456789', '+33912345678', '+590690123456', '+4915112345678'];
    expect(numbers.filter((number) => !mayTakeTexts(number))).toEqual(['+33123456789', '+33912345678']);
  });
});

describe('digits that came back by text', () => {
  const face = { brand: 'visa', bin: '424242', last4: '4242', expMonth: 12, expYear: 2034, fingerprint: '1.card' };
  const reply = { prompt: 'begin.1', device: 'd', browser: null, type: 'card', token: 'tok_1', face } as const;

  it.each([
    ['a stored card, by text', { channel: 'sms', stored: true, proof: null }, 'sms_code'],
    ['the same, said so', { channel: 'sms', stored: true, proof: 'sms_code' }, 'sms_code'],
    ['a card that was typed, by text', { channel: 'sms', stored: false, proof: 'sms_code' }, 'authentication'],
    ['a stored card on the page that claims it', { channel: 'web', stored: true, proof: 'sms_code' }, 'authentication'],
    ['the merchant’s server that claims it', { channel: 'api', stored: true, proof: 'sms_code' }, 'authentication'],
  ] as const)('are consent to %s: %o', (_, given, expected) => {
    expect(requiredProof(sketch().payment, { ...reply, ...given })).toBe(expected);
  });

  it('are not enough for a card whose authentication was refused here, or that its bank wants authenticated', () => {
    const sketched = sketch();
    sketched.giveCard();
    sketched.authenticate('N');
    expect(requiredProof(sketched.payment, { ...reply, channel: 'sms', stored: true, proof: null })).toBe(
      'authentication',
    );
    const other = sketch();
    other.tell({
      type: 'reply',
      reply: { ...reply, channel: 'sms', stored: true, proof: null },
    });
    expect(other.attempt()).toMatchObject({ initiator: 'merchant', channel: 'sms', stored: true });
    other.answer('authorize', 'authentication_required');
    expect(other.payment.status).toBe('requires_payment_method');
    expect(requiredProof(other.payment, { ...reply, channel: 'sms', stored: true, proof: null })).toBe(
      'authentication',
    );
  });
});
