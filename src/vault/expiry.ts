import { withPlainDigits } from './digits.js';

export interface Expiry {
  /** 1 to 12. */
  readonly month: number;
  /** Four digits. */
  readonly year: number;
}

const TYPED_LENGTH_MAX = 20;
const YEARS_AHEAD_MAX = 20;
const HALF_A_CENTURY = 50;
const HOUR_MS = 3_600_000;

/** Month and year, `12/34`, `12 34`, `12-2034`, `1/34`; or without anything between them, `1234`, `122034`. */
const MONTH_FIRST = /^(0?[1-9]|1[0-2])(?:\s*[/.\-\s]\s*|(?<=\d\d))(\d{2}|\d{4})$/;
/** As programs fill it in: `2034-12`. */
const YEAR_FIRST = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** The expiry as it was typed, or what is wrong with it. `now` in milliseconds since the epoch. */
export function readExpiry(typed: string, now: number): Expiry | { readonly problem: ExpiryProblem } {
  const text =
    typed.length > TYPED_LENGTH_MAX
      ? typed
      : withPlainDigits(typed)
          .replace(/\p{Pd}/gu, '-')
          .trim();
  if (text === '') return { problem: 'missing' };
  const [, month, year] = MONTH_FIRST.exec(text) ?? swapped(YEAR_FIRST.exec(text)) ?? [];
  if (month === undefined || year === undefined) return { problem: 'format' };
  const thisYear = new Date(now).getUTCFullYear();
  const expiry = { month: Number(month), year: year.length === 4 ? Number(year) : inCentury(Number(year), thisYear) };
  if (now >= endOf(expiry)) return { problem: 'past' };
  return expiry.year > thisYear + YEARS_AHEAD_MAX ? { problem: 'far' } : expiry;
}

export type ExpiryProblem = 'missing' | 'format' | 'past' | 'far';

/** A card is good to the end of its month wherever its holder may be: twelve hours after UTC, it has ended everywhere. */
function endOf({ month, year }: Expiry): number {
  return Date.UTC(year, month, 1) + 12 * HOUR_MS;
}

/** The year with these two last digits that is nearest to now. */
function inCentury(lastTwo: number, thisYear: number): number {
  const year = thisYear - (thisYear % 100) + lastTwo;
  if (year < thisYear - HALF_A_CENTURY) return year + 100;
  return year > thisYear + HALF_A_CENTURY ? year - 100 : year;
}

function swapped(match: RegExpExecArray | null): [string, string | undefined, string | undefined] | null {
  return match === null ? null : [match[0], match[2], match[1]];
}
