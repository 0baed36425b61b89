/**
 * The letters of the GSM 7-bit alphabet (3GPP TS 23.038) that cost one place each. One letter more than these, and a text is
 * sent in another alphabet, of which 70 fill a segment.
 */
const CHEAP =
  '@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const IS_CHEAP: ReadonlySet<string> = new Set(CHEAP);

const INSTEAD: Readonly<Record<string, string>> = {
  œ: 'oe',
  Œ: 'OE',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '€': 'EUR',
  '\u00a0': ' ',
  '\u202f': ' ',
};

/** What somebody gave us in letters that every text has: accents fall where they must, and what is left over goes. */
export function inCheapLetters(given: string): string {
  return [...given.normalize('NFC')].map(cheapLetter).join('').replace(/ {2,}/g, ' ').trim();
}

function cheapLetter(letter: string): string {
  if (IS_CHEAP.has(letter)) return letter;
  const instead = INSTEAD[letter];
  if (instead !== undefined) return instead;
  return [...letter.normalize('NFD')].filter((part) => IS_CHEAP.has(part)).join('');
}

const NAME_MAX = 16;
const REFERENCE_MAX = 24;

/** A merchant's name as a text has room for it, without digits: nobody may mistake it for a code. */
export function nameIn(given: string): string {
  const name = inCheapLetters(given).replace(/\d/g, '').replace(/ {2,}/g, ' ').trim();
  return name.slice(0, NAME_MAX).trim() || '-';
}

export function referenceIn(given: string): string {
  return inCheapLetters(given).slice(0, REFERENCE_MAX).trim() || '-';
}
