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
  name: string | null;
  language: string | null;
  smsConsent: { readonly given: boolean; readonly at: number } | null;
  instruments: StoredInstrument[];
  defaultInstrument: string | null;
  purchaseCode: PurchaseCode | null;
  erasedAt: number | null;
  requests: KeptRequest[];
  readonly createdAt: number;
  updatedAt: number;
}

export interface StoredInstrument {
  readonly id: string;
  /** What `pay_with` names: a vault token, or one of the sandbox's own. */
  readonly token: string;
  readonly instrument: 'card';
  readonly face: CardFace;
  /** How the holder was authenticated when it was stored. */
  readonly authenticated: boolean;
  /** The words the payer agreed to, and when. */
  readonly consent: { readonly words: string; readonly at: number } | null;
  readonly createdAt: number;
}

/** A hashed purchase code with its counter of tries, raised before each compare. */
export interface PurchaseCode {
  /** Versioned, peppered slow hash. */
  readonly hash: string;
  readonly setAt: number;
  errors: number;
  /** No try before this time; null when none is locked. */
  lockedUntil: number | null;
}
