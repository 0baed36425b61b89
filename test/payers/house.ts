/** The payers of a store of their own, on a virtual clock. */
import { onTestFinished } from 'vitest';
import { createIds } from '../../src/ids.js';
import { createCardKeeper } from '../../src/payers/card_keeper.js';
import { createPayers, type PayerPorts } from '../../src/payers/service.js';
import { createVault } from '../../src/vault/index.js';
import { virtualClock } from '../clock.js';
import { emptyStore } from '../support/empty_store.js';
import { silentLog } from '../support/silent_log.js';

export const MINUTE = 60_000;
export const OF = { owner: 'mer_1', mode: 'test', account: 'cust-7' } as const;
export const KEY = { id: 'k1', bytes: Uint8Array.from({ length: 32 }, (_, index) => (index * 11 + 5) % 256) };

export const FIRST_KEY = { keyOf: () => ({ id: 'k', is: 'first' as const }) };
export const quiet = { log: silentLog(), tell: async () => undefined };

export async function house(codes?: PayerPorts['codes']) {
  const clock = virtualClock(Date.UTC(2030, 0, 1));
  const store = await emptyStore();
  onTestFinished(() => store.close());
  const ids = createIds({ clock });
  const vault = createVault({ records: store.vault, keys: [KEY], clock, ids, log: quiet.log });
  const plain: PayerPorts['codes'] = {
    hash: async (payer, code) => `${payer}:${code}`,
    check: async (payer, code, hash) => hash === `${payer}:${code}`,
    ...FIRST_KEY,
  };
  const payers = createPayers({
    store,
    cards: createCardKeeper(store.vault),
    codes: codes ?? plain,
    clock,
    ids,
    ...quiet,
  });
  return { clock, store, vault, payers };
}
