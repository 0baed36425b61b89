import type { Shown, TvPlace } from '../contracts/television.js';
import type { TvPorts } from './tv_ports.js';
import { secondsLeft } from './tv_screen.js';
import type { Seen } from './tv_sessions.js';
import { type Opened, standingOf } from './tv_standing.js';

/** What a box sees that only looks. */
export interface Glance {
  readonly session: string;
  readonly payment: string;
  readonly shown: Shown;
}

export interface TvGlances {
  /** What the token leads to, perhaps as it was seen a moment ago, if nothing has been heard of since; null for nowhere. */
  look(token: string): Promise<Glance | null>;
  /** The session was moved: what was kept of it is over. */
  forget(session: string): void;
}

/**
 * How long a screen is kept while nothing is heard of its session and its payment. What changes without word is the household's
 * and the merchant's, and a key is answered from the truth anyway; and word of other processes may be lost.
 */
const KEPT_MS = { alone: 30_000, told: 5_000, deaf: 1_500 } as const;
const KEPT_MAX = 20_000;

/** Where a viewer rests. The other screens go by themselves after a while, or hang on what the household does elsewhere. */
const RESTING: readonly TvPlace['screen'][] = ['start', 'handover', 'confirm_cancel'];

interface Kept extends Glance {
  readonly opened: Opened;
  readonly merchant: string;
  /** When the payment ends, where the screen counts down to it. */
  readonly expiresAt: number | null;
  readonly until: number;
}

/** Ten thousand boxes look every few seconds, and nearly always at what they have seen already. */
export function createTvGlances(ports: TvPorts, see: (token: string) => Promise<Seen | null>): TvGlances {
  const { engine, signing, clock, live } = ports;
  const kept = new Map<string, Kept>();
  const sessionsOf = new Map<string, Set<string>>();
  /** Counts all that is heard: what was read while something was is not kept. */
  let heard = 0;
  engine.onChange(forget);

  function drop(session: string): void {
    const of = kept.get(session);
    if (of === undefined) return;
    kept.delete(session);
    const sessions = sessionsOf.get(of.payment);
    sessions?.delete(session);
    if (sessions?.size === 0) sessionsOf.delete(of.payment);
  }

  function forget(id: string): void {
    heard += 1;
    drop(id);
    for (const session of [...(sessionsOf.get(id) ?? [])]) drop(session);
  }

  /** The oldest go first: what is over, and what is too many. */
  function makeRoom(now: number): void {
    for (const [session, { until }] of kept) {
      if (now < until && kept.size < KEPT_MAX) return;
      drop(session);
    }
  }

  function keep(glance: Glance, { scene: { payment, session }, view }: Seen, now: number): void {
    if (!RESTING.includes(session.place.screen)) return;
    drop(session.id);
    makeRoom(now);
    const ms = live === null ? KEPT_MS.alone : live.isUp() ? KEPT_MS.told : KEPT_MS.deaf;
    const ends = [payment.expiresAt, session.endsAt].filter((end) => end > now);
    const { operator, deviceKey = null, generation = 0 } = session;
    const { merchant, expiresAt } = payment;
    const until = Math.min(now + ms, ...ends);
    kept.set(session.id, {
      ...glance,
      opened: { operator, deviceKey, generation },
      merchant,
      expiresAt: view.isTimed ? expiresAt : null,
      until,
    });
    const sessions = sessionsOf.get(payment.id) ?? new Set();
    sessionsOf.set(payment.id, sessions.add(session.id));
  }

  /** Whether an operator still shows anything, and the box's own key is still good, is asked each time. */
  async function keptFor(token: string): Promise<Glance | null> {
    const id = signing.televisions.readSessionToken(token);
    const found = id === null ? undefined : kept.get(id);
    if (found === undefined || clock.now() >= found.until) return null;
    if ((await standingOf(ports, found.opened, found.merchant)) === null) return null;
    const { session, payment, shown, expiresAt } = found;
    if (expiresAt === null) return found;
    const screen = { ...shown.screen, expires_in: secondsLeft(expiresAt, clock.now()) };
    return { session, payment, shown: { ...shown, screen } };
  }

  return {
    async look(token) {
      const known = await keptFor(token);
      if (known !== null) return known;
      const heardBefore = heard;
      const now = clock.now();
      const seen = await see(token);
      if (seen === null) return null;
      const { session, payment } = seen.scene;
      const glance: Glance = { session: session.id, payment: payment.id, shown: seen.shown };
      if (heard === heardBefore) keep(glance, seen, now);
      return glance;
    },
    forget,
  };
}
