import type { Clock } from '../contracts/clock.js';

/** Beyond it the oldest give way: their payers are asked again. */
const HELD_MAX = 100_000;

interface Held {
  readonly code: Buffer;
  readonly endsAt: number;
}

/**
 * Security codes, in this process's memory and nowhere else, for `lifeMs` at most. All live equally long and each begins
 * at the end of the line, so the line is in order of their ends.
 */
export function createSecurityCodes({ clock, lifeMs }: { clock: Pick<Clock, 'now'>; lifeMs: number }) {
  const held = new Map<string, Held>();

  function drop(token: string): boolean {
    held.get(token)?.code.fill(0);
    return held.delete(token);
  }

  /** Wipes those that have ended; answers how many. */
  function purge(now: number): number {
    let count = 0;
    for (const [token, { endsAt }] of held) {
      if (endsAt > now && held.size <= HELD_MAX) break;
      drop(token);
      count += 1;
    }
    return count;
  }

  return {
    keep(token: string, securityCode: string): void {
      drop(token);
      held.set(token, { code: Buffer.from(securityCode), endsAt: clock.now() + lifeMs });
      purge(clock.now());
    },

    read(token: string): string | null {
      const found = held.get(token);
      if (found !== undefined && found.endsAt > clock.now()) return found.code.toString();
      drop(token);
      return null;
    },

    drop,
    purge,
  };
}
