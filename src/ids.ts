import { randomFillSync } from 'node:crypto';
import type { Clock } from './contracts/clock.js';
import type { Ids } from './contracts/ids.js';

export interface IdsPorts {
  readonly clock: Pick<Clock, 'now'>;
  /** Fills the whole of `bytes`; the system's own generator if not given. */
  readonly random?: (bytes: Uint8Array) => void;
}

/** Crockford's base 32 in lower case: no letter that is taken for a digit when read aloud or copied by hand. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** Two characters for each ten bits: an identity is ten time and sixteen random characters. */
const PAIRS = [...ALPHABET].flatMap((first) => [...ALPHABET].map((second) => first + second));

const POOL_BYTES = 8_192;
const TOKEN_BITS_MAX = 8_192;
const DIGITS_MAX = 64;

/** Identities and secrets. Random bytes are drawn for many at once; those of secrets are wiped once they are taken. */
export function createIds({ clock, random = randomFillSync }: IdsPorts): Ids {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  let timeAt = -1;
  let timeText = '';

  /** Where `count` fresh random bytes begin in the pool. */
  function take(count: number): number {
    if (used + count > POOL_BYTES) {
      random(pool);
      used = 0;
    }
    used += count;
    return used - count;
  }

  function timeNow(): string {
    const now = clock.now();
    if (now !== timeAt) {
      timeAt = now;
      timeText = textOfTime(now);
    }
    return timeText;
  }

  return {
    next(prefix) {
      const at = take(10);
      return `${prefix}_${timeNow()}${textOf40Bits(pool, at)}${textOf40Bits(pool, at + 5)}`;
    },

    token(bits) {
      const bytes = bits / 8;
      if (!Number.isInteger(bytes) || bits < 8 || bits > TOKEN_BITS_MAX)
        throw new RangeError(`no token of ${bits} bits`);
      const at = take(bytes);
      const text = pool.toString('base64url', at, at + bytes);
      pool.fill(0, at, at + bytes);
      return text;
    },

    digits(count) {
      if (!Number.isInteger(count) || count < 1 || count > DIGITS_MAX)
        throw new RangeError(`no code of ${count} digits`);
      let text = '';
      while (text.length < count) {
        const at = take(1);
        const byte = pool[at] ?? 0;
        pool[at] = 0;
        // Of 256 values the last six would make the digits 0 to 5 likelier than the others.
        if (byte < 250) text += byte % 10;
      }
      return text;
    },
  };
}

/** Milliseconds since the epoch in 48 bits, which last until the year 10889. */
function textOfTime(now: number): string {
  let rest = now;
  let text = '';
  for (let pair = 0; pair < 5; pair++) {
    text = PAIRS[rest % 1024] + text;
    rest = Math.floor(rest / 1024);
  }
  return text;
}

function textOf40Bits(bytes: Uint8Array, at: number): string {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3], bytes[at + 4]];
  return (
    `${PAIRS[(a << 2) | (b >> 6)]}${PAIRS[((b & 63) << 4) | (c >> 4)]}` +
    `${PAIRS[((c & 15) << 6) | (d >> 2)]}${PAIRS[((d & 3) << 8) | e]}`
  );
}
