import type { Clock } from '../../contracts/clock.js';
import type { Log } from '../../contracts/log.js';
import type { Mode } from '../../contracts/payment.js';
import type { Collections, Stored } from './collections.js';
import { duplicatedIn } from './failures.js';
import type { FeedTail } from './feed_tail.js';
import { oneAtATime } from './one_at_a_time.js';
import { applyFollowers, type OutboxEntry } from './outbox.js';
import type { Session } from './session.js';
import { type Wall, wallId, within } from './walls.js';

/**
 * Carries what commits have left in outboxes to where it belongs. Anybody may, at any time, several at once, and whoever dies
 * on the way has only left work: every step finds out what is done already, and the outbox is emptied last.
 */
export interface Drain {
  /** After a commit: does at once what others may look for at once, and the rest in the background. Never throws. */
  follow(merchant: string, mode: Mode, entry: OutboxEntry): Promise<void>;
  /** Everything of this wall that was committed before the call is in its feed afterwards. */
  wall(wall: Wall): Promise<void>;
  /** The same for all walls: what dead processes have left, too. */
  all(): Promise<void>;
  /** Does at once what was left for later; resolves when nothing is under way in the background. */
  idle(): Promise<void>;
}

export interface DrainPorts {
  readonly session: Session;
  readonly collections: Collections;
  readonly tail: FeedTail;
  readonly clock: Clock;
  readonly log: Log;
}

const PAYMENTS_AT_ONCE = 100;
/**
 * A drain costs as much for one commit as for ten, two commits of one payment are struck out as one, and processes that drain
 * one wall at once do each other's work. Whoever looks for webhooks or reads the feed drains first: this is for when nobody does.
 */
const GATHERING_MS = 1_000;

interface Waiting {
  readonly _id: string;
  readonly outbox: readonly OutboxEntry[];
}

export function createDrain({ session, collections, tail, clock, log }: DrainPorts): Drain {
  const { payments, walls, endpoints } = collections;
  const background = new Set<Promise<void>>();
  /** Walls to be drained before long, with what makes it now. */
  const planned = new Map<string, () => void>();

  async function drainWall(wall: Wall): Promise<void> {
    for (;;) {
      // The index gives those that wait longest first, if not strictly so.
      const filter = { ...within(wall), 'outbox.at': { $gte: 0 } };
      const found = payments.collection.find(filter as never, { projection: { outbox: 1 }, limit: PAYMENTS_AT_ONCE });
      const waiting = (await found.toArray()) as unknown as Waiting[];
      if (waiting.length === 0) return;
      await applyFollowers(
        collections,
        waiting.flatMap(({ outbox }) => outbox),
      );
      const tellings = waiting.flatMap(({ _id: payment, outbox }) =>
        outbox
          .filter(({ events }) => events.length > 0)
          .map(({ id, events, data }) => ({ _id: id, payment, events, data })),
      );
      if (tellings.length > 0) await announce(wall, await tail.append(wall, tellings));
      await strikeOut(waiting);
      if (waiting.length < PAYMENTS_AT_ONCE) return;
    }
  }

  /** Lets those who follow the feed know how long it is. */
  async function announce(wall: Wall, head: number): Promise<void> {
    const behind = { ...within(wall), status: 'enabled', fed: { $lt: head } };
    const raised = raiseHead(wall, head).catch((error: unknown) => {
      // Two made the wall's document at once: it is there now.
      if (duplicatedIn(error) === null) throw error;
      return raiseHead(wall, head);
    });
    await Promise.all([raised, endpoints.updateMany(behind, { $set: { fed: head, mayBeBehind: true } })]);
  }

  async function raiseHead(wall: Wall, head: number): Promise<void> {
    const { mode, merchant } = within(wall);
    const raised = { head: { $max: ['$head', head] }, mailed: { $ifNull: ['$mailed', 0] } };
    const update = [
      { $set: { mode: { $literal: mode }, merchant: { $literal: merchant }, ...raised } },
      { $set: { isUnmailed: { $lt: ['$mailed', '$head'] } } },
    ];
    await walls.updateOne({ _id: wallId(wall) }, update, { upsert: true, updatePipeline: true });
  }

  async function strikeOut(waiting: readonly Waiting[]): Promise<void> {
    const updates = waiting.map(({ _id, outbox }) => {
      const update = { $pull: { outbox: { id: { $in: outbox.map(({ id }) => id) } } } };
      return { updateOne: { filter: { _id }, update } };
    });
    await payments.collection.bulkWrite(updates as never, { ordered: false });
  }

  const drainByKey = oneAtATime((key) => drainWall(JSON.parse(key) as Wall));
  const keyOf = ({ merchant, mode }: Wall): string => JSON.stringify({ merchant, mode });
  const wall = (one: Wall) => drainByKey(keyOf(one));

  /** Drains the wall a moment later, together with whatever else is committed in that moment. */
  function plan(key: string): void {
    if (planned.has(key)) return;
    const moment = new Promise<void>((resolve) => {
      const stop = clock.at(clock.now() + GATHERING_MS, resolve);
      planned.set(key, () => {
        stop();
        resolve();
      });
    });
    inBackground(
      moment.then(() => {
        planned.delete(key);
        return session.run(() => drainByKey(key));
      }),
    );
  }

  /** Walls with something in an outbox, found one after the other by the index. */
  async function waitingWalls(): Promise<Wall[]> {
    const found: Wall[] = [];
    for (const mode of ['test', 'live'] as const) {
      let last = '';
      for (;;) {
        const filter = { mode, merchant: { $gt: last }, 'outbox.at': { $gte: 0 } };
        const next = (await payments.findOne(filter, { merchant: 1 }).sort({ merchant: 1 }).lean()) as Stored | null;
        if (next === null) break;
        last = next['merchant'] as string;
        found.push({ merchant: last, mode });
      }
    }
    return found;
  }

  function inBackground(work: Promise<void>): void {
    const kept = work
      .catch((error: unknown) => log.warn('the feed waits for its next reader', { error }))
      .finally(() => background.delete(kept));
    background.add(kept);
  }

  return {
    async follow(merchant, mode, entry) {
      const { claims, releases, code } = entry;
      const isAwaited = claims.length + releases.length > 0 || code !== null;
      if (isAwaited) {
        await applyFollowers(collections, [entry]).catch((error: unknown) =>
          log.warn('the vault waits for the next drain', { error }),
        );
      }
      plan(keyOf({ merchant, mode }));
    },
    wall,
    async all() {
      for (const one of await waitingWalls()) await wall(one);
    },
    async idle() {
      for (const begin of planned.values()) begin();
      while (background.size > 0) await Promise.all(background);
    },
  };
}
