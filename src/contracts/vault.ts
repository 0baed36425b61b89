import type { CardData } from './acquirer.js';

/**
 * The one home of secrets. Everybody else holds tokens (`tok_…`) and masked digits.
 * A record is unclaimed until a payment commit names it, and dies 15 minutes after it was made otherwise.
 */
export interface Vault {
  /**
   * Keeps a card and answers its token and what may be shown of it. The security code stays in memory; where workers send,
   * it is sealed to them too.
   */
  keepCard(card: NewCard): Promise<KeptCard>;
  /**
   * The same under a token that the caller has derived: however often and at once it is asked, there is one record. The
   * security code is kept again only while no payment has claimed the card.
   */
  keepCardAs(token: string, card: NewCard): Promise<KeptCard>;
  /** What may be shown of a living card; null when the record is dead or was never here. */
  faceOf(token: string): Promise<CardFace | null>;
  /** Keeps a security code for a card that is already here, after the first was lost. Replaces the one in memory. */
  keepSecurityCode(token: string, securityCode: string): Promise<void>;
  /**
   * Forgets a security code in this process, as soon as it sends nothing more with it: after the authorization it may not
   * be kept. One that is sealed to workers leaves the store in the commit that ends the need for it, see `sealedCodeOf`.
   */
  dropSecurityCode(token: string): void;
  /** True while no other process can open this card's security code: no worker was there to seal it to. */
  holdsAlone(token: string): boolean;
  /** True while another process that lives can open this card's security code, and this one cannot. */
  isHeldElsewhere(token: string): Promise<boolean>;
  /** Opens a card for a call that needs it now; null when the record is dead or was never here. */
  openCard(token: string): Promise<OpenedCard | null>;
  /** Keeps a one-time code, purchase code or IBAN for at most 15 minutes. */
  keepSecret(kind: SecretKind, value: string): Promise<string>;
  /** Opens such a secret, once: the record is gone afterwards. Null when dead, used or of another kind. */
  takeSecret(kind: SecretKind, token: string): Promise<string | null>;
  /** Seals a configuration secret (a webhook or return secret) so that it can be read again; `purpose` is bound in. */
  seal(purpose: string, plain: string): string;
  /** Opens what `seal` made under the same purpose; throws when it was altered or the key is retired. */
  unseal(purpose: string, sealed: string): string;
  /** Ids of wrapping keys that records need and that were not given: what they wrapped cannot be read. */
  missingKeys(): Promise<readonly string[]>;
  /** The id of the wrapping key that a sealed secret needs and that was not given; null when it can be read. */
  missingKeyOf(sealed: string): string | null;
  /** Destroys dead records and security codes; answers how many. Called by the sweeper. */
  sweep(now: number): Promise<number>;
  /** Re-wraps up to `limit` records that an older key wrapped; answers how many it saw that are left, 0 when all is done. */
  rewrap(limit: number): Promise<number>;
}

/** The token of the record that holds a card's security code, sealed to running workers. */
export function sealedCodeOf(token: string): string {
  return `${token}_code`;
}

export type SecretKind = 'one_time_code' | 'purchase_code' | 'iban';

export interface NewCard {
  readonly number: string;
  readonly expiryMonth: number;
  readonly expiryYear: number;
  readonly securityCode: string | null;
  readonly brand: string;
}

export interface KeptCard {
  readonly token: string;
  readonly face: CardFace;
}

/** What may be shown of a card, and what recognises it again. */
export interface CardFace {
  readonly brand: string;
  /** First six digits. */
  readonly bin: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
  /** Keyed HMAC over the whole number with its key version, `1.base64url`; never leaves us. */
  readonly fingerprint: string;
}

/**
 * Whether two of them may be of one card. Fingerprints that were made with different keys say nothing of each other: then
 * only what is shown of the numbers can tell two cards apart, and what it cannot is taken for the same.
 */
export function mayBeSameCard(one: CardFace, other: CardFace): boolean {
  if (keyOf(one) === keyOf(other)) return one.fingerprint === other.fingerprint;
  return one.bin === other.bin && one.last4 === other.last4;
}

const keyOf = ({ fingerprint }: CardFace): string => fingerprint.slice(0, fingerprint.indexOf('.'));

export interface OpenedCard {
  readonly card: CardData;
  /** True when the payer gave a security code that is no longer in any memory. */
  readonly securityCodeLost: boolean;
}

/** A vault record at rest: ciphertext and life span, nothing else. */
export interface VaultRecord {
  readonly token: string;
  readonly kind: 'card' | 'security_code' | 'fingerprint_key' | SecretKind;
  /** Which wrapping key wrapped the data key. */
  readonly keyId: string;
  /** Wrapped data key, nonce and ciphertext. */
  readonly sealed: Uint8Array;
  /** When it dies, milliseconds since the epoch; null once claimed. */
  readonly diesAt: number | null;
  /** Keeps true when the record was made with a security code. */
  readonly hadSecurityCode: boolean;
}

/** Where the vault keeps its records: part of the store, so that a payment's commit claims them. */
export interface VaultRecords {
  /** Adds a record and never replaces one. @throws DuplicateKey when the token is taken, StoreFailure */
  put(record: VaultRecord): Promise<void>;
  get(token: string): Promise<VaultRecord | null>;
  /** Lets a card live on for its payer, without the security code it came with. False when it is dead. */
  keep(token: string): Promise<boolean>;
  /** Removes the record; true for the one caller who removed it. */
  remove(token: string): Promise<boolean>;
  /** Removes what died before `now`, securely; answers the tokens. */
  removeDead(now: number, limit: number): Promise<string[]>;
  /** Records wrapped by another key than `keyId`. */
  wrappedByOthers(keyId: string, limit: number): Promise<VaultRecord[]>;
  /** Replaces `keyId` and `sealed`, nothing else, if the key is still `expectedKeyId`: a claim in between stays. */
  replace(record: VaultRecord, expectedKeyId: string): Promise<boolean>;
}
