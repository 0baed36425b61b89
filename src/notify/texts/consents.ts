import type { Clock } from '../../contracts/clock.js';
import { StoreFailure } from '../../contracts/errors.js';
import type { Store } from '../../contracts/store.js';
import { CONSENT_PURPOSES, type Consent, type Consents } from '../../contracts/text.js';

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

  /**
   * All that was said under any name of the number, the latest word for each purpose; kept under the first name from then on,
   * so that it outlives the key of another.
   */
  async function find(number: string): Promise<Consent> {
    const names = numberNames(number);
    const [first = number] = names;
    for (let race = 0; race < RACES_MAX; race += 1) {
      const found = (await Promise.all(names.map((name) => consents.load(name)))).filter((one) => one !== null);
      const kept = found.find(({ id }) => id === first) ?? blank(first);
      const others = found.filter(({ id }) => id !== first);
      const whole = others.reduce(joined, kept);
      if (whole === kept) return kept;
      const next = { ...whole, revision: kept.revision + 1 };
      if (await consents.commit(next)) return next;
    }
    throw racesLost();
  }

  return {
    async optedOutAt(number, purpose) {
      const word = (await find(number)).purposes[purpose];
      return word === undefined || word.given ? null : word.at;
    },

    async say(number, { given, by, purposes }) {
      for (let race = 0; race < RACES_MAX; race += 1) {
        const known = await find(number);
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
      throw racesLost();
    },
  };
}

function racesLost(): StoreFailure {
  return new StoreFailure('a wish about texts could not be written down: too many races lost');
}

/** What is known with what another record says later; the same one where that says nothing new. */
function joined(known: Consent, other: Consent): Consent {
  const news = CONSENT_PURPOSES.filter((purpose) => {
    const word = other.purposes[purpose];
    return word !== undefined && word.at > (known.purposes[purpose]?.at ?? Number.NEGATIVE_INFINITY);
  });
  if (news.length === 0) return known;
  const words = Object.fromEntries(news.map((purpose) => [purpose, other.purposes[purpose]]));
  const isNew = ({ at }: Consent['log'][number]): boolean => !known.log.some((word) => word.at === at);
  const log = [...known.log, ...other.log.filter(isNew)].toSorted((one, two) => one.at - two.at);
  return { ...known, purposes: { ...known.purposes, ...words }, log: log.slice(-LOG_MAX) };
}

function blank(id: string): Consent {
  return { id, revision: 0, schema: 1, purposes: {}, log: [] };
}
