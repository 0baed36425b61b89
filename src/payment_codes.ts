import { Impossible } from './contracts/errors.js';
import type { Ids } from './contracts/ids.js';

const DIGITS = 10;
const TYPED_LENGTH_MAX = 64;
const DRAWS_MAX = 100;
/** Spaces of all kinds, dots and every dash: how people and programs group digits. */
const SEPARATORS = /[\s.\p{Pd}\p{Cf}]/gu;

/**
 * Ten digits, the last a check digit. The first is never a zero: people and spreadsheets lose it.
 * @returns without looking whether the code is taken
 */
export function drawPaymentCode(ids: Pick<Ids, 'digits'>): string {
  for (let draw = 0; draw < DRAWS_MAX; draw++) {
    const body = ids.digits(DIGITS - 1);
    if (!body.startsWith('0')) return body + checkDigitOf(body);
  }
  throw new Impossible('nothing but zeros was drawn');
}

/** The digits of a code as a payer wrote it; null when it is none or mistyped. Codes of up to twelve digits are let through. */
export function readPaymentCode(typed: string): string | null {
  if (typed.length > TYPED_LENGTH_MAX) return null;
  const digits = typed.normalize('NFKC').replace(SEPARATORS, '');
  return /^\d{10,12}$/.test(digits) && digits.endsWith(checkDigitOf(digits.slice(0, -1))) ? digits : null;
}

export function isPaymentCode(typed: string): boolean {
  return readPaymentCode(typed) !== null;
}

/** As it is shown: `482 109 3756`. */
export function groupPaymentCode(code: string): string {
  const first = Math.floor((code.length - 4) / 2);
  return `${code.slice(0, first)} ${code.slice(first, -4)} ${code.slice(-4)}`;
}

/** Luhn's digit (ISO/IEC 7812-1, annex B) to be put behind `digits`: finds every single slip and most swaps of neighbours. */
export function checkDigitOf(digits: string): string {
  let sum = 0;
  for (let place = 1; place <= digits.length; place++) {
    const digit = Number(digits[digits.length - place]);
    const weighed = place % 2 === 1 ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return String((10 - (sum % 10)) % 10);
}
