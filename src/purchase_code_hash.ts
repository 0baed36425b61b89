import { createHmac, type KeyObject, scrypt, timingSafeEqual } from 'node:crypto';
import { KeyMissing } from './contracts/errors.js';
import type { Ids } from './contracts/ids.js';

/**
 * Cost of version 1: 16 MiB and some 50 ms. A code of four digits would not survive any cost if the pepper lay beside it;
 * the pepper, which is not in the database, is what protects it, and the cost what slows down who has both.
 */
const COST = { N: 2 ** 14, r: 8, p: 1 } as const;
const HASH_BYTES = 32;
const CODE_LENGTH_MAX = 64;
/** Version, key id, salt, hash. */
const FORM = /^1\.([\w-]{1,32})\.([\w-]{22})\.([\w-]{43})$/;

export interface CodeHashes {
  hash(payer: string, code: string): Promise<string>;
  /** @throws KeyMissing */
  check(payer: string, code: string, hash: string): Promise<boolean>;
  /** Which key a hash needs, and whether it is the one that makes hashes, another of ours, or none. */
  keyOf(hash: string): { readonly id: string; readonly is: 'first' | 'other' | 'missing' };
}

/** Hashes of purchase codes under peppers by key id; the first one makes. The payer is bound in: no hash fits another. */
export function createCodeHashes(peppers: ReadonlyMap<string, KeyObject>, ids: Pick<Ids, 'token'>): CodeHashes {
  async function digest(pepper: KeyObject, salt: string, payer: string, code: string): Promise<Buffer> {
    if (code.length > CODE_LENGTH_MAX) throw new RangeError('too long to be a purchase code');
    const peppered = createHmac('sha256', pepper)
      .update(JSON.stringify([payer, code]))
      .digest();
    return stretch(peppered, Buffer.from(salt, 'base64url'));
  }

  return {
    async hash(payer, code) {
      const [[id, pepper]] = [...peppers] as [[string, KeyObject]];
      const salt = ids.token(128);
      return `1.${id}.${salt}.${(await digest(pepper, salt, payer, code)).toString('base64url')}`;
    },

    keyOf(hash) {
      const id = FORM.exec(hash)?.[1] ?? '';
      const [first] = peppers.keys();
      return { id, is: id === first ? 'first' : peppers.has(id) ? 'other' : 'missing' };
    },

    async check(payer, code, hash) {
      const [, id = '', salt = '', expected = ''] = FORM.exec(hash) ?? [];
      const pepper = peppers.get(id);
      if (pepper === undefined)
        throw new KeyMissing(`no key in SIGNING_KEYS for a purchase code of key "${id}": put it back`);
      if (code.length > CODE_LENGTH_MAX) return false;
      return timingSafeEqual(await digest(pepper, salt, payer, code), Buffer.from(expected, 'base64url'));
    },
  };
}

function stretch(secret: Buffer, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, HASH_BYTES, COST, (error, derived) => (error === null ? resolve(derived) : reject(error)));
  });
}
