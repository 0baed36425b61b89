const SHORTEST_MS = 500;
const LONGEST_MS = 60_000;

/**
 * Lets a mail server that does not answer alone for a while, longer each time, and then tries it with one mail at a time:
 * a server that is down costs neither a loop nor a try of every mail that waits.
 */
export interface Rest {
  /** Whether the server answered last; null before the first try. */
  isAnswering(): boolean | null;
  /** When the next try may begin, milliseconds since the epoch; 0 for at once. */
  until(): number;
  /** How many mails may be under way. */
  width(whole: number): number;
  /** It answered, whatever it said. */
  answered(): void;
  /** It could not be reached, or wants nothing from us. */
  failed(now: number): void;
}

export function createRest(): Rest {
  let failures = 0;
  let until = 0;
  let last: boolean | null = null;
  return {
    isAnswering: () => last,
    until: () => until,
    width: (whole) => (failures === 0 ? whole : 1),
    answered() {
      last = true;
      failures = 0;
      until = 0;
    },
    failed(now) {
      // Those that were under way together fail together: they are one failure.
      last = false;
      if (now < until) return;
      until = now + Math.min(LONGEST_MS, SHORTEST_MS * 2 ** Math.min(failures, 10));
      failures += 1;
    },
  };
}
