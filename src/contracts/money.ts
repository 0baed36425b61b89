/**
 * Money: integer minor units beside an ISO 4217 currency, always together.
 * Exponents follow ISO 4217 (list one, amendment 176) without exception.
 */

/** The smallest and largest amount of one payment, in minor units. */
export const AMOUNT_MIN = 1;
export const AMOUNT_MAX = 99_999_999;

export interface Money {
  /** Integer minor units: 4250 is 42.50 EUR, 4250 JPY or 4.250 TND. */
  readonly amount: number;
  /** ISO 4217 alphabetic code, upper case. */
  readonly currency: string;
}

const WITHOUT_MINOR_UNIT = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF';
const HUNDREDTHS =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK ' +
  'DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW ' +
  'KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN ' +
  'PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD ' +
  'TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG';
const THOUSANDTHS = 'BHD IQD JOD KWD LYD OMR TND';

const EXPONENTS: ReadonlyMap<string, number> = new Map([
  ...WITHOUT_MINOR_UNIT.split(' ').map((code) => [code, 0] as const),
  ...HUNDREDTHS.split(' ').map((code) => [code, 2] as const),
  ...THOUSANDTHS.split(' ').map((code) => [code, 3] as const),
]);

/** Every currency a payment may be in, sorted. */
export const CURRENCIES: readonly string[] = [...EXPONENTS.keys()].sort();

/** Decimal places of `currency`, or undefined for a code that ISO 4217 does not list. */
export function exponentOf(currency: string): number | undefined {
  return EXPONENTS.get(currency);
}

/** True for an amount that a payment may have: an integer between the two bounds. */
export function isAmount(amount: number): boolean {
  return Number.isInteger(amount) && amount >= AMOUNT_MIN && amount <= AMOUNT_MAX;
}

/**
 * The amount as a plain decimal, digits only: `{ amount: 4250, currency: 'EUR' }` is `42.50`.
 * No float is involved: the text is cut, not divided.
 */
export function decimalOf({ amount, currency }: Money): string {
  const exponent = exponentOf(currency) ?? 2;
  if (exponent === 0) return String(amount);
  const digits = String(amount).padStart(exponent + 1, '0');
  return `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** The amount as people of `language` (BCP 47) read it: `42,50 €` in French, `€42.50` in English. */
export function amountText(money: Money, language: string): string {
  return formatOf(money.currency, language).format(decimalOf(money) as Intl.StringNumericLiteral);
}

/** Making one takes a hundred times as long as using it. Bounded, because languages come from outside. */
const formats = new Map<string, Intl.NumberFormat>();
const FORMATS_MAX = 64;

function formatOf(currency: string, language: string): Intl.NumberFormat {
  const name = `${currency} ${language}`;
  const known = formats.get(name);
  if (known !== undefined) return known;
  const digits = exponentOf(currency) ?? 2;
  const bounds = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const format = new Intl.NumberFormat(language, { style: 'currency', currency, ...bounds });
  if (formats.size >= FORMATS_MAX) formats.clear();
  formats.set(name, format);
  return format;
}
