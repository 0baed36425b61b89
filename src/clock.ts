import type { Clock } from './contracts/clock.js';

/** The longest delay a timer of Node takes; a longer one would fire at once. */
const DELAY_MS_MAX = 2 ** 31 - 1;

/** Real time. A planned action keeps the process alive, as any work that is still to be done. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    at(at, action) {
      if (Number.isNaN(at)) throw new RangeError('an action needs a time');
      let timer: NodeJS.Timeout;
      const arm = (): void => {
        const delay = Math.min(Math.max(at - Date.now(), 0), DELAY_MS_MAX);
        timer = setTimeout(ring, delay);
      };
      // A timer may ring a moment early, at the end of a part of a long wait, or after the system's time was set back.
      const ring = (): void => (Date.now() < at ? arm() : action());
      arm();
      return () => clearTimeout(timer);
    },
  };
}
