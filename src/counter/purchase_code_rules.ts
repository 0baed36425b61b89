import type { FieldProblem } from '../contracts/channel.js';
import { isEmailSettled, type Payer } from '../contracts/payer.js';

/** What is wrong with a purchase code as it was typed twice, or with choosing one now; null for nothing. */
export function purchaseCodeProblem(payer: Payer, code: string, again: string, now: number): FieldProblem | null {
  if (!isEmailSettled(payer, now)) return { field: 'purchase_code', message: 'purchase_code.unsettled' };
  if (code === '') return { field: 'purchase_code', message: 'purchase_code.missing' };
  if (!/^\d{4,8}$/.test(code)) return { field: 'purchase_code', message: 'purchase_code.form' };
  if (isTrivial(code)) return { field: 'purchase_code', message: 'purchase_code.trivial' };
  return code === again ? null : { field: 'purchase_code_again', message: 'purchase_code.different' };
}

/** What everybody tries first: one digit or one pair all along, and digits in a row, up or down, with 0 behind 9. */
function isTrivial(code: string): boolean {
  const digits = [...code].map(Number);
  const isEach = (gap: number, step: number): boolean =>
    digits.every((digit, index) => index < gap || (digit - (digits[index - gap] ?? 0) + 10) % 10 === step);
  return isEach(1, 0) || isEach(1, 1) || isEach(1, 9) || isEach(2, 0);
}
