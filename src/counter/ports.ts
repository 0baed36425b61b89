import type { CardFields, FieldProblem } from '../contracts/channel.js';
import type { Clock } from '../contracts/clock.js';
import type { Engine } from '../contracts/engine.js';
import type { Log } from '../contracts/log.js';
import type { Merchant } from '../contracts/merchant.js';
import type { Payment } from '../contracts/payment.js';
import type { PictureFace } from '../contracts/picture.js';
import type { OpenPrompt } from '../contracts/prompt.js';
import type { Guards, Merchants, PaymentCodes } from '../contracts/store.js';
import type { NewCard, Vault } from '../contracts/vault.js';
import type { Limits } from './limits.js';

/** All that the counter is given. It keeps nothing of its own: what must be counted is counted in the store. */
export interface CounterPorts {
  readonly engine: Pick<Engine, 'load' | 'reply' | 'cancel' | 'extend' | 'watch'>;
  readonly store: {
    readonly guards: Pick<Guards, 'raise' | 'read'>;
    readonly codes: Pick<PaymentCodes, 'find'>;
    readonly merchants: Pick<Merchants, 'load'>;
  };
  readonly vault: Pick<Vault, 'keepCard' | 'keepSecurityCode'>;
  readonly signing: CounterSigning;
  readonly cards: CardRules;
  /** The secret that signs a merchant's return links, opened. */
  returnSecretOf(merchant: Merchant): string;
  /** What is asked of the payer now, as the engine sees it. */
  openPromptOf(payment: Payment, now: number): OpenPrompt | null;
  /** The digits of a payment code as typed; null when it is none, or mistyped by its check digit. */
  readPaymentCode(typed: string): string | null;
  /** Whether an address lies on a registered origin; `loopback` lets plain http on this machine through. */
  isOnOrigin(address: string, origins: readonly string[], loopback: boolean): boolean;
  readonly clock: Clock;
  readonly log: Log;
  /** Who holds the card. */
  readonly operator: Operator;
  /** The merchant's logo as we serve it, without waiting; null while there is none. */
  logoOf(merchant: Merchant): PictureFace | null;
  readonly extensionsMax: number;
  readonly limits?: Partial<Limits>;
}

/** Who runs the page and holds the card. */
export interface Operator {
  readonly name: string;
  readonly logo: PictureFace | null;
}

export interface CounterSigning {
  pageToken(payment: string, generation: number): string;
  /** Null for what we did not sign. */
  readPageToken(token: string): { readonly payment: string; readonly generation: number } | null;
  /** What the address names to which an issuer sends a browser back; null for what we did not sign. */
  readReturnCapability(
    capability: string,
  ): { readonly payment: string; readonly authentication: string; readonly generation: number } | null;
  /** The signature of the hint that goes back to the shop. */
  returnSignature(secret: string, hint: ReturnHint): string;
  /** A keyed hash that stands for a network address in counters. */
  pseudonymOf(text: string): string;
}

export interface ReturnHint {
  readonly payment: string;
  readonly reference: string;
  readonly status: string;
  /** Seconds since the epoch. */
  readonly ts: number;
}

export interface CardRules {
  /** The card in normal form, or everything that is wrong with it. */
  checkCard(fields: CardFields, now: number): { card: NewCard } | { problems: readonly FieldProblem[] };
  checkSecurityCode(securityCode: string, brand: string): FieldProblem | null;
}
