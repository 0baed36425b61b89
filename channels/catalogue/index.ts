import { mail } from './mail.js';
import { page } from './page.js';
import { speech } from './speech.js';
import { text } from './text.js';
import { tv } from './tv.js';
import type { Language, Wording } from './wording.js';

/** Where something is said. A new medium adds its file of wordings and one line here. */
const MEDIA = { page, mail, speech, text, tv } as const satisfies Record<string, Readonly<Record<string, Wording>>>;
export type Medium = keyof typeof MEDIA;

/** Finds the wording of `key` for one medium and puts the parameters in. The text is plain: its medium escapes it. */
export type Say = (language: Language, key: string, parameters?: Readonly<Record<string, string>>) => string;

export function createSay(medium: Medium): Say {
  const wordings: Readonly<Record<string, Wording>> = MEDIA[medium];
  return (language, key, parameters = {}) => {
    const wording = Object.hasOwn(wordings, key) ? wordings[key] : wordings[fallbackOf(key)];
    const words = wording?.[language] ?? '';
    // A text has no lines to break, and its alphabet no such space.
    const fit = medium === 'text' ? words : unbroken(words);
    return fit.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? '');
  };
}

/** French has a space before these signs, at which no line may break. */
function unbroken(text: string): string {
  return text.replace(/ (?=[:;?!])/g, '\u00a0');
}

/** Acquirers have more codes than we have words: those of a family without a wording get the family's. */
function fallbackOf(key: string): string {
  return `${key.slice(0, key.indexOf('.'))}.other`;
}
