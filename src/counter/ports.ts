import type { CardFields, FieldProblem } from '../contracts/channel.js';
import type { Clock } from '../contracts/clock.js';
import type { Engine } from '../contracts/engine.js';
import type { Ids } from '../contracts/ids.js';
import type { Log } from '../contracts/log.js';
import type { MailDesk } from '../contracts/mail.js';
import type { Merchant } from '../contracts/merchant.js';
import type { OwnerStore } from '../contracts/owner.js';
import type { Payer } from '../contracts/payer.js';
import type { Mode, Payment } from '../contracts/payment.js';
import type { PictureFace } from '../contracts/picture.js';
import type { OpenPrompt } from '../contracts/prompt.js';
import type { Guards, Merchants, Operators, PaymentCodes, TvSessions } from '../contracts/store.js';
import type { NewCard, Vault } from '../contracts/vault.js';
import type { Limits } from './limits.js';
import type { StandingPorts } from './tv_standing.js';

/** All that the counter is given. It keeps nothing of its own: what must be counted is counted in the store. */
export interface CounterPorts extends GuardPorts, IdentityPorts, PartyPorts, StandingPorts {
  readonly engine: Pick<Engine, 'load' | 'reply' | 'cancel' | 'extend' | 'watch' | 'met'>;
  readonly store: {
    readonly guards: Pick<Guards, 'raise' | 'read' | 'lower' | 'clear' | 'useOnce'>;
    readonly codes: Pick<PaymentCodes, 'find'>;
    readonly merchants: Pick<Merchants, 'load'>;
    readonly operators: Pick<Operators, 'load'>;
    readonly tvSessions: Pick<TvSessions, 'load'>;
  };
  readonly vault: Pick<Vault, 'keepCard' | 'keepSecurityCode'>;
  readonly signing: CounterSigning;
  readonly payers: KnownPayers & Pick<PayerAccounts, 'setPurchaseCode'>;
  readonly mails: Pick<MailDesk, 'code' | 'receipt'>;
  readonly cards: CardRules;
  /** The secret that signs a merchant's return links, opened. */
  returnSecretOf(merchant: Merchant): string;
  /** What is asked of the payer now, as the engine sees it. */
  openPromptOf(payment: Payment, now: number): OpenPrompt | null;
  /** The digits of a payment code as typed; null when it is none, or mistyped by its check digit. */
  readPaymentCode(typed: string): string | null;
  /** A payment code as it is shown. */
  groupCode(code: string): string;
  /** Whether an address lies on a registered origin; `loopback` lets plain http on this machine through. */
  isOnOrigin(address: string, origins: readonly string[], loopback: boolean): boolean;
  readonly log: Log;
  readonly extensionsMax: number;
}

/** What is needed to say who is paid and who runs the page. */
export interface PartyPorts {
  readonly operator: Operator;
  /** The merchant's logo as we serve it, without waiting; null while there is none. */
  logoOf(merchant: Merchant): PictureFace | null;
}

/** What is needed to count. */
export interface GuardPorts {
  readonly store: { readonly guards: Pick<Guards, 'raise' | 'read' | 'lower' | 'clear'> };
  readonly signing: Pick<CounterSigning, 'pseudonymOf'>;
  readonly clock: Clock;
  readonly limits?: Partial<Limits>;
}

/** What is needed to find out whether somebody is who the account belongs to. */
export interface IdentityPorts {
  readonly signing: Pick<CounterSigning, 'codeHash' | 'isCodeHash'>;
  readonly payers: Pick<KnownPayers, 'identifications'>;
  readonly mails: Pick<MailDesk, 'code'>;
  readonly ids: Pick<Ids, 'digits'>;
  readonly clock: Clock;
}

/** What the desk for a payer's own account is given. */
export interface AccountPorts extends GuardPorts, IdentityPorts, PartyPorts {
  readonly store: {
    readonly guards: Pick<Guards, 'raise' | 'read' | 'lower' | 'clear'>;
  } & OwnerStore;
  readonly engine: Pick<Engine, 'load'>;
  readonly signing: Pick<CounterSigning, 'pseudonymOf' | 'codeHash' | 'isCodeHash' | 'pageToken' | 'readAccountToken'>;
  readonly payers: PayerAccounts;
  isOnOrigin(address: string, origins: readonly string[], loopback: boolean): boolean;
}

/** Payers as the counter knows them: found by their account, and identified. */
export interface KnownPayers {
  find(of: { readonly owner: string; readonly mode: Mode; readonly account: string }): Promise<Payer | null>;
  readonly identifications: {
    expect(
      payer: string,
      at: PageDevice,
      code: { readonly hash: string; readonly expiresAt: number; readonly to: string },
    ): Promise<boolean>;
    withdraw(payer: string, at: PageDevice, hash: string): Promise<void>;
    /** The hash of the code that is awaited, once the try is counted; null when none is, or no more. */
    countTry(payer: string, at: PageDevice): Promise<string | null>;
    know(payer: string, at: PageDevice, hash: string, until: number): Promise<boolean>;
  };
}

/** Payers as the desk for their own account knows them. */
export interface PayerAccounts extends Pick<KnownPayers, 'identifications'> {
  load(id: string): Promise<Payer | null>;
  setDefault(of: AccountName, instrument: string, request: null): Promise<Payer>;
  removeInstrument(of: AccountName, instrument: string): Promise<Payer>;
  setPurchaseCode(of: AccountName, code: string): Promise<Payer>;
}

type AccountName = Pick<Payer, 'owner' | 'mode' | 'account'>;

/** One device on one page: a payment's or a session's id, and the keyed hash of the device's cookie. */
export interface PageDevice {
  readonly scope: string;
  readonly device: string;
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
  readonly televisions: {
    /** What the page's token names that a television leads to; null for what we did not sign. */
    readTelevisionPageToken(token: string): { readonly session: string; readonly generation: number } | null;
  };
  /** What the address names to which an issuer sends a browser back; null for what we did not sign. */
  readReturnCapability(
    capability: string,
  ): { readonly payment: string; readonly authentication: string; readonly generation: number } | null;
  /** Null for what we did not sign. */
  readAccountToken(token: string): { readonly payer: string; readonly session: string } | null;
  /** A keyed hash of a one-time code, for one page and device of one payer. */
  codeHash(code: string, of: PageDevice & { readonly payer: string }): string;
  isCodeHash(hash: string, code: string, of: PageDevice & { readonly payer: string }): boolean;
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
