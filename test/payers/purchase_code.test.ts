/** The purchase code of an account. */
import { describe, expect, it } from 'vitest';
import { createIds } from '../../src/ids.js';
import { createCardKeeper } from '../../src/payers/card_keeper.js';
import { createPayers } from '../../src/payers/service.js';
import { createSigning } from '../../src/signing.js';
import { FIRST_KEY, house, MINUTE, OF, quiet } from './house.js';

describe('a purchase code', () => {
  it('is counted before it is compared, and forgiven when it is right', async () => {
    const seen: number[] = [];
    const world = await house({
      ...FIRST_KEY,
      hash: async () => 'hash',
      async check(_, code) {
        seen.push((await world.payers.find(OF))?.purchaseCode?.errors ?? -1);
        return code === '1234';
      },
    });
    const { payers } = world;
    const { id } = await payers.put(OF, { email: null, phone: null, name: null, language: null });
    expect(await payers.checkPurchaseCode(id, '1234')).toEqual({ answer: 'not_set' });
    await payers.setPurchaseCode(OF, '1234');
    expect(await payers.checkPurchaseCode(id, '0000')).toEqual({ answer: 'refused' });
    expect(await payers.checkPurchaseCode(id, '1234')).toEqual({ answer: 'verified' });
    expect(await payers.checkPurchaseCode(id, '0000')).toEqual({ answer: 'refused' });
    expect(seen).toEqual([1, 2, 1]);
  });

  it('locks after five errors, for longer each time, even against the right code', async () => {
    const { payers, clock } = await house();
    const { id } = await payers.put(OF, { email: null, phone: null, name: null, language: null });
    await payers.setPurchaseCode(OF, '1234');
    for (let error = 0; error < 5; error += 1) {
      expect(await payers.checkPurchaseCode(id, '0000')).toEqual({ answer: 'refused' });
    }
    expect(await payers.checkPurchaseCode(id, '1234')).toEqual({ answer: 'locked', until: clock.now() + 15 * MINUTE });
    clock.advance(15 * MINUTE);
    expect(await payers.checkPurchaseCode(id, '0000')).toEqual({ answer: 'refused' });
    expect(await payers.checkPurchaseCode(id, '1234')).toEqual({ answer: 'locked', until: clock.now() + 30 * MINUTE });
    clock.advance(30 * MINUTE);
    expect(await payers.checkPurchaseCode(id, '1234')).toEqual({ answer: 'verified' });
    expect(await payers.checkPurchaseCode(id, '0000')).toEqual({ answer: 'refused' });
  });

  it('is tried five times at most, however many try at once', async () => {
    let compared = 0;
    const { payers } = await house({
      ...FIRST_KEY,
      hash: async () => 'hash',
      check: async () => {
        compared += 1;
        return false;
      },
    });
    const { id } = await payers.put(OF, { email: null, phone: null, name: null, language: null });
    await payers.setPurchaseCode(OF, '1234');
    await Promise.all(Array.from({ length: 15 }, () => payers.checkPurchaseCode(id, '0000')));
    expect(compared).toBe(5);
  });

  it('is looked at as slowly whether there is one, it is locked, or nobody has that name', async () => {
    let slow = 0;
    const { payers } = await house({
      ...FIRST_KEY,
      hash: async () => `hash ${slow++}`,
      check: async () => slow++ < 0,
    });
    const { id } = await payers.put(OF, { email: null, phone: null, name: null, language: null });
    async function costOf(payer: string, code: string, answer: string): Promise<number> {
      const before = slow;
      expect(await payers.checkPurchaseCode(payer, code)).toMatchObject({ answer });
      return slow - before;
    }
    const costs = [await costOf('pyr_none', '1234', 'not_set'), await costOf(id, '1234', 'not_set')];
    await payers.setPurchaseCode(OF, '1234');
    for (const code of ['', '12', '9'.repeat(1_000), '0000', '0001']) costs.push(await costOf(id, code, 'refused'));
    costs.push(await costOf(id, '1234', 'locked'));
    expect(costs).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('fails closed when it cannot be checked', async () => {
    const { payers } = await house({
      ...FIRST_KEY,
      hash: async () => 'hash',
      check: () => Promise.reject(new Error('the pepper is gone')),
    });
    const { id } = await payers.put(OF, { email: null, phone: null, name: null, language: null });
    await payers.setPurchaseCode(OF, '1234');
    await expect(payers.checkPurchaseCode(id, '1234')).rejects.toThrow('pepper');
    expect((await payers.find(OF))?.purchaseCode?.errors).toBe(1);
  });

  it('outlives a rotation of keys once it is used, and costs nobody a try where its key is gone', async () => {
    const { payers, store, clock } = await house();
    const signingOf = (...names: string[]) => {
      const keys = names.map((id) => ({ id, bytes: Buffer.alloc(32, id) }));
      return createSigning({ keys, ids: createIds({ clock }) });
    };
    const under = (...names: string[]) => {
      const signing = signingOf(...names);
      const codes = {
        hash: signing.hashPurchaseCode,
        check: signing.checkPurchaseCode,
        keyOf: signing.purchaseCodeKeyOf,
      };
      return createPayers({
        store,
        cards: createCardKeeper(store.vault),
        codes,
        clock,
        ids: createIds({ clock }),
        ...quiet,
      });
    };
    const { id } = await payers.put(OF, { email: null, phone: null, name: null, language: null });
    await under('old').setPurchaseCode(OF, '8362');
    const codeOf = async () => (await payers.find(OF))?.purchaseCode;
    for (let time = 0; time < 7; time += 1) {
      expect(await under('new').checkPurchaseCode(id, '8362')).toEqual({ answer: 'unavailable' });
    }
    expect(await codeOf()).toMatchObject({ errors: 0, lockedUntil: null });
    expect(await under('new', 'old').checkPurchaseCode(id, '8361')).toEqual({ answer: 'refused' });
    expect((await codeOf())?.hash).toMatch(/^1\.old\./);
    expect(await under('new').checkPurchaseCode(id, '8362')).toEqual({ answer: 'unavailable' });
    expect(await codeOf()).toMatchObject({ errors: 1 });
    expect(await under('new', 'old').checkPurchaseCode(id, '8362')).toEqual({ answer: 'verified' });
    expect(await codeOf()).toMatchObject({ errors: 0, hash: expect.stringMatching(/^1\.new\./) });
    expect(await under('new').checkPurchaseCode(id, '8362')).toEqual({ answer: 'verified' });
  });

  it.each(['', '123', '123456789', '12a4', '12 34'])('is not %j', async (code) => {
    const { payers } = await house();
    await payers.put(OF, { email: null, phone: null, name: null, language: null });
    await expect(payers.setPurchaseCode(OF, code)).rejects.toMatchObject({ code: 'purchase_code_invalid' });
  });
});
