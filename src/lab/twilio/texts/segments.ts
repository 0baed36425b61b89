/** How a text travels: in how many parts, and in which alphabet. */
export interface Segments {
  readonly encoding: 'GSM-7' | 'UCS-2';
  readonly count: number;
}

/** GSM 03.38: what takes one septet, and what takes two. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const EXTENDED = new Set('^{}\\[~]|€\f');

/** The parts of a text: one of 160 septets or several of 153; of 70 and 67 where a character is in no GSM alphabet. */
export function segmentsOf(text: string): Segments {
  const characters = [...text];
  const isGsm = characters.every((character) => BASIC.has(character) || EXTENDED.has(character));
  if (!isGsm) return { encoding: 'UCS-2', count: text.length <= 70 ? 1 : parts(units(characters), 67) };
  const septets = characters.map((character) => (EXTENDED.has(character) ? 2 : 1));
  const total = septets.reduce((sum, size) => sum + size, 0);
  return { encoding: 'GSM-7', count: total <= 160 ? 1 : parts(septets, 153) };
}

const units = (characters: readonly string[]): number[] => characters.map(({ length }) => length);

/** No character is cut in two. */
function parts(sizes: readonly number[], room: number): number {
  let count = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > room) {
      count += 1;
      used = 0;
    }
    used += size;
  }
  return count;
}
