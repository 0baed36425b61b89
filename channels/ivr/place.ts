import type { Language } from '../catalogue/wording.js';

/**
 * Where a call stands. It rides in the addresses that we give the provider, and comes back under its signature, so nothing
 * about a call is kept here.
 */
export interface Place {
  /** Numbers the webhooks of the call. */
  readonly serial: number;
  /** When the call began, milliseconds since the epoch; null in the address that begins it. */
  readonly begunAt: number | null;
  readonly language: Language;
  /** Misses in a row at this step. */
  readonly strikes: number;
  /** True once the caller let a time pass: from then on they get twice as long. */
  readonly isSlow: boolean;
  /** Whose number was called; null for everybody's. */
  readonly merchant: string | null;
  readonly payment: string | null;
  /** What the payment asked when its card was asked for. */
  readonly prompt: string | null;
  /** How often the caller was asked to wait. */
  readonly waits: number;
  /** The wish that we placed the call for; null when the payer dialled. */
  readonly reach: string | null;
}

export const STEPS = ['language', 'code', 'menu', 'keyed', 'saved', 'wait', 'news', 'after', 'hear'] as const;
export type Step = (typeof STEPS)[number];

const BEGINNING: Place = {
  serial: 0,
  begunAt: null,
  language: 'en',
  strikes: 0,
  isSlow: false,
  merchant: null,
  payment: null,
  prompt: null,
  waits: 0,
  reach: null,
};

/** What is written of a place: only what differs from the beginning of a call. */
export function queryOf(place: Place): string {
  const query = new URLSearchParams({ n: String(place.serial), l: place.language });
  if (place.begunAt !== null) query.set('b', place.begunAt.toString(36));
  if (place.strikes > 0) query.set('t', String(place.strikes));
  if (place.isSlow) query.set('s', '1');
  if (place.waits > 0) query.set('w', String(place.waits));
  for (const [name, value] of [
    ['m', place.merchant],
    ['p', place.payment],
    ['k', place.prompt],
    ['r', place.reach],
  ] as const)
    if (value !== null) query.set(name, value);
  return query.toString();
}

/** The place in an address of ours; the beginning for what does not stand in it. */
export function placeIn(query: (name: string) => string): Place {
  return {
    serial: countIn(query('n')),
    begunAt: timeIn(query('b')),
    language: query('l') === 'fr' ? 'fr' : BEGINNING.language,
    strikes: countIn(query('t')),
    isSlow: query('s') === '1',
    merchant: query('m') || null,
    payment: query('p') || null,
    prompt: query('k') || null,
    waits: countIn(query('w')),
    reach: query('r') || null,
  };
}

function countIn(text: string): number {
  return /^\d{1,4}$/.test(text) ? Number(text) : 0;
}

function timeIn(text: string): number | null {
  return /^[0-9a-z]{1,9}$/.test(text) ? Number.parseInt(text, 36) : null;
}
