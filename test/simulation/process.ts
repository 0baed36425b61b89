import { StoreFailure } from '../../src/contracts/errors.js';
import type { Log } from '../../src/contracts/log.js';
import type { Payments, Store } from '../../src/contracts/store.js';
import type { OpenedCard, Vault } from '../../src/contracts/vault.js';
import type { Random } from './random.js';
import type { Time } from './time.js';

/** One life of a process: it may be killed or frozen at every boundary, that is, before and after each thing it does outside. */
export interface Life {
  isAlive: boolean;
  frozenUntil: number;
  /** Security codes it holds in memory, by token. */
  readonly codes: Set<string>;
  /** Those that were sealed to it, in a cluster. */
  readonly sealed: Set<string>;
  /** Told once, when it dies. */
  onDeath: () => void;
}

export interface Chaos {
  active: boolean;
  readonly killAt: number;
  readonly freezeAt: number;
  readonly failAt: number;
}

export function newLife(): Life {
  return { isAlive: true, frozenUntil: 0, codes: new Set(), sealed: new Set(), onDeath: () => undefined };
}

export interface Boundary {
  /** Passes, waits for the thaw, or never returns. */
  pass(): Promise<void>;
}

export function boundaryOf(life: Life, time: Time, random: Random, chaos: Chaos): Boundary {
  const never = new Promise<void>(() => undefined);
  return {
    async pass() {
      if (chaos.active && life.isAlive) {
        if (random.chance(chaos.killAt)) {
          life.isAlive = false;
          life.onDeath();
        } else if (random.chance(chaos.freezeAt)) {
          // Longer than a lease now and then: it wakes up believing that nothing has happened.
          const isLong = random.chance(0.3);
          life.frozenUntil = time.now() + (isLong ? random.between(9_000, 60_000) : random.between(10, 9_000));
        }
      }
      while (life.isAlive && life.frozenUntil > time.now()) {
        await new Promise<void>((resolve) => {
          time.at(life.frozenUntil, resolve);
        });
      }
      if (!life.isAlive) return never;
    },
  };
}

/** Work outside this process: its boundaries are before and after it. */
export function guardedBy(boundary: Boundary) {
  return <A extends readonly unknown[], R>(work: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      await boundary.pass();
      const answer = await work(...given);
      await boundary.pass();
      return answer;
    };
}

/** The real store as this process reaches it: boundaries around each call, and writes of which nobody knows. */
export function storeOf(store: Store, boundary: Boundary, time: Time, random: Random, chaos: Chaos): Store {
  async function around<T>(work: () => Promise<T>): Promise<T> {
    await boundary.pass();
    const result = await time.busy(work());
    await boundary.pass();
    return result;
  }
  /** A write that fails before or after it is durable. */
  const doubtful =
    <G>(write: (given: G) => Promise<boolean>) =>
    async (given: G): Promise<boolean> => {
      const isDoubtful = chaos.active && random.chance(chaos.failAt);
      if (isDoubtful && random.chance(0.5)) throw new StoreFailure('the disk is full');
      const committed = await around(() => write(given));
      if (isDoubtful) throw new StoreFailure('the answer was lost');
      return committed;
    };
  const payments: Payments = {
    ...store.payments,
    load: (id) => around(() => store.payments.load(id)),
    commit: doubtful(store.payments.commit),
    due: (now, limit) => around(() => store.payments.due(now, limit)),
    nextDue: () => around(() => store.payments.nextDue()),
    strike: (id) => around(() => store.payments.strike(id)),
  };
  const { texts, consents, guards, payers, tvSessions } = store;
  return {
    ...store,
    payments,
    texts: {
      ...texts,
      load: (id) => around(() => texts.load(id)),
      commit: doubtful(texts.commit),
      due: (now, limit) => around(() => texts.due(now, limit)),
      nextDue: () => around(() => texts.nextDue()),
      ofPayment: (payment) => around(() => texts.ofPayment(payment)),
      ofNumber: (numbers, limit) => around(() => texts.ofNumber(numbers, limit)),
      withDigitsTo: (numbers, limit) => around(() => texts.withDigitsTo(numbers, limit)),
    },
    consents: {
      ...consents,
      load: (id) => around(() => consents.load(id)),
      commit: doubtful(consents.commit),
    },
    payers: {
      ...payers,
      load: (id) => around(() => payers.load(id)),
      commit: doubtful(payers.commit),
      byAccount: (...given) => around(() => payers.byAccount(...given)),
    },
    tvSessions: {
      ...tvSessions,
      load: (id) => around(() => tvSessions.load(id)),
      commit: doubtful(tvSessions.commit),
    },
    guards: {
      ...guards,
      raise: (...given) => around(() => guards.raise(...given)),
      read: (...given) => around(() => guards.read(...given)),
      lower: (...given) => around(() => guards.lower(...given)),
      useOnce: (...given) => around(() => guards.useOnce(...given)),
    },
  };
}

/** A vault whose cards are at rest and whose security codes live and die with the process. */
export function vaultOf(
  life: Life,
  boundary: Boundary,
  needsCode: (token: string) => boolean,
  holdersOf: (token: string) => readonly Life[],
  numberOf: (token: string) => string,
): Pick<Vault, 'openCard' | 'dropSecurityCode' | 'holdsAlone' | 'isHeldElsewhere'> {
  const canOpen = (token: string): boolean => life.codes.has(token) || life.sealed.has(token);
  return {
    async isHeldElsewhere(token) {
      await boundary.pass();
      return !canOpen(token) && holdersOf(token).some(({ isAlive }) => isAlive);
    },
    dropSecurityCode: (token) => void life.codes.delete(token),
    holdsAlone: (token) => life.codes.has(token) && holdersOf(token).length === 0,
    async openCard(token): Promise<OpenedCard> {
      await boundary.pass();
      const securityCodeLost = needsCode(token) && !canOpen(token);
      return { card: { kind: 'acquirer_token', token: numberOf(token) }, securityCodeLost };
    },
  };
}

export const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };
