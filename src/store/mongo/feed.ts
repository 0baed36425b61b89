import type { Mode } from '../../contracts/payment.js';
import type { Feed, FeedEntry, ToldEvent } from '../../contracts/store.js';
import type { Collections, Stored } from './collections.js';
import type { Drain } from './drain.js';
import type { FeedRow, FeedTail } from './feed_tail.js';
import type { Session } from './session.js';
import { type Wall, within } from './walls.js';

export interface FeedPorts {
  readonly session: Session;
  readonly collections: Collections;
  readonly drain: Drain;
  readonly tail: FeedTail;
}

type RowFields = Readonly<Record<string, 0>>;

/** Readers see everything that was committed before they asked: what is still in an outbox is carried over first. */
export function createFeed({ session, collections: { feed, payments }, drain, tail }: FeedPorts): Feed {
  const { run } = session;

  /** Rows with an event after `position`: the one that holds the next, and those behind it. */
  async function rowsAfter(wall: Wall, position: number, limit: number, fields: RowFields): Promise<FeedRow[]> {
    await drain.wall(wall);
    const rows = (filter: Readonly<Record<string, unknown>>, direction: 1 | -1, count: number) =>
      feed
        .find({ ...within(wall), ...filter }, fields)
        .sort({ after: direction })
        .limit(count)
        .lean() as unknown as Promise<FeedRow[]>;
    const [amid, behind] = await Promise.all([
      rows({ after: { $lt: position } }, -1, 1),
      rows({ after: { $gte: position } }, 1, limit),
    ]);
    return [...amid, ...behind];
  }

  /** The entries after `position`; of an earlier row only those that come after it. */
  function cut<T extends ToldEvent>(entries: readonly T[], position: number, limit: number): T[] {
    return entries.filter((entry) => entry.position > position).slice(0, limit);
  }

  return {
    after: (merchant, mode, position, limit) =>
      run(async () => {
        const rows = await rowsAfter({ merchant, mode }, position, limit, {});
        return cut(rows.flatMap(entriesOf), position, limit);
      }),
    told: (merchant, mode, position, limit) =>
      run(async () => {
        const rows = await rowsAfter({ merchant, mode }, position, limit, { data: 0 });
        return cut(rows.flatMap(toldBy), position, limit);
      }),
    head: (merchant, mode) =>
      run(async () => {
        await drain.wall({ merchant, mode });
        return tail.head({ merchant, mode });
      }),
    ofPayment: (payment) =>
      run(async () => {
        const filter = { _id: String(payment), 'outbox.at': { $gte: 0 } };
        const waiting = (await payments.findOne(filter, { merchant: 1, mode: 1 }).lean()) as (Stored & Wall) | null;
        if (waiting !== null) await drain.wall(waiting);
        const rows = await feed
          .find({ payment: String(payment) })
          .sort({ after: 1 })
          .lean();
        return (rows as unknown as FeedRow[]).flatMap(entriesOf);
      }),
  };
}

/** The events of one row at their places, each with its own object out of the shared data. */
function entriesOf(row: FeedRow): FeedEntry[] {
  const objects = JSON.parse(row.data) as Readonly<Record<string, unknown>>;
  return toldBy(row).map((told) => ({ ...told, data: JSON.stringify(objects[told.event.object] ?? null) }));
}

/** The events of one row at their places. */
function toldBy({ after, merchant, mode, payment, events }: FeedRow): ToldEvent[] {
  return events.map(({ id, type, at, sequence, object }, index) => ({
    position: after + 1 + index,
    event: { id, type, at, sequence, object },
    merchant,
    mode: mode as Mode,
    payment,
  }));
}
