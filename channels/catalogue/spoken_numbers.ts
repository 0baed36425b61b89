import type { Language } from './wording.js';

/** Whole numbers below a thousand million, as they are said. `isFeminine`: before a feminine noun, which French hears. */
export function numberInWords(value: number, language: Language, isFeminine = false): string {
  return language === 'fr' ? french(value, isFeminine) : english(value);
}

const MILLION = 1_000_000;
const THOUSAND = 1_000;
const HUNDRED = 100;

const EN_SMALL = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
  'eighteen nineteen'
).split(' ');
const EN_SIZES: readonly (readonly [number, string])[] = [
  [MILLION, 'million'],
  [THOUSAND, 'thousand'],
  [HUNDRED, 'hundred'],
];
const EN_TENS = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

function english(value: number): string {
  if (value < 20) return EN_SMALL[value] ?? '';
  if (value < HUNDRED) {
    const ten = EN_TENS[Math.floor(value / 10)] ?? '';
    return value % 10 === 0 ? ten : `${ten}-${english(value % 10)}`;
  }
  const [size, unit] = EN_SIZES.find(([least]) => value >= least) ?? [HUNDRED, 'hundred'];
  const rest = value % size;
  const head = `${english(Math.floor(value / size))} ${unit}`;
  if (rest === 0) return head;
  return `${head}${size === HUNDRED || rest < HUNDRED ? ' and ' : ' '}${english(rest)}`;
}

const FR_SMALL =
  'zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf'.split(
    ' ',
  );
const FR_TENS = '- - vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt'.split(' ');

/** `isLast`: nothing of the number follows, so that vingt and cent take their s. */
function french(value: number, isFeminine: boolean, isLast = true): string {
  if (value < 20) return value === 1 && isFeminine ? 'une' : (FR_SMALL[value] ?? '');
  if (value < HUNDRED) return frenchTens(value, isFeminine, isLast);
  if (value < THOUSAND) {
    const [count, rest] = [Math.floor(value / HUNDRED), value % HUNDRED];
    const head = count === 1 ? 'cent' : `${FR_SMALL[count]} cent`;
    if (rest > 0) return `${head} ${french(rest, isFeminine, isLast)}`;
    return count > 1 && isLast ? `${head}s` : head;
  }
  if (value < MILLION) {
    const [count, rest] = [Math.floor(value / THOUSAND), value % THOUSAND];
    const head = count === 1 ? 'mille' : `${french(count, false, false)} mille`;
    return rest === 0 ? head : `${head} ${french(rest, isFeminine)}`;
  }
  const [count, rest] = [Math.floor(value / MILLION), value % MILLION];
  const head = `${french(count, false)} million${count > 1 ? 's' : ''}`;
  return rest === 0 ? head : `${head} ${french(rest, isFeminine)}`;
}

function frenchTens(value: number, isFeminine: boolean, isLast: boolean): string {
  const ten = Math.floor(value / 10);
  const head = FR_TENS[ten] ?? '';
  // Seventy and ninety count on to nineteen.
  const rest = ten === 7 || ten === 9 ? (value % 10) + 10 : value % 10;
  if (rest === 0) return ten === 8 && isLast ? `${head}s` : head;
  const joint = (rest === 1 || rest === 11) && ten < 8 ? ' et ' : '-';
  return `${head}${joint}${french(rest, isFeminine)}`;
}
