import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Television } from './box.js';
import { openTelevisionHouse, RIGHT, type TelevisionHouse } from './house.js';
import { createPhone } from './phone.js';

const GOOD = '4242424242424242';
const DECLINED = '4000000000000002';

let house: TelevisionHouse;
beforeAll(async () => {
  house = await openTelevisionHouse();
});
afterAll(() => house.close());

/** A box at the entry of the code, for a new payment of a household. */
async function asked(): Promise<{ box: Television; id: string; pay: string; account: string }> {
  const [{ id, pay }, account] = await Promise.all([house.order(), house.household([GOOD])]);
  const box = await house.open(id, { account });
  await box.press('OK');
  return { box, id, pay, account };
}

/** Sends keys one by one, numbered from `from`, as answers to the screen that the box saw last. */
async function key(box: Television, keys: readonly string[], from = 1): Promise<void> {
  const { version } = box.screen;
  for (const [index, pressed] of keys.entries()) {
    await house.post(box.session, { version, key: pressed, seq: from + index });
  }
}

/** The tokens of the digits that were keyed. */
async function keyedOf(box: Television): Promise<string[]> {
  const session = await house.store.tvSessions.load(`tvs_${box.session.split('.').at(-1)}`);
  return session?.place.keyed?.split(' ') ?? [];
}

/** Which of these digits the vault still keeps. */
async function kept(tokens: readonly string[]): Promise<boolean[]> {
  const records = await Promise.all(tokens.map((token) => house.store.vault.get(token)));
  return records.map((record) => record !== null);
}

async function errorsOf(account: string): Promise<number | undefined> {
  return (await house.payers.find({ owner: 'op_demo', mode: 'test', account }))?.purchaseCode?.errors;
}

describe('digits that are sent one by one', () => {
  it('are taken in their order, each once, and none is left in clear', async () => {
    const { box, id } = await asked();
    const { version } = box.screen;
    const send = (digit: string, seq: number) => house.post(box.session, { version, key: digit, seq });
    await send('1', 1);
    await send('1', 1);
    await send('3', 3);
    await Promise.all([send('2', 2), send('2', 2)]);
    await send('9', 3);
    await house.post(box.session, { version, key: 'LEFT', seq: 4 });
    await send('3', 5);
    await send('4', 6);
    await box.look();
    expect(box.screen).toMatchObject({ version, entry: { entered: 4 } });
    const id64 = box.session.split('.').at(-1) ?? '';
    expect(JSON.stringify(await house.store.tvSessions.load(`tvs_${id64}`))).not.toContain('1234');
    await house.post(box.session, { version, key: 'OK', seq: 7 });
    await box.until('paid');
    expect((await house.payment(id)).attempts).toHaveLength(1);
  });

  it('are no more than a code can have', async () => {
    const { box } = await asked();
    const { version } = box.screen;
    for (let seq = 1; seq <= 10; seq++) await house.post(box.session, { version, key: '7', seq });
    await box.look();
    expect(box.screen).toMatchObject({ version, entry: { digits: 8, entered: 8 } });
  });

  it('keeps nothing of a digit that was taken back, nor of an entry that was left', async () => {
    const { box } = await asked();
    await key(box, ['7', '7', '7']);
    const tokens = await keyedOf(box);
    expect(await kept(tokens)).toEqual([true, true, true]);
    await key(box, ['LEFT'], 4);
    expect(await kept(tokens)).toEqual([true, true, false]);
    await key(box, ['BACK'], 5);
    expect(await kept(tokens)).toEqual([false, false, false]);
    expect(await keyedOf(box)).toEqual([]);
  });

  it('go on behind keys that do nothing', async () => {
    const { box } = await asked();
    await key(box, ['1', 'LEFT', 'LEFT', 'GREEN', 'OK', ...RIGHT, 'OK']);
    expect(await box.until('paid')).toMatchObject({ status: 'succeeded' });
  });

  it('pay when the last OK comes ten times at once', async () => {
    const { box, id, account } = await asked();
    await key(box, [...RIGHT]);
    const ok = { version: box.screen.version, key: 'OK', seq: RIGHT.length + 1 };
    const answers = await Promise.all(Array.from({ length: 10 }, () => house.post(box.session, ok)));
    expect(JSON.stringify(answers)).not.toMatch(/four to eight digits/);
    await box.until('paid');
    expect((await house.payment(id)).attempts).toHaveLength(1);
    expect(await errorsOf(account)).toBe(0);
  });
});

async function moveFocusAwayAndBack(box: Television): Promise<void> {
  await box.press('DOWN');
  await box.press('UP');
}

async function declineOnTelephone(_: Television, id: string, pay: string): Promise<void> {
  await createPhone(pay).payWith(DECLINED);
  await vi.waitFor(
    async () => expect((await house.payment(id)).attempts).toMatchObject([{ status: 'declined', flow: null }]),
    { timeout: 20_000 },
  );
}

describe('an entry whose screen changes meanwhile', () => {
  it.each<[string, (box: Television, id: string, pay: string) => Promise<void>]>([
    ['the focus was moved away and back', moveFocusAwayAndBack],
    ['a card was declined on a telephone', declineOnTelephone],
  ])('begins anew from its first key, once %s', async (_, change) => {
    const { box, id, pay, account } = await asked();
    await key(box, ['9', '8']);
    const tokens = await keyedOf(box);
    const { version } = box.screen;
    await change(box, id, pay);
    await box.look();
    expect(box.screen).toMatchObject({ id: 'purchase_code', focus: null, entry: { entered: 0 } });
    expect(box.screen.version).not.toBe(version);
    await key(box, [RIGHT.slice(0, 1)]);
    expect(await kept(tokens)).toEqual([false, false]);
    await box.look();
    expect(box.screen.entry).toMatchObject({ entered: 1 });
    await key(box, [...RIGHT.slice(1), 'OK'], 2);
    await box.until('paid');
    expect(await errorsOf(account)).toBe(0);
  });
});
