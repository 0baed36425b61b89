import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { Impossible } from '../contracts/errors.js';

/**
 * Seals a security code to the X25519 keys of running workers: a fresh key for each sealing, and of what it has in common
 * with a worker's a key and a nonce for AES-256-GCM, by HKDF-SHA-256. Whoever has neither a worker's memory nor the code
 * cannot open it: the sealing half is forgotten at once, and the other half is never written anywhere.
 */

const VERSION = 1;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** As long as any code, so that the seal does not say which kind it is. */
const CODE_BYTES = 4;
const PURPOSE = 'guichet security code';

export interface Recipient {
  readonly id: string;
  /** X25519, raw, base64url. */
  readonly publicKey: string;
}

export interface KeyPair extends Recipient {
  readonly privateKey: KeyObject;
}

/** A new pair whose private half exists in this process's memory only. */
export function newKeyPair(id: string): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  return { id, publicKey: rawOf(publicKey), privateKey };
}

/** Version, our own half, and for each recipient who it is and what it alone can open, as JSON. */
interface Sealed {
  readonly version: typeof VERSION;
  readonly publicKey: string;
  readonly for: readonly { readonly id: string; readonly box: string }[];
}

/** Seals the code of the card with this token to each of the recipients. */
export function sealCode(token: string, code: string, recipients: readonly Recipient[]): Buffer {
  const own = newKeyPair('');
  const sealed: Sealed = {
    version: VERSION,
    publicKey: own.publicKey,
    for: recipients.map((recipient) => {
      const { key, nonce } = agreed(own.privateKey, recipient.publicKey, [own.publicKey, recipient.publicKey]);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(token));
      const box = Buffer.concat([cipher.update(code.padEnd(CODE_BYTES)), cipher.final(), cipher.getAuthTag()]);
      key.fill(0);
      return { id: recipient.id, box: box.toString('base64url') };
    }),
  };
  return Buffer.from(JSON.stringify(sealed));
}

/** The code, if one of the pairs is a recipient's; null otherwise. @throws whatever decrypting throws for an altered seal */
export function openCode(token: string, bytes: Buffer, pairs: readonly KeyPair[]): string | null {
  const sealed = JSON.parse(bytes.toString()) as Sealed;
  if (sealed.version !== VERSION) throw new Impossible(`a seal of version ${sealed.version}`);
  for (const pair of pairs) {
    const found = sealed.for.find(({ id }) => id === pair.id);
    if (found === undefined) continue;
    const { key, nonce } = agreed(pair.privateKey, sealed.publicKey, [sealed.publicKey, pair.publicKey]);
    const box = Buffer.from(found.box, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(token));
    decipher.setAuthTag(box.subarray(-TAG_BYTES));
    const code = Buffer.concat([decipher.update(box.subarray(0, -TAG_BYTES)), decipher.final()]);
    key.fill(0);
    return code.toString().trimEnd();
  }
  return null;
}

/** Ids of those who can open it. */
export function recipientsOf(bytes: Buffer): string[] {
  const sealed = JSON.parse(bytes.toString()) as Sealed;
  return sealed.for.map(({ id }) => id);
}

/** Both halves are bound in: the sealing one first. */
function agreed(privateKey: KeyObject, publicKey: string, halves: readonly string[]) {
  const secret = diffieHellman({ privateKey, publicKey: publicKeyOf(publicKey) });
  const bytes = Buffer.from(hkdfSync('sha256', secret, halves.join('.'), PURPOSE, KEY_BYTES + NONCE_BYTES));
  secret.fill(0);
  return { key: bytes.subarray(0, KEY_BYTES), nonce: bytes.subarray(KEY_BYTES) };
}

function rawOf(key: KeyObject): string {
  const { x } = key.export({ format: 'jwk' });
  if (x === undefined) throw new Impossible('an X25519 key has an x');
  return x;
}

function publicKeyOf(raw: string): KeyObject {
  return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'X25519', x: raw } });
}
