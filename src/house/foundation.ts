import type { Config } from '../config.js';
import { StoreFailure } from '../contracts/errors.js';
import type { Ids } from '../contracts/ids.js';
import type { Log } from '../contracts/log.js';
import type { MailDesk } from '../contracts/mail.js';
import type { Store } from '../contracts/store.js';
import type { Vault } from '../contracts/vault.js';
import { developmentKeys } from '../key_ring.js';
import { createMerchants } from '../merchants/service.js';
import { newSecret, signatureOf } from '../notify/signature.js';
import { createDeviceKeys } from '../operators/device_keys.js';
import { createOperators } from '../operators/service.js';
import { createSignedRequests } from '../operators/signed_requests.js';
import { createCardKeeper } from '../payers/card_keeper.js';
import { seedDemoPayer } from '../payers/demo.js';
import { createPayers } from '../payers/service.js';
import { createSigning, type Signing } from '../signing.js';
import { createCodeKeys, createCodeSealer, createVault } from '../vault/index.js';
import { sends } from './crew.js';
import type { Parts } from './parts.js';

export type Foundation = Awaited<ReturnType<typeof layFoundation>>;

/** Keys, vault, and those who are paid, show payments and pay, on a store. */
export async function layFoundation(config: Config, { clock, ids, log }: Parts, store: Store) {
  const keys = keysOf(config, ids);
  const signing = createSigning({ keys: keys.signing, ids });
  const { workers } = store;
  const codeKeys = config.cluster !== null && sends(config) ? createCodeKeys({ workers, clock, ids, log }) : null;
  const codeSeal = config.cluster === null ? null : (codeKeys ?? createCodeSealer({ workers, clock }));
  const vault = createVault({ records: store.vault, keys: keys.vault, clock, ids, log, codeSeal });
  await refuseWithoutKeys(store, vault);
  await tellOfLostCodes(store, signing, log);
  const merchants = createMerchants({ store: store.merchants, vault, clock, ids, lab: config.lab });
  const codes = { hash: signing.hashPurchaseCode, check: signing.checkPurchaseCode, keyOf: signing.purchaseCodeKeyOf };
  const cards = createCardKeeper(store.vault);
  const openPayers = (tell: MailDesk['accountChanged']) => createPayers({ store, cards, codes, clock, ids, log, tell });
  const television = openOperators({ config, clock, ids, store, vault });
  const demo = config.lab ? (await merchants.seedDemo()).merchant : null;
  if (demo !== null) {
    const { id: operator } = await television.operators.seedDemo(demo.id);
    // The demo's customers are nobody who must hear of it.
    const payers = openPayers(async () => undefined);
    for (const owner of [demo.id, operator]) await seedDemoPayer(payers, vault, owner, clock.now());
  }
  return { store, signing, vault, merchants, openPayers, demo, codeKeys, ...television };
}

/** Television operators, the keys of their boxes, and who signed a request. */
function openOperators({
  config,
  ids,
  ...rest
}: { config: Config; store: Store; vault: Vault } & Pick<Parts, 'clock' | 'ids'>) {
  const ports = { ...rest, ids, signatureOf, newSecret: () => newSecret(ids), lab: config.lab };
  return {
    operators: createOperators(ports),
    deviceKeys: createDeviceKeys(ports),
    signedRequests: createSignedRequests(ports),
  };
}

/** Keys from the settings; in development, made beside the database on the first start. */
function keysOf({ vaultKeys, signingKeys, keyFiles }: Config, ids: Ids) {
  if (vaultKeys !== null && signingKeys !== null) return { vault: vaultKeys, signing: signingKeys };
  const made = developmentKeys(keyFiles, ids);
  return { vault: vaultKeys ?? made.vault, signing: signingKeys ?? made.signing };
}

/** A key that was taken away too early is told now, and not by the first payer who needs it. */
async function refuseWithoutKeys(store: Store, vault: Vault): Promise<void> {
  const missing = new Set(await vault.missingKeys());
  for await (const sealed of oneOfEachKey((after) => store.deviceKeys.nextSealed(after))) {
    const keyId = vault.missingKeyOf(sealed);
    if (keyId !== null) missing.add(keyId);
  }
  const [merchants, operators] = await Promise.all([store.merchants.list(), store.operators.list()]);
  const sealed = [
    ...merchants.map(({ returnSecret }) => returnSecret),
    ...operators.flatMap(({ secrets }) => secrets.map((secret) => secret.sealed)),
  ];
  for (const secret of sealed) {
    const keyId = vault.missingKeyOf(secret);
    if (keyId !== null) missing.add(keyId);
  }
  if (missing.size === 0) return;
  throw new StoreFailure(
    `VAULT_KEYS lacks ${[...missing].join(', ')}, which this database was written with: put it back behind the key that writes`,
  );
}

/** Keys that are looked for at the start: far more than anybody rotates through. */
const KEYS_SEEN_MAX = 256;

/**
 * One text of each key that made some, however many each made: `next` finds the first one behind another. Texts are in parts
 * with full stops between them, and begin with what names their key, but for the last `rest` parts.
 */
async function* oneOfEachKey(next: (after: string) => Promise<string | null>, rest = 1): AsyncGenerator<string> {
  let after = '';
  for (let seen = 0; seen < KEYS_SEEN_MAX; seen += 1) {
    const found = await next(after);
    if (found === null) return;
    yield found;
    // The character behind the full stop: nothing that this key made comes after it.
    after = `${found.split('.').slice(0, -rest).join('.')}/`;
  }
}

/**
 * A signing key that has leaked must go, so the start is not refused; but that the purchase codes of its time work no more is
 * told now, and not by the first household that wants to pay.
 */
async function tellOfLostCodes(store: Store, signing: Signing, log: Log): Promise<void> {
  const missing: string[] = [];
  for await (const hash of oneOfEachKey((after) => store.payers.nextCodeHash(after), 2)) {
    const { id, is } = signing.purchaseCodeKeyOf(hash);
    if (is === 'missing') missing.push(id);
  }
  if (missing.length === 0) return;
  log.error(
    'purchase codes cannot be checked: SIGNING_KEYS lacks the keys they were hashed with; put them back at its end',
    {
      keys: missing,
    },
  );
}
