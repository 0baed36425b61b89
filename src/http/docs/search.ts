import { type Html, html } from '../../contracts/html.js';
import type { Entry } from './page.js';

export interface Hit {
  readonly entry: Entry;
  readonly excerpt: string;
}

export interface Search {
  /** The best hits first. Every word must stand in a hit; a name that is typed whole wins over all. */
  find(query: string, limit: number): Hit[];
}

/** What is read of a question; more is cut. */
export const QUERY_LENGTH_MAX = 100;
const WORDS_MAX = 8;
const EXCERPT_LENGTH = 180;
const EXCERPT_BEFORE = 60;

interface Searchable {
  readonly entry: Entry;
  readonly names: readonly string[];
  readonly title: string;
  readonly page: string;
  readonly text: string;
}

/** A scan over some hundred short texts: faster than anything cleverer would be to build. */
export function createSearch(entries: readonly Entry[]): Search {
  const all = entries.map((entry): Searchable => {
    const { names, title, page, text } = entry;
    return { entry, names: names.map(folded), title: folded(title), page: folded(page), text: folded(text) };
  });
  return {
    find(query, limit) {
      const words = wordsOf(query);
      if (words.length === 0) return [];
      const whole = folded(query.slice(0, QUERY_LENGTH_MAX)).trim();
      const hits = all.flatMap((one) => {
        const rank = rankOf(one, words, whole);
        return rank === 0 ? [] : [{ one, rank }];
      });
      hits.sort((a, b) => b.rank - a.rank);
      return hits.slice(0, limit).map(({ one }) => ({ entry: one.entry, excerpt: excerptOf(one, words) }));
    },
  };
}

/** Card numbers are typed in groups or in one: a question of digits and spaces alone is one word. */
export function wordsOf(query: string): string[] {
  const short = folded(query.slice(0, QUERY_LENGTH_MAX)).trim();
  if (/^[\d ]{8,}$/.test(short)) return [short.replaceAll(' ', '')];
  return [...new Set(short.split(/[\s,;]+/).filter((word) => word !== ''))].slice(0, WORDS_MAX);
}

function folded(text: string): string {
  return text.toLowerCase();
}

/** 0: not a hit. */
function rankOf(one: Searchable, words: readonly string[], whole: string): number {
  let rank = one.names.includes(whole) || one.title === whole ? 1_000 : 0;
  for (const word of words) {
    const found = rankOfWord(one, word);
    if (found === 0) return 0;
    rank += found;
  }
  return rank;
}

function rankOfWord({ names, title, page, text }: Searchable, word: string): number {
  if (names.includes(word) || title === word) return 100;
  const inTitle = title.indexOf(word);
  if (inTitle !== -1) return isBeginning(title, inTitle) ? 60 : 30;
  if (names.some((name) => name.includes(word))) return 25;
  if (page.includes(word)) return 12;
  const inText = text.indexOf(word);
  if (inText === -1) return 0;
  return isBeginning(text, inText) ? 8 : 3;
}

function isBeginning(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '');
}

/** The words around the first place where one of those sought stands. */
function excerptOf({ entry, text }: Searchable, words: readonly string[]): string {
  const places = words.map((word) => text.indexOf(word)).filter((at) => at !== -1);
  const first = places.length === 0 ? 0 : Math.min(...places);
  const begin = first <= EXCERPT_BEFORE ? 0 : entry.text.lastIndexOf(' ', first - EXCERPT_BEFORE) + 1;
  const rest = entry.text.slice(begin);
  const cut = rest.length <= EXCERPT_LENGTH ? rest : `${rest.slice(0, rest.lastIndexOf(' ', EXCERPT_LENGTH))} …`;
  return `${begin > 0 ? '… ' : ''}${cut}`;
}

/** The text with what was sought marked in it. */
export function marked(text: string, query: string): Html {
  const words = wordsOf(query);
  if (words.length === 0) return html`${text}`;
  // Longer words first, or one that begins another would hide it.
  const longest = [...words].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(`(${longest.map(literal).join('|')})`, 'gi');
  return html`${text.split(pattern).map((part, index) => (index % 2 === 1 ? html`<mark>${part}</mark>` : part))}`;
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
