import type { Clock } from '../contracts/clock.js';
import { DuplicateKey, Impossible, StoreFailure } from '../contracts/errors.js';
import type { Ids } from '../contracts/ids.js';
import type { Log } from '../contracts/log.js';
import { sealedCodeOf, type Vault, type VaultRecord, type VaultRecords } from '../contracts/vault.js';
import { bytesOfCard, faceOf, isSecurityCode, requireCard, type StoredCard } from './card_records.js';
import type { CodeSeal } from './code_keys.js';
import { digitsIn } from './digits.js';
import { type Binding, createEnvelopes, VaultFailure, type VaultKey } from './envelope.js';
import { createFingerprints } from './fingerprints.js';
import { createSecurityCodes } from './security_codes.js';

export { rulesOf } from './brands.js';
export { brandsOf, checkCard, checkSecurityCode } from './card_rules.js';
export { type CodeKeys, type CodeSeal, createCodeKeys, createCodeSealer } from './code_keys.js';
export { VaultFailure, type VaultKey } from './envelope.js';

export interface VaultPorts {
  readonly records: VaultRecords;
  /** Wrapping keys: the first one writes, all of them read. */
  readonly keys: readonly VaultKey[];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Where other processes send: how security codes reach them. Without it they never leave this process. */
  readonly codeSeal?: CodeSeal | null;
}

/** How long what nobody claims lives, and how long a security code does at most. */
const LIFE_MS = 15 * 60_000;
/** How long a process that handed a code over may still send it itself, should nobody take the word. */
const SEALED_LIFE_MS = 30_000;
const TOKEN_BITS = 128;
const SECRET_LENGTH_MAX = 64;
const SETTING_LENGTH_MAX = 4_096;
const DEAD_AT_ONCE = 500;
const SWEEP_ROUNDS_MAX = 20;
const REWRAP_SEEN_MAX = 16_384;
const SEALED_SETTING = /^([\w-]{1,32})\.([\w-]{92,20000})$/;

/** Cards of the sandbox acquirer, which keeps them itself: no records of ours. */
const SANDBOX_PREFIX = 'tok_sandbox_';
const SANDBOX_TOKENS: ReadonlySet<string> = new Set(
  ['approve', 'decline', 'insufficient_funds', 'authentication_required'].map((name) => SANDBOX_PREFIX + name),
);

export function createVault({ records, keys, clock, ids, log, codeSeal = null }: VaultPorts): Vault {
  const envelopes = createEnvelopes(keys, ids);
  const fingerprints = createFingerprints({ records, envelopes, ids });
  /** Codes that nobody else can open, and our own copies of those that workers can. */
  const securityCodes = createSecurityCodes({ clock, lifeMs: LIFE_MS });
  const sealedCodes = createSecurityCodes({ clock, lifeMs: SEALED_LIFE_MS });

  const newToken = (): string => `tok_${ids.token(TOKEN_BITS)}`;

  /** Puts a record that dies unless it is claimed; answers its token. */
  async function put(
    kind: VaultRecord['kind'],
    plain: Buffer,
    hadSecurityCode: boolean,
    token = newToken(),
  ): Promise<string> {
    const sealed = envelopes.seal(bindingOf({ kind, token }), plain);
    plain.fill(0);
    await records.put({ token, kind, ...sealed, diesAt: clock.now() + LIFE_MS, hadSecurityCode });
    return token;
  }

  async function keepCode(token: string, code: string): Promise<void> {
    dropCode(token);
    const sealed = codeSeal === null ? null : await codeSeal.seal(token, code);
    if (sealed === null) return securityCodes.keep(token, code);
    const record = { token: sealedCodeOf(token), kind: 'security_code' } as const;
    // Bound to its card, and unreadable without the keys of the vault on top.
    const kept = envelopes.seal(bindingOf(record), sealed);
    await records.put({ ...record, ...kept, diesAt: clock.now() + LIFE_MS, hadSecurityCode: true });
    sealedCodes.keep(token, code);
  }

  async function readCode(token: string): Promise<string | null> {
    const here = securityCodes.read(token) ?? sealedCodes.read(token);
    if (here !== null || codeSeal === null) return here;
    const sealed = await findSealedCode(token);
    return sealed === null ? null : codeSeal.open(token, sealed);
  }

  async function isHeldElsewhere(token: string): Promise<boolean> {
    if (codeSeal === null || token.startsWith(SANDBOX_PREFIX)) return false;
    if (securityCodes.read(token) !== null || sealedCodes.read(token) !== null) return false;
    try {
      const sealed = await findSealedCode(token);
      if (sealed === null || codeSeal.open(token, sealed) !== null) return false;
      return await codeSeal.hasLivingHolder(sealed);
    } catch (error) {
      // What cannot be read is nobody's: the call that needs it says so.
      if (error instanceof StoreFailure) throw error;
      return false;
    }
  }

  async function findSealedCode(token: string): Promise<Buffer | null> {
    const record = await find('security_code', sealedCodeOf(token));
    return record === null ? null : envelopes.open(bindingOf(record), record);
  }

  function dropCode(token: string): void {
    securityCodes.drop(token);
    sealedCodes.drop(token);
  }

  /** A living record of this kind. */
  async function find(kind: VaultRecord['kind'], token: string): Promise<VaultRecord | null> {
    const record = await records.get(token);
    if (record === null || record.kind !== kind) return null;
    return record.diesAt === null || record.diesAt > clock.now() ? record : null;
  }

  function openedCard(record: VaultRecord): StoredCard {
    const plain = envelopes.open(bindingOf(record), record);
    const card = JSON.parse(plain.toString()) as StoredCard;
    plain.fill(0);
    return card;
  }

  async function rewrap(limit: number): Promise<number> {
    const others = await movable(limit);
    const lost = others.filter(({ keyId }) => !envelopes.knows(keyId));
    if (lost.length > 0) {
      const missing = [...new Set(lost.map(({ keyId }) => keyId))];
      log.error('the vault holds records of keys that are not in VAULT_KEYS: put them back', { missing });
    }
    let moved = 0;
    for (const record of others.filter(({ keyId }) => envelopes.knows(keyId)).slice(0, limit)) {
      if (await move(record)) moved += 1;
    }
    return others.length - moved;
  }

  async function missingKeys(): Promise<readonly string[]> {
    const others = await records.wrappedByOthers(envelopes.writing, REWRAP_SEEN_MAX);
    return [...new Set(others.map(({ keyId }) => keyId))].filter((keyId) => !envelopes.knows(keyId));
  }

  /** Records of other keys, looking further while those whose key is missing stand in front. */
  async function movable(limit: number): Promise<VaultRecord[]> {
    for (let seen = limit; ; seen *= 2) {
      const others = await records.wrappedByOthers(envelopes.writing, seen);
      const known = others.filter(({ keyId }) => envelopes.knows(keyId)).length;
      if (known >= limit || others.length < seen || seen >= REWRAP_SEEN_MAX) return others;
    }
  }

  async function move(record: VaultRecord): Promise<boolean> {
    try {
      await records.replace({ ...record, ...envelopes.rewrap(record) }, record.keyId);
      // False: it was removed or moved by somebody else, and is not left either.
      return true;
    } catch (error) {
      if (!(error instanceof VaultFailure)) throw error;
      log.error('a vault record could not be moved to the key that writes', { record: record.kind, error });
      return false;
    }
  }

  return {
    missingKeys,
    async keepCard(card) {
      requireCard(card);
      const fingerprint = await fingerprints.of(card.number);
      const token = await put('card', bytesOfCard(card), card.securityCode !== null);
      if (card.securityCode !== null) await keepCode(token, card.securityCode);
      return { token, face: faceOf(card, fingerprint) };
    },

    async keepCardAs(token, card) {
      requireCard(card);
      const fingerprint = await fingerprints.of(card.number);
      const before = await records.get(token);
      const { securityCode } = card;
      // The code first: whoever finds the record there may send with it at once.
      if (securityCode !== null && before?.diesAt !== null && (await readCode(token)) === null) {
        await unlessThere(keepCode(token, securityCode));
      }
      if (before === null) await unlessThere(put('card', bytesOfCard(card), securityCode !== null, token));
      return { token, face: faceOf(card, fingerprint) };
    },

    async faceOf(token) {
      const record = await find('card', token);
      if (record === null) return null;
      const card = openedCard(record);
      return faceOf(card, await fingerprints.of(card.number));
    },

    async keepSecurityCode(token, securityCode) {
      const digits = digitsIn(securityCode);
      if (!isSecurityCode(digits)) throw new Impossible('a security code comes here checked');
      if (codeSeal !== null) await records.remove(sealedCodeOf(token));
      await keepCode(token, digits);
    },

    dropSecurityCode: dropCode,

    holdsAlone: (token) => securityCodes.read(token) !== null,

    isHeldElsewhere,

    async openCard(token) {
      if (SANDBOX_TOKENS.has(token)) return { card: { kind: 'acquirer_token', token }, securityCodeLost: false };
      const record = token.startsWith(SANDBOX_PREFIX) ? null : await find('card', token);
      if (record === null) {
        dropCode(token);
        return null;
      }
      const card = openedCard(record);
      const securityCode = await readCode(token);
      const securityCodeLost = record.hadSecurityCode && securityCode === null;
      return { card: { kind: 'card', ...card, securityCode }, securityCodeLost };
    },

    async keepSecret(kind, value) {
      if (value.length === 0 || value.length > SECRET_LENGTH_MAX) throw new Impossible(`no ${kind} has this length`);
      return put(kind, Buffer.from(value), false);
    },

    async takeSecret(kind, token) {
      const record = await find(kind, token);
      if (record === null) return null;
      const plain = envelopes.open(bindingOf(record), record);
      // Of several who read it at once, the one whose removal counted has it.
      const value = (await records.remove(token)) ? plain.toString() : null;
      plain.fill(0);
      return value;
    },

    seal(purpose, plain) {
      if (plain.length > SETTING_LENGTH_MAX) throw new Impossible('too long to be a configuration secret');
      const { keyId, sealed } = envelopes.seal(['setting', purpose], Buffer.from(plain));
      return `${keyId}.${Buffer.from(sealed).toString('base64url')}`;
    },

    missingKeyOf(sealed) {
      const keyId = SEALED_SETTING.exec(sealed)?.[1];
      return keyId === undefined || envelopes.knows(keyId) ? null : keyId;
    },

    unseal(purpose, sealed) {
      const [, keyId, text] = SEALED_SETTING.exec(sealed) ?? [];
      if (keyId === undefined || text === undefined) throw new VaultFailure('altered', 'not what this vault sealed');
      return envelopes.open(['setting', purpose], { keyId, sealed: Buffer.from(text, 'base64url') }).toString();
    },

    async sweep(now) {
      let count = securityCodes.purge(now) + sealedCodes.purge(now);
      for (let round = 0; round < SWEEP_ROUNDS_MAX; round++) {
        const dead = await records.removeDead(now, DEAD_AT_ONCE);
        for (const token of dead) dropCode(token);
        count += dead.length;
        if (dead.length < DEAD_AT_ONCE) break;
      }
      return count;
    },

    rewrap,
  };
}

/** What never changes of a record: neither its end of life nor whether a security code is still to be asked for. */
function bindingOf({ kind, token }: Pick<VaultRecord, 'kind' | 'token'>): Binding {
  return ['record', kind, token];
}

/** Somebody else has put the same under the same token meanwhile: then it is there. */
async function unlessThere(putting: Promise<unknown>): Promise<void> {
  try {
    await putting;
  } catch (error) {
    if (!(error instanceof DuplicateKey)) throw error;
  }
}
