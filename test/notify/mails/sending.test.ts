import { describe, expect, it, vi } from 'vitest';
import type { Mail } from '../../../src/contracts/mail.js';
import type { Payment } from '../../../src/contracts/payment.js';
import { DAY_MS, SAMPLE_TIME, sampleMerchant } from '../../contract/samples.js';
import { seededRandom } from '../../simulation/random.js';
import { lune, taken } from './samples.js';
import { newOrder, openWorld, type World } from './world.js';

// Hundreds of mails over real connections, on machines that do other things beside it.
vi.setConfig({ testTimeout: 60_000 });

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Payers only: each outcome is one mail. */
const quiet = { ...lune, profile: { ...sampleMerchant().profile, displayName: 'Lune' } };

function paidBy(email: string): Payment {
  const payer = { account: null, email, phone: null, name: 'Camille Payeur', language: 'fr' };
  return newOrder({ status: 'succeeded', attempts: [taken()], payer });
}

async function mailOf(world: World, { id }: Payment) {
  const [mail] = await world.mailsOf(id);
  if (mail === undefined) throw new Error('no mail');
  return mail;
}

it('leaves a mail of a kind that only another release can write to it', async () => {
  const world = await openWorld({ merchant: quiet });
  await world.happen(paidBy('here@example.org'), ['payment.succeeded']);
  world.behaviour = async () => 'later';
  await world.settle();
  const [planned] = await world.store.mails.due(SAMPLE_TIME + DAY_MS, 1);
  if (planned === undefined) throw new Error('no mail');
  const newer = { ...planned, revision: planned.revision + 1, kind: 'thanks' as Mail['kind'] };
  await world.store.mails.commit(newer);
  world.behaviour = async () => 'take';
  await world.goOn(SAMPLE_TIME + 10 * MINUTE);
  expect(await world.received()).toEqual([]);
  const left = await world.store.mails.load(planned.id);
  expect(left).toMatchObject({ status: 'waiting', kind: 'thanks', tries: planned.tries, lastError: planned.lastError });
  expect(left?.dueAt).toBeGreaterThan(SAMPLE_TIME + 10 * MINUTE - 1);
});

describe('a mail server', () => {
  it('that refuses one address delays and parks only its own mail', async () => {
    const world = await openWorld({ merchant: quiet });
    world.behaviour = async (to) => (to === 'gone@example.org' ? 'refuse' : 'take');
    const [gone, here] = [paidBy('gone@example.org'), paidBy('here@example.org')];
    for (const order of [gone, here]) await world.happen(order, ['payment.succeeded']);
    await world.settle();
    expect(await mailOf(world, here)).toMatchObject({ status: 'sent', tries: 1, sentAt: SAMPLE_TIME });
    expect(await mailOf(world, gone)).toMatchObject({
      status: 'waiting',
      tries: 1,
      lastError: 'smtp_550',
      refusals: 1,
    });
    await world.goOn(SAMPLE_TIME + DAY_MS);
    expect(await mailOf(world, gone)).toMatchObject({ status: 'parked', dueAt: null, tries: 3, lastError: 'smtp_550' });
    expect(world.counted.sort()).toEqual(['failed', 'failed', 'parked', 'sent']);
  });

  it('that says later is asked again, with growing pauses, for three days', async () => {
    const world = await openWorld({ merchant: quiet });
    world.behaviour = async () => 'later';
    const order = paidBy('busy@example.org');
    await world.happen(order, ['payment.succeeded']);
    const pauses: number[] = [];
    for (let last = world.clock.now(); ; ) {
      await world.settle();
      const { dueAt, status } = await mailOf(world, order);
      if (dueAt === null) {
        expect(status).toBe('parked');
        break;
      }
      pauses.push(dueAt - last);
      last = dueAt;
      world.clock.advanceTo(dueAt);
    }
    expect(pauses.length).toBeGreaterThan(10);
    expect(pauses.length).toBeLessThan(25);
    expect(pauses.at(-1)).toBeGreaterThan(5 * 60 * MINUTE);
    expect(world.clock.now() - SAMPLE_TIME).toBeGreaterThan(2 * DAY_MS);
    expect(world.clock.now() - SAMPLE_TIME).toBeLessThanOrEqual(3 * DAY_MS);
  });

  it('that is down is left alone, and costs no mail its tries', async () => {
    const world = await openWorld({ merchant: quiet });
    world.isAway = true;
    const orders = Array.from({ length: 50 }, (_, index) => paidBy(`p${index}@example.org`));
    for (const order of orders) await world.happen(order, ['payment.succeeded']);
    let sweeps = 0;
    for (const until = SAMPLE_TIME + 60 * MINUTE; world.clock.now() < until; sweeps += 1) {
      const next = await world.mails.sweep();
      await world.mails.idle();
      world.clock.advanceTo(Math.max(next ?? until, world.clock.now() + 1));
    }
    const tries = (await Promise.all(orders.map((order) => mailOf(world, order)))).map((mail) => mail.tries);
    expect(tries.reduce((sum, count) => sum + count)).toBeLessThan(100);
    expect(sweeps).toBeLessThan(250);
    world.isAway = false;
    await world.goOn(world.clock.now() + 10 * 60 * MINUTE);
    expect(await world.received()).toHaveLength(50);
  });

  it('that takes its time with some does not hold up others', async () => {
    const world = await openWorld({ merchant: quiet });
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    world.behaviour = async (to) => {
      if (to.startsWith('slow')) await held;
      return 'take';
    };
    const slow = Array.from({ length: 3 }, (_, index) => paidBy(`slow${index}@example.org`));
    const quick = Array.from({ length: 40 }, (_, index) => paidBy(`quick${index}@example.org`));
    for (const order of [...slow, ...quick]) await world.happen(order, ['payment.succeeded']);
    await world.mails.sweep();
    await expect.poll(async () => (await world.received()).length, { timeout: 20_000 }).toBe(40);
    // The ones under way are ours for as long as the lease holds: nobody else takes them up.
    await world.another().sweep();
    release();
    await world.mails.idle();
    expect(await world.received()).toHaveLength(43);
  });

  it('that never answers is given up: the mail comes again under the same identity', async () => {
    const world = await openWorld({ merchant: quiet });
    const asked: string[] = [];
    world.behaviour = (to) => {
      asked.push(to);
      return asked.length === 1 ? new Promise(() => undefined) : Promise.resolve('take');
    };
    const order = paidBy('a@example.org');
    await world.happen(order, ['payment.succeeded']);
    await world.mails.sweep();
    await expect.poll(() => asked.length).toBe(1);
    world.clock.advance(45 * SECOND);
    await world.mails.idle();
    expect(await mailOf(world, order)).toMatchObject({ status: 'waiting', lastError: 'too_slow' });
    await world.goOn(world.clock.now() + MINUTE);
    expect((await world.received()).map(({ messageId }) => messageId)).toEqual([
      `<${(await mailOf(world, order)).id}@operator.example>`,
    ]);
  });

  it('is not needed at all: mails are dropped where there is none', async () => {
    const world = await openWorld({ merchant: quiet, ports: { server: null } });
    const order = paidBy('a@example.org');
    await world.happen(order, ['payment.succeeded']);
    await world.settle();
    expect(await mailOf(world, order)).toMatchObject({ status: 'dropped', lastError: 'no_mail_server' });
  });
});

/** The store of a process that is gone by the time it would write such a mail. */
function mortal({ store }: World, isGone: (mail: Mail) => boolean): World['store']['mails'] {
  const { mails } = store;
  return {
    ...mails,
    async commit(mail) {
      if (isGone(mail)) throw new Error('the process is gone');
      return mails.commit(mail);
    },
  };
}

describe('a process that dies', () => {
  it('while it sends leaves its mail to another, once its lease is over', async () => {
    const world = await openWorld({ merchant: quiet });
    let calls = 0;
    world.behaviour = () => {
      calls += 1;
      return calls === 1 ? new Promise(() => undefined) : Promise.resolve('take');
    };
    const order = paidBy('a@example.org');
    await world.happen(order, ['payment.succeeded']);
    const dying = world.another({
      store: { ...world.store, mails: mortal(world, ({ tries }) => tries > 0 && calls > 0) },
    });
    await dying.sweep();
    await expect.poll(() => calls).toBe(1);
    const { dueAt } = await mailOf(world, order);
    world.clock.advanceTo((dueAt ?? 0) - 1);
    await world.settle();
    expect(await world.received()).toEqual([]);
    world.clock.advance(1);
    await world.settle();
    expect(await world.received()).toHaveLength(1);
    expect(await mailOf(world, order)).toMatchObject({ status: 'sent', tries: 2 });
  });

  it('after the server took the mail and before that is stored: it is sent twice under one Message-ID', async () => {
    const world = await openWorld({ merchant: quiet });
    const order = paidBy('a@example.org');
    await world.happen(order, ['payment.succeeded']);
    const dying = world.another({ store: { ...world.store, mails: mortal(world, ({ status }) => status === 'sent') } });
    await world.settle(dying);
    expect(await mailOf(world, order)).toMatchObject({ status: 'waiting', tries: 1 });
    await world.goOn(SAMPLE_TIME + 2 * MINUTE);
    const ids = (await world.received()).map(({ messageId }) => messageId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });
});

it('tells 1,000 outcomes at least once, each under one identity, over a server that fails at random', async () => {
  const world = await openWorld({ merchant: quiet });
  const random = seededRandom(20_300_101);
  const behaviours = ['take', 'take', 'take', 'take', 'later', 'drop_before', 'drop_after', 'hang_up'] as const;
  world.behaviour = async (to) => {
    if (to.startsWith('gone')) return 'refuse';
    // Now and then it is down for all.
    world.isAway = random.chance(0.02);
    return random.pick(behaviours);
  };
  const orders = Array.from({ length: 1_000 }, (_, index) =>
    paidBy(`${index % 50 === 7 ? 'gone' : 'p'}${index}@example.org`),
  );
  for (const order of orders) await world.happen(order, ['payment.succeeded']);
  let process = world.mails;
  for (let round = 0; ; round += 1) {
    const next = await process.sweep();
    await process.idle();
    world.isAway = false;
    if (next === null) break;
    if (next > SAMPLE_TIME + 4 * DAY_MS) throw new Error('it does not end');
    world.clock.advanceTo(Math.max(next, world.clock.now() + 5 * SECOND));
    // Every now and then the process is gone, and another goes on from the store.
    if (round % 20 === 19) process = world.another();
  }
  const received = await world.received();
  const idsOf = new Map<string, Set<string | null>>();
  for (const { to, messageId } of received) idsOf.set(to.join(), (idsOf.get(to.join()) ?? new Set()).add(messageId));
  for (const order of orders) {
    const mail = await mailOf(world, order);
    const { email = '' } = order.payer;
    if (email?.startsWith('gone')) {
      expect(mail).toMatchObject({ status: 'parked', lastError: 'smtp_550' });
      expect(idsOf.has(email)).toBe(false);
    } else {
      expect(mail).toMatchObject({ status: 'sent', lastError: null });
      expect([...(idsOf.get(email ?? '') ?? [])]).toEqual([`<${mail.id}@operator.example>`]);
    }
  }
  expect(idsOf.size).toBe(980);
  expect(received.length).toBeGreaterThan(980);
  expect(world.logged.join('\n')).not.toMatch(/@|Camille|4242/);
}, 120_000);
