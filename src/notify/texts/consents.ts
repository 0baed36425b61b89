import type { Clock } from '../../contracts/clock.js';
import { StoreFailure } from '../../contracts/errors.js';
import type { Store } from '../../contracts/store.js';
import type { Consent, Consents } from '../../contracts/text.js';

export interface ConsentPorts {
  readonly store: Pick<Store, 'consents'>;
  readonly clock: Pick<Clock, 'now'>;
  /** What stands for a number, one name for each key. */
  numberNames(number: string): readonly string[];
}

const RACES_MAX = 20;
const LOG_MAX = 50;

/**
 * Who wants texts, and who does not: our own list beside the provider's, for it must hold on every sender and survive a change
 * of the provider. The number itself is not kept.
 */
export function createConsents({ store, clock, numberNames }: ConsentPorts): Consents {
  const { consents } = store;

  async function find(number: string): Promise<Consent | null> {
    for (const name of numberNames(number)) {
      const found = await consents.load(name);
      if (found !== null) return found;
    }
    return null;
  }

  return {
    async optedOutAt(number, purpose) {
      const word = (await find(number))?.purposes[purpose];
      return word === undefined || word.given ? null : word.at;
    },

    async say(number, { given, by, purposes }) {
      for (let race = 0; race < RACES_MAX; race += 1) {
        const known = (await find(number)) ?? blank(numberNames(number)[0] ?? number);
        const news = purposes.filter((purpose) => (known.purposes[purpose]?.given ?? true) !== given);
        if (news.length === 0) return false;
        const word = { given, at: clock.now(), by };
        const next: Consent = {
          ...known,
          revision: known.revision + 1,
          purposes: { ...known.purposes, ...Object.fromEntries(news.map((purpose) => [purpose, word])) },
          log: [...known.log.slice(1 - LOG_MAX), { ...word, purposes: news }],
        };
        if (await consents.commit(next)) return true;
      }
      throw new StoreFailure('a wish about texts could not be written down: too many races lost');
    },
  };
}

function blank(id: string): Consent {
  return { id, revision: 0, schema: 1, purposes: {}, log: [] };
}
