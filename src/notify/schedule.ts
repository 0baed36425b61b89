import type { Ids } from '../contracts/ids.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** For how long a delivery is tried, counted from when it was made or replayed. */
export const GIVE_UP_AFTER_MS = 72 * HOUR;
const LONGEST_PAUSE_MS = 8 * HOUR;
const PAUSES_MS = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  LONGEST_PAUSE_MS,
];

/**
 * How long to wait after the `tries`-th try failed (from 1), in milliseconds: growing to eight hours, and up to a fifth
 * more or less, so that what failed together does not come back together. A receiver may ask for longer, up to the same eight hours; it
 * cannot ask for less than our own pause, or a constant `Retry-After: 0` would have us knock without end.
 */
export function pauseAfter(tries: number, retryAfterMs: number | null, ids: Ids): number {
  const base = PAUSES_MS[Math.min(tries, PAUSES_MS.length) - 1] ?? LONGEST_PAUSE_MS;
  const jitter = 0.8 + (0.4 * Number(ids.digits(3))) / 999;
  return Math.max(Math.round(base * jitter), Math.min(retryAfterMs ?? 0, LONGEST_PAUSE_MS));
}

/** Reads `Retry-After` (RFC 9110, section 10.2.3): whole seconds or an HTTP date. Milliseconds from `now`, null when it says nothing. */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
