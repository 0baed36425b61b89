/** Seeds of bad luck: lost answers, lost writes, doubled and disordered webhooks, and payers as they are. */
import { expect, it } from 'vitest';
import { StoreFailure } from '../../../src/contracts/errors.js';
import type { Store } from '../../../src/contracts/store.js';
import type { Begun } from '../../../src/contracts/telephone.js';
import { type Random, seededRandom } from '../../simulation/random.js';
import type { Fate } from './provider.js';
import { digitsOf, newSid, openSmsWorld, PHONE, type SmsWorld } from './world.js';

const SEEDS = 120;
const FACE = { brand: 'visa', bin: '411111', last4: '1111', expMonth: 12, expYear: 2034, fingerprint: '1.other' };

interface Luck {
  isBad: boolean;
}

/** Writes of texts that fail before or after they are durable, as with a disk that is full or a connection that is lost. */
function faultyStore(random: Random, luck: Luck): (store: Store) => Store {
  return (store) => ({
    ...store,
    texts: {
      ...store.texts,
      async commit(text) {
        if (luck.isBad && random.chance(0.06)) throw new StoreFailure('nothing was written');
        const isWritten = await store.texts.commit(text);
        if (luck.isBad && random.chance(0.06)) throw new StoreFailure('nobody knows');
        return isWritten;
      },
    },
  });
}

function fateOf(random: Random, luck: Luck): Fate {
  const fates: readonly ((sid: string) => { begun: Begun; isSent: boolean })[] = [
    (sid) => ({ begun: { outcome: 'taken', sid }, isSent: true }),
    () => ({ begun: { outcome: 'unknown', reason: 'ETIMEDOUT' }, isSent: true }),
    () => ({ begun: { outcome: 'unknown', reason: 'ETIMEDOUT' }, isSent: false }),
    () => ({ begun: { outcome: 'not_sent', reason: 'ECONNREFUSED' }, isSent: false }),
    () => ({ begun: { outcome: 'refused', why: 'unreachable', code: 21_211 }, isSent: false }),
  ];
  return (_, sid) => (luck.isBad && random.chance(0.5) ? random.pick(fates)(sid) : null);
}

async function actSomehow(world: SmsWorld, random: Random, id: string): Promise<void> {
  const [text] = world.listed.filter(({ body }) => /\b\d{6}\b/.test(body));
  const code = text === undefined ? '000000' : digitsOf(text);
  const sid = newSid();
  const say = (body: string) => world.post('/sms/inbound', { MessageSid: sid, From: PHONE, To: '38000', Body: body });
  switch (random.between(0, 8)) {
    case 0:
    case 1:
    case 2:
      await Promise.all([say(code), say(code)]);
      return;
    case 3:
      await say(random.pick(['000001', 'OUI', 'NON', 'what?', 'STOP', 'START']));
      return;
    case 4:
    case 5:
      for (const { sid: MessageSid, statusUrl = '' } of world.listed) {
        const MessageStatus = random.pick(['queued', 'sent', 'delivered', 'undelivered', 'sent']);
        const { pathname, search } = new URL(statusUrl);
        await world.post(`${pathname}${search}`, { MessageSid, MessageStatus });
      }
      return;
    case 6:
      await world.engine.reply(id, {
        ...{
          prompt: `begin.${(await world.payment(id)).attempts.length + 1}`,
          channel: 'api',
          device: 'page',
          type: 'card',
        },
        ...{ browser: null, token: random.pick(['tok_sandbox_approve', 'tok_sandbox_decline']), face: FACE },
        ...{ stored: true, proof: null },
      });
      return;
    default:
      world.clock.advance(random.between(1, 120_000));
  }
}

async function play(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const luck: Luck = { isBad: true };
  const world = await openSmsWorld({
    ...{ faulty: faultyStore(random, luck), fate: fateOf(random, luck), callAddresses: random.chance(0.5) },
  });
  const { id } = await world.order();
  const fallback = [{ channel: 'email', to: 'ada@example.org' }] as const;
  await world.engine.reach(id, { channel: 'sms', to: PHONE, fallback, request: null });
  const settle = () =>
    world.settle().catch((error: unknown) => {
      if (!(error instanceof StoreFailure)) throw error;
    });
  await settle();
  for (let step = 0; step < 10; step += 1) {
    world.isListAway = luck.isBad && random.chance(0.2);
    await actSomehow(world, random, id);
    await settle();
  }
  luck.isBad = false;
  world.isListAway = false;
  await world.goOn(world.clock.now() + 3 * 3_600_000);

  const payment = await world.payment(id);
  const captured = payment.attempts.filter(({ status }) => status === 'captured');
  expect(captured.length).toBeLessThanOrEqual(1);
  expect(payment.status === 'succeeded').toBe(captured.length === 1);
  // Nothing waits that nobody will look at, and nothing is due.
  const texts = await world.textsOf(id);
  const now = world.clock.now();
  expect(texts.filter(({ dueAt, status }) => status === 'waiting' || (dueAt !== null && dueAt <= now))).toEqual([]);
  expect(payment.dueAt === null || payment.dueAt > now).toBe(true);
  // Once nobody is waited for, nobody is brought there, and the time of a reach means nothing.
  const isAwaited = payment.status === 'requires_payment_method' || payment.status === 'requires_action';
  for (const { dueAt = null, status } of isAwaited ? payment.reaches : []) {
    expect({ status, isBehind: dueAt !== null && dueAt <= now }).toEqual({ status, isBehind: false });
  }
  // What somebody got on their telephone: the same text twice at most, and one word about the outcome.
  const copies = new Map<string, number>();
  for (const { body } of world.listed) copies.set(body, (copies.get(body) ?? 0) + 1);
  for (const [body, count] of copies) expect({ body, count: Math.max(count, 2) }).toEqual({ body, count: 2 });
  const outcomes = texts.filter(({ kind }) => kind === 'outcome');
  expect(outcomes.length).toBeLessThanOrEqual(texts.filter(({ kind }) => kind === 'offer').length);
  const paidByText = captured.filter(({ channel }) => channel === 'sms');
  expect(paidByText.length === 0 || outcomes.length > 0).toBe(true);
  const isTold = world.listed.some(({ body }) => body.startsWith('Paid'));
  const wasSent = outcomes.some(({ status }) => status === 'sent' || status === 'delivered');
  expect({ isTold, paidByText: paidByText.length > 0 || !isTold }).toEqual({ isTold, paidByText: true });
  expect(isTold || paidByText.length === 0 || !wasSent).toBe(true);
  expect(texts.filter(({ to }) => to !== null)).toEqual([]);
}

it.each(Array.from({ length: SEEDS / 10 }, (_, index) => index))(
  'nothing is charged twice, said thrice or left lying: %i',
  async (round) => {
    for (let seed = round * 10; seed < round * 10 + 10; seed += 1) {
      await play(seed).catch((error: unknown) => {
        throw new Error(`seed ${seed}`, { cause: error });
      });
    }
  },
  120_000,
);
