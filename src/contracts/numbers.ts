import { isPremium } from './premium_numbers.js';
import type { ReachChannel } from './reach.js';
import { ZONES } from './zones.js';

/** What a telephone number tells of where it is: enough to leave people alone at night, and to tell them a time of theirs. */

const PREFIX_MAX = 6;
/** Where the house is at home: whose time is told to numbers of countries that we do not know. */
const AT_HOME = 'Europe/Paris';

/** The time zones that a number in E.164 may be in; none where we do not know. */
export function zonesOf(number: string): readonly string[] {
  for (let length = PREFIX_MAX; length > 0; length -= 1) {
    const zones = ZONES[number.slice(1, 1 + length)];
    if (zones !== undefined) return zones;
  }
  return [];
}

/**
 * We call from 8:00 to 20:00, and never on a Sunday: nobody can tell us reliably that they want to be called at night. Who wants to
 * speak then calls us.
 */
const DAY_BEGINS = 8;
const DAY_ENDS = 20;
const SUNDAY = 'Sun';
const QUARTER_MS = 15 * 60_000;
/** A night, a Sunday and a night more, where the zones of a country have a short day in common. */
const QUARTERS_MAX = 4 * 24 * 4;

/**
 * When somebody may be called: `now`, or the next quarter of an hour in which it is day in all places
 * where the number may be. Null where we do not know them: whoever might be asleep is not called.
 */
export function callableAt(number: string, now: number): number | null {
  const zones = zonesOf(number);
  if (zones.length === 0) return null;
  let at = now;
  for (let tries = 0; tries < QUARTERS_MAX; tries += 1) {
    if (!zones.some((zone) => isQuiet(zone, at))) return at;
    at = (Math.floor(at / QUARTER_MS) + 1) * QUARTER_MS;
  }
  return null;
}

function isQuiet(zone: string, at: number): boolean {
  const { weekday, hour } = partsOf(zone, at);
  return weekday === SUNDAY || hour < DAY_BEGINS || hour >= DAY_ENDS;
}

/** `14:32` where the number is. */
export function clockTimeAt(number: string, at: number): string {
  const { hour, minute } = partsOf(zonesOf(number)[0] ?? AT_HOME, at);
  return [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
}

/** `25/11` where the number is. */
export function dayAt(number: string, at: number): string {
  const { day, month } = partsOf(zonesOf(number)[0] ?? AT_HOME, at);
  return [day, month].map((part) => String(part).padStart(2, '0')).join('/');
}

/** Making one takes longer than using it a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const made = formats.get(timeZone);
  if (made !== undefined) return made;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  formats.set(timeZone, format);
  return format;
}

function partsOf(zone: string, at: number) {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const number = (name: 'day' | 'month' | 'hour' | 'minute'): number => Number(parts.get(name));
  return {
    weekday: parts.get('weekday'),
    day: number('day'),
    month: number('month'),
    hour: number('hour'),
    minute: number('minute'),
  };
}

/** French numbers begin with 6 or 7 where they take texts; of other countries' nobody can tell. */
const LANDLINE = /^\+33[1-589]/;

/**
 * Why a number (E.164) is never called, or never texted, as far as the number itself tells: a stable word. Null for one that
 * may be; whether anybody answers there is seen when it is tried.
 */
export function whyNever(
  channel: Exclude<ReachChannel, 'email'>,
  number: string,
): 'premium_number' | 'hours_unknown' | 'landline' | null {
  if (isPremium(number)) return 'premium_number';
  if (channel === 'sms') return LANDLINE.test(number) ? 'landline' : null;
  return zonesOf(number).length === 0 ? 'hours_unknown' : null;
}
