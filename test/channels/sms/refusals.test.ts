/** What NO ends, and what others can end or use up by writing in somebody's name. */
import { describe, expect, it } from 'vitest';
import { digitsOf, openSmsWorld, type SmsWorld } from './world.js';

async function offered(world: SmsWorld, change: Parameters<SmsWorld['order']>[0] = {}) {
  // The latest is known by its time.
  world.clock.advance(1_000);
  const { id } = await world.order(change);
  return { id, code: digitsOf(await world.reach(await world.payment(id))) };
}

const isPaid = async (world: SmsWorld, id: string): Promise<boolean> =>
  (await world.payment(id)).status === 'succeeded';

const wrong = (code: string, by: number): string => String((Number(code) + by) % 1_000_000).padStart(6, '0');

describe('NO', () => {
  it('ends the latest offer, says which, and leaves those of others', async () => {
    const world = await openSmsWorld();
    const older = await offered(world, { amount: 990 });
    const latest = await offered(world);
    expect(await world.inbound('NO')).toMatch(/^La Lune 42\.50 EUR refused\. Pay: https:\/\/pay/);
    expect(await world.eventsOf(older.id)).not.toContain('channel.sms_refused');
    expect(await world.eventsOf(latest.id)).toContain('channel.sms_refused');
    await world.inbound(older.code);
    await world.inbound(latest.code);
    expect([await isPaid(world, older.id), await isPaid(world, latest.id)]).toEqual([true, false]);
  });

  it('ends one after the other, and every text of one payment', async () => {
    const world = await openSmsWorld();
    const older = await offered(world, { amount: 990 });
    const latest = await offered(world);
    await world.reach(await world.payment(latest.id));
    expect(await world.inbound('NON')).toMatch(/^La Lune 42\.50 EUR refused/);
    expect(await world.inbound('NON')).toMatch(/^OK, nothing charged\. To pay later: /);
    for (const { id, code } of [older, latest]) {
      expect(await world.inbound(code)).toMatch(/^Code expired/);
      expect((await world.payment(id)).attempts).toEqual([]);
    }
  });

  it('passes over an offer whose time is up', async () => {
    const world = await openSmsWorld();
    const lasting = await offered(world);
    const brief = await offered(world, { expiresAt: world.clock.now() + 180_000 });
    world.clock.advance(200_000);
    await world.inbound('NO');
    expect(await world.eventsOf(lasting.id)).toContain('channel.sms_refused');
    expect(await world.eventsOf(brief.id)).not.toContain('channel.sms_refused');
  });
});

describe('whoever writes in the payer’s name', () => {
  it('does not leave right digits without an answer, whatever was used up', async () => {
    const world = await openSmsWorld();
    const first = await offered(world);
    for (let by = 1; by <= 30; by += 1) await world.inbound(wrong(first.code, by));
    for (let round = 0; round < 5; round += 1) await world.inbound(`and ${round}?`);
    const { id, code } = await offered(world);
    const said = await world.inbound(code);
    expect(said).toMatch(/^Too many tries, nothing charged\. Pay: https:\/\/pay\.example\.org\/pay\//);
    expect(said).toContain((await world.textsOf(id))[0]?.payment.slice(4) ?? 'none');
    // Once for each text: two programs must not talk for ever.
    expect(await world.inbound(code)).toBe('');
    expect((await world.payment(id)).attempts).toEqual([]);
  });

  it('does not keep it from the payer that a text’s tries are spent', async () => {
    const world = await openSmsWorld();
    const { code } = await offered(world);
    for (let round = 0; round < 5; round += 1) await world.inbound(`and ${round}?`);
    const said = [];
    for (let by = 1; by <= 8; by += 1) said.push(await world.inbound(wrong(code, by)));
    expect(said.filter((text) => text !== '')).toEqual([expect.stringMatching(/^Too many tries, .* Pay: https/)]);
  });

  it('does not keep it from the payer that digits have expired', async () => {
    const world = await openSmsWorld();
    const { code } = await offered(world);
    for (let round = 0; round < 5; round += 1) await world.inbound(`and ${round}?`);
    world.clock.advance(600_000);
    expect(await world.inbound(wrong(code, 1))).toMatch(/^Code expired, nothing charged\. Pay: https/);
    expect(await world.inbound(wrong(code, 2))).toBe('');
  });
});
