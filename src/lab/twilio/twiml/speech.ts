import type { Verb } from './document.js';

/** What a voice says: as it is heard, and as it was written. */
export interface Spoken {
  /** Digits and letters that are spelt stand apart: `4 8 2 1`. */
  readonly text: string;
  readonly written: string;
  readonly language: string;
  readonly voice: string | null;
  /** What its breaks take, milliseconds. */
  readonly breakMs: number;
}

const SPELT = ['characters', 'spell-out', 'digits', 'telephone'];
const BREAK_MS = 500;

interface Part {
  readonly text: string;
  readonly written: string;
  readonly breakMs: number;
}

/** What a `Say` says. `instead`: the language where it names none. */
export function spokenBy(say: Verb, instead = 'en-US'): Spoken {
  const part = partOf(say);
  return {
    ...part,
    text: tidy(part.text),
    written: tidy(part.written),
    language: say.attributes['language'] ?? instead,
    voice: say.attributes['voice'] ?? null,
  };
}

function partOf({ children }: Verb): Part {
  const parts = children.map((child) => (typeof child === 'string' ? plain(child) : markedUp(child)));
  return {
    text: parts.map(({ text }) => text).join(''),
    written: parts.map(({ written }) => written).join(''),
    breakMs: parts.reduce((sum, { breakMs }) => sum + breakMs, 0),
  };
}

function markedUp(child: Verb): Part {
  const { name, attributes } = child;
  if (name === 'break') return { text: ' … ', written: ' ', breakMs: breakMsOf(attributes['time']) };
  const inner = partOf(child);
  if (name === 'sub') return { ...inner, text: attributes['alias'] ?? inner.text };
  const isSpelt = name === 'say-as' && SPELT.includes(attributes['interpret-as'] ?? '');
  return isSpelt ? { ...inner, text: [...inner.text.replaceAll(/\s/g, '')].join(' ') } : inner;
}

function plain(text: string): Part {
  return { text, written: text, breakMs: 0 };
}

function breakMsOf(time: string | undefined): number {
  if (time === undefined) return BREAK_MS;
  return time.endsWith('ms') ? Number(time.slice(0, -2)) : Number(time.slice(0, -1)) * 1_000;
}

const tidy = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
