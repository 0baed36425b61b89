import { describe, expect, it, onTestFinished } from 'vitest';
import { StoreFailure } from '../../src/contracts/errors.js';
import { recordOf } from '../../src/contracts/payer.js';
import { createIds } from '../../src/ids.js';
import { createCardKeeper } from '../../src/payers/card_keeper.js';
import { createPayers, type PayerPorts, type PayerService } from '../../src/payers/service.js';
import { createVault } from '../../src/vault/index.js';
import { virtualClock } from '../clock.js';
import { emptyStore } from '../support/empty_store.js';
import { silentLog } from '../support/silent_log.js';

/**
 * What follows from a change of the account: cards leave the vault, and its contact hears of it, whatever happens in between.
 */

const MINUTE = 60_000;
const OF = { owner: 'mer_1', mode: 'test', account: 'cust-7' } as const;
const KEY = { id: 'k1', bytes: Uint8Array.from({ length: 32 }, (_, index) => (index * 11 + 5) % 256) };
const CARD = { number: '4242424242424242', expiryMonth: 12, expiryYear: 2034, securityCode: null, brand: 'visa' };
const CONTACTS = { email: 'old@example.org', phone: null, name: null, language: null };

interface Told {
  readonly what: string;
  readonly about: string | null;
  readonly to: string | null;
  readonly revision: number;
}

async function house() {
  const clock = virtualClock(Date.UTC(2030, 0, 1));
  const store = await emptyStore();
  onTestFinished(() => store.close());
  const ids = createIds({ clock });
  const vault = createVault({ records: store.vault, keys: [KEY], clock, ids, log: silentLog() });
  const told: Told[] = [];
  const mail = { works: true };
  /** Every card that ever came, dead or alive. */
  const came: string[] = [];
  const ports: PayerPorts = {
    store,
    cards: createCardKeeper(store.vault),
    codes: { hash: async () => 'hash', check: async () => false, keyOf: () => ({ id: 'k', is: 'first' as const }) },
    clock,
    ids,
    log: silentLog(),
    async tell({ revision }, what, about, to) {
      if (!mail.works) throw new StoreFailure('no mail is planned');
      told.push({ what, about, to, revision });
    },
  };

  /** Payers in a process that dies at its n-th write: before it is made, or once it is. */
  function mortal(dying: { readonly at: number; readonly isMade: boolean }): PayerService & { died(): boolean } {
    let writes = 0;
    async function write<T>(work: () => Promise<T>): Promise<T> {
      writes += 1;
      if (writes > dying.at || (writes === dying.at && !dying.isMade)) throw new StoreFailure('dead');
      const made = await work();
      if (writes === dying.at) throw new StoreFailure('dead');
      return made;
    }
    const { payers } = store;
    const service = createPayers({
      ...ports,
      store: { ...store, payers: { ...payers, commit: (payer) => write(() => payers.commit(payer)) } },
      cards: {
        keep: (token) => write(() => ports.cards.keep(token)),
        destroy: (token) => write(() => ports.cards.destroy(token)),
      },
      tell: (...news) => write(() => ports.tell(...news)),
    });
    return { ...service, died: () => writes >= dying.at };
  }

  return {
    clock,
    store,
    told,
    mail,
    payers: createPayers(ports),
    mortal,
    async card(overrides: Partial<typeof CARD> = {}) {
      const kept = await vault.keepCard({ ...CARD, ...overrides });
      came.push(kept.token);
      return { ...kept, authenticated: true, consent: { words: 'Yes.', at: clock.now() } };
    },
    async alive(): Promise<string[]> {
      const records = await Promise.all(came.map((token) => store.vault.get(token)));
      return records.flatMap((record) => (record === null ? [] : [record.token])).sort();
    },
    async named(): Promise<string[]> {
      return ((await createPayers(ports).find(OF))?.instruments ?? []).map(recordOf).sort();
    },
  };
}

type House = Awaited<ReturnType<typeof house>>;

/** What is done with a payer who has one card; it may be asked for again. */
const WORKS: Readonly<
  Record<string, (world: House, first: string) => Promise<(payers: PayerService) => Promise<unknown>>>
> = {
  async 'stores another card'({ card }) {
    const given = await card({ number: '4000000000000002' });
    return (payers) => payers.storeInstrument(OF, given);
  },
  async 'stores the same card again'({ card }) {
    const given = await card();
    return (payers) => payers.storeInstrument(OF, given);
  },
  async 'stores the renewed card'({ card }) {
    const given = await card({ expiryYear: 2038 });
    return (payers) => payers.storeInstrument(OF, given);
  },
  'removes the card': async (_, first) => (payers) =>
    payers.removeInstrument(OF, first).catch((error: unknown) => {
      // It was removed the first time.
      if ((error as { code?: unknown }).code !== 'stored_instrument_not_found') throw error;
    }),
  'erases the account': async () => (payers) => payers.erase(OF, null),
};

describe.each(Object.keys(WORKS))('a process that %s and dies', (work) => {
  it('at any of its writes leaves no card that nobody owns, whether it is asked again or only swept', async () => {
    let deaths = 0;
    for (let at = 1; ; at += 1) {
      let isOver = false;
      for (const isMade of [false, true]) {
        for (const end of ['sweep', 'repeat, sweep', 'sweep, repeat, sweep']) {
          const world = await house();
          await world.payers.put(OF, CONTACTS);
          const { instrument } = await world.payers.storeInstrument(OF, await world.card());
          const doing = await WORKS[work]?.(world, instrument.id);
          const process = world.mortal({ at, isMade });
          const isDone = await doing?.(process).then(
            () => true,
            () => false,
          );
          isOver ||= !process.died();
          deaths += process.died() ? 1 : 0;
          world.clock.advance(2 * MINUTE);
          if (end.startsWith('sweep')) await world.payers.sweep();
          // Who was not answered asks again; who was answered need not.
          if (end.includes('repeat') || !isDone) await doing?.(world.payers);
          world.clock.advance(2 * MINUTE);
          await world.payers.sweep();
          const where = { work, at, isMade, end };
          expect({ ...where, alive: await world.alive() }).toEqual({ ...where, alive: await world.named() });
          expect(await world.store.payers.due(Number.MAX_SAFE_INTEGER, 9)).toEqual([]);
          await world.store.close();
        }
      }
      if (isOver) break;
    }
    expect(deaths).toBeGreaterThan(5);
  });
});

it('a card that a crash left to be destroyed does not come back by being stored again', async () => {
  const { payers, mortal, card, alive, clock } = await house();
  const given = await card();
  const { instrument } = await payers.storeInstrument(OF, given);
  // Dead between the commit and the destruction.
  await mortal({ at: 1, isMade: true })
    .removeInstrument(OF, instrument.id)
    .catch(() => undefined);
  expect(await alive()).toEqual([given.token]);
  await expect(payers.storeInstrument(OF, given)).rejects.toMatchObject({ code: 'card_not_kept' });
  clock.advance(2 * MINUTE);
  await payers.sweep();
  expect(await alive()).toEqual([]);
  expect((await payers.find(OF))?.instruments).toEqual([]);
});

describe('the contact of an account is told', () => {
  it('of each card that comes, is renewed and goes, and of a code that is set', async () => {
    const { payers, card, told } = await house();
    await payers.put(OF, CONTACTS);
    const { instrument } = await payers.storeInstrument(OF, await card());
    await payers.storeInstrument(OF, await card());
    await payers.storeInstrument(OF, await card({ expiryYear: 2038 }));
    await payers.removeInstrument(OF, instrument.id);
    await payers.setPurchaseCode(OF, '1234');
    expect(told.map(({ what, about, to }) => [what, about, to])).toEqual([
      ['card_saved', instrument.id, null],
      ['card_saved', instrument.id, null],
      ['card_removed', instrument.id, null],
      ['purchase_code_set', null, null],
    ]);
    expect(new Set(told.map(({ revision }) => revision)).size).toBe(4);
  });

  it('of another contact, the one before and the new one', async () => {
    const { payers, told } = await house();
    const phone = '+33612345678';
    await payers.put(OF, CONTACTS);
    await payers.put(OF, { ...CONTACTS, name: 'A. Payer' });
    expect(told).toEqual([]);
    await payers.put(OF, { ...CONTACTS, phone });
    await payers.put(OF, { ...CONTACTS, phone, email: 'new@example.org' });
    await payers.put(OF, { ...CONTACTS, phone, email: null });
    expect(told.map(({ what, to }) => [what, to])).toEqual([
      ['contact_changed', null],
      ['contact_changed', 'old@example.org'],
      ['contact_changed', null],
      ['contact_changed', 'new@example.org'],
    ]);
  });

  it('later when no mail could be planned, as the same change; and never after a day', async () => {
    const { payers, told, mail, clock, store } = await house();
    await payers.put(OF, CONTACTS);
    mail.works = false;
    const { revision, purchaseCode } = await payers.setPurchaseCode(OF, '1234');
    expect(purchaseCode).not.toBeNull();
    await payers.put(OF, { ...CONTACTS, name: 'A. Payer' });
    clock.advance(2 * MINUTE);
    await payers.sweep();
    expect(told).toEqual([]);
    mail.works = true;
    await payers.sweep();
    expect(told).toEqual([]);
    clock.advance(2 * MINUTE);
    await payers.sweep();
    expect(told).toEqual([{ what: 'purchase_code_set', about: null, to: null, revision }]);
    mail.works = false;
    await payers.setPurchaseCode(OF, '5678');
    clock.advance(25 * 60 * MINUTE);
    await payers.sweep();
    expect(told).toHaveLength(1);
    expect(await store.payers.due(Number.MAX_SAFE_INTEGER, 9)).toEqual([]);
  });

  it('nothing once the account is erased, and the address of before is forgotten', async () => {
    const { payers, told, mail, clock, store } = await house();
    await payers.put(OF, CONTACTS);
    mail.works = false;
    const { id } = await payers.put(OF, { ...CONTACTS, email: 'new@example.org' });
    expect(JSON.stringify(await store.payers.load(id))).toContain('old@example.org');
    await payers.erase(OF, null);
    expect(JSON.stringify(await store.payers.load(id))).not.toContain('@');
    mail.works = true;
    clock.advance(2 * MINUTE);
    await payers.sweep();
    expect(told).toEqual([]);
  });
});

describe('another contact in the place of the one before', () => {
  const at = { scope: 'pss_1', device: 'device' };
  const wanted = { purpose: 'manage', returnUrl: null, language: null, reach: null } as const;

  async function opened() {
    const world = await house();
    const { id } = await world.payers.put(OF, { ...CONTACTS, phone: '+33612345678' });
    const expiresAt = world.clock.now() + 10 * MINUTE;
    await world.payers.sessions.open(OF, wanted, null);
    await world.payers.identifications.expect(id, at, { hash: 'hash', expiresAt, to: CONTACTS.email });
    return { ...world, id, expiresAt };
  }

  it.each([
    { email: 'new@example.org', phone: '+33612345678' },
    { email: CONTACTS.email, phone: '+33698765432' },
    { email: CONTACTS.email, phone: null },
  ])('ends what the one before opened: %o', async (contacts) => {
    const { payers, id } = await opened();
    const changed = await payers.put(OF, { ...CONTACTS, ...contacts });
    expect(changed).toMatchObject({ sessions: [], identifications: [] });
    expect(await payers.identifications.countTry(id, at)).toBeNull();
    expect(await payers.identifications.know(id, at, 'hash', Number.MAX_SAFE_INTEGER)).toBe(false);
  });

  it('does not happen when the same is said again', async () => {
    const { payers } = await opened();
    const same = await payers.put(OF, { ...CONTACTS, phone: '+33612345678', name: 'A. Payer' });
    expect([same.sessions.length, same.identifications.length]).toEqual([1, 1]);
  });

  it('lets no code be awaited that is on its way to the one before', async () => {
    const { payers, id, expiresAt } = await opened();
    await payers.put(OF, { ...CONTACTS, email: 'new@example.org' });
    const late = { hash: 'late', expiresAt, to: CONTACTS.email };
    expect(await payers.identifications.expect(id, at, late)).toBe(false);
    expect((await payers.find(OF))?.identifications).toEqual([]);
  });
});
