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

const UNKNOWN_CODES = 'code:unknown';
const WITHHELD = 'code:withheld';

/** Against guessing of payment codes, on pages and on telephones. */
export function createCodeGuards({ guards, clock, limits, callerOf }: CodeGuardPorts) {
  const { codesPerCaller, codesOfWithheld, unknownCodes, storm } = limits;

  const keyOf = (address: string): string => `code:${callerOf(address)}`;

  async function admits(key: string, limit: Limit, mostInStorm: number): Promise<boolean> {
    const { count } = await guards.raise(key, limit.windowMs, clock.now());
    const isStorm = (await guards.read(UNKNOWN_CODES, clock.now())) > unknownCodes.most;
    if (isStorm) await pause(storm.delayMs);
    return count <= (isStorm ? mostInStorm : limit.most);
  }

  /**
   * One more code from this address. While everybody together guesses too much, an address gets fewer and every answer
   * comes late; it never closes to somebody who has the right code in hand.
   */
  const admitsCode = (address: string): Promise<boolean> =>
    admits(keyOf(address), codesPerCaller, storm.codesPerCaller);

  function pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      clock.at(clock.now() + durationMs, resolve);
    });
  }

  return {
    admitsCode,

    /** One more code from a telephone. Those that withhold their number are one caller together, with a bound of their own. */
    admitsCallersCode: (number: string | null): Promise<boolean> =>
      number === null ? admits(WITHHELD, codesOfWithheld, storm.codesOfWithheld) : admitsCode(number),

    /** The same for a code that comes a second time: nothing is counted again. */
    async hasAdmittedCallersCode(number: string | null): Promise<boolean> {
      const { most } = number === null ? codesOfWithheld : codesPerCaller;
      return (await guards.read(number === null ? WITHHELD : keyOf(number), clock.now())) <= most;
    },

    /** A code that leads somewhere was no guess: those who withhold their number leave room for each other. */
    withheldCodeWasRight: (): Promise<void> => guards.lower(WITHHELD, clock.now()),

    async unknownCode(): Promise<void> {
      await guards.raise(UNKNOWN_CODES, unknownCodes.windowMs, clock.now());
    },
  };
}
