import { expect, it } from 'vitest';
import { Problem } from '../../../src/contracts/errors.js';
import { digitsOf, openSmsWorld, PHONE } from '../../channels/sms/world.js';

/** Twice as many as may be under way at once. */
const MANY = 8;

/** Payments whose texts fail in their handling, beside one whose text does not. */
async function troubled(trouble: () => Error) {
  const state = { isOver: false };
  const ill = new Set<string>();
  const world = await openSmsWorld({ trouble: (id) => (ill.has(id) && !state.isOver ? trouble() : null) });
  for (let count = 0; count < MANY; count += 1) {
    const { id } = await world.order({ payer: { ...PAYER, phone: numberOf(count) } });
    ill.add(id);
    await world.engine.reach(id, { channel: 'sms', to: numberOf(count), request: null });
  }
  await world.settle();
  return { world, ill: [...ill], state };
}

const PAYER = { account: null, email: null, name: null, language: 'en' } as const;
const numberOf = (count: number): string => `+3361234500${count}`;

it.each([
  ['waits for another release', () => new Problem(503, 'another_release', 'later')],
  ['fails for good', () => new TypeError('a bug')],
])('what %s keeps no other text from going', async (_, trouble) => {
  const { world } = await troubled(trouble);
  const text = await world.reach(await world.order(), PHONE);
  expect(text.to).toBe(PHONE);
  await world.inbound(digitsOf(text));
  expect(world.sent.at(-1)?.body).toMatch(/^Paid/);
});

it('what waits for another release is looked at again every ten seconds, for as long as it takes', async () => {
  const { world, ill, state } = await troubled(() => new Problem(503, 'another_release', 'later'));
  for (let looks = 0; looks < 40; looks += 1) {
    world.clock.advance(10_000);
    await world.texts.sweep();
    await world.texts.idle();
  }
  for (const id of ill) expect(await world.textsOf(id)).toMatchObject([{ status: 'sent', untold: true }]);
  state.isOver = true;
  world.clock.advance(10_000);
  await world.settle();
  for (const id of ill) {
    expect(await world.textsOf(id)).toMatchObject([{ status: 'sent', untold: false, dueAt: null }]);
    expect((await world.payment(id)).reaches).toMatchObject([{ status: 'sent' }]);
  }
});

it('what fails is tried after growing pauses, and given up in the end', async () => {
  const tries: number[] = [];
  const world = await openSmsWorld({
    trouble: () => {
      tries.push(world.clock.now());
      return new TypeError('a bug');
    },
  });
  const { id } = await world.order();
  await world.reach(await world.payment(id));
  await world.goOn(world.clock.now() + 12 * 3_600_000);
  const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
  expect(pauses.slice(0, 4).map((pause) => Math.round(pause / 1_000))).toEqual([1, 2, 4, 8]);
  expect(Math.max(...pauses)).toBeLessThan(700_000);
  expect(tries.length).toBe(21);
  expect(await world.textsOf(id)).toMatchObject([{ status: 'sent', untold: false, dueAt: null, to: null }]);
});

it('trouble that passes leaves nothing behind: the reach is told', async () => {
  const { world, ill, state } = await troubled(() => new TypeError('a bug'));
  await world.goOn(world.clock.now() + 30_000);
  state.isOver = true;
  await world.goOn(world.clock.now() + 60_000);
  for (const id of ill) expect((await world.payment(id)).reaches).toMatchObject([{ status: 'sent' }]);
});
