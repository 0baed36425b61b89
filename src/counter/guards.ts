import { LIMITS, type Limit, type Limits } from './limits.js';
import type { CounterPorts } from './ports.js';

/** Counts in the store before anything is checked. A store that cannot count throws, and nothing is let through. */
export function createGuards({ store, signing, clock, limits }: CounterPorts) {
  const { cardsPerPayment, cardsPerCaller, triesPerCard, codesPerCaller, unknownCodes, storm }: Limits = {
    ...LIMITS,
    ...limits,
  };
  const { guards } = store;

  async function raise(key: string, { windowMs }: Limit): Promise<number> {
    return (await guards.raise(key, windowMs, clock.now())).count;
  }

  async function isWithin(key: string, limit: Limit): Promise<boolean> {
    return (await raise(key, limit)) <= limit.most;
  }

  const callerOf = (address: string): string => signing.pseudonymOf(networkOf(address));

  return {
    /** One more card form for this payment; false when there were too many. */
    async admitsCard(payment: string, address: string): Promise<boolean> {
      const both = await Promise.all([
        isWithin(`card:${payment}`, cardsPerPayment),
        isWithin(`card:${payment}:${callerOf(address)}`, cardsPerCaller),
      ]);
      return both.every(Boolean);
    },

    /** One more try with this very card at this merchant. */
    admitsFingerprint: (merchant: string, fingerprint: string): Promise<boolean> =>
      isWithin(`fingerprint:${merchant}:${fingerprint}`, triesPerCard),

    /**
     * One more code from this address. While everybody together guesses too much, an address gets fewer and every answer
     * comes late; it never closes to somebody who has the right code in hand.
     */
    async admitsCode(address: string): Promise<boolean> {
      const count = await raise(`code:${callerOf(address)}`, codesPerCaller);
      const isStorm = (await guards.read(UNKNOWN_CODES, clock.now())) > unknownCodes.most;
      if (isStorm) await pause(storm.delayMs);
      return count <= (isStorm ? storm.codesPerCaller : codesPerCaller.most);
    },

    async unknownCode(): Promise<void> {
      await raise(UNKNOWN_CODES, unknownCodes);
    },
  };

  function pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      clock.at(clock.now() + durationMs, resolve);
    });
  }
}

const UNKNOWN_CODES = 'code:unknown';

/** Who is counted as one caller: an IPv4 address, or the /64 that a household or a server gets in IPv6. */
export function networkOf(address: string): string {
  const plain = address.toLowerCase().split('%')[0] ?? '';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  const whole = [...groups, ...Array.from({ length: zeros }, () => '0'), ...after];
  return whole
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
