const DIGIT = /\p{Nd}/u;
const DIGITS = /\p{Nd}/gu;
/** Spaces of all kinds, dots, underscores, every dash, and what is invisible: how people and programs group digits. */
const SEPARATORS = /[\s._·\p{Pd}\p{Cf}]/gu;

/** `typed` with all decimal digits as 0 to 9, whatever script a keyboard or a clipboard wrote them in, and nothing else changed. */
export function withPlainDigits(typed: string): string {
  return typed.normalize('NFKC').replace(DIGITS, (digit) => String(digitValue(digit.codePointAt(0) ?? 0)));
}

/** The same without what groups digits. */
export function digitsIn(typed: string): string {
  return withPlainDigits(typed).replace(SEPARATORS, '');
}

/** Unicode keeps decimal digits in rows of ten that begin with a zero. */
function digitValue(codePoint: number): number {
  let zero = codePoint;
  while (zero > 0 && DIGIT.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return (codePoint - zero) % 10;
}
