import type { Merchant } from '../../contracts/merchant.js';
import { decimalOf, type Money } from '../../contracts/money.js';
import { clockTimeAt, dayAt } from '../../contracts/numbers.js';
import type { Mode, Payment } from '../../contracts/payment.js';
import { nameIn, referenceIn } from './alphabet.js';

export type Language = 'en' | 'fr';
/** Finds what is said under a key in a language and puts the parameters in. */
export type Say = (language: Language, key: string, parameters?: Readonly<Record<string, string>>) => string;

/** French for any French, English for everybody else. Takes a BCP 47 tag. */
export function languageOf(tag: string | null): Language {
  return tag !== null && /^fr\b/i.test(tag) ? 'fr' : 'en';
}

/** What every text about a payment may name, in letters that a text has. */
export interface Facts {
  readonly payment: Payment;
  readonly merchant: Merchant | null;
  /** Null: the payment's own, all of it. */
  readonly amount?: number | undefined;
  readonly last4: string | null;
  readonly link: string | null;
}

/** The parameters of a wording. */
export function parametersOf({ payment, merchant, amount, last4, link }: Facts, language: Language) {
  const money = { amount: amount ?? payment.amount, currency: payment.currency };
  return {
    name: nameIn(merchant?.profile.smsName ?? payment.terms.merchantName),
    amount: amountIn(money, language),
    reference: referenceIn(payment.reference),
    last4: last4 ?? '****',
    link: link ?? '',
  };
}

/** `42.50 EUR`: the code of the currency, for its sign may be a letter that texts do not have. */
export function amountIn(money: Money, language: Language): string {
  const decimal = decimalOf(money);
  return `${language === 'fr' ? decimal.replace('.', ',') : decimal} ${money.currency}`;
}

/** `14:32` where the number is. */
export const timeIn = clockTimeAt;
export const dayIn = dayAt;

/** The words as they are sent. */
export function wordsOf(
  say: Say,
  { language, mode }: { language: Language; mode: Mode },
  key: string,
  parameters: Readonly<Record<string, string>>,
): string {
  const words = say(language, key, parameters);
  return mode === 'test' ? say(language, 'text.test', { text: words }) : words;
}
