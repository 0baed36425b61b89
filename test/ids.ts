import type { Clock } from '../src/contracts/clock.js';
import type { Ids } from '../src/contracts/ids.js';
import { createIds } from '../src/ids.js';

/** Identities that are the same at every run of the same seed, for simulations. Nothing they make is a secret. */
export function seededIds(seed: number, clock: Pick<Clock, 'now'>): Ids {
  let state = seed | 0;
  return createIds({
    clock,
    random(bytes) {
      for (let index = 0; index < bytes.length; index++) {
        // Mulberry32, its upper byte.
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        bytes[index] = (mixed ^ (mixed >>> 14)) >>> 24;
      }
    },
  });
}

const TIME_CHARACTERS = 10;
const ORDER_CHARACTERS = 6;
let made = 0;

/** Identities in the order in which they were made also while the clock stands still. */
export function orderedIds(ids: Ids): Ids {
  return {
    ...ids,
    next(prefix) {
      const id = ids.next(prefix);
      const from = prefix.length + 1 + TIME_CHARACTERS;
      made += 1;
      return id.slice(0, from) + `${made}`.padStart(ORDER_CHARACTERS, '0') + id.slice(from + ORDER_CHARACTERS);
    },
  };
}
