import { describe, expect, it } from 'vitest';
import type { Begun } from '../../src/contracts/telephone.js';
import { createCallReports } from '../../src/notify/reaching.js';
import { openSmsWorld, PHONE, START } from '../channels/sms/world.js';

const MINUTE_MS = 60_000;

async function called(answers: readonly Begun[] = [], ahead = 0) {
  const world = await openSmsWorld({ callAddresses: true });
  world.answers.push(...answers);
  world.clock.advance(ahead);
  const { id } = await world.order({ expiresAt: START + 5 * 86_400_000 });
  const fallback = [{ channel: 'email', to: 'ada@example.org' }] as const;
  await world.engine.reach(id, { channel: 'ivr', to: PHONE, fallback, request: null });
  await world.settle();
  const [reach] = (await world.payment(id)).reaches;
  if (reach === undefined) throw new Error('no reach');
  return { world, id, reach, reports: createCallReports(world.engine) };
}

describe('a call to the payer', () => {
  it('is placed once, with addresses that name payment and reach, and told when it was taken', async () => {
    const { world, id, reach, reports } = await called();
    expect(world.calls).toMatchObject([
      { to: PHONE, url: expect.stringContaining(id), statusUrl: expect.stringContaining(reach.id), ringSeconds: 30 },
    ]);
    for (const report of ['answered', 'completed', 'answered', 'no_answer'] as const) {
      await reports.reachReported(id, reach.id, report);
    }
    await world.goOn(START + 60 * MINUTE_MS);
    expect(world.calls).toHaveLength(1);
    expect((await world.eventsOf(id)).slice(1)).toEqual(['channel.call_requested', 'channel.call_delivered']);
  });

  it.each(['busy', 'no_answer', 'failed', 'canceled', 'answered_by_machine'] as const)(
    'that ends with %s is followed by the next way, once',
    async (report) => {
      const { world, id, reach, reports } = await called();
      for (let again = 0; again < 3; again += 1) await reports.reachReported(id, reach.id, report);
      await reports.reachReported(id, reach.id, 'answered');
      await reports.reachReported(id, 'rch_none', report);
      await reports.reachReported('pay_none', reach.id, report);
      const events = await world.eventsOf(id);
      expect(events.filter((type) => type.startsWith('channel.call_failed'))).toHaveLength(1);
      expect(events.at(-1)).toBe('channel.email_requested');
    },
  );

  it('whose answer was lost is not placed a second time: the next way is taken when nobody reports', async () => {
    const { world, id } = await called([{ outcome: 'unknown', reason: 'ETIMEDOUT' }]);
    await world.goOn(START + 30 * MINUTE_MS);
    expect(world.calls).toHaveLength(1);
    expect((await world.eventsOf(id)).slice(2)).toEqual(['channel.call_failed no_report', 'channel.email_requested']);
  });

  it('that was never placed is tried again, and given up', async () => {
    const notSent: Begun = { outcome: 'not_sent', reason: 'ECONNREFUSED' };
    const { world, id } = await called(Array.from({ length: 9 }, () => notSent));
    await world.goOn(START + 30 * MINUTE_MS);
    expect(world.calls).toHaveLength(6);
    expect((await world.eventsOf(id)).slice(2)).toEqual(['channel.call_failed not_begun', 'channel.email_requested']);
  });

  it('waits for the morning, and is placed then', async () => {
    const { world, id } = await called([], 8 * 60 * MINUTE_MS);
    expect([world.calls.length, (await world.payment(id)).reaches[0]?.status]).toEqual([0, 'scheduled']);
    await world.goOn(Date.UTC(2030, 0, 9, 7, 1));
    expect(world.calls).toHaveLength(1);
  });

  it('goes to one number three times an hour, also as the next way', async () => {
    const world = await openSmsWorld({ callAddresses: true });
    const fallback = [{ channel: 'ivr', to: PHONE }] as const;
    for (let round = 0; round < 4; round += 1) {
      world.answers.push({ outcome: 'refused', why: 'unreachable', code: 1 });
      const { id } = await world.order();
      await world.engine.reach(id, { channel: 'sms', to: PHONE, fallback, request: null });
      await world.settle();
      const [reach] = (await world.payment(id)).reaches;
      expect([round, reach?.status]).toEqual([round, round < 3 ? 'sent' : 'failed']);
    }
    expect(world.calls).toHaveLength(3);
  });
});
