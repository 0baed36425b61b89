import cardValidator from 'card-validator';
import type { CardFields, FieldProblem } from '../contracts/channel.js';
import type { NewCard } from '../contracts/vault.js';
import { brandsOfDigits, rulesOf } from './brands.js';
import { digitsIn } from './digits.js';
import { readExpiry } from './expiry.js';

const NUMBER_LENGTH_MAX = 64;
const SECURITY_CODE_LENGTH_MAX = 16;
/** Digits of any card number (ISO/IEC 7812-1). */
const LENGTH_MIN = 12;
const LENGTH_MAX = 19;

/** A card as typed in normal form, or everything that is wrong with it. `now` in milliseconds since the epoch. */
export function checkCard(
  fields: CardFields,
  now: number,
): { readonly card: NewCard } | { readonly problems: readonly FieldProblem[] } {
  const brands = brandsOf(fields.number);
  const brand = fields.brand ?? brands[0] ?? '';
  const expiry = readExpiry(fields.expiry, now);
  const problems = [
    checkNumber(fields.number, brands),
    brands.length > 0 && !brands.includes(brand) ? problem('brand', 'unknown') : null,
    'problem' in expiry ? problem('expiry', expiry.problem) : null,
    checkSecurityCode(fields.securityCode, brands[0] ?? ''),
  ].filter((found) => found !== null);
  if (problems.length > 0 || 'problem' in expiry) return { problems };
  const [number, securityCode] = [digitsIn(fields.number), digitsIn(fields.securityCode)];
  return { card: { number, expiryMonth: expiry.month, expiryYear: expiry.year, securityCode, brand } };
}

/** Whether a security code as typed fits a card of this brand; of an unknown brand, any card. Null when it does. */
export function checkSecurityCode(typed: string, brand: string): FieldProblem | null {
  if (typed.length > SECURITY_CODE_LENGTH_MAX) return problem('security_code', 'length');
  const digits = digitsIn(typed);
  if (digits === '') return problem('security_code', 'missing');
  const rules = rulesOf(brand);
  const lengths = rules === null ? [3, 4] : [rules.securityCodeLength];
  const fits = lengths.includes(digits.length) && cardValidator.cvv(digits, digits.length).isValid;
  return fits ? null : problem('security_code', 'length');
}

/**
 * The brands a card number may be charged under, from its first digits on, the default first; empty while they do not
 * decide. Takes it as typed.
 */
export function brandsOf(typed: string): readonly string[] {
  const digits = typed.length > NUMBER_LENGTH_MAX ? '' : digitsIn(typed);
  return /^\d{1,19}$/.test(digits) ? brandsOfDigits(digits) : [];
}

/** From what is easiest to see to what is hardest, so that the payer is told the most useful thing. */
function checkNumber(typed: string, brands: readonly string[]): FieldProblem | null {
  if (typed.length > NUMBER_LENGTH_MAX) return problem('number', 'length');
  const digits = digitsIn(typed);
  if (digits === '') return problem('number', 'missing');
  // Something that is no digit is a slip of the finger, as a wrong digit is.
  if (!/^\d+$/.test(digits)) return problem('number', 'checksum');
  if (digits.length < LENGTH_MIN || digits.length > LENGTH_MAX) return problem('number', 'length');
  const rules = rulesOf(brands[0] ?? '');
  if (rules === null) return problem('number', 'brand');
  if (!rules.lengths.includes(digits.length)) return problem('number', 'length');
  return cardValidator.number(digits).isValid ? null : problem('number', 'checksum');
}

function problem(field: FieldProblem['field'], what: string): FieldProblem {
  return { field, message: `card.${field}.${what}` };
}
