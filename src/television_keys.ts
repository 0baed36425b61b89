import type { TvKey, TvKeyCode } from './contracts/television.js';

export const TV_KEYS =
  'RED=420 or Hisense:RED=420, comma-separated: OK, BACK, an arrow, a colour or a digit, and its code';

const KEYS: readonly TvKey[] = [
  ...(['OK', 'BACK', 'UP', 'DOWN', 'LEFT', 'RIGHT', 'RED', 'GREEN', 'YELLOW', 'BLUE'] as const),
  ...(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const),
];
const ENTRY = /^(?:([\w.-]{1,40}):)?([A-Z]{2,6}|\d)=(\d{1,5})$/;

/** The codes of a setting; null when it is not understood, or gives one code of a make two meanings. */
export function readTvKeys(value: string): readonly TvKeyCode[] | null {
  const codes = value.split(',').map((entry) => readEntry(entry.trim()));
  const known = codes.filter((code) => code !== null);
  const meanings = new Set(known.map(({ make, code }) => `${make?.toLowerCase() ?? ''}:${code}`));
  return known.length === codes.length && meanings.size === known.length ? known : null;
}

function readEntry(entry: string): TvKeyCode | null {
  const [, make, name, code] = ENTRY.exec(entry) ?? [];
  const key = KEYS.find((known) => known === name);
  return key === undefined ? null : { make: make ?? null, key, code: Number(code) };
}
