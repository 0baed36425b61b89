import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../contracts/clock.js';
import { DuplicateKey, Problem, StoreFailure } from '../contracts/errors.js';
import type { Ids } from '../contracts/ids.js';
import type { ApiKey, Merchant, MerchantProfile } from '../contracts/merchant.js';
import type { Mode } from '../contracts/payment.js';
import type { Merchants as MerchantStore } from '../contracts/store.js';
import type { Vault } from '../contracts/vault.js';
import { DEMO_KEY, hashOfKey, keyOf, modeOfKey, newKey } from './keys.js';
import { checkProfile, DEFAULT_PROFILE, type ProfileChange } from './profile.js';

export interface MerchantPorts {
  readonly store: MerchantStore;
  readonly vault: Pick<Vault, 'seal' | 'unseal'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  /** Whether demo objects exist: their key opens nothing elsewhere. */
  readonly lab: boolean;
}

/** Secrets in clear, shown once and kept nowhere. */
export interface NewMerchant {
  readonly merchant: Merchant;
  readonly keys: Readonly<Record<Mode, string>>;
  readonly returnSecret: string;
}

export interface Authenticated {
  readonly merchant: Merchant;
  readonly mode: Mode;
}

export interface MerchantService {
  /** @throws Problem 422 `merchant_invalid` */
  create(profile: ProfileChange & { readonly displayName: string }): Promise<NewMerchant>;
  /** @throws Problem 404 `merchant_not_found`, 422 `merchant_invalid` */
  update(id: string, change: ProfileChange): Promise<Merchant>;
  list(): Promise<Merchant[]>;
  /** A new key of this mode; those before it work for 24 hours more. @throws Problem 404, 409 `too_many_keys` */
  rotateKey(id: string, mode: Mode): Promise<{ merchant: Merchant; key: string }>;
  /** None of its keys opens anything any more. @throws Problem 404 */
  disable(id: string): Promise<Merchant>;
  /** Who a key belongs to; null for what is no key, is over, or belongs to a disabled merchant. */
  authenticate(key: string): Promise<Authenticated | null>;
  /** The secret that signs the way back to the shop. */
  returnSecret(merchant: Merchant): string;
  /** The merchant of the first start in development, made by whoever comes first. */
  seedDemo(): Promise<{ merchant: Merchant; made: boolean }>;
}

const OLD_KEY_WORKS_FOR_MS = 24 * 3_600_000;
const KEYS_MAX = 8;
const RETURN_SECRET_BITS = 256;
const RACES_MAX = 20;
const DEMO_ID = 'mer_demo';

export function createMerchants(ports: MerchantPorts): MerchantService {
  const { store, vault, clock, ids, lab } = ports;

  function draft(id: string, profile: MerchantProfile, keys: ApiKey[], returnSecret: string, demo: boolean): Merchant {
    const now = clock.now();
    return {
      id,
      revision: 1,
      schema: 1,
      status: 'enabled',
      profile: checkProfile(profile, demo),
      keys,
      returnSecret: vault.seal(RETURN_SECRET, returnSecret),
      demo,
      createdAt: now,
      updatedAt: now,
    };
  }

  async function create(wanted: ProfileChange & { readonly displayName: string }): Promise<NewMerchant> {
    const now = clock.now();
    const test = newKey(ids, 'test', now);
    const live = newKey(ids, 'live', now);
    const returnSecret = ids.token(RETURN_SECRET_BITS);
    const profile = { ...DEFAULT_PROFILE, returnOrigins: [], ...wanted };
    const merchant = draft(ids.next('mer'), profile, [test.kept, live.kept], returnSecret, false);
    if (!(await store.commit(merchant))) throw new StoreFailure(`merchant ${merchant.id} exists already`);
    return { merchant, keys: { test: test.clear, live: live.clear }, returnSecret };
  }

  async function change(id: string, decide: (merchant: Merchant) => Merchant): Promise<Merchant> {
    for (let race = 0; race < RACES_MAX; race += 1) {
      const stored = await store.load(id);
      if (stored === null) throw new Problem(404, 'merchant_not_found', 'There is no such merchant.');
      const next = { ...decide(stored), revision: stored.revision + 1, updatedAt: clock.now() };
      if (await store.commit(next)) return next;
    }
    throw new StoreFailure(`merchant ${id} could not be changed: too many races lost`);
  }

  async function rotateKey(id: string, mode: Mode): Promise<{ merchant: Merchant; key: string }> {
    const now = clock.now();
    const { clear, kept } = newKey(ids, mode, now);
    const merchant = await change(id, (stored) => {
      const working = stored.keys.filter(({ endsAt }) => endsAt === null || endsAt > now);
      if (working.length >= KEYS_MAX) {
        const detail = `At most ${KEYS_MAX} keys work at once: rotate again when an old one has ended.`;
        throw new Problem(409, 'too_many_keys', detail);
      }
      const ending = working.map((key) =>
        key.mode === mode ? { ...key, endsAt: key.endsAt ?? now + OLD_KEY_WORKS_FOR_MS } : key,
      );
      return { ...stored, keys: [...ending, kept] };
    });
    return { merchant, key: clear };
  }

  async function authenticate(key: string): Promise<Authenticated | null> {
    const mode = modeOfKey(key);
    if (mode === null || (key === DEMO_KEY && !lab)) return null;
    const hash = hashOfKey(key);
    const merchant = await store.byKey(hash);
    if (merchant === null || merchant.status !== 'enabled' || (merchant.demo && !lab)) return null;
    const kept = merchant.keys.find((candidate) => candidate.hash === hash);
    if (kept === undefined || kept.mode !== mode) return null;
    return kept.endsAt === null || kept.endsAt > clock.now() ? { merchant, mode } : null;
  }

  /** A demo merchant as an older release made it gets what this one would make, unless somebody has changed a word. */
  async function followed(merchant: Merchant): Promise<Merchant> {
    if (!OLD_DEMOS.some((old) => isDeepStrictEqual(merchant.profile, { ...DEMO_PROFILE, ...old }))) return merchant;
    const next = { ...merchant, profile: DEMO_PROFILE, revision: merchant.revision + 1, updatedAt: clock.now() };
    return (await store.commit(next)) ? next : ((await store.load(merchant.id)) ?? merchant);
  }

  async function seedDemo(): Promise<{ merchant: Merchant; made: boolean }> {
    const there = await store.load(DEMO_ID);
    if (there !== null) return { merchant: await followed(there), made: false };
    const { kept } = keyOf(DEMO_KEY, 'test', ids.next('key'), clock.now());
    const merchant = draft(DEMO_ID, DEMO_PROFILE, [kept], ids.token(RETURN_SECRET_BITS), true);
    const made = await store.commit(merchant).catch((error: unknown) => {
      if (error instanceof DuplicateKey) return false;
      throw error;
    });
    return { merchant: made ? merchant : ((await store.load(DEMO_ID)) ?? merchant), made };
  }

  return {
    create,
    update: (id, patch) =>
      change(id, (stored) => ({ ...stored, profile: checkProfile({ ...stored.profile, ...patch }, stored.demo) })),
    list: () => store.list(),
    rotateKey,
    disable: (id) => change(id, (stored) => ({ ...stored, status: 'disabled' })),
    authenticate,
    returnSecret: ({ returnSecret }) => vault.unseal(RETURN_SECRET, returnSecret),
    seedDemo,
  };
}

/** What a sealed return secret is bound to, here and where the way back is signed. */
const RETURN_SECRET = 'return_secret';

const DEMO_PROFILE: MerchantProfile = {
  ...DEFAULT_PROFILE,
  displayName: 'La Petite Boutique',
  smsName: 'Petite Boutique',
  spokenName: { fr: 'la petite boutique', en: 'the little shop' },
  statementDescriptor: 'PETITE BOUTIQUE',
  accentColour: '#1f5f8b',
  support: { email: 'help@shop.example', phone: null, url: 'https://shop.example/help' },
  notificationEmail: 'orders@shop.example',
  channels: ['web', 'ivr', 'sms', 'tv'],
  currencies: ['EUR', 'USD', 'GBP', 'CHF', 'JPY', 'TND'],
  returnOrigins: [],
};

/** As it was made before televisions. */
const OLD_DEMO_WITHOUT_TV: Partial<MerchantProfile> = { channels: ['web', 'ivr', 'sms'] };

/** As it was made before it could be called and written to. */
const OLD_DEMO_CHANNELS: Partial<MerchantProfile> = { channels: ['web'], smsConfirmLimit: {} };

/** As it was made before that, when the shop and its merchant had two names. */
const OLD_DEMO_NAMES: Partial<MerchantProfile> = {
  ...OLD_DEMO_CHANNELS,
  displayName: 'Demo shop',
  smsName: 'Demo shop',
  spokenName: { fr: 'la boutique de démonstration', en: 'the demo shop' },
  statementDescriptor: 'DEMO SHOP',
};

const OLD_DEMOS = [OLD_DEMO_WITHOUT_TV, OLD_DEMO_CHANNELS, OLD_DEMO_NAMES];
