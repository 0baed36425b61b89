import type { Mode } from './payment.js';

/** How often a payer is reached, whoever asks for it and on whichever way. Counted in the store, each before it is done. */

export const REACH_WINDOW_MS = 3_600_000;
/** For one address or number. */
export const REACHES_PER_ADDRESS_MAX = 3;

/** The counter of one address or number, by the keyed hash that stands for it. */
export function addressCounter(mode: Mode, pseudonym: string): string {
  return `reach:${mode}:${pseudonym}`;
}

/** Links and receipts that callers ask for, to one number: apart, so that neither uses up the other's. */
export const ASKED_PER_NUMBER_MAX = 5;

/** The counter of what callers have sent to a number. */
export function askedCounter(mode: Mode, pseudonym: string): string {
  return `asked:${mode}:${pseudonym}`;
}

/** The counter of all texts and calls of a merchant. */
export function merchantCounter(mode: Mode, merchant: string): string {
  return `reaches:${mode}:${merchant}`;
}
