import { describe, expect, it } from 'vitest';
import type { Reach } from '../../src/contracts/reach.js';
import type { Begun } from '../../src/contracts/telephone.js';
import { createCallReports, createReaching } from '../../src/notify/reaching.js';
import { openSmsWorld, PHONE, type SmsWorld, START, STRANGER } from '../channels/sms/world.js';

const MINUTE_MS = 60_000;
/** Under which the engine has a way begun. */
const LEASE_MS = 30_000;

async function called(answers: readonly Begun[] = [], ahead = 0, to = PHONE) {
  const world = await openSmsWorld({ callAddresses: true });
  world.answers.push(...answers);
  world.clock.advance(ahead);
  const { id } = await world.order({ expiresAt: START + 5 * 86_400_000 });
  const fallback = [{ channel: 'email', to: 'ada@example.org' }] as const;
  await world.engine.reach(id, { channel: 'ivr', to, fallback, request: null });
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

  it.each([
    ['busy', 'busy'],
    ['no_answer', 'no_answer'],
    ['failed', 'unreachable'],
    ['canceled', 'canceled'],
    ['answered_by_machine', 'machine'],
    // Whoever hangs up while the provider listens whether a machine answers has heard nothing of us.
    ['completed', 'not_heard'],
  ] as const)('that ends with %s is followed by the next way, once', async (report, why) => {
    const { world, id, reach, reports } = await called();
    for (let again = 0; again < 3; again += 1) await reports.reachReported(id, reach.id, report);
    await reports.reachReported(id, reach.id, 'answered');
    await reports.reachReported(id, 'rch_none', report);
    await reports.reachReported('pay_none', reach.id, report);
    expect((await world.eventsOf(id)).slice(2)).toEqual([`channel.call_failed ${why}`, 'channel.email_requested']);
  });

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

  describe('that was placed by a process which ended before it could say so', () => {
    /** A try before has begun; what it did nobody has written down. */
    async function tried(prepare: (world: SmsWorld) => Promise<unknown>) {
      const world = await openSmsWorld({ callAddresses: true });
      await prepare(world);
      const payment = await world.order();
      const reaching = createReaching({
        ...{ telephone: world.telephone, store: world.store, clock: world.clock },
        offer: async () => ({ begun: 'handed_over' }),
        callAddresses: () => ({ url: 'https://x.example/u', statusUrl: 'https://x.example/s' }),
        pseudonym: (text) => text,
      });
      const reach: Reach = {
        ...{ id: 'rch_1', channel: 'ivr', to: PHONE, createdAt: START - 3_600_000 },
        ...{ tries: 2, firstTriedAt: START, dueAt: START + LEASE_MS },
      };
      return { world, begin: (change: Partial<Reach> = {}) => reaching.begin(payment, { ...reach, ...change }) };
    }
    const CALL = { to: PHONE, url: 'u', statusUrl: 's', ringSeconds: 1, lastsSeconds: 1, deadline: START };

    it('is found at the provider, and nobody is called twice', async () => {
      const { world, begin } = await tried(({ telephone }) => telephone.placeCall(CALL));
      expect(await begin()).toMatchObject({ begun: 'placed' });
      expect(world.calls).toHaveLength(1);
      // One that never was begun before is placed without a look.
      expect(await begin({ tries: 1 })).toMatchObject({ begun: 'placed' });
      expect(world.calls).toHaveLength(2);
    });

    it('is placed where the provider knows none since then, and none that was placed before counts', async () => {
      const { world, begin } = await tried(async ({ telephone, clock }) => {
        await telephone.placeCall(CALL);
        await telephone.placeCall({ ...CALL, to: STRANGER });
        clock.advance(2 * MINUTE_MS);
      });
      const after = START + 2 * MINUTE_MS;
      expect(await begin({ firstTriedAt: after, dueAt: after + LEASE_MS })).toMatchObject({ begun: 'placed' });
      expect(world.calls).toHaveLength(3);
    });

    it('is found where our clock is ahead of the provider’s by most of a minute', async () => {
      const { world, begin } = await tried(({ telephone }) => telephone.placeCall(CALL));
      expect(await begin({ firstTriedAt: START + 59_000 })).toMatchObject({ begun: 'placed' });
      expect(world.calls).toHaveLength(1);
    });

    it('is not placed while the provider does not say', async () => {
      const { world, begin } = await tried(async (opened) => {
        opened.isListAway = true;
      });
      await expect(begin()).rejects.toThrow('no list');
      expect(world.calls).toEqual([]);
    });

    it.each([
      ['froze before it began', 1, 0],
      ['froze while it looked for the call', 2, 19_000],
    ])('is left to whoever took over from one that %s', async (_, tries, lookedForMs) => {
      const { world, begin } = await tried(async () => undefined);
      const { telephone, clock } = world;
      const { callsTo } = telephone;
      telephone.callsTo = async (...asked) => {
        clock.advance(lookedForMs);
        return callsTo(...asked);
      };
      // Ten seconds for the call, and five between clocks of ours, before the lease ends.
      const inTime = (): number => clock.now() + lookedForMs + 15_000;
      await expect(begin({ tries, dueAt: inTime() - 1 })).rejects.toThrow('too late to call');
      expect(world.calls).toEqual([]);
      expect(await begin({ tries, dueAt: inTime() })).toMatchObject({ begun: 'placed' });
      expect(world.calls).toHaveLength(1);
    });

    it('goes to no premium number, whoever asked for it', async () => {
      const { world, begin } = await tried(async () => undefined);
      expect(await begin({ to: '+33892123456' })).toEqual({ begun: 'impossible', why: 'premium_number' });
      expect(world.calls).toEqual([]);
    });
  });

  it('that could not be placed by day is not placed at night', async () => {
    const refused: Begun = { outcome: 'not_sent', reason: 'ECONNREFUSED' };
    const toEight = 5 * 60 * MINUTE_MS + 38 * MINUTE_MS;
    const { world, id } = await called([refused], toEight - 1_000);
    expect(world.calls).toHaveLength(1);
    await world.goOn(START + toEight + 5 * MINUTE_MS);
    expect([world.calls.length, (await world.payment(id)).reaches[0]?.status]).toEqual([1, 'scheduled']);
    await world.goOn(Date.UTC(2030, 0, 9, 7, 1));
    expect(world.calls).toHaveLength(2);
  });

  it.each([
    ['a premium number', '+33892123456', 'premium_number'],
    ['a premium number in America', '+19005550123', 'premium_number'],
    ['a shared-cost number', '+33820123456', 'premium_number'],
    ['a number of which nobody knows whether it is night there', '+2991234567', 'hours_unknown'],
  ])('never goes to %s: the next way is taken', async (_, to, why) => {
    const { world, id } = await called([], 0, to);
    expect(world.calls).toEqual([]);
    expect((await world.eventsOf(id)).slice(1)).toEqual([
      'channel.call_requested',
      `channel.call_failed ${why}`,
      'channel.email_requested',
    ]);
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
