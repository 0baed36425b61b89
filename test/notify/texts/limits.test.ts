import { describe, expect, it } from 'vitest';
import { digitsOf, openSmsWorld, PHONE, type SmsWorld, STRANGER } from '../../channels/sms/world.js';

/** Asks for the links of that many orders, each for its own; answers how many were promised. */
async function links(world: SmsWorld, count: number, to = STRANGER): Promise<number> {
  let promised = 0;
  for (let order = 0; order < count; order += 1) {
    if (await world.texts.desk.link(await world.order(), to)) promised += 1;
  }
  await world.settle();
  return promised;
}

describe('texts that are asked for by telephone', () => {
  it('go to one number five times an hour, for however many orders', async () => {
    const world = await openSmsWorld();
    expect([await links(world, 30), world.sent.length]).toEqual([5, 5]);
    world.clock.advance(3_600_000);
    expect([await links(world, 30), world.sent.length]).toEqual([5, 10]);
  });

  it('are counted apart from what the merchant asks for: neither uses up the other’s', async () => {
    const world = await openSmsWorld();
    await links(world, 5);
    const fallback = [{ channel: 'sms', to: STRANGER }] as const;
    for (let reach = 0; reach < 5; reach += 1) {
      const { id } = await world.order();
      await world.engine.reach(id, { channel: 'ivr', to: STRANGER, fallback, request: null });
      await world.settle();
    }
    expect(world.sent.filter(({ to }) => to === STRANGER)).toHaveLength(5 + 3);
  });

  it('are as many as a merchant may send in an hour, to whomever, and what is refused uses up no number', async () => {
    const world = await openSmsWorld({ reachesPerHour: { live: 2 } });
    const numbers = Array.from({ length: 5 }, (_, index) => `+3361000000${index}`);
    let promised = 0;
    for (const number of numbers) promised += await links(world, 1, number);
    expect([promised, world.sent.length]).toEqual([2, 2]);
  });

  it('are asked for again and again without another one, and use up nothing by it', async () => {
    const world = await openSmsWorld();
    const payment = await world.order();
    for (let again = 0; again < 5; again += 1) expect(await world.texts.desk.link(payment, STRANGER)).toBe(true);
    expect(await links(world, 2)).toBe(2);
    expect(world.sent).toHaveLength(3);
  });

  it('that came to nothing are tried once more, and no third time', async () => {
    const world = await openSmsWorld();
    const payment = await world.order();
    const promised: boolean[] = [];
    for (let asked = 0; asked < 25; asked += 1) {
      world.clock.advance(3_600_000);
      world.answers.push({ outcome: 'refused', why: 'configuration', code: 1 });
      promised.push(await world.texts.desk.link({ ...payment, expiresAt: Number.MAX_SAFE_INTEGER }, STRANGER));
      await world.settle();
      world.answers.length = 0;
    }
    expect(promised.filter(Boolean)).toHaveLength(2);
    expect(world.sent).toHaveLength(2);
  });

  it.each(['+33892123456', '+19005550123', '+882123456789'])('never go to %s, nor does an offer', async (premium) => {
    const world = await openSmsWorld();
    expect(await links(world, 1, premium)).toBe(0);
    const { id } = await world.order();
    await world.engine.reach(id, { channel: 'sms', to: premium, request: null });
    await world.settle();
    expect(world.sent).toEqual([]);
    expect((await world.eventsOf(id)).at(-1)).toBe('channel.sms_failed premium_number');
  });
});

it('digits are found whatever was texted to the number since', async () => {
  const world = await openSmsWorld();
  const offer = await world.order();
  const code = digitsOf(await world.reach(offer));
  const { number } = (await world.textsOf(offer.id))[0] ?? { number: null };
  const [one] = await world.textsOf(offer.id);
  for (let text = 0; text < 12; text += 1) {
    const plain = { kind: 'link', challenge: null, dueAt: null, reach: null, status: 'sent', revision: 1 } as const;
    const link = { ...one, ...plain, id: `txt_z${text}`, key: `link.${text}`, number };
    await world.store.texts.commit(link as NonNullable<typeof one>);
  }
  expect((await world.store.texts.ofNumber([number ?? ''], 12)).map(({ kind }) => kind)).not.toContain('offer');
  await world.inbound(code, { from: PHONE });
  expect((await world.payment(offer.id)).status).toBe('succeeded');
});
