import { isPremium } from './premium_numbers.js';
import type { ReachChannel } from './reach.js';
import { ZONES } from './zones.js';

/** What a telephone number tells of where it is: enough to leave people alone at night, and to tell them a time of theirs. */

const PREFIX_MAX = 6;
/** Where the house is at home: whose day is told to numbers of countries that we do not know. */
const AT_HOME = 'Europe/Paris';

/** The time zones that a number in E.164 may be in; none where we do not know. */
export function zonesOf(number: string): readonly string[] {
  for (let length = PREFIX_MAX; length > 0; length -= 1) {
    const zones = ZONES[number.slice(1, 1 + length)];
    if (zones !== undefined) return zones;
  }
  return [];
}

const DAY_BEGINS = 8;
/**
 * We call from 8:00 to 20:00, and never on a Sunday: nobody can tell us reliably that they want to be called at night. Who wants to
 * speak then calls us.
 */
const CALLS_END = 20;
/** Texts that nobody asked for go from 8:00 to 22:00, as French law wants it of other texts than these. */
const TEXTS_END = 22;
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
  return zones.length === 0 ? null : quarterWithout(isQuietForCalls, zones, now);
}

/** The same for texts. One that comes where we do not know the hour wakes fewer than a call: it goes now. */
export function textableAt(number: string, now: number): number {
  return quarterWithout(isQuietForTexts, zonesOf(number), now) ?? now;
}

type IsQuiet = (local: { readonly weekday: string | undefined; readonly hour: number }) => boolean;

const isQuietForCalls: IsQuiet = ({ weekday, hour }) => weekday === SUNDAY || hour < DAY_BEGINS || hour >= CALLS_END;
const isQuietForTexts: IsQuiet = ({ hour }) => hour < DAY_BEGINS || hour >= TEXTS_END;

function quarterWithout(isQuiet: IsQuiet, zones: readonly string[], now: number): number | null {
  let at = now;
  for (let tries = 0; tries < QUARTERS_MAX; tries += 1) {
    if (!zones.some((zone) => isQuiet(partsOf(zone, at)))) return at;
    at = (Math.floor(at / QUARTER_MS) + 1) * QUARTER_MS;
  }
  return null;
}

/** `14:32` where the number is; null where clocks of its country differ, or we do not know them. */
export function clockTimeAt(number: string, at: number): string | null {
  const times = new Set(
    zonesOf(number).map((zone) => {
      const { hour, minute } = partsOf(zone, at);
      return [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
    }),
  );
  const [time = null] = times;
  return times.size === 1 ? time : null;
}

/** `25/11` where the number is, or in the first of the places where it may be. */
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
