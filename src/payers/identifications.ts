import type { Clock } from '../contracts/clock.js';
import { CODE_TRIES_MAX, type Identification, type Payer } from '../contracts/payer.js';
import type { PayerChanges } from './account.js';

/** One device on one page: a payment's or a session's id, and the keyed hash of the device's cookie. */
export interface PageDevice {
  readonly scope: string;
  readonly device: string;
}

export interface ExpectedCode {
  readonly hash: string;
  readonly expiresAt: number;
  /** The address it is sent to. */
  readonly to: string;
}

/**
 * Who has shown that the account is theirs. Here is what is kept of it, hashes and times; what a code is, and how often one
 * may be sent or tried, is decided by who asks.
 */
export interface Identifications {
  /**
   * Awaits the code with this hash, in the place of any before. False for a payer who was erased, and when `to` is not the
   * account's address any more: a code on its way to the one before must open nothing.
   */
  expect(payer: string, at: PageDevice, code: ExpectedCode): Promise<boolean>;
  /** The code was never sent after all. */
  withdraw(payer: string, at: PageDevice, hash: string): Promise<void>;
  /**
   * Counts one more try with the awaited code, durably, before it is compared, and answers its hash; null when none is
   * awaited, or no more.
   */
  countTry(payer: string, at: PageDevice): Promise<string | null>;
  /** The code was right: it is used up, and the device is known until `until`. False for everybody but the first. */
  know(payer: string, at: PageDevice, hash: string, until: number): Promise<boolean>;
}

const IDENTIFICATIONS_MAX = 20;

export function createIdentifications({
  change,
  clock,
}: Pick<PayerChanges, 'change'> & { readonly clock: Pick<Clock, 'now'> }): Identifications {
  return {
    async expect(payer, at, { hash, expiresAt, to }) {
      let isExpected = false;
      await change(payer, (stored) => {
        isExpected = stored.erasedAt === null && stored.email === to;
        if (!isExpected) return null;
        const before = find(stored, at);
        return withOne(stored, { ...at, code: { hash, expiresAt, errors: 0 }, knownUntil: before?.knownUntil ?? null });
      });
      return isExpected;
    },

    async withdraw(payer, at, hash) {
      await change(payer, (stored) => {
        const one = find(stored, at);
        return one?.code?.hash === hash ? withOne(stored, { ...one, code: null }) : null;
      });
    },

    async countTry(payer, at) {
      let hash: string | null = null;
      await change(payer, (stored, now) => {
        hash = null;
        const one = find(stored, at);
        if (one === undefined || one.code === null || now >= one.code.expiresAt) return null;
        const { code } = one;
        if (code.errors >= CODE_TRIES_MAX) return null;
        hash = code.hash;
        const errors = code.errors + 1;
        return withOne(stored, { ...one, code: { ...code, errors } });
      });
      return hash;
    },

    async know(payer, at, hash, until) {
      let isFirst = false;
      await change(payer, (stored) => {
        const one = find(stored, at);
        isFirst = one?.code?.hash === hash;
        return one !== undefined && isFirst ? withOne(stored, { ...one, code: null, knownUntil: until }) : null;
      });
      return isFirst;
    },
  };

  /** The one given in the place of its predecessor, without those that are over. */
  function withOne(payer: Payer, one: Identification): Payer {
    const now = clock.now();
    const others = payer.identifications.filter((other) => !isOf(other, one) && !isOver(other, now));
    const kept = others.slice(Math.max(0, others.length + 1 - IDENTIFICATIONS_MAX));
    return { ...payer, identifications: isOver(one, now) ? kept : [...kept, one] };
  }
}

const find = ({ identifications }: Payer, at: PageDevice): Identification | undefined =>
  identifications.find((one) => isOf(one, at));

const isOf = (one: PageDevice, other: PageDevice): boolean => one.scope === other.scope && one.device === other.device;

function isOver({ code, knownUntil }: Identification, now: number): boolean {
  return (code === null || now >= code.expiresAt) && (knownUntil === null || now >= knownUntil);
}
