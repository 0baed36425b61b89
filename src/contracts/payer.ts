import type { KeptRequest, Mode } from './payment.js';
import type { CardFace } from './vault.js';

/** A customer of a merchant, or a household of a television operator, with what is stored for them. */
export interface Payer {
  readonly id: string;
  revision: number;
  readonly schema: 1;
  /** Merchant or operator id. */
  readonly owner: string;
  readonly mode: Mode;
  /** The owner's own reference; (owner, mode, account) is unique. */
  readonly account: string;
  email: string | null;
  phone: string | null;
  /** When the number last became another one while cards were stored; absent while it never did. */
  phoneChangedAt?: number | null;
  /** When the address last became another one while cards were stored; absent while it never did. */
  emailChangedAt?: number | null;
  name: string | null;
  language: string | null;
  smsConsent: { readonly given: boolean; readonly at: number } | null;
  instruments: StoredInstrument[];
  defaultInstrument: string | null;
  purchaseCode: PurchaseCode | null;
  /** Links that the owner had made for the payer, the newest last; those that ended are dropped. */
  sessions: PayerSession[];
  /** Devices that were sent a code, or have shown that they have it. */
  identifications: Identification[];
  /** What the last commits left to be done; null when all is done, absent in payers of earlier releases. */
  unfinished?: Unfinished | null;
  erasedAt: number | null;
  requests: KeptRequest[];
  readonly createdAt: number;
  updatedAt: number;
}

/** True where the account keeps this number, and was told that no texts are wanted there. */
export function wantsNoTexts(payer: Payer | null, number: string): boolean {
  return payer?.phone === number && payer.smsConsent?.given === false;
}

const CONTACT_SETTLES_MS = 24 * 3_600_000;

/**
 * False within a day of another number for an account with cards: whoever gave it may be somebody else than the holder, who
 * is told of the change by mail and may speak up.
 */
export function isPhoneSettled({ phoneChangedAt }: Payer, now: number): boolean {
  return phoneChangedAt == null || now >= phoneChangedAt + CONTACT_SETTLES_MS;
}

/**
 * The same of the address. Until then a code that is mailed there lets nobody choose a purchase code, and the one there is
 * pays nothing on television.
 */
export function isEmailSettled({ emailChangedAt }: Payer, now: number): boolean {
  return emailChangedAt == null || now >= emailChangedAt + CONTACT_SETTLES_MS;
}

export interface StoredInstrument {
  readonly id: string;
  /** What `pay_with` names, for good: a vault token, or one of the sandbox's own. */
  readonly token: string;
  /** The vault record that holds the card, once it was renewed under the same `token`; absent: the token's own. */
  readonly record?: string;
  readonly instrument: 'card';
  readonly face: CardFace;
  /** How the holder was authenticated when it was stored. */
  readonly authenticated: boolean;
  /** The words the payer agreed to, and when. */
  readonly consent: { readonly words: string; readonly at: number } | null;
  readonly createdAt: number;
}

/** The vault record to open for the card, which is not always the one that gave the instrument its token. */
export function recordOf({ token, record }: StoredInstrument): string {
  return record ?? token;
}

/** True once its month is over everywhere on earth. */
export function isCardExpired({ expYear, expMonth }: CardFace, now: number): boolean {
  return now >= Date.UTC(expYear, expMonth, 1, 12);
}

/** The card that is charged where there is no choice: the default, else the newest; null when none is good. */
export function cardToCharge({ instruments, defaultInstrument }: Payer, now: number): StoredInstrument | null {
  const good = instruments.filter(({ face }) => !isCardExpired(face, now));
  return good.find(({ id }) => id === defaultInstrument) ?? good.at(-1) ?? null;
}

/**
 * What follows from a change of the account, kept in the commit of the change: should the process die, a sweep ends it.
 */
export interface Unfinished {
  /** Vault records that no instrument names any more, and that are still to be destroyed. */
  readonly destroy: readonly string[];
  /** Changes that the account's own contact is still to be told of. */
  readonly tell: readonly AccountNews[];
  /** When a sweep takes it up, for whoever made the change does so at once. */
  readonly dueAt: number;
}

/** What the account's own contact is told of. */
export type AccountChange = 'card_saved' | 'card_removed' | 'purchase_code_set' | 'contact_changed';

export interface AccountNews {
  readonly what: AccountChange;
  /** The stored instrument. */
  readonly about: string | null;
  /** The address that the account had before; null: the one it has. */
  readonly to: string | null;
  /** The revision that the change made. */
  readonly revision: number;
  readonly at: number;
}

/** A link for the payer to their own account: derived from its id, stored nowhere. */
export interface PayerSession {
  readonly id: string;
  readonly purpose: SessionPurpose;
  /** The payment of amount 0 that stores the instrument, for `add_instrument`. */
  readonly payment: string | null;
  readonly returnUrl: string | null;
  /** BCP 47; null: the payer's own. */
  readonly language: string | null;
  /** Whether the link goes to the address that the account keeps. */
  readonly reach: 'email' | null;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export const SESSION_PURPOSES = ['add_instrument', 'set_purchase_code', 'manage'] as const;
export type SessionPurpose = (typeof SESSION_PURPOSES)[number];

/**
 * One device on one page, a payment's or a session's: first sent a code to the contact that the account keeps, then known
 * for a while once it has given it back. Errors are raised before each compare.
 */
export interface Identification {
  /** The payment's or the session's id. */
  readonly scope: string;
  /** The keyed hash of the device's cookie. */
  readonly device: string;
  /** Keyed hash of the code with its end; null once it was used, or failed too often. */
  code: { readonly hash: string; readonly expiresAt: number; errors: number } | null;
  /** Until when the device is known; null before it gave the code. */
  knownUntil: number | null;
}

/** Tries with one one-time code, right or wrong; after the last one it is dead. */
export const CODE_TRIES_MAX = 5;

/** A hashed purchase code with its counter of tries, raised before each compare. */
export interface PurchaseCode {
  /** Versioned, peppered slow hash. */
  readonly hash: string;
  readonly setAt: number;
  errors: number;
  /** No try before this time; null when none is locked. */
  lockedUntil: number | null;
}
