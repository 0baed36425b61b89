import type { Acquirer, Route } from '../contracts/acquirer.js';
import type { Presenter } from '../contracts/engine.js';
import { Impossible } from '../contracts/errors.js';
import type { Flow, Instrument } from '../contracts/flow.js';
import type { Ids } from '../contracts/ids.js';

/** All that a decision may know beside the payment itself: no I/O, the time as a value. */
export interface World {
  readonly now: number;
  readonly ids: Ids;
  readonly flows: Flows;
  readonly acquirers: ReadonlyMap<string, Acquirer>;
  readonly route: Route;
  readonly presenter: Presenter;
  readonly limits: Limits;
  /**
   * True where the committing process sends next: the commit that stores an intent then says `sent`. Elsewhere it says
   * `waiting`, and a worker claims it.
   */
  readonly sends: boolean;
  /** True where security codes lie in the store, sealed to workers: they leave it with the need for them. */
  readonly sealsCodes: boolean;
  /** A code drawn and claimed for this payment, for a decision that asked for one. */
  readonly code: string | null;
  /** True once the store refused to give the reference back to late money. */
  readonly referenceTaken: boolean;
}

export interface Limits {
  /** Longest stay in each kind of waiting state, in milliseconds. */
  readonly authenticationMs: number;
  readonly challengeMs: number;
  readonly deviceCheckMs: number;
  /** How much longer than its deadline a call's lease is. */
  readonly leaseMarginMs: number;
  /** How often an operation that never left is tried before the attempt is given up. */
  readonly notSentTries: number;
  /** Tries by processes that cannot open a security code which another holds; then the payer is asked for it again. */
  readonly heldElsewhereTries: number;
  /** How often an authorization is repeated under its identity before it is reversed. */
  readonly repeatTries: number;
  /** Unanswered inquiries before an authorization is reversed anyway. */
  readonly doubtsBeforeReversal: number;
  /** What one extension adds, and how many there may be. */
  readonly extensionMs: number;
  readonly extensionsMax: number;
  /** How long after its end a payment's code stays taken. */
  readonly codeRestMs: number;
  /** Sweeps without a commit after which a payment is quarantined. */
  readonly strikesMax: number;
  /** How long what waits for a worker is left to those who were told of it, before sweepers take it up. */
  readonly handoverMs: number;
}

export const LIMITS: Limits = {
  authenticationMs: 30_000,
  challengeMs: 600_000,
  deviceCheckMs: 12_000,
  leaseMarginMs: 1_000,
  notSentTries: 4,
  heldElsewhereTries: 2,
  repeatTries: 3,
  doubtsBeforeReversal: 6,
  extensionMs: 600_000,
  extensionsMax: 10,
  codeRestMs: 2 * 365 * 86_400_000,
  strikesMax: 5,
  handoverMs: 500,
};

/** The flows of this release, by instrument for new attempts and by name and version for running ones. */
export interface Flows {
  forNew(instrument: Instrument): Flow | undefined;
  find(name: string, version: number): Flow | undefined;
}

/** `carriedOn` flows take what was begun with them elsewhere, and no new attempts. */
export function flowsOf(begun: readonly Flow[], carriedOn: readonly Flow[] = []): Flows {
  const all = [...begun, ...carriedOn];
  return {
    forNew: (instrument) =>
      begun.filter((flow) => flow.instrument === instrument).sort((a, b) => b.version - a.version)[0],
    find: (name, version) => all.find((flow) => flow.name === name && flow.version === version),
  };
}

export function acquirerOf(world: World, name: string): Acquirer {
  const acquirer = world.acquirers.get(name);
  if (acquirer === undefined) throw new Impossible(`no acquirer named ${name} is configured`);
  return acquirer;
}
