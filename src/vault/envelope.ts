import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { Impossible } from '../contracts/errors.js';
import type { Ids } from '../contracts/ids.js';

/** A wrapping key: 32 bytes, and the name that what it wrapped carries. */
export interface VaultKey {
  readonly id: string;
  readonly bytes: Uint8Array;
}

export interface Sealed {
  /** Which key wrapped the data key. */
  readonly keyId: string;
  /** Form, wrapped data key, nonce, tag, ciphertext. */
  readonly sealed: Uint8Array;
}

/** What a seal is bound to: opened under anything else it is as good as altered. */
export type Binding = readonly string[];

/** Something in the vault cannot be opened: an operator's business, never a payer's. Says nothing of the content. */
export class VaultFailure extends Error {
  override readonly name = 'VaultFailure';
  readonly reason: 'key_missing' | 'altered';

  constructor(reason: VaultFailure['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

const FORM = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const DATA_KEY_BYTES = 32;
const WRAPPED_BYTES = DATA_KEY_BYTES + 8;
const NONCE_AT = 1 + WRAPPED_BYTES;
const TAG_AT = NONCE_AT + NONCE_BYTES;
const CONTENT_AT = TAG_AT + TAG_BYTES;

/**
 * AES key wrap (RFC 3394, NIST SP 800-38F): needs no nonce, so that no number of records wears a wrapping key out, as
 * random nonces of GCM would after some billions.
 */
const WRAP = 'id-aes256-wrap';
const WRAP_INITIAL = Buffer.alloc(8, 0xa6);
const CONTENT = 'aes-256-gcm';

/** Envelope encryption: a fresh data key for each content, itself wrapped by the first of `keys`. */
export function createEnvelopes(keys: readonly VaultKey[], ids: Pick<Ids, 'token'>) {
  const [first] = keys;
  if (first === undefined) throw new Impossible('a vault needs a key');
  const wrapping = new Map(keys.map(({ id, bytes }) => [id, createSecretKey(bytes)]));
  const writing = first.id;

  function keyOf(id: string): KeyObject {
    const key = wrapping.get(id);
    if (key !== undefined) return key;
    throw new VaultFailure(
      'key_missing',
      `sealed under the key ${id.slice(0, 32)}, which is not in VAULT_KEYS: put it back`,
    );
  }

  /** The data key in clear; whoever asked wipes it. */
  function unwrap({ keyId, sealed }: Sealed): Buffer {
    const key = keyOf(keyId);
    if (sealed.length < CONTENT_AT || sealed[0] !== FORM) throw altered();
    try {
      return createDecipheriv(WRAP, key, WRAP_INITIAL).update(sealed.subarray(1, NONCE_AT));
    } catch {
      throw altered();
    }
  }

  return {
    /** The key that writes. */
    writing,
    knows: (keyId: string): boolean => wrapping.has(keyId),

    seal(binding: Binding, plain: Uint8Array): Sealed {
      const random = Buffer.from(ids.token(8 * (DATA_KEY_BYTES + NONCE_BYTES)), 'base64url');
      const dataKey = random.subarray(0, DATA_KEY_BYTES);
      const nonce = random.subarray(DATA_KEY_BYTES);
      const cipher = createCipheriv(CONTENT, dataKey, nonce, { authTagLength: TAG_BYTES }).setAAD(bytesOf(binding));
      const content = cipher.update(plain);
      cipher.final();
      const wrapped = createCipheriv(WRAP, keyOf(writing), WRAP_INITIAL).update(dataKey);
      const sealed = Buffer.concat([Buffer.of(FORM), wrapped, nonce, cipher.getAuthTag(), content]);
      random.fill(0);
      return { keyId: writing, sealed };
    },

    /** The content in clear; whoever asked wipes it. @throws VaultFailure */
    open(binding: Binding, from: Sealed): Buffer {
      const dataKey = unwrap(from);
      const nonce = from.sealed.subarray(NONCE_AT, TAG_AT);
      const decipher = createDecipheriv(CONTENT, dataKey, nonce, { authTagLength: TAG_BYTES });
      dataKey.fill(0);
      decipher.setAAD(bytesOf(binding)).setAuthTag(from.sealed.subarray(TAG_AT, CONTENT_AT));
      const plain = decipher.update(from.sealed.subarray(CONTENT_AT));
      try {
        decipher.final();
        return plain;
      } catch {
        plain.fill(0);
        throw altered();
      }
    },

    /** The same content with its data key under the key that writes. @throws VaultFailure */
    rewrap(from: Sealed): Sealed {
      const dataKey = unwrap(from);
      const sealed = Buffer.from(from.sealed);
      createCipheriv(WRAP, keyOf(writing), WRAP_INITIAL).update(dataKey).copy(sealed, 1);
      dataKey.fill(0);
      return { keyId: writing, sealed };
    },
  };
}

export type Envelopes = ReturnType<typeof createEnvelopes>;

function altered(): VaultFailure {
  return new VaultFailure('altered', 'altered, or sealed for something else, or under another key of the same name');
}

/** Written as JSON, so that no two bindings read the same. */
function bytesOf(binding: Binding): Buffer {
  return Buffer.from(JSON.stringify(['guichet vault', FORM, ...binding]));
}
