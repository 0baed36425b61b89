// What is wrong with a field, as far as a browser can tell. The server is the judge: where it knows more, nothing is said.

import { digitsOf } from './typing.js';

/** As the server reads dates: `12/34`, `12 34`, `1/34`, `1234`, `122034`, and `2034-12` as programs fill it in. */
const MONTH_FIRST = /^(0?[1-9]|1[0-2])(?:\s*[/.\-\s]\s*|(?<=\d\d))(\d{2}|\d{4})$/;
const YEAR_FIRST = /^(\d{4})-(0[1-9]|1[0-2])$/;
const YEARS_AHEAD_MAX = 20;

/** The name of what is wrong with a card number, or null. `rules` are the brand's, null while it is not known. */
export function numberProblem(text, rules) {
  if (text.trim() === '') return 'missing';
  // Other scripts' digits, letters that slipped in: the server knows what to make of them.
  if (!/^[\d\s.-]+$/.test(text)) return null;
  const digits = digitsOf(text);
  const fits = rules?.lengths?.includes(digits.length) ?? (digits.length >= 12 && digits.length <= 19);
  if (!fits) return 'length';
  // The one brand whose numbers need not have a check digit.
  return rules?.brands?.[0]?.brand === 'unionpay' || hasCheckDigit(digits) ? null : 'checksum';
}

/** `month` is today's, as `2030-01`, by the server's clock. A card that ends this month is good, and so is last month's for a few hours. */
export function expiryProblem(text, month) {
  const typed = text.trim();
  if (typed === '') return 'missing';
  if (!/^[\d\s/.-]+$/.test(typed)) return /\d/.test(typed) ? null : 'format';
  const [, year, monthOfYear] = YEAR_FIRST.exec(typed) ?? swapped(MONTH_FIRST.exec(typed)) ?? [];
  if (year === undefined) return 'format';
  const [thisYear, thisMonth] = month.split('-').map(Number);
  const full = Number(year) + (year.length === 2 ? thisYear - (thisYear % 100) : 0);
  const monthsLeft = (full - thisYear) * 12 + Number(monthOfYear) - thisMonth;
  // Two digits far back may mean the next century, and the last month may not be over everywhere: the server decides.
  if (monthsLeft < -1 && monthsLeft > -50 * 12) return 'past';
  return full > thisYear + YEARS_AHEAD_MAX ? 'far' : null;
}

export function securityCodeProblem(text, length) {
  if (text.trim() === '') return 'missing';
  if (!/^[\d\s]+$/.test(text)) return null;
  const lengths = length === undefined ? [3, 4] : [length];
  return lengths.includes(digitsOf(text).length) ? null : 'length';
}

function swapped(match) {
  return match === null ? null : [match[0], match[2], match[1]];
}

/** ISO/IEC 7812-1, annex B: from the right every second digit counts twice. */
function hasCheckDigit(digits) {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
