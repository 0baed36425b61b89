/** Digits of a payment code as typed: spaces, dots and dashes are how people group them. Null for what is no code. */
export function paymentCodeOf(typed: string): string | null {
  const digits = typed.replace(/[\s.\-\u00a0\u202f]/g, '');
  return /^\d{10,12}$/.test(digits) && hasCheckDigit(digits) ? digits : null;
}

/** Luhn's check digit (ISO/IEC 7812-1, annex B): finds every single slip and most swaps of neighbours. */
export function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
