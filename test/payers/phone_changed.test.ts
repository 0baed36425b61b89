import { expect, it } from 'vitest';
import { createIds } from '../../src/ids.js';
import { createCardKeeper } from '../../src/payers/card_keeper.js';
import { createPayers } from '../../src/payers/service.js';
import { digitsOf, openSmsWorld, PHONE, STRANGER } from '../channels/sms/world.js';
import { sampleInstrument } from '../contract/samples.js';
import { silentLog } from '../support/silent_log.js';

const DAY_MS = 86_400_000;
const OF = { owner: 'mer_lune', mode: 'live', account: 'ada' } as const;

async function house() {
  const world = await openSmsWorld();
  const { store, clock } = world;
  const payers = createPayers({
    ...{ store, clock, ids: createIds({ clock }), log: silentLog(), tell: async () => undefined },
    cards: createCardKeeper(store.vault),
    codes: { hash: async () => 'hash', check: async () => false, keyOf: () => ({ id: 'k', is: 'first' as const }) },
  });
  const contacts = { email: null, name: null, language: 'en' };
  const put = (phone: string | null, of: { account: string } = OF) =>
    payers.put({ ...OF, ...of }, { ...contacts, phone });
  const textTo = async (to: string, account = 'ada') => {
    const payer = { account, email: null, phone: to, name: null, language: 'en' };
    return world.reach(await world.order({ payer, expiresAt: clock.now() + 3 * DAY_MS }), to);
  };
  return { world, put, textTo };
}

it('another number for an account with cards gets the link for a day, then digits', async () => {
  const { world, put, textTo } = await house();
  await put(STRANGER);
  expect((await textTo(STRANGER)).body).toMatch(/ to pay\. Pay: https/);
  world.clock.advance(DAY_MS - 1);
  // The same number again is no change.
  await put(STRANGER);
  expect(digitsOf(await textTo(STRANGER))).toBe('none');
  world.clock.advance(1);
  expect(digitsOf(await textTo(STRANGER))).toMatch(/^\d{6}$/);
});

it('a number that was taken away and given anew is another one', async () => {
  const { put, textTo } = await house();
  await put(null);
  await put(PHONE);
  expect(digitsOf(await textTo(PHONE))).toBe('none');
});

it('a number that the account had before its cards is no change', async () => {
  const { world, put, textTo } = await house();
  await put(STRANGER, { account: 'bob' });
  const bob = await world.store.payers.byAccount(OF.owner, OF.mode, 'bob');
  if (bob === null) throw new Error('no bob');
  const instruments = [sampleInstrument({ id: 'ins_bob', token: 'tok_sandbox_approve' })];
  await world.store.payers.commit({ ...bob, instruments, defaultInstrument: 'ins_bob', revision: bob.revision + 1 });
  expect(digitsOf(await textTo(STRANGER, 'bob'))).toMatch(/^\d{6}$/);
});
