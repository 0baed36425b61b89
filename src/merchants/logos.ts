import type { Clock } from '../contracts/clock.js';
import type { Log } from '../contracts/log.js';
import type { Merchant } from '../contracts/merchant.js';
import type { Picture, PictureFace } from '../contracts/picture.js';

const DAY_MS = 86_400_000;
const FIRST_PAUSE_MS = 600_000;
/** Merchants whose logos are kept, those whose pages were opened last, and how many are fetched at once. */
const KEPT_MAX = 1_000;
const AT_ONCE = 4;

export interface LogoPorts {
  /** Gets the picture at an address of a merchant's choosing; says why not. Never throws. */
  readonly fetchPicture: (url: string) => Promise<{ readonly picture: Picture } | { readonly error: string }>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

export interface Logos {
  /** What there is now. Never waits: what is missing or a day old is fetched behind the page's back. */
  faceOf(merchant: Merchant): PictureFace | null;
  /** What `faceOf` has named. */
  named(name: string): Picture | null;
}

interface Kept {
  readonly url: string;
  /** Null until it was fetched once. One that cannot be had any more stays as it was. */
  readonly picture: Picture | null;
  readonly failures: number;
  readonly askAt: number;
}

/**
 * Merchants' logos, fetched by us and served by us, so that a payer's browser meets nobody but us. They live in memory: a
 * restart costs a fetch, and a page without a logo is a whole page.
 */
export function createLogos({ fetchPicture, clock, log }: LogoPorts): Logos {
  /** In the order in which they were last shown. */
  const kept = new Map<string, Kept>();
  let underWay = 0;

  function keep(merchant: string, entry: Kept): void {
    kept.delete(merchant);
    kept.set(merchant, entry);
    const [oldest] = kept.keys();
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
  }

  async function fetch(merchant: string, { url, picture, failures }: Kept): Promise<void> {
    const fetched = await fetchPicture(url);
    if ('picture' in fetched) {
      keep(merchant, { url, picture: fetched.picture, failures: 0, askAt: clock.now() + DAY_MS });
      return;
    }
    const pause = Math.min(DAY_MS, FIRST_PAUSE_MS * 2 ** failures);
    keep(merchant, { url, picture, failures: failures + 1, askAt: clock.now() + pause });
    log.warn('a logo could not be had', { merchant, reason: fetched.error });
  }

  return {
    faceOf({ id, profile }) {
      const url = profile.logo;
      if (url === null) {
        kept.delete(id);
        return null;
      }
      const known = kept.get(id);
      const entry = known?.url === url ? known : { url, picture: null, failures: 0, askAt: 0 };
      const isDue = clock.now() >= entry.askAt && underWay < AT_ONCE;
      // Not asked for again until the fetch has said when, however many pages are opened meanwhile.
      keep(id, isDue ? { ...entry, askAt: Number.POSITIVE_INFINITY } : entry);
      if (isDue) {
        underWay += 1;
        void fetch(id, entry).finally(() => {
          underWay -= 1;
        });
      }
      return entry.picture;
    },
    named: (name) => [...kept.values()].find(({ picture }) => picture?.name === name)?.picture ?? null,
  };
}
