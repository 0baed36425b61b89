import { describe, expect, it } from 'vitest';
import type { Payment } from '../../../src/contracts/payment.js';
import { DAY_MS, SAMPLE_TIME, samplePayer } from '../../contract/samples.js';
import { declined, STATES, taken } from './samples.js';
import { newOrder, openWorld, type World } from './world.js';

/** The order of a shop that has somebody's address, and sends them something again and again. */
async function flood(world: World, count: number, change: Partial<Payment>, type: string, about?: string) {
  for (let made = 0; made < count; made += 1) {
    await world.happen(newOrder({ ...change, dueAt: SAMPLE_TIME + DAY_MS }), [type], about ?? null);
  }
  await world.settle();
}

async function arrived({ received }: World, address: string): Promise<number> {
  return (await received()).filter(({ to }) => to.includes(address)).length;
}

describe('what a payer is sent without having paid', () => {
  it('is twenty a day to one address, whoever sends it and whatever it says; the rest is dropped and counted', async () => {
    const world = await openWorld();
    const [link, about] = STATES.link;
    await flood(world, 15, link, 'channel.email_requested', about);
    await flood(world, 15, { status: 'canceled', attempts: [declined()] }, 'payment.canceled');
    expect(await arrived(world, 'camille@example.org')).toBe(20);
    expect(world.counted.filter((one) => one === 'capped canceled')).toHaveLength(10);
    const capped = newOrder({ status: 'canceled', attempts: [declined()] });
    await world.happen(capped, ['payment.canceled']);
    await world.settle();
    expect(await world.mailsOf(capped.id)).toMatchObject([
      { audience: 'payer', status: 'dropped', lastError: 'too_many_mails' },
      { audience: 'merchant', status: 'sent' },
    ]);
    world.clock.advance(DAY_MS);
    await flood(world, 1, { status: 'canceled', attempts: [declined()] }, 'payment.canceled');
    expect(await arrived(world, 'camille@example.org')).toBe(21);
  });

  it('counts receipts that were asked for, in each mode apart', async () => {
    const world = await openWorld();
    for (const mode of ['live', 'test'] as const) {
      for (let made = 0; made < 22; made += 1) {
        const payer = { account: null, email: null, phone: null, name: null, language: null };
        const order = newOrder({ status: 'succeeded', mode, attempts: [taken()], payer });
        await world.mails.desk.receipt(await world.happen(order, []), 'Victim@example.org');
      }
    }
    await world.settle();
    expect(await arrived(world, 'Victim@example.org')).toBe(40);
    expect(world.counted.filter((one) => one === 'capped paid')).toHaveLength(4);
  });

  it('does not use up what is told of an account, nor is a try counted twice', async () => {
    const world = await openWorld();
    const [link, about] = STATES.link;
    await flood(world, 21, link, 'channel.email_requested', about);
    const payer = samplePayer({ owner: 'mer_lune', mode: 'live', email: 'camille@example.org' });
    await world.store.payers.commit(payer);
    world.behaviour = async () => 'later';
    for (let revision = 1; revision <= 22; revision += 1) {
      await world.mails.desk.accountChanged({ ...payer, revision }, 'contact_changed', null, null);
    }
    await world.settle();
    world.behaviour = async () => 'take';
    await world.goOn(SAMPLE_TIME + DAY_MS / 2);
    expect(await arrived(world, 'camille@example.org')).toBe(40);
  });
});

it('money that moved is told however often it moves', async () => {
  const world = await openWorld();
  await flood(world, 25, { status: 'succeeded', attempts: [taken()] }, 'payment.succeeded');
  expect(await arrived(world, 'camille@example.org')).toBe(25);
});
