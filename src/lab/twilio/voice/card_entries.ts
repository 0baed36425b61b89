import { passesLuhn } from '../masking.js';

/** What a `Pay` asks for, in Twilio's words. */
export type EntryName = 'payment-card-number' | 'expiration-date' | 'security-code' | 'postal-code';

/** What is wrong with an entry, in the words of its status callback. */
export type EntryError =
  | 'input-timeout'
  | 'invalid-card-number'
  | 'invalid-card-type'
  | 'invalid-date'
  | 'invalid-security-code'
  | 'invalid-postal-code';

/** What has been keyed so far. It lives in the memory of one `Pay`, until the connector has answered. */
export interface Keyed {
  number: string;
  expiry: string;
  securityCode: string;
  postalCode: string;
}

export interface EntryRule {
  /** Whether nothing more can come. */
  isComplete(digits: string, keyed: Keyed): boolean;
  problemOf(digits: string, keyed: Keyed): EntryError | null;
  take(digits: string, keyed: Keyed): void;
}

/** Card types by their first digits, and how long their numbers are. */
const TYPES: readonly (readonly [type: string, first: RegExp, lengths: readonly number[]])[] = [
  ['amex', /^3[47]/, [15]],
  ['diners-club', /^3(?:0[0-5]|[689])/, [14]],
  ['jcb', /^35/, [16]],
  ['visa', /^4/, [16, 13, 19]],
  ['mastercard', /^(?:5[1-5]|2[2-7])/, [16]],
  ['discover', /^6(?:011|4[4-9]|5)/, [16]],
  ['maestro', /^(?:5[06-9]|6)/, [16, 12, 13, 14, 15, 17, 18, 19]],
];

/** Null for a number that begins like none of them. */
export function cardTypeOf(number: string): string | null {
  return TYPES.find(([, first]) => first.test(number))?.[0] ?? null;
}

function lengthsOf(number: string): readonly number[] {
  return TYPES.find(([, first]) => first.test(number))?.[2] ?? [];
}

const codeLength = ({ number }: Keyed): number => (cardTypeOf(number) === 'amex' ? 4 : 3);

export interface EntryLimits {
  readonly validCardTypes: readonly string[];
  readonly minPostalCodeLength: number;
  readonly now: number;
}

export function entryRules({ validCardTypes, minPostalCodeLength, now }: EntryLimits): Record<EntryName, EntryRule> {
  return {
    'payment-card-number': {
      isComplete: (digits) => digits.length === lengthsOf(digits)[0] && passesLuhn(digits),
      problemOf(digits) {
        if (!lengthsOf(digits).includes(digits.length) || !passesLuhn(digits)) return 'invalid-card-number';
        return validCardTypes.includes(cardTypeOf(digits) ?? '') ? null : 'invalid-card-type';
      },
      take(digits, keyed) {
        keyed.number = digits;
      },
    },
    'expiration-date': {
      isComplete: (digits) => digits.length === 4,
      problemOf: (digits) => (isToCome(digits, now) ? null : 'invalid-date'),
      take(digits, keyed) {
        keyed.expiry = digits;
      },
    },
    'security-code': {
      isComplete: (digits, keyed) => digits.length === codeLength(keyed),
      problemOf: (digits, keyed) => (digits.length === codeLength(keyed) ? null : 'invalid-security-code'),
      take(digits, keyed) {
        keyed.securityCode = digits;
      },
    },
    'postal-code': {
      isComplete: () => false,
      problemOf: (digits) => (digits.length >= minPostalCodeLength ? null : 'invalid-postal-code'),
      take(digits, keyed) {
        keyed.postalCode = digits;
      },
    },
  };
}

/** `MMYY`, of this month or a later one. */
function isToCome(digits: string, now: number): boolean {
  const [, month = '', year = ''] = /^(0[1-9]|1[0-2])(\d\d)$/.exec(digits) ?? [];
  return month !== '' && `20${year}-${month}` >= new Date(now).toISOString().slice(0, 7);
}
