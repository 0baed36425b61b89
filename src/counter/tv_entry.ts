import type { TvPlace } from '../contracts/television.js';

/** How far a box that sends digit by digit has got with its entry. */
export interface TvEntry {
  /** Tokens of the vault, one for each digit. */
  readonly tokens: readonly string[];
  /** The number of the key that was taken last; 0 before the first. */
  readonly seq: number;
}

export const NOTHING_KEYED = { keyed: null, seq: null, keyedOn: null } as const;

/** Keys are numbered from 1 on each screen, so on another one than it was begun on an entry begins anew. */
export function entryOn(version: number, place: TvPlace): TvEntry {
  return place.keyedOn === version ? { tokens: tokensIn(place), seq: place.seq ?? 0 } : { tokens: [], seq: 0 };
}

/** Where the viewer stands once the entry has got so far. */
export function placeWith(place: TvPlace, version: number, { tokens, seq }: TvEntry): TvPlace {
  return { ...place, keyed: tokens.length === 0 ? null : tokens.join(' '), seq, keyedOn: version };
}

/** The tokens of all digits that lie in the vault for this place, of whichever screen. */
export const tokensIn = ({ keyed }: TvPlace): string[] => keyed?.split(' ') ?? [];
