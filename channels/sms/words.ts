import type { TextReply } from '../../src/contracts/text.js';
import { holdsCardNumber } from './card_numbers.js';

/** Words that the provider itself takes for the wish to get no more texts, and some that people write instead. */
const STOP = new Set(
  'STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT ARRET ARRETE ARRETER ARRETT DESABONNER DESINSCRIRE'.split(
    ' ',
  ),
);
/** YES is one of them for the provider; here it is also the answer of somebody who overlooked the digits. */
const START = new Set('START UNSTOP REPRENDRE'.split(' '));
const HELP = new Set('HELP INFO AIDE'.split(' '));
const YES = new Set('YES OUI OK Y O'.split(' '));
const NO = new Set('NO NON N'.split(' '));
/** Whoever begins with one of these wants no more texts, whatever follows. */
const STOP_BEGINS = new Set(['STOP', 'ARRET', 'ARRETE', 'ARRETER', 'UNSUBSCRIBE']);
/**
 * Beside digits these are no consent: words of the provider's, that a payment never hears, and words that refuse, deny or
 * complain, however they end and whatever they deny. Whoever writes “pas de souci 482193” is asked once more: better that than
 * a charge that somebody refused. Of `DON'T` and `DIDN'T` the part before the apostrophe is what is read.
 */
const NEVER_CONSENT = new Set([
  ...STOP,
  ...'NO NON NAN NOPE NAH NOT NEVER NONE PAS JAMAIS AUCUN AUCUNE RIEN'.split(' '),
  ...'DON DONT DIDN DIDNT DOESN DOESNT WON WONT CAN CANNOT CANT ISN ISNT WASN WASNT WRONG ERREUR'.split(' '),
]);
const NEVER_CONSENT_BEGINS = [
  'REFUS',
  'ANNUL',
  'CANCEL',
  'DECLIN',
  'REJE',
  'FRAUD',
  'ARNAQU',
  'SCAM',
  'ESCRO',
  'CONTEST',
];

/** Answered by the provider by itself, where it looks after these words. */
const PROVIDERS = new Set([...STOP, ...START, 'HELP', 'INFO']);

/** The provider's own word, and only as it stands alone: OUI, OK and the like are nobody's wish to get texts again. */
const BARE_YES = /^\s*yes\s*$/i;

const LENGTH_MAX = 1_600;
/** “N° 482193” and “No. 482193” name a number and refuse nothing. Looked for before letters are made alike. */
const NUMBER_SIGN = /(?:№|(?<![\p{L}\p{M}])n(?:[°º˚]|o\.))[ \t\u00a0\u202f:.]{0,3}(?=\p{Nd})/giu;
const SIX = /(?<!\d)\d{6}(?!\d)/g;
/** In groups they are six only if no other digit stands near. */
const SIX_IN_GROUPS = /(?<!\d[\s.-]?)\d(?:[\s.-]?\d){5}(?![\s.-]?\d)/g;

/** What the provider does about such words by itself. */
export interface ProviderWords {
  /** True where it answers STOP, START and HELP, and heeds them. */
  readonly answers: boolean;
  /** What it took this text for, `STOP`, `START` or `HELP`, by the words that its account was given; else empty. */
  readonly keyword: string;
}

const NOBODY: ProviderWords = { answers: false, keyword: '' };

/** What a text says. Its words go no further than here: whatever else stands in them is nobody's business. */
export function readReply(body: string, provider: ProviderWords = NOBODY): TextReply['says'] {
  // What it has acted upon already is believed, in whatever words it was said.
  if (provider.keyword === 'STOP') return { word: 'stop' };
  if (provider.keyword === 'HELP') return { word: 'help' };
  const said = wordOf(body, provider);
  return provider.keyword === 'START' && said.word !== 'yes' ? { word: 'start' } : said;
}

function wordOf(body: string, { answers, keyword }: ProviderWords): TextReply['says'] {
  const text = body.slice(0, LENGTH_MAX).replace(NUMBER_SIGN, ' ').normalize('NFKC');
  // First of all, so that no part of a card number is ever taken for digits of ours.
  if (holdsCardNumber(text)) return { word: 'card_number' };
  const words = wordsIn(text);
  const [first = ''] = words;
  const isBare = !/\d/.test(text);
  if (STOP_BEGINS.has(first) || (isBare && isOnly(words, STOP))) return { word: 'stop' };
  if (NO.has(first) || STOP.has(first)) return { word: 'no' };
  const digits = digitsIn(text);
  if (digits !== null) return words.some(mayRefuse) ? { word: 'doubtful' } : { word: 'digits', digits };
  if (isOnly(words, START)) return { word: 'start' };
  if (isOnly(words, HELP)) return { word: 'help' };
  if (!isOnly(words, YES)) return { word: 'other' };
  return { word: 'yes', optsIn: keyword === 'START' || (answers && BARE_YES.test(body)) };
}

/** True for a text that the provider answers by itself: one word, alone. */
export function isAnsweredByProvider(body: string): boolean {
  const words = wordsIn(body.slice(0, LENGTH_MAX).normalize('NFKC'));
  return isOnly(words, PROVIDERS);
}

const isOnly = (words: readonly string[], of: ReadonlySet<string>): boolean =>
  words.length === 1 && of.has(words[0] ?? '');

function wordsIn(text: string): string[] {
  return (
    text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toUpperCase()
      .match(/[A-Z]+/g) ?? []
  );
}

function mayRefuse(word: string): boolean {
  return NEVER_CONSENT.has(word) || NEVER_CONSENT_BEGINS.some((beginning) => word.startsWith(beginning));
}

/** The six digits, if the text has them once, or several times the same. */
function digitsIn(text: string): string | null {
  const found = new Set((text.match(SIX) ?? text.match(SIX_IN_GROUPS) ?? []).map((group) => group.replace(/\D/g, '')));
  const [digits] = found;
  return found.size === 1 && digits !== undefined ? digits : null;
}
