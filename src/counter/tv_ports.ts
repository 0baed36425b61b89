import type { Engine } from '../contracts/engine.js';
import type { Live } from '../contracts/live.js';
import type { Mode, Payment } from '../contracts/payment.js';
import type { Guards, Merchants, Operators, PaymentCodes, TvSessions } from '../contracts/store.js';
import type { CardFace, Vault } from '../contracts/vault.js';
import type { CounterPorts, CounterSigning, GuardPorts } from './ports.js';
import type { TvSay } from './tv_screen.js';
import type { StandingPorts } from './tv_standing.js';

/** All that the counter window on television is given. */
export interface TvPorts
  extends GuardPorts,
    StandingPorts,
    Pick<CounterPorts, 'openPromptOf' | 'readPaymentCode' | 'groupCode'> {
  readonly engine: Pick<Engine, 'load' | 'reply' | 'cancel' | 'met' | 'listen' | 'onChange'>;
  readonly store: {
    readonly guards: Pick<Guards, 'raise' | 'read' | 'lower' | 'clear'>;
    readonly codes: Pick<PaymentCodes, 'find'>;
    readonly merchants: Pick<Merchants, 'load'>;
    readonly operators: Pick<Operators, 'load'>;
    readonly tvSessions: Pick<TvSessions, 'load' | 'commit'>;
  };
  readonly vault: Pick<Vault, 'keepSecret' | 'takeSecret'>;
  readonly signing: Pick<CounterSigning, 'pseudonymOf'> & TvSigning;
  readonly payers: Pick<CounterPorts['payers'], 'find'> & {
    /** The error is counted before the compare; who errs too often waits. */
    checkPurchaseCode(payer: string, code: string): Promise<{ readonly answer: string }>;
  };
  /** The id of the one session that a box and a payment have. */
  sessionIdOf(of: TvSessionOf): string;
  /** Whether the household's purchase code is enough for a stored card on this payment. The engine's word. */
  isPurchaseCodeEnough(payment: Payment, face: CardFace): boolean;
  /** The number that payers of this payment call, E.164; null where they cannot. */
  telephoneOf(payment: Payment): string | null;
  readonly say: TvSay;
  /** How the world reaches us: where telephones are led. */
  readonly publicUrl: string;
  /** Word of other processes; null where there are none. */
  readonly live: Live | null;
}

export interface TvSigning {
  readonly televisions: {
    sessionToken(session: string): string;
    readSessionToken(token: string): string | null;
    televisionPageToken(session: string, generation: number): string;
  };
  /** What stands for a box behind the channel, as a cookie's hash stands for a browser. */
  deviceHash(session: string): string;
}

export interface TvSessionOf {
  readonly operator: string;
  readonly mode: Mode;
  readonly device: string;
  readonly payment: string;
  readonly deviceKey: string | null;
  readonly generation: number;
}
