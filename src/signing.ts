import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Ids } from './contracts/ids.js';
import type { TextCodes } from './contracts/text.js';
import type { Key } from './key_ring.js';
import { type CodeHashes, createCodeHashes } from './purchase_code_hash.js';
import { createTelevisionTokens, type TelevisionTokens } from './television_tokens.js';
import { createTextCodes } from './text_codes.js';

/**
 * Everything that is signed or hashed under SIGNING_KEYS. What leaves here names its key (`keyId.mac`): the first key
 * makes, all of them check, so that links and codes outlive a change of keys.
 */
export interface Signing {
  /** The token of a payment's page, for this generation of its links. Derived, so that it is stored nowhere. */
  pageToken(payment: string, generation: number): string;
  /** What a token we made leads to; null for anything else. Whether the generation is the current one is not known here. */
  readPageToken(token: string): { readonly payment: string; readonly generation: number } | null;
  /** What stands in the address to which the issuer sends a browser back: leads to no page without the device's cookie. */
  returnCapability(named: ChallengeReturn): string;
  /** What a capability we made names; null for anything else. */
  readReturnCapability(capability: string): ChallengeReturn | null;
  /** The token of a payer session's page, as a payment's: derived, and so stored nowhere. */
  accountToken(payer: string, session: string): string;
  /** What a token we made leads to; null for anything else. Whether the session is still open is not known here. */
  readAccountToken(token: string): { readonly payer: string; readonly session: string } | null;
  /** A keyed hash of a one-time code: for this page and device of this payer, and no other. */
  codeHash(code: string, of: { readonly payer: string; readonly scope: string; readonly device: string }): string;
  isCodeHash(
    hash: string,
    code: string,
    of: { readonly payer: string; readonly scope: string; readonly device: string },
  ): boolean;
  /** The vault token of the card that a telephone's provider hands over in this transaction: the same at every retry. */
  keyedCardToken(transaction: string): string;
  /** What the provider carries back of a keyed card: of use for that payment, in that call, and for nothing else. */
  keyedCardPass(token: string, of: KeyedFor): string;
  /** The vault token in a pass we made for this payment and call; null for anything else. */
  readKeyedCardPass(pass: string, of: KeyedFor): string | null;
  /** The nonce of the one form that answers this prompt from this page and device: used up when the prompt is answered. */
  formNonce(form: FormIdentity): string;
  isFormNonce(form: FormIdentity, nonce: string): boolean;
  /** What stands for a device behind the page: a keyed hash of its cookie. Another one after a change of keys. */
  deviceHash(cookie: string): string;
  /** What stands in counters for something that names a person, such as a network address. */
  pseudonymOf(text: string): string;
  /** What stands for a telephone number where it is kept to be found again: one for each key, the one to write first. */
  numberNames(number: string): readonly string[];
  readonly textCodes: TextCodes;
  readonly televisions: TelevisionTokens;
  /** A keyed hash of method, path and parsed body, the same for bodies that differ in the order of their fields only. */
  requestFingerprint(method: string, path: string, body: unknown): string;
  /** Whether a kept fingerprint is that of this request. False when the key that made it is gone. */
  isRequestFingerprint(fingerprint: string, method: string, path: string, body: unknown): boolean;
  returnSignature(secret: string, hint: ReturnHint): string;
  /** A slow, salted and peppered hash of a payer's purchase code. */
  hashPurchaseCode(payer: string, code: string): Promise<string>;
  /** @throws KeyMissing when the key that peppered the hash is gone: the code is not wrong, it cannot be checked */
  checkPurchaseCode(payer: string, code: string, hash: string): Promise<boolean>;
  /** The key that peppered a hash: the one that hashes now, another, or one that is gone. */
  purchaseCodeKeyOf: CodeHashes['keyOf'];
}

/** The payment that a card was keyed for, and the call in which it was. */
export interface KeyedFor {
  readonly payment: string;
  readonly call: string;
}

export interface ChallengeReturn {
  readonly payment: string;
  readonly authentication: string;
  /** Of the payment's links when the issuer was asked: a revoked link must not come back as a new one. */
  readonly generation: number;
}

export interface FormIdentity {
  /** The token of the page the form stands on. */
  readonly token: string;
  readonly prompt: string;
  readonly device: string;
}

/** What the payer's browser carries back to the shop. */
export interface ReturnHint {
  readonly payment: string;
  readonly reference: string;
  readonly status: string;
  /** Seconds since the epoch. */
  readonly ts: number;
}

export interface SigningPorts {
  /** At least one; the first one signs. */
  readonly keys: readonly Key[];
  /** For salts. */
  readonly ids: Pick<Ids, 'token'>;
}

const TOKEN_LENGTH_MAX = 200;
const PAYMENT_PREFIX = 'pay_';
/** Key id, mac, generation in base 36 and the payment's id without its prefix, which ends the link in a letter or digit. */
const PAGE_TOKEN = /^([\w-]{1,32}\.[\w-]{22})\.(0|[1-9a-z][0-9a-z]{0,5})\.([0-9A-Za-z_-]{1,40})$/;
const PAYER_PREFIX = 'pyr_';
const SESSION_PREFIX = 'pss_';
/** Key id, mac, and the ids of session and payer without their prefixes. */
const ACCOUNT_TOKEN = /^([\w-]{1,32}\.[\w-]{22})\.([0-9A-Za-z_-]{1,40})\.([0-9A-Za-z_-]{1,40})$/;
const AUTHENTICATION_PREFIX = 'ath_';
/** The same, with the authentication's id without its prefix behind it. At most 144 characters: EMV gives the whole address 256. */
const RETURN_CAPABILITY =
  /^([\w-]{1,32}\.[\w-]{22})\.(0|[1-9a-z][0-9a-z]{0,5})\.([0-9A-Za-z_-]{1,40})\.([0-9A-Za-z_-]{1,40})$/;
/** The token of a keyed card, and behind it key id and mac. */
const KEYED_CARD_PASS = /^(tok_[\w-]{22})\.([\w-]{1,32}\.[\w-]{22})$/;
/** 128 bits for what is guessed against us, all 256 for what is kept to compare. */
const GUESSED_BYTES = 16;
const KEPT_BYTES = 32;

export function createSigning({ keys, ids }: SigningPorts): Signing {
  const page = stampsOf(keys, 'page', GUESSED_BYTES);
  const back = stampsOf(keys, 'challenge return', GUESSED_BYTES);
  const form = stampsOf(keys, 'form', GUESSED_BYTES);
  const account = stampsOf(keys, 'account page', GUESSED_BYTES);
  const oneTimeCode = stampsOf(keys, 'one-time code', KEPT_BYTES);
  const device = stampsOf(keys, 'device', GUESSED_BYTES);
  const pseudonym = stampsOf(keys, 'pseudonym', GUESSED_BYTES);
  const keyedCard = stampsOf(keys, 'keyed card', GUESSED_BYTES);
  const keyedFor = stampsOf(keys, 'keyed card pass', GUESSED_BYTES);
  const number = stampsOf(keys, 'telephone number', GUESSED_BYTES);
  const request = stampsOf(keys, 'request', KEPT_BYTES);
  const codes = createCodeHashes(subkeysOf(keys, 'code'), ids);

  return {
    pageToken(payment, generation) {
      const token = `${page.make([payment, generation])}.${generation.toString(36)}.${payment.slice(PAYMENT_PREFIX.length)}`;
      if (!payment.startsWith(PAYMENT_PREFIX) || !PAGE_TOKEN.test(token))
        throw new RangeError('no page for this payment');
      return token;
    },

    readPageToken(token) {
      if (token.length > TOKEN_LENGTH_MAX) return null;
      const [, stamp = '', digits = '', rest = ''] = PAGE_TOKEN.exec(token) ?? [];
      const [payment, generation] = [PAYMENT_PREFIX + rest, Number.parseInt(digits, 36)];
      return page.isMade(stamp, [payment, generation]) ? { payment, generation } : null;
    },

    returnCapability({ payment, authentication, generation }) {
      const stamp = back.make([payment, authentication, generation]);
      const rest = [payment.slice(PAYMENT_PREFIX.length), authentication.slice(AUTHENTICATION_PREFIX.length)];
      const capability = [stamp, generation.toString(36), ...rest].join('.');
      const isNamed = payment.startsWith(PAYMENT_PREFIX) && authentication.startsWith(AUTHENTICATION_PREFIX);
      if (!isNamed || !RETURN_CAPABILITY.test(capability)) throw new RangeError('no return to this authentication');
      return capability;
    },

    readReturnCapability(capability) {
      if (capability.length > TOKEN_LENGTH_MAX) return null;
      const [, stamp = '', digits = '', first = '', second = ''] = RETURN_CAPABILITY.exec(capability) ?? [];
      const [payment, authentication] = [PAYMENT_PREFIX + first, AUTHENTICATION_PREFIX + second];
      const generation = Number.parseInt(digits, 36);
      return back.isMade(stamp, [payment, authentication, generation]) ? { payment, authentication, generation } : null;
    },

    accountToken(payer, session) {
      const rest = [session.slice(SESSION_PREFIX.length), payer.slice(PAYER_PREFIX.length)];
      const token = [account.make([payer, session]), ...rest].join('.');
      const isNamed = payer.startsWith(PAYER_PREFIX) && session.startsWith(SESSION_PREFIX);
      if (!isNamed || !ACCOUNT_TOKEN.test(token)) throw new RangeError('no page for this session');
      return token;
    },

    readAccountToken(token) {
      if (token.length > TOKEN_LENGTH_MAX) return null;
      const [, stamp = '', first = '', second = ''] = ACCOUNT_TOKEN.exec(token) ?? [];
      const [session, payer] = [SESSION_PREFIX + first, PAYER_PREFIX + second];
      return account.isMade(stamp, [payer, session]) ? { payer, session } : null;
    },

    codeHash: (code, of) => oneTimeCode.make([of.payer, of.scope, of.device, code]),
    isCodeHash: (hash, code, of) => oneTimeCode.isMade(hash, [of.payer, of.scope, of.device, code]),
    keyedCardToken: (transaction) => `tok_${keyedCard.make([transaction]).split('.').at(-1)}`,
    keyedCardPass: (token, of) => `${token}.${keyedFor.make([token, of.payment, of.call])}`,
    readKeyedCardPass(pass, of) {
      const [, token = '', stamp = ''] = KEYED_CARD_PASS.exec(pass.slice(0, TOKEN_LENGTH_MAX)) ?? [];
      return keyedFor.isMade(stamp, [token, of.payment, of.call]) ? token : null;
    },
    formNonce: ({ token, prompt, device: by }) => form.make([token, prompt, by]),
    isFormNonce: ({ token, prompt, device: by }, nonce) => form.isMade(nonce, [token, prompt, by]),
    deviceHash: (cookie) => device.make([cookie]),
    pseudonymOf: (text) => pseudonym.make([text]),
    numberNames: (given) => number.all([given]),
    textCodes: createTextCodes(stampsOf(keys, 'digits of texts', KEPT_BYTES), stampsOf(keys, 'text', KEPT_BYTES)),
    televisions: createTelevisionTokens(
      stampsOf(keys, 'television', GUESSED_BYTES),
      stampsOf(keys, 'page of a television', GUESSED_BYTES),
    ),
    requestFingerprint: (method, path, body) => request.make([method, path, canonicalJson(body)]),
    isRequestFingerprint: (fingerprint, method, path, body) =>
      request.isMade(fingerprint, [method, path, canonicalJson(body)]),
    returnSignature,
    hashPurchaseCode: codes.hash,
    checkPurchaseCode: codes.check,
    purchaseCodeKeyOf: codes.keyOf,
  };
}

/** Base64url HMAC-SHA-256 of `payment.reference.status.ts` under the merchant's return secret, as it is written. */
export function returnSignature(secret: string, { payment, reference, status, ts }: ReturnHint): string {
  return createHmac('sha256', secret).update(`${payment}.${reference}.${status}.${ts}`).digest('base64url');
}

interface Stamps {
  make(parts: Parts): string;
  isMade(stamp: string, parts: Parts): boolean;
  /** One stamp for each key, the one that makes first. */
  all(parts: Parts): readonly string[];
  /** The whole mac of these parts under the key that `stamp` names; null when it is gone. */
  bytesUnder(stamp: string, parts: Parts): Buffer | null;
}
type Parts = readonly (string | number)[];

/** `keyId.mac` for one purpose. */
function stampsOf(keys: readonly Key[], purpose: string, bytes: number): Stamps {
  const subkeys = subkeysOf(keys, purpose);
  const [[firstId, first]] = [...subkeys] as [[string, KeyObject]];
  // Written as JSON, so that no two lists of parts read the same.
  const macOf = (key: KeyObject, parts: Parts): Buffer =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest();
  const stampOf = (id: string, key: KeyObject, parts: Parts): string =>
    `${id}.${macOf(key, parts).toString('base64url', 0, bytes)}`;
  const keyOf = (stamp: string): [string, KeyObject | undefined] => {
    const id = stamp.slice(0, Math.max(0, stamp.indexOf('.')));
    return [id, subkeys.get(id)];
  };
  return {
    make: (parts) => stampOf(firstId, first, parts),
    isMade(stamp, parts) {
      const [id, key] = keyOf(stamp);
      return key !== undefined && isSame(stamp, stampOf(id, key, parts));
    },
    all: (parts) => [...subkeys].map(([id, key]) => stampOf(id, key, parts)),
    bytesUnder(stamp, parts) {
      const [, key] = keyOf(stamp);
      return key === undefined ? null : macOf(key, parts);
    },
  };
}

/** A key of its own for each purpose (HKDF, RFC 5869): what one reveals or forges is of no use for another. */
function subkeysOf(keys: readonly Key[], purpose: string): ReadonlyMap<string, KeyObject> {
  if (keys.length === 0) throw new RangeError('signing needs a key');
  return new Map(
    keys.map(({ id, bytes }) => {
      const derived = Buffer.from(hkdfSync('sha256', bytes, 'guichet', `signing ${purpose} 1`, 32));
      const key = createSecretKey(derived);
      derived.fill(0);
      return [id, key];
    }),
  );
}

/** Compares macs without telling by its time where they differ. Their length is no secret. */
function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

const DEPTH_MAX = 32;

/** JSON with the fields of every object in order of their names. */
function canonicalJson(value: unknown, depth = 0): string {
  if (depth > DEPTH_MAX) throw new RangeError('nested too deeply to be a request');
  if (Array.isArray(value)) return `[${value.map((member) => canonicalJson(member, depth + 1)).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, member]) => member !== undefined);
  fields.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member, depth + 1)}`).join()}}`;
}
