import { describe, expect, it } from 'vitest';
import { clockTimeAt, textableAt } from '../../../src/contracts/numbers.js';
import { digitsOf, openSmsWorld, PHONE, type SmsWorld, START } from '../../channels/sms/world.js';

const at = (time: string): number => Date.parse(time);
const LOS_ANGELES = '+13105550123';
const MINUTE_MS = 60_000;

async function moved(world: SmsWorld, phone: string): Promise<void> {
  const payer = await world.store.payers.byAccount('mer_lune', 'live', 'ada');
  if (payer === null) throw new Error('no payer');
  await world.store.payers.commit({ ...payer, phone, revision: payer.revision + 1 });
}

describe('until when digits work', () => {
  it.each([
    ['en', 'Reply {code} to pay La Lune 42.50 EUR, card *4242, within 5 minutes. To refuse: NO.'],
    ['fr', "Répondez {code} pour payer 42,50 EUR à La Lune, carte *4242, d'ici 5 minutes. Pour refuser : NON."],
  ])('is told in minutes where nobody knows what the clock shows, in %s', async (language, words) => {
    const world = await openSmsWorld();
    await moved(world, LOS_ANGELES);
    world.clock.advanceTo(START + 5 * 3_600_000);
    const payer = { account: 'ada', email: null, phone: LOS_ANGELES, name: null, language };
    const text = await world.reach(await world.order({ payer }), LOS_ANGELES);
    expect(text.body).toBe(words.replace('{code}', digitsOf(text)));
    // It is told nothing that is over by the time it arrives.
    expect(text.validForSeconds).toBe(300);
    await world.inbound(digitsOf(text), { from: LOS_ANGELES });
    expect(world.sent.at(-1)?.body).toMatch(/^Pa/);
  });

  it('is true of a text that is sent a second time, which has the same words, or the link', async () => {
    const world = await openSmsWorld();
    await moved(world, LOS_ANGELES);
    world.clock.advanceTo(START + 5 * 3_600_000);
    world.answers.push(...Array.from({ length: 5 }, () => ({ outcome: 'not_sent', reason: 'busy' }) as const));
    const { id } = await world.order();
    await world.engine.reach(id, { channel: 'sms', to: LOS_ANGELES, request: null });
    await world.goOn(world.clock.now() + 20 * MINUTE_MS);
    const codes = new Set(world.sent.map(digitsOf));
    const [first, last] = [world.sent[0], world.sent.at(-1)];
    expect(first?.body).toContain('within 5 minutes');
    // Two, five and ten minutes on, the first digits have no five minutes left: others are drawn.
    expect(codes.size).toBe(2);
    expect(last?.body).toContain('within 5 minutes');
  });

  it('is a time where all clocks of the country show the same', () => {
    expect(clockTimeAt(PHONE, START)).toBe('14:22');
    expect(clockTimeAt(LOS_ANGELES, START)).toBeNull();
    expect(clockTimeAt('+2991234567', START)).toBeNull();
  });
});

describe('at night', () => {
  it('a text that nobody has asked for waits until eight in the morning, and its digits work from then', async () => {
    const world = await openSmsWorld();
    world.clock.advanceTo(at('2030-01-08T22:30:00Z'));
    const { id } = await world.order();
    await world.engine.reach(id, { channel: 'sms', to: PHONE, request: null });
    await world.settle();
    expect([world.sent.length, (await world.payment(id)).reaches]).toMatchObject([0, [{ status: 'scheduled' }]]);
    const morning = at('2030-01-09T07:00:00Z');
    await world.goOn(morning - 1_000);
    expect(world.sent).toEqual([]);
    await world.goOn(morning);
    expect(world.sent[0]?.body).toContain('by 08:10');
    await world.inbound(digitsOf(world.sent[0] ?? { body: '' }));
    expect((await world.payment(id)).status).toBe('succeeded');
  });

  it('one of a test goes at once', async () => {
    const world = await openSmsWorld();
    world.clock.advanceTo(at('2030-01-08T22:30:00Z'));
    const { id } = await world.order({ mode: 'test' });
    await world.engine.reach(id, { channel: 'sms', to: PHONE, request: null });
    await world.settle();
    expect(world.sent).toHaveLength(1);
  });

  it('the next way is taken where the payment ends before the morning', async () => {
    const world = await openSmsWorld();
    world.clock.advanceTo(at('2030-01-08T22:30:00Z'));
    const { id } = await world.order({ expiresAt: world.clock.now() + 3_600_000 });
    const fallback = [{ channel: 'email', to: 'ada@example.org' }] as const;
    await world.engine.reach(id, { channel: 'sms', to: PHONE, fallback, request: null });
    expect((await world.eventsOf(id)).slice(-2)).toEqual(['channel.sms_failed too_late', 'channel.email_requested']);
  });

  it('one whose turn came late waits too', async () => {
    const world = await openSmsWorld();
    world.clock.advanceTo(at('2030-01-08T20:59:59Z'));
    const { id } = await world.order();
    await world.engine.reach(id, { channel: 'sms', to: PHONE, request: null });
    // As after hours in which nothing ran.
    world.clock.advanceTo(at('2030-01-09T01:00:00Z'));
    await world.settle();
    expect([world.sent.length, (await world.payment(id)).reaches[0]?.status]).toEqual([0, 'scheduled']);
  });

  it.each([
    ['2030-01-08T06:59:00Z', '2030-01-08T07:00:00Z'],
    ['2030-01-08T07:00:00Z', '2030-01-08T07:00:00Z'],
    ['2030-01-08T20:59:00Z', '2030-01-08T20:59:00Z'],
    ['2030-01-08T21:00:00Z', '2030-01-09T07:00:00Z'],
    // A Sunday.
    ['2030-01-13T10:00:00Z', '2030-01-13T10:00:00Z'],
  ])('at %s a French number may be texted at %s', (now, then) => {
    expect(textableAt(PHONE, at(now))).toBe(at(then));
  });

  it('is not known of numbers of countries that we do not know: they are texted', () => {
    expect(textableAt('+2991234567', START)).toBe(START);
  });
});
