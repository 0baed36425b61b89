import type { Engine } from '../contracts/engine.js';
import type { Payment } from '../contracts/payment.js';
import type { OpenPrompt } from '../contracts/prompt.js';
import type { Guards, Store } from '../contracts/store.js';
import type { Consents, Text, TextBinding, TextCodes } from '../contracts/text.js';
import type { CardFace } from '../contracts/vault.js';
import type { KnownPayers } from './ports.js';

/** All that the counter for texts is given. */
export interface TextCounterPorts {
  readonly engine: Pick<Engine, 'load' | 'reply' | 'reached' | 'consented'>;
  readonly store: {
    readonly guards: Pick<Guards, 'raise' | 'read' | 'clear' | 'useOnce'>;
    readonly texts: Pick<Store['texts'], 'load' | 'commit' | 'ofNumber' | 'withDigitsTo'>;
    readonly merchants: Pick<Store['merchants'], 'load'>;
  };
  readonly payers: Pick<KnownPayers, 'find'>;
  readonly consents: Consents;
  readonly codes: TextCodes;
  readonly clock: { now(): number };
  numberNames(number: string): readonly string[];
  openPromptOf(payment: Payment, now: number): OpenPrompt | null;
  payLink(payment: Payment): string | null;
  /** What the digits of a text are bound to. */
  bindingOf(text: Text, payment: Payment, challenge: NonNullable<Text['challenge']>): TextBinding;
  /** The parameters of a wording about this payment. */
  wordsAbout(payment: Payment, link: string | null): Promise<Readonly<Record<string, string>>>;
  /** Whether the digits of a text are enough for a stored card, as the payment stands. The engine's word. */
  isTextEnough(payment: Payment, card: CardFace): boolean;
  /** The device under which a text's digits pay. */
  deviceOf(text: Text): string;
  /** Charges, waits until `deadline` at most, and has the payer told what came of it by a text of its own. */
  follow(offer: Text, deadline: number): Promise<void>;
}
