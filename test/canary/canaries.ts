/** Secrets that exist nowhere else in the world of a run, so that whoever finds one knows where it came from. */
import { TEST_CARDS } from '../../src/lab/acquirer/cards.js';
import type { Random } from '../simulation/random.js';
import type { Typed } from './walks.js';

/** First digits and length of what the world carries. */
const KINDS: readonly (readonly [prefix: string, length: number])[] = [
  ['4', 16],
  ['4', 19],
  ['51', 16],
  ['2221', 16],
  ['34', 15],
  ['37', 15],
  ['6011', 16],
  ['36', 14],
  ['3530', 16],
  ['6304', 19],
];

/** A number that passes Luhn and that no issuer of the sandbox has given out: declined wherever it arrives. */
export function unknownNumber(random: Random): string {
  const [prefix, length] = random.pick(KINDS);
  let digits = prefix;
  while (digits.length < length - 1) digits += random.between(0, 9);
  const check = '0123456789'.split('').find((digit) => passesLuhn(digits + digit)) ?? '';
  const number = digits + check;
  return TEST_CARDS.some((known) => known.number === number) ? unknownNumber(random) : number;
}

function passesLuhn(number: string): boolean {
  const sum = [...number].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** Security codes begin with a zero: no number in a document does, so that one between quotes is no coincidence. */
export function typedCard(number: string, random: Random): Typed {
  const digits = /^3[47]/.test(number) ? 3 : 2;
  const securityCode = `0${random.between(10 ** (digits - 1), 10 ** digits - 1)}`;
  return { number, securityCode, scripted: random.chance(0.5) };
}
