import { decimalOf, exponentOf, type Money } from '../../src/contracts/money.js';
import { numberInWords } from './spoken_numbers.js';
import type { Language } from './wording.js';

/** One unit and several, as they are said. */
type Noun = readonly [one: string, several: string];

interface Names {
  readonly major: Readonly<Record<Language, Noun>>;
  /** Absent: the fraction is said as a decimal. */
  readonly minor?: Readonly<Record<Language, Noun>>;
}

const CENTS = { fr: ['centime', 'centimes'], en: ['cent', 'cents'] } as const satisfies Names['minor'];
const US_CENTS = { fr: ['cent', 'cents'], en: ['cent', 'cents'] } as const satisfies Names['minor'];
const CENTIMES = { fr: ['centime', 'centimes'], en: ['centime', 'centimes'] } as const satisfies Names['minor'];

/** The currencies that are said most, as people say them; the others are called what the Unicode data call them. */
const NAMES: Readonly<Record<string, Names>> = {
  EUR: { major: { fr: ['euro', 'euros'], en: ['euro', 'euros'] }, minor: CENTS },
  USD: { major: { fr: ['dollar américain', 'dollars américains'], en: ['US dollar', 'US dollars'] }, minor: US_CENTS },
  CAD: {
    major: { fr: ['dollar canadien', 'dollars canadiens'], en: ['Canadian dollar', 'Canadian dollars'] },
    minor: US_CENTS,
  },
  GBP: {
    major: { fr: ['livre sterling', 'livres sterling'], en: ['pound', 'pounds'] },
    minor: { fr: ['penny', 'pence'], en: ['penny', 'pence'] },
  },
  CHF: { major: { fr: ['franc suisse', 'francs suisses'], en: ['Swiss franc', 'Swiss francs'] }, minor: CENTIMES },
  MAD: {
    major: { fr: ['dirham marocain', 'dirhams marocains'], en: ['Moroccan dirham', 'Moroccan dirhams'] },
    minor: CENTIMES,
  },
  TND: {
    major: { fr: ['dinar tunisien', 'dinars tunisiens'], en: ['Tunisian dinar', 'Tunisian dinars'] },
    minor: { fr: ['millime', 'millimes'], en: ['millime', 'millimes'] },
  },
  KWD: {
    major: { fr: ['dinar koweïtien', 'dinars koweïtiens'], en: ['Kuwaiti dinar', 'Kuwaiti dinars'] },
    minor: { fr: ['fils', 'fils'], en: ['fils', 'fils'] },
  },
  JPY: { major: { fr: ['yen', 'yens'], en: ['yen', 'yen'] } },
  XOF: { major: { fr: ['franc CFA', 'francs CFA'], en: ['CFA franc', 'CFA francs'] } },
  XAF: { major: { fr: ['franc CFA', 'francs CFA'], en: ['CFA franc', 'CFA francs'] } },
  XPF: { major: { fr: ['franc Pacifique', 'francs Pacifique'], en: ['Pacific franc', 'Pacific francs'] } },
};

/**
 * The amount as a person says it: `quarante-deux euros cinquante`, `forty-two euros fifty`. Nothing is rounded, and no
 * float is involved.
 */
export function spokenAmount(money: Money, language: Language): string {
  const [whole = '0', fraction = ''] = decimalOf(money).split('.');
  const [major, minor] = [Number(whole), Number(fraction)];
  const names = NAMES[money.currency]?.minor?.[language];
  if (minor === 0) return counted(major, money.currency, language);
  if (names === undefined) return asDecimal(major, fraction, money.currency, language);
  if (major === 0) return `${inWords(minor, language, names[0])} ${nounFor(minor, names, language)}`;
  const head = counted(major, money.currency, language);
  // A lone digit behind the unit would be heard as tenths, and thousandths need their name.
  const isPlain = exponentOf(money.currency) === 2 && minor >= 10;
  if (isPlain) return `${head} ${numberInWords(minor, language)}`;
  const and = language === 'fr' ? 'et' : 'and';
  return `${head} ${and} ${inWords(minor, language, names[0])} ${nounFor(minor, names, language)}`;
}

function counted(value: number, currency: string, language: Language): string {
  const noun = nounOf(currency, value, language);
  // « un million d’euros », « deux millions de yens »: a round number of millions is a noun itself.
  const isRound = language === 'fr' && value >= 1_000_000 && value % 1_000_000 === 0;
  const of = !isRound ? ' ' : /^[aeiouyéèêh]/i.test(noun) && !/^yen/.test(noun) ? ' d’' : ' de ';
  return `${inWords(value, language, noun)}${of}${noun}`;
}

function asDecimal(major: number, fraction: string, currency: string, language: Language): string {
  const digits = [...fraction].map((digit) => numberInWords(Number(digit), language)).join(' ');
  const noun = nounOf(currency, 2, language);
  const point = language === 'fr' ? 'virgule' : 'point';
  return `${inWords(major, language, noun)} ${point} ${digits} ${noun}`;
}

const FEMININE = /^(?:livre|couronne|roupie|hryvnia|lire|rufiyaa)/;

function inWords(value: number, language: Language, noun: string): string {
  return numberInWords(value, language, FEMININE.test(noun));
}

function nounOf(currency: string, value: number, language: Language): string {
  const known = NAMES[currency]?.major[language];
  if (known !== undefined) return nounFor(value, known, language);
  const options = { style: 'currency', currency, currencyDisplay: 'name', maximumFractionDigits: 0 } as const;
  const parts = new Intl.NumberFormat(language, options).formatToParts(value);
  return parts.find(({ type }) => type === 'currency')?.value ?? currency;
}

/** French is singular below two, English only at one. */
function nounFor(value: number, [one, several]: Noun, language: Language): string {
  return value === 1 || (language === 'fr' && value === 0) ? one : several;
}
