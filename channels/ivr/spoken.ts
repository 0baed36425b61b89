import type { Language } from '../catalogue/wording.js';

/** Something that is spelled out instead of read. */
export type Spelled = { readonly digits: string } | { readonly characters: string };
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

/** Digits in the groups that they are shown in: `482 109 3756`. */
export function groupsOf(digits: string): string[] {
  const groups: string[] = [];
  let rest = digits;
  while (rest.length > GROUP + 1) {
    groups.push(rest.slice(0, GROUP));
    rest = rest.slice(GROUP);
  }
  return [...groups, rest];
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
