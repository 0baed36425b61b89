/** Secrets of payers on the files of a house: purchase codes, one-time codes, IBANs, cards that died. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { systemClock } from '../../src/clock.js';
import type { From } from '../../src/contracts/channel.js';
import type { LogFields } from '../../src/contracts/log.js';
import { createAccountDesk } from '../../src/counter/account.js';
import { createIds } from '../../src/ids.js';
import { developmentKeys } from '../../src/key_ring.js';
import { createCardKeeper } from '../../src/payers/card_keeper.js';
import { createPayers } from '../../src/payers/service.js';
import { createSigning } from '../../src/signing.js';
import { openSqliteStore } from '../../src/store/sqlite/index.js';
import { createVault } from '../../src/vault/index.js';
import type { Typed } from './walks.js';

export interface SecretsOfPayers {
  readonly codes: Readonly<Record<'right' | 'wrong' | 'oneTime' | 'atDesk' | 'differs' | 'iban', string>>;
  /** Sent by mail, and mistyped. */
  readonly mailed: { readonly right: string; readonly wrong: string };
  readonly card: Typed;
}

const DAY_MS = 86_400_000;
const demo = { owner: 'mer_demo', mode: 'test', account: 'demo' } as const;

/** The accounts of a data folder, whether a process runs on it or not. */
function openAccounts(dataDir: string) {
  const clock = systemClock();
  const ids = createIds({ clock });
  const files = { vault: join(dataDir, 'vault.keys'), signing: join(dataDir, 'signing.keys') };
  const keys = developmentKeys(files, ids);
  const store = openSqliteStore({ path: join(dataDir, 'guichet.sqlite') });
  const signing = createSigning({ keys: keys.signing, ids });
  const hashes = { hash: signing.hashPurchaseCode, check: signing.checkPurchaseCode, keyOf: signing.purchaseCodeKeyOf };
  const vault = createVault({ records: store.vault, keys: keys.vault, clock, ids, log: silent });
  const payers = createPayers({
    store,
    cards: createCardKeeper(store.vault),
    codes: hashes,
    clock,
    ids,
    log: silent,
    tell: async () => undefined,
  });
  return { store, signing, payers, vault, clock, ids };
}

/** A purchase code for who pays by telephone, or on television, set while the house runs. */
export async function setPurchaseCode(dataDir: string, code: string, owner = 'mer_demo'): Promise<void> {
  const { store, payers } = openAccounts(dataDir);
  await payers.setPurchaseCode({ ...demo, owner }, code);
  await store.close();
}

/** Purchase codes set and checked, one-time codes and IBANs kept and taken, cards that died: on the same files. */
export async function useSecretsOfPayers(dataDir: string, secrets: SecretsOfPayers): Promise<void> {
  const { codes, card } = secrets;
  const { store, signing, payers, vault, clock, ids } = openAccounts(dataDir);
  const payer = await payers.setPurchaseCode(demo, codes.right);
  const answers = [
    await payers.checkPurchaseCode(payer.id, codes.wrong),
    await payers.checkPurchaseCode(payer.id, codes.right),
  ];
  expect(answers.map(({ answer }) => answer)).toEqual(['refused', 'verified']);
  await setCodeAtDesk({ store, signing, payers, clock, ids }, secrets);
  const kept = await vault.keepSecret('one_time_code', codes.oneTime);
  await vault.keepSecret('iban', codes.iban);
  expect(await vault.takeSecret('one_time_code', kept)).toBe(codes.oneTime);
  const abandoned = { number: card.number, expiryMonth: 12, expiryYear: 2034, brand: 'visa' };
  await vault.keepCard({ ...abandoned, securityCode: card.securityCode });
  expect(await vault.sweep(clock.now() + DAY_MS)).toBeGreaterThan(0);
  await store.close();
}

/** A payer who identifies with a code from a mail, mistyped first, and sets a purchase code, mistyped first. */
async function setCodeAtDesk(
  { store, signing, payers, clock, ids }: Omit<Opened, 'vault'>,
  { codes, mailed }: SecretsOfPayers,
): Promise<void> {
  const desk = createAccountDesk({
    store,
    engine: { load: async () => null },
    signing,
    payers: { ...payers, load: store.payers.load },
    mails: { code: async () => true },
    ids: { digits: () => mailed.right },
    clock,
    isOnOrigin: () => false,
    operator: { name: 'Guichet', logo: null },
    logoOf: () => null,
  });
  const wish = { purpose: 'set_purchase_code', returnUrl: null, language: null, reach: null } as const;
  const { payer, session } = await payers.sessions.open(demo, wish, null);
  const token = signing.accountToken(payer.id, session.id);
  const from: From = { channel: 'web', device: ids.token(128), browser: null, address: '192.0.2.1' };
  const answers = [
    await desk.sendCode(token, from),
    await desk.takeCode(token, mailed.wrong, from),
    await desk.takeCode(token, mailed.right, from),
    await desk.setPurchaseCode(token, codes.atDesk, codes.differs, from),
    await desk.setPurchaseCode(token, codes.atDesk, codes.atDesk, from),
  ];
  expect(answers.map(({ taken }) => taken)).toEqual([true, false, true, false, true]);
}

type Opened = ReturnType<typeof openAccounts>;

const nothing = (_message: string, _fields?: LogFields): void => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
