import type { Clock } from '../contracts/clock.js';
import type { Guards } from '../contracts/store.js';
import type { Limit, Limits } from './limits.js';

interface CodeGuardPorts {
  readonly guards: Pick<Guards, 'raise' | 'read' | 'lower'>;
  readonly clock: Clock;
  readonly limits: Limits;
  /** What stands for an address, or a number, in counters. */
  callerOf(address: string): string;
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

/** Against guessing of payment codes, on pages, telephones and televisions. See `docs/adr/0017-guessing-payment-codes.md`. */
export function createCodeGuards({ guards, clock, limits, callerOf }: CodeGuardPorts) {
  const { codesPerCaller, codesOfWithheld, codesPerOperator, codesPerBox, unknownCodes, storm } = limits;

  const keyOf = (address: string): string => `code:${callerOf(address)}`;
  const stormKeyOf = (key: string): string => `${key}:storm`;
  const keyOfCaller = (number: string | null): string => (number === null ? WITHHELD : keyOf(number));

  async function isWithin(key: string, { most, windowMs }: Limit): Promise<boolean> {
    return (await guards.raise(key, windowMs, clock.now())).count <= most;
  }

  /**
   * Counts one more code as a wrong one before it is looked up; taken back once it was right. Beyond the bound, what is
   * admitted at all is a few codes of each caller, so that who has the right one in hand still gets through.
   */
  async function admits(key: string, limit: Limit, inStorm: Limit | null): Promise<boolean> {
    if (!(await isWithin(key, limit))) return false;
    const { count } = await guards.raise(UNKNOWN_CODES, unknownCodes.windowMs, clock.now());
    if (count - 1 <= unknownCodes.most) return true;
    const isAdmitted = inStorm !== null && (await isWithin(stormKeyOf(key), inStorm));
    if (!isAdmitted) await guards.lower(UNKNOWN_CODES, clock.now());
    await pause(storm.delayMs);
    return isAdmitted;
  }

  async function wasRight(...keys: string[]): Promise<void> {
    const now = clock.now();
    for (const key of [UNKNOWN_CODES, ...keys]) await guards.lower(key, now);
  }

  function pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      clock.at(clock.now() + durationMs, resolve);
    });
  }

  return {
    /** One more code from this address. */
    admitsCode: (address: string): Promise<boolean> => admits(keyOf(address), codesPerCaller, storm.codesPerCaller),

    codeWasRight: (address: string): Promise<void> => wasRight(stormKeyOf(keyOf(address))),

    /** One more code from a telephone. Those that withhold their number are one caller together, with a bound of their own. */
    admitsCallersCode: (number: string | null): Promise<boolean> =>
      number === null
        ? admits(WITHHELD, codesOfWithheld, storm.codesOfWithheld)
        : admits(keyOf(number), codesPerCaller, storm.codesPerCaller),

    /** The same for a code that comes a second time: nothing is counted again. */
    async hasAdmittedCallersCode(number: string | null): Promise<boolean> {
      const key = keyOfCaller(number);
      const [count, stormCount] = await Promise.all([
        guards.read(key, clock.now()),
        guards.read(stormKeyOf(key), clock.now()),
      ]);
      const inStorm = number === null ? storm.codesOfWithheld : storm.codesPerCaller;
      return count <= (number === null ? codesOfWithheld : codesPerCaller).most && stormCount <= inStorm.most;
    },

    /** A code that leads somewhere was no guess: those who withhold their number leave room for each other. */
    callersCodeWasRight(number: string | null): Promise<void> {
      const key = keyOfCaller(number);
      return wasRight(stormKeyOf(key), ...(number === null ? [WITHHELD] : []));
    },

    /**
     * One more code from a television. Its operator can name the payment instead, and its viewer has a telephone: while
     * everybody together guesses too much, none is looked up.
     */
    async admitsBoxCode({ operator, device, address }: BoxCaller): Promise<boolean> {
      const isFewOfCaller = address === null || (await isWithin(keyOf(address), codesPerCaller));
      if (!isFewOfCaller || !(await isWithin(`code:box:${callerOf(device)}`, codesPerBox))) return false;
      return admits(`code:operator:${operator}`, codesPerOperator, null);
    },

    boxCodeWasRight: ({ operator, device }: BoxCaller): Promise<void> =>
      wasRight(`code:operator:${operator}`, `code:box:${callerOf(device)}`),
  };
}
