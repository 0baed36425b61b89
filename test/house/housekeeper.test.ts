import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { createHousekeeper } from '../../src/house/heart.js';
import { createIds } from '../../src/ids.js';
import { createCardKeeper } from '../../src/payers/card_keeper.js';
import { createPayers } from '../../src/payers/service.js';
import { openSqliteStore } from '../../src/store/sqlite/index.js';
import { createVault } from '../../src/vault/index.js';
import { samplePayer } from '../contract/samples.js';
import { silentLog } from '../support/silent_log.js';

const KEY = { id: 'k1', bytes: Uint8Array.from({ length: 32 }, (_, index) => (index * 7 + 3) % 256) };

it('ends what a dead process left undone in an account', async () => {
  const [clock, log, store] = [systemClock(), silentLog(), openSqliteStore({ path: ':memory:' })];
  const ids = createIds({ clock });
  const vault = createVault({ records: store.vault, keys: [KEY], clock, ids, log });
  const cards = createCardKeeper(store.vault);
  const told: string[] = [];
  const codes = {
    hash: async () => 'hash',
    check: async () => false,
    keyOf: () => ({ id: 'k', is: 'first' as const }),
  };
  const tell = async (_: unknown, what: string) => void told.push(what);
  const payers = createPayers({ store, cards, codes, clock, ids, log, tell });
  const { token } = await vault.keepCard({
    number: '4242424242424242',
    expiryMonth: 12,
    expiryYear: 2034,
    securityCode: null,
    brand: 'visa',
  });
  await cards.keep(token);
  const at = clock.now();
  const removed = { what: 'card_removed', about: 'ins_1', to: null, revision: 1, at } as const;
  const payer = samplePayer({ unfinished: { destroy: [token], tell: [removed], dueAt: at } });
  await store.payers.commit(payer);
  const housekeeper = createHousekeeper({ clock, log }, { store, vault }, { payers });
  onTestFinished(async () => {
    await housekeeper.stop();
    await store.close();
  });
  housekeeper.start();
  await expect.poll(async () => (await store.payers.load(payer.id))?.unfinished, { timeout: 5_000 }).toBeNull();
  expect([await store.vault.get(token), told]).toEqual([null, ['card_removed']]);
});
