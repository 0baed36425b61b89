import type { Clock } from '../../contracts/clock.js';
import { StoreFailure } from '../../contracts/errors.js';
import type { FeedEvent } from '../../contracts/store.js';
import type { Collection } from './collections.js';
import { duplicatedIn } from './failures.js';
import { pause } from './pause.js';
import { type Wall, within } from './walls.js';

/** What one commit told, as it stands in the feed behind position `after`. */
export interface FeedRow {
  readonly _id: string;
  readonly mode: string;
  readonly merchant: string;
  readonly after: number;
  readonly payment: string;
  readonly events: readonly FeedEvent[];
  readonly data: string;
}

/** Something to append: told by which commit of which payment. */
export type Telling = Pick<FeedRow, '_id' | 'payment' | 'events' | 'data'>;

/** A row, as far as its place goes. */
type Placed = Pick<FeedRow, '_id' | 'after' | 'events'>;

const endOf = ({ after, events }: Placed): number => after + events.length;

/** Each lost race means that another appender has made progress. */
const RACES_MAX = 200;
const PAUSE_MS_MAX = 20;

/**
 * Adds to the end of a feed. A row names the position it follows, and only one row can follow a position; a row is added only
 * behind one that is known to be there. So rows form one chain without holes, however many append at once, and whoever dies.
 */
export function createFeedTail(feed: Collection, clock: Clock) {
  async function head(wall: Wall): Promise<number> {
    const last = (await feed
      .findOne(within(wall), { after: 1, 'events.id': 1 })
      .sort({ after: -1 })
      .lean()) as Placed | null;
    return last === null ? 0 : endOf(last);
  }

  async function rowsOf(ids: readonly string[]): Promise<Placed[]> {
    return (await feed.find({ _id: { $in: ids } }, { after: 1, 'events.id': 1 }).lean()) as unknown as Placed[];
  }

  /** Appends those that are not there yet, in the given order, and answers the position of the newest event. */
  async function append(wall: Wall, tellings: readonly Telling[]): Promise<number> {
    for (let race = 0; race < RACES_MAX; race++) {
      const ids = tellings.map(({ _id }) => _id);
      // Whatever is added between these two meets itself, or its neighbour, and all is looked at again.
      const [there, end] = await Promise.all([rowsOf(ids), head(wall)]);
      const known = new Set(there.map(({ _id }) => _id));
      // The end may have been read before somebody added these: what is told of the feed reaches at least so far.
      let position = Math.max(end, ...there.map(endOf));
      const rows = tellings
        .filter(({ _id }) => !known.has(_id))
        .map((telling) => {
          const after = position;
          position += telling.events.length;
          return { ...telling, ...within(wall), after };
        });
      if (rows.length === 0) return position;
      try {
        // As they are: they were validated in the commit that they come from.
        await feed.collection.insertMany(rows as never, { ordered: true });
        return position;
      } catch (error) {
        if (duplicatedIn(error) === null) throw error;
        await pause(clock, Math.min(race, PAUSE_MS_MAX));
      }
    }
    throw new StoreFailure('the feed is appended to by too many at once');
  }

  return { head, append };
}

export type FeedTail = ReturnType<typeof createFeedTail>;
