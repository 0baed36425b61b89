import type { Mode } from '../../contracts/payment.js';

/** One merchant in one mode: nothing crosses it. */
export interface Wall {
  readonly merchant: string;
  readonly mode: Mode;
}

/** The identity of a wall's own document. */
export function wallId({ merchant, mode }: Wall): string {
  return `${mode} ${merchant}`;
}

/** A filter for what stands within the wall. */
export function within({ merchant, mode }: Wall): { mode: string; merchant: string } {
  return { mode: String(mode), merchant: String(merchant) };
}
