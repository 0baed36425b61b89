import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTelevisionHouse, type TelevisionHouse } from './house.js';

let house: TelevisionHouse;
beforeAll(async () => {
  house = await openTelevisionHouse();
});
afterAll(() => house.close());

/** A box at the entry of the code, for a new payment of a household with one card. */
async function asked() {
  const [{ id }, account] = await Promise.all([house.order(), house.household(['4242424242424242'])]);
  const box = await house.open(id, { account });
  await box.press('OK');
  return { box, id };
}

describe('a purchase code that a box sends key by key', () => {
  it('takes digits one by one in their order, each once, and nothing of them is left in clear', async () => {
    const { box, id } = await asked();
    const { version } = box.screen;
    const key = (digit: string, seq: number) => house.post(box.session, { version, key: digit, seq });
    await key('1', 1);
    await key('1', 1);
    await key('3', 3);
    await Promise.all([key('2', 2), key('2', 2)]);
    await key('9', 3);
    await house.post(box.session, { version, key: 'LEFT', seq: 4 });
    await key('3', 5);
    await key('4', 6);
    await box.look();
    expect(box.screen).toMatchObject({ version, entry: { entered: 4 } });
    const id64 = box.session.split('.').at(-1) ?? '';
    expect(JSON.stringify(await house.store.tvSessions.load(`tvs_${id64}`))).not.toContain('1234');
    await house.post(box.session, { version, key: 'OK', seq: 7 });
    await box.until('paid');
    expect((await house.payment(id)).attempts).toHaveLength(1);
  });

  it('keeps nothing of a digit that was taken back, nor of an entry that was left', async () => {
    const { box } = await asked();
    const { version } = box.screen;
    const session = `tvs_${box.session.split('.').at(-1)}`;
    const keyed = async () => (await house.store.tvSessions.load(session))?.place.keyed?.split(' ') ?? [];
    const kept = async (tokens: readonly string[]) => {
      const records = await Promise.all(tokens.map((token) => house.store.vault.get(token)));
      return records.map((record) => record !== null);
    };
    for (let seq = 1; seq <= 3; seq++) await house.post(box.session, { version, key: '7', seq });
    const tokens = await keyed();
    expect(await kept(tokens)).toEqual([true, true, true]);
    await house.post(box.session, { version, key: 'LEFT', seq: 4 });
    expect(await kept(tokens)).toEqual([true, true, false]);
    await house.post(box.session, { version, key: 'BACK', seq: 5 });
    expect(await kept(tokens)).toEqual([false, false, false]);
    expect(await keyed()).toEqual([]);
  });

  it('takes no more digits than a code can have', async () => {
    const { box } = await asked();
    const { version } = box.screen;
    for (let seq = 1; seq <= 10; seq++) await house.post(box.session, { version, key: '7', seq });
    await box.look();
    expect(box.screen).toMatchObject({ version, entry: { digits: 8, entered: 8 } });
  });
});
