import type { Clock } from '../contracts/clock.js';
import type { Guards } from '../contracts/store.js';
import { type Limit, type Limits, STORM_PARTS } from './limits.js';
import { networkOf } from './networks.js';

interface CodeGuardPorts {
  readonly guards: Pick<Guards, 'raise' | 'read' | 'lower' | 'clear'>;
  readonly clock: Clock;
  readonly limits: Limits;
  /** What stands in counters for an address, a number or a box. */
  pseudonymOf(text: string): string;
}

/** A code that may be looked up. It counts as a wrong one until it is told to have been right. */
export interface AdmittedCode {
  wasRight(): Promise<void>;
}

/** Where the codes that a box sends are counted. */
export interface BoxCaller {
  readonly operator: string;
  /** The box by its operator's name for it. */
  readonly device: string;
  /** Null where an operator's middleware speaks for many boxes. */
  readonly address: string | null;
}

/** Codes on their way, and those that led nowhere, of everybody together. */
const UNKNOWN_CODES = 'code:unknown';
const WITHHELD = 'code:withheld';
/** The country and the area or operator of a number: `+3361`. */
const NUMBER_AREA = 5;
/** Longer than a webhook of a call comes again. */
const REFUSED_MS = 600_000;

/** Where one more code of somebody is counted: by itself always, and what everybody shares once guessing is under way. */
interface Caller {
  readonly key: string;
  readonly limit: Limit;
  /** Null for those whose codes are not looked up in a storm. */
  readonly inStorm: { readonly key: string; readonly limit: Limit; readonly shares: readonly Share[] } | null;
}

interface Share {
  readonly key: string;
  readonly limit: Limit;
}

interface Counted {
  readonly key: string;
  readonly resetsAt: number;
}

/** Against guessing of payment codes, on pages, telephones and televisions. See `docs/adr/0017-guessing-payment-codes.md`. */
export function createCodeGuards({ guards, clock, limits, pseudonymOf }: CodeGuardPorts) {
  const { codesPerCaller, codesOfWithheld, codesPerOperator, codesPerBox, unknownCodes, storm } = limits;

  async function count({ key, limit }: Share): Promise<Counted & { readonly isWithin: boolean }> {
    const raised = await guards.raise(key, limit.windowMs, clock.now());
    return { key, resetsAt: raised.resetsAt, isWithin: raised.count <= limit.most };
  }

  /** What was counted in a window that is over is not taken off the next one. */
  async function takeBack(counted: readonly Counted[]): Promise<void> {
    for (const { key, resetsAt } of counted) {
      const now = clock.now();
      if (now < resetsAt) await guards.lower(key, now);
    }
  }

  const admitted = (counted: readonly Counted[]): AdmittedCode => ({ wasRight: () => takeBack(counted) });

  /** In the first share that still has room; null when none has. Who is counted apart needs none. */
  async function countIn(shares: readonly Share[]): Promise<readonly Counted[] | null> {
    if (shares.length === 0) return [];
    for (const share of shares) {
      const counted = await count(share);
      if (counted.isWithin) return [counted];
      await takeBack([counted]);
    }
    return null;
  }

  /** Counts one more code as a wrong one before it is looked up, taken back once it was right, or where others guess too much. */
  async function admits(caller: Caller): Promise<AdmittedCode | 'storm' | null> {
    const own = await count(caller);
    if (!own.isWithin) return null;
    const all = await count({ key: UNKNOWN_CODES, limit: unknownCodes });
    if (all.isWithin) return admitted([own, all]);
    await takeBack([all]);
    // Nothing is counted during the pause: those who come from one address at once leave room for each other.
    await pause(storm.delayMs);
    return admitsInStorm(caller, own);
  }

  const admitsOne = async (caller: Caller): Promise<AdmittedCode | null> => {
    const admitted = await admits(caller);
    return admitted === 'storm' ? null : admitted;
  };

  /** Guessing is under way: a code of each caller, as long as what all of them share has room. */
  async function admitsInStorm({ key, inStorm }: Caller, own: Counted): Promise<AdmittedCode | 'storm' | null> {
    if (inStorm === null) {
      await takeBack([own]);
      return 'storm';
    }
    const first = await count(inStorm);
    if (!first.isWithin) return null;
    const shared = await countIn(inStorm.shares);
    if (shared === null) {
      // Refused for what others did, so that it may come again.
      await takeBack([own, first]);
      await guards.raise(refusedKeyOf(key), REFUSED_MS, clock.now());
      return 'storm';
    }
    await guards.clear(refusedKeyOf(key));
    return admitted([own, first, ...shared]);
  }

  function pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      clock.at(clock.now() + durationMs, resolve);
    });
  }

  /** One way to give a code: its callers share a total, and each part of the world has a little for itself beside. */
  function sharesOf(way: 'page' | 'telephone', part: string): readonly Share[] {
    const key = `code:storm:${way}`;
    const { all, ofPart } = way === 'page' ? storm.codesOfPages : storm.codesOfTelephones;
    return [
      { key, limit: all },
      { key: `${key}:${partOf(pseudonymOf(part))}`, limit: ofPart },
    ];
  }

  function atAddress(address: string): Caller {
    const key = `code:${pseudonymOf(networkOf(address))}`;
    const stormKey = `code:storm:${pseudonymOf(networkOf(address, 'site'))}`;
    const shares = sharesOf('page', networkOf(address, 'provider'));
    return { key, limit: codesPerCaller, inStorm: { key: stormKey, limit: storm.codesPerCaller, shares } };
  }

  function atNumber(number: string | null): Caller {
    if (number === null) {
      const inStorm = { key: `${WITHHELD}:storm`, limit: storm.codesOfWithheld, shares: [] };
      return { key: WITHHELD, limit: codesOfWithheld, inStorm };
    }
    const key = `code:${pseudonymOf(number)}`;
    const shares = sharesOf('telephone', number.slice(0, NUMBER_AREA));
    return { key, limit: codesPerCaller, inStorm: { key: `${key}:storm`, limit: storm.codesPerCaller, shares } };
  }
  function atBoxes(operator: string): Caller {
    return { key: `code:operator:${operator}`, limit: codesPerOperator, inStorm: null };
  }

  return {
    /** One more code from this address; null when there were too many. */
    admitsCode: (address: string): Promise<AdmittedCode | null> => admitsOne(atAddress(address)),

    /** One more code from a telephone. Those that withhold their number are one caller together, with a bound of their own. */
    admitsCallersCode: (number: string | null): Promise<AdmittedCode | null> => admitsOne(atNumber(number)),

    /** Whether the same was admitted, for a code that comes a second time: nothing is counted again. */
    async hasAdmittedCallersCode(number: string | null): Promise<boolean> {
      const { key, limit, inStorm } = atNumber(number);
      const now = clock.now();
      const [counted, stormCount, refused] = await Promise.all([
        guards.read(key, now),
        inStorm === null ? 0 : guards.read(inStorm.key, now),
        guards.read(refusedKeyOf(key), now),
      ]);
      return counted <= limit.most && stormCount <= (inStorm?.limit.most ?? 0) && refused === 0;
    },

    /**
     * One more code from a television. Its operator can name the payment instead, and its viewer has a telephone: while
     * everybody together guesses too much, none is looked up.
     */
    async admitsBoxCode({ operator, device, address }: BoxCaller): Promise<AdmittedCode | null> {
      const counted: Counted[] = [];
      const own = { key: `code:box:${pseudonymOf(device)}`, limit: codesPerBox };
      // The box first: one that asks too often uses up nothing of the telephones at its address.
      for (const of of address === null ? [own] : [own, atAddress(address)]) {
        const one = await count(of);
        if (!one.isWithin) return null;
        counted.push(one);
      }
      const code = await admits(atBoxes(operator));
      if (code === 'storm') {
        // Nothing was looked up, and its viewer goes on with a telephone behind the same address.
        await takeBack(counted);
        return null;
      }
      return code && { wasRight: async () => void (await Promise.all([code.wasRight(), takeBack(counted)])) };
    },
  };
}

const refusedKeyOf = (key: string): string => `${key}:refused`;

/** One of the parts of the world that have a share each; nobody can choose the one of an address, whose pseudonym is keyed. */
function partOf(pseudonym: string): number {
  return [...pseudonym].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0) % STORM_PARTS;
}
