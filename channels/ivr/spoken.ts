import type { Language } from '../catalogue/wording.js';

/** Something that is spelled out instead of read. */
export type Spelled = { readonly digits: string } | { readonly characters: string } | TelephoneNumber;
/** A number to be dialled, in the groups that it is told in; `isFromAbroad` with its plus before them. */
export interface TelephoneNumber {
  readonly groups: readonly string[];
  readonly isFromAbroad: boolean;
}
export type Spoken = string | Spelled;

/** One sentence of the catalogue. */
export interface Line {
  readonly key: string;
  readonly parameters?: Readonly<Record<string, Spoken>>;
  /** Where one sentence is in another language than the call. */
  readonly language?: Language;
}

export function line(key: string, parameters: Line['parameters'] = {}): Line {
  return { key, parameters };
}

const GROUP = 3;

/** Digits in the groups that they are shown in, none of them alone: `482 109 3756`. */
export function groupsOf(digits: string, size = GROUP): string[] {
  const groups: string[] = [];
  let rest = digits;
  while (rest.length > size + 1) {
    groups.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  return [...groups, rest];
}

/** Country codes of one and two digits; all others have three (ITU-T E.164). */
const COUNTRY = /^\+(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})(\d+)$/;
/** How a number is dialled within its country: what stands before it, and how many digits are told at once. */
const AT_HOME: Readonly<Record<string, { readonly trunk: string; readonly group: number }>> = {
  '1': { trunk: '', group: 3 },
  '31': { trunk: '0', group: 3 },
  '32': { trunk: '0', group: 3 },
  '33': { trunk: '0', group: 2 },
  '41': { trunk: '0', group: 3 },
  '43': { trunk: '0', group: 3 },
  '44': { trunk: '0', group: 3 },
  '49': { trunk: '0', group: 3 },
};

/** A number (E.164) as somebody dials it who has the number `from`: as in their country, or with its country's code. */
export function spokenNumber(number: string, from: string): TelephoneNumber {
  const [, country = '', rest = number] = COUNTRY.exec(number) ?? [];
  const home = AT_HOME[country];
  if (home !== undefined && COUNTRY.exec(from)?.[1] === country) {
    return { groups: groupsOf(`${home.trunk}${rest}`, home.group), isFromAbroad: false };
  }
  const size = home?.group ?? GROUP;
  // The French group what follows a leading digit in pairs: +33 1 99 88 77 66.
  const lead = size === 2 && rest.length % 2 === 1 ? [rest.slice(0, 1)] : [];
  const groups = [country, ...lead, ...groupsOf(rest.slice(lead.length), size)].filter((group) => group !== '');
  return { groups, isFromAbroad: true };
}

const SIGNS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  '.': { fr: 'point', en: 'dot' },
  '/': { fr: 'barre oblique', en: 'slash' },
  '-': { fr: 'tiret', en: 'dash' },
  ':': { fr: 'deux points', en: 'colon' },
};

/** A web address as one says it to somebody who writes it down. */
export function spokenAddress(address: string, language: Language): string {
  const plain = address.replace(/^https?:\/\//, '');
  return plain.replace(/[./:-]/g, (sign) => ` ${SIGNS[sign]?.[language] ?? sign} `).trim();
}
