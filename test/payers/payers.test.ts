import { describe, expect, it } from 'vitest';
import { recordOf } from '../../src/contracts/payer.js';
import { createIds } from '../../src/ids.js';
import { createCardKeeper } from '../../src/payers/card_keeper.js';
import { seedDemoPayer } from '../../src/payers/demo.js';
import { createPayers } from '../../src/payers/service.js';
import { house, MINUTE, OF, quiet } from './house.js';

describe('stored instruments', () => {
  const card = { number: '4242424242424242', expiryMonth: 12, expiryYear: 2034, securityCode: null, brand: 'visa' };

  const yes = (at: number) => ({ words: 'Yes.', at });

  it('are stored once per card: the id and the token stay, the newer record goes', async () => {
    const { payers, vault } = await house();
    const first = await vault.keepCard(card);
    const one = await payers.storeInstrument(OF, { ...first, authenticated: true, consent: yes(1) });
    const second = await vault.keepCard(card);
    const again = await payers.storeInstrument(OF, { ...second, authenticated: false, consent: yes(2) });
    expect(again.payer.instruments).toEqual([{ ...one.instrument, consent: yes(2) }]);
    expect(again.payer.defaultInstrument).toBe(one.instrument.id);
    expect(await vault.openCard(first.token)).not.toBeNull();
    expect(await vault.openCard(second.token)).toBeNull();
    // Its answer was lost.
    const repeated = await payers.storeInstrument(OF, { ...second, authenticated: false, consent: yes(2) });
    expect(repeated.payer.instruments).toEqual(again.payer.instruments);
  });

  it('that were renewed keep id and token, and lead to the new record', async () => {
    const { payers, vault } = await house();
    const first = await vault.keepCard(card);
    const one = await payers.storeInstrument(OF, { ...first, authenticated: true, consent: yes(1) });
    const renewed = await vault.keepCard({ ...card, expiryYear: 2038 });
    const given = { ...renewed, authenticated: false, consent: yes(2) };
    const { payer, instrument } = await payers.storeInstrument(OF, given);
    const { id, token } = one.instrument;
    expect(payer.instruments).toEqual([instrument]);
    expect(instrument).toMatchObject({ id, token, authenticated: true, consent: yes(2), face: { expYear: 2038 } });
    expect((await vault.openCard(recordOf(instrument)))?.card).toMatchObject({ expiryYear: 2038 });
    expect(await vault.openCard(first.token)).toBeNull();
    expect((await payers.storeInstrument(OF, given)).instrument).toEqual(instrument);
    expect(await vault.openCard(renewed.token)).not.toBeNull();
    // Somebody who agreed earlier comes late: the newer end stays.
    const late = await vault.keepCard(card);
    const after = await payers.storeInstrument(OF, { ...late, authenticated: true, consent: yes(1) });
    expect(after.payer.instruments).toEqual([instrument]);
    expect(await vault.openCard(late.token)).toBeNull();
    await payers.removeInstrument(OF, id);
    expect(await vault.openCard(renewed.token)).toBeNull();
  });

  it('that were taken out are not brought back by a store that is asked again', async () => {
    const { payers, vault } = await house();
    const given = { ...(await vault.keepCard(card)), authenticated: true, consent: yes(1) };
    const { instrument } = await payers.storeInstrument(OF, given);
    await payers.removeInstrument(OF, instrument.id);
    await expect(payers.storeInstrument(OF, given)).rejects.toMatchObject({ code: 'card_not_kept' });
    expect((await payers.find(OF))?.instruments).toEqual([]);
  });

  it('are not stored when the card has died meanwhile, and what was there stays', async () => {
    const { payers, vault, clock } = await house();
    const first = await vault.keepCard(card);
    await payers.storeInstrument(OF, { ...first, authenticated: true, consent: null });
    const late = await vault.keepCard({ ...card, expiryYear: 2038 });
    clock.advance(16 * MINUTE);
    await vault.sweep(clock.now());
    await expect(payers.storeInstrument(OF, { ...late, authenticated: true, consent: null })).rejects.toMatchObject({
      code: 'card_not_kept',
    });
    const payer = await payers.find(OF);
    expect(payer?.instruments.map(({ token }) => token)).toEqual([first.token]);
    expect(payer?.defaultInstrument).toBe(payer?.instruments[0]?.id);
    expect(await vault.openCard(first.token)).not.toBeNull();
  });

  it('make the payer once, however many come at once', async () => {
    const { payers, vault } = await house();
    const kept = await Promise.all(
      [1, 2, 3].map((digit) => vault.keepCard({ ...card, number: `424242424242424${digit}` })),
    );
    const stored = await Promise.all(
      kept.map((one) => payers.storeInstrument(OF, { ...one, authenticated: false, consent: null })),
    );
    expect(new Set(stored.map(({ payer }) => payer.id)).size).toBe(1);
    expect((await payers.find(OF))?.instruments).toHaveLength(3);
  });
});

describe('the demo payer', () => {
  it('is made once, whoever comes first, and completed by whoever comes later', async () => {
    const { payers, vault, store } = await house();
    await Promise.all([1, 2, 3].map(() => seedDemoPayer(payers, vault, 'mer_demo', 1)));
    const demo = await payers.find({ owner: 'mer_demo', mode: 'test', account: 'demo' });
    expect(demo).toMatchObject({ phone: '+33612345678', instruments: [{ face: { last4: '4242' } }] });
    const card = await vault.openCard(demo?.instruments[0]?.token ?? '');
    expect(card?.card).toMatchObject({ number: '4242424242424242' });
    expect(await payers.checkPurchaseCode(demo?.id ?? '', '1234')).toEqual({ answer: 'verified' });
    const before = JSON.stringify(await store.payers.load(demo?.id ?? ''));
    await seedDemoPayer(payers, vault, 'mer_demo', 1);
    expect(JSON.stringify(await store.payers.load(demo?.id ?? ''))).toBe(before);
  });
});

describe('a card that is being stored while its payer is erased', () => {
  const CARD = { number: '4242424242424242', expiryMonth: 12, expiryYear: 2034, securityCode: null, brand: 'visa' };

  it('is stored nowhere, and brings none of the others back', async () => {
    const { store, vault, clock, payers } = await house();
    const earlier = await vault.keepCard(CARD);
    await payers.storeInstrument(OF, { ...earlier, authenticated: true, consent: null });
    const again = await vault.keepCard(CARD);
    // Between the commit that names the card and the one that keeps it, the account is erased.
    const keeper = createCardKeeper(store.vault);
    const interrupted = createPayers({
      store,
      cards: {
        ...keeper,
        async keep(token) {
          await payers.erase(OF, null);
          return keeper.keep(token);
        },
      },
      codes: { hash: async () => 'hash', check: async () => false, keyOf: () => ({ id: 'k', is: 'first' as const }) },
      clock,
      ids: createIds({ clock }),
      ...quiet,
    });
    const stored = interrupted.storeInstrument(OF, { ...again, authenticated: true, consent: null });
    await expect(stored).rejects.toMatchObject({ code: 'payer_erased' });
    expect(await payers.find(OF)).toMatchObject({ instruments: [], defaultInstrument: null });
    for (const { token } of [earlier, again]) expect(await vault.openCard(token)).toBeNull();
  });
});

describe('identifications', () => {
  it('are dropped when they are over, and never more than twenty', async () => {
    const { clock, payers } = await house();
    const { id } = await payers.put(OF, { email: 'a@example.org', phone: null, name: null, language: null });
    for (let device = 0; device < 30; device += 1) {
      const at = { scope: 'pay_1', device: `device-${device}` };
      const expiresAt = clock.now() + 10 * MINUTE;
      await payers.identifications.expect(id, at, { hash: `hash-${device}`, expiresAt, to: 'a@example.org' });
    }
    expect((await payers.find(OF))?.identifications.map(({ device }) => device).at(0)).toBe('device-10');
    expect((await payers.find(OF))?.identifications).toHaveLength(20);
    clock.advance(10 * MINUTE);
    const last = { scope: 'pay_1', device: 'device-30' };
    const expiresAt = clock.now() + 10 * MINUTE;
    await payers.identifications.expect(id, last, { hash: 'hash', expiresAt, to: 'a@example.org' });
    expect((await payers.find(OF))?.identifications.map(({ device }) => device)).toEqual(['device-30']);
    await payers.identifications.withdraw(id, last, 'hash');
    expect((await payers.find(OF))?.identifications).toEqual([]);
  });
});
