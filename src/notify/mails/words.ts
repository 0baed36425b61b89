import type { CardFace } from '../../contracts/vault.js';

/** The languages that mails are written in. */
export type Language = 'en' | 'fr';

/** Finds what is said under a key in a language and puts the parameters in; a code without words gets its family's. */
export type Say = (language: Language, key: string, parameters?: Readonly<Record<string, string>>) => string;

/** French for any French, English for everybody else. Takes a BCP 47 tag. */
export function languageOf(wanted: string | null): Language {
  return wanted !== null && /^fr\b/i.test(wanted) ? 'fr' : 'en';
}

/** Control characters, halves of characters, and what reorders a line or pretends that one ends. */
const UNFIT =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/**
 * What somebody gave us, as one line that is no longer than `max` characters and cannot end a header, reorder what stands
 * beside it or hide. Spaces that keep numbers together stay.
 */
export function oneLine(text: string, max: number): string {
  const line = text.normalize('NFC').replace(UNFIT, ' ').replace(/ {2,}/g, ' ').trim();
  const characters = [...line];
  return characters.length <= max
    ? line
    : `${characters
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
}

/** The day and minute in UTC: built from parts that every release of the language data spells alike. */
export function momentText(at: number, language: Language): string {
  const day = new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' });
  return `${day.format(at)}, ${new Date(at).toISOString().slice(11, 16)} UTC`;
}

/** `Visa ending in 4242`; null for an attempt that no card was entered for. */
export function cardText({ face }: { readonly face: CardFace | null }, language: Language, say: Say): string | null {
  if (face === null) return null;
  return say(language, 'card.masked', { brand: say(language, `brand.${face.brand}`), last4: face.last4 });
}
