/** While two releases run side by side, an answer may come to one that cannot go on with its payment. */
import { expect, it } from 'vitest';
import { Problem } from '../../../src/contracts/errors.js';
import { digitsOf, openSmsWorld, PHONE } from './world.js';

async function leftAlone() {
  const elsewhere = new Set<string>();
  const world = await openSmsWorld({
    isElsewhere: (id) => elsewhere.has(id),
    trouble: (id) => (elsewhere.has(id) ? new Problem(503, 'another_release', 'later') : null),
  });
  const { id } = await world.order();
  const code = digitsOf(await world.reach(await world.payment(id)));
  elsewhere.add(id);
  return { world, id, code, come: () => elsewhere.clear() };
}

it('right digits are told to wait, and pay once the payment can go on', async () => {
  const { world, id, code, come } = await leftAlone();
  expect(await world.inbound(code)).toMatch(/^This payment is being paid elsewhere/);
  expect((await world.textsOf(id))[0]?.challenge).toMatchObject({ state: 'open' });
  come();
  await world.inbound(code);
  expect((await world.payment(id)).status).toBe('succeeded');
});

it('NO ends the offer, and is answered', async () => {
  const { world, id, code, come } = await leftAlone();
  expect(await world.inbound('NO')).toMatch(/^OK, nothing charged/);
  expect((await world.textsOf(id))[0]?.challenge).toMatchObject({ state: 'over' });
  come();
  expect(await world.inbound(code)).toMatch(/^Code expired, nothing charged/);
});

it('STOP is heeded', async () => {
  const { world } = await leftAlone();
  await world.inbound('STOP');
  expect(await world.consents.optedOutAt(PHONE, 'payment')).not.toBeNull();
});
