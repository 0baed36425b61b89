import type { Engine } from '../contracts/engine.js';
import type { Payment } from '../contracts/payment.js';
import type { Guards, Merchants, PaymentCodes } from '../contracts/store.js';
import type { TextDesk } from '../contracts/text.js';
import type { CardFace, Vault } from '../contracts/vault.js';
import type { CounterPorts, CounterSigning, GuardPorts } from './ports.js';

/** All that the counter window by telephone is given. */
export interface CallPorts
  extends GuardPorts,
    Pick<CounterPorts, 'cards' | 'openPromptOf' | 'readPaymentCode' | 'log'> {
  readonly engine: Pick<Engine, 'load' | 'reply' | 'watch' | 'called' | 'texted'>;
  readonly store: {
    readonly guards: Pick<Guards, 'raise' | 'read' | 'lower' | 'clear' | 'useOnce'>;
    readonly codes: Pick<PaymentCodes, 'find'>;
    readonly merchants: Pick<Merchants, 'load' | 'list'>;
  };
  readonly vault: Pick<Vault, 'keepCardAs' | 'faceOf'>;
  readonly signing: Pick<CounterSigning, 'pseudonymOf'> & CallSigning;
  readonly payers: Pick<CounterPorts['payers'], 'find'> & {
    /** The error is counted before the compare; who errs too often waits. */
    checkPurchaseCode(payer: string, code: string): Promise<{ readonly answer: string }>;
  };
  readonly texts: TextDesk;
  /** Whether a card keyed on a telephone may pay it; `card` is one in hand. The engine's word. */
  isTelephoneOrder(payment: Payment, card: CardFace | null): boolean;
  readonly operator: string;
  /** The number that is everybody's, E.164. */
  readonly sharedNumber: string;
}

export interface CallSigning {
  /** What stands for a call behind the channel, as a cookie's hash stands for a browser. */
  deviceHash(call: string): string;
  keyedCardToken(transaction: string): string;
  keyedCardPass(token: string, of: { readonly payment: string; readonly call: string }): string;
  readKeyedCardPass(pass: string, of: { readonly payment: string; readonly call: string }): string | null;
}
