import type { Mode } from '../../contracts/payment.js';
import type { Feed, FeedBatch, FeedEntry, FeedEvent, ToldEvent } from '../../contracts/store.js';
import type { Session } from './session.js';
import type { Walls } from './walls.js';

/** How a payment's commit adds to the feed. */
export interface FeedWriter {
  /** Takes the batch as it is now, and answers what to do inside the transaction. */
  change(batch: FeedBatch): () => void;
}

interface ToldRow {
  readonly last: number;
  readonly payment: string;
  readonly events: string;
}

interface BatchRow extends ToldRow {
  readonly data: string;
}

const COLUMNS = 'last, payment, events, data';

/**
 * The feed of each wall. Positions are given inside the one transaction that writes at a time, so they are contiguous and
 * become visible in order.
 */
export function createFeed({ database, read }: Session, walls: Walls): Feed & FeedWriter {
  const advance = database.prepare('UPDATE walls SET head = head + ? WHERE id = ? RETURNING head');
  const insert = database.prepare('INSERT INTO feed (wall, last, payment, events, data) VALUES (?, ?, ?, ?, ?)');
  const head = database.prepare('SELECT head FROM walls WHERE id = ?');
  const after = database.prepare(`SELECT ${COLUMNS} FROM feed WHERE wall = ? AND last > ? ORDER BY last LIMIT ?`);
  const told = database.prepare(
    'SELECT last, payment, events FROM feed WHERE wall = ? AND last > ? ORDER BY last LIMIT ?',
  );
  const ofPayment = database.prepare(
    `SELECT ${COLUMNS}, owner, mode FROM feed JOIN walls ON walls.id = feed.wall WHERE payment = ? ORDER BY seq`,
  );

  return {
    change({ merchant, mode, payment, events, data }) {
      const wall = walls.enter(merchant, mode);
      const text = JSON.stringify(events);
      const count = events.length;
      return () => {
        if (count === 0) return;
        const { head: last } = advance.get(count, wall) as { head: number };
        insert.run(wall, last, payment, text, data);
      };
    },
    after: (merchant, mode, position, limit) =>
      read(() => {
        const wall = walls.find(merchant, mode);
        if (wall === null) return [];
        // Every batch has an event or more: as many rows as events are wanted are enough.
        const entries: FeedEntry[] = [];
        for (const row of after.all(wall, position, limit) as BatchRow[]) {
          for (const entry of entriesOf(row, merchant, mode)) if (entry.position > position) entries.push(entry);
          if (entries.length >= limit) break;
        }
        return entries.slice(0, limit);
      }),
    told: (merchant, mode, position, limit) =>
      read(() => {
        const wall = walls.find(merchant, mode);
        if (wall === null) return [];
        const entries = (told.all(wall, position, limit) as ToldRow[]).flatMap((row) => toldBy(row, merchant, mode));
        return entries.filter((entry) => entry.position > position).slice(0, limit);
      }),
    head: (merchant, mode) =>
      read(() => {
        const wall = walls.find(merchant, mode);
        return wall === null ? 0 : (head.get(wall) as { head: number }).head;
      }),
    ofPayment: (payment) =>
      read(() =>
        (ofPayment.all(payment) as (BatchRow & { owner: string; mode: Mode })[]).flatMap((row) =>
          entriesOf(row, row.owner, row.mode),
        ),
      ),
  };
}

/** The events of one batch at their places, each with its own object out of the shared data. */
function entriesOf(row: BatchRow, merchant: string, mode: Mode): FeedEntry[] {
  const objects = JSON.parse(row.data) as Readonly<Record<string, unknown>>;
  const texts = new Map<string, string>();
  const textOf = (object: string): string => {
    const text = texts.get(object) ?? JSON.stringify(objects[object] ?? null);
    texts.set(object, text);
    return text;
  };
  return toldBy(row, merchant, mode).map((told) => ({ ...told, data: textOf(told.event.object) }));
}

/** The events of one batch at their places. */
function toldBy({ last, payment, events }: ToldRow, merchant: string, mode: Mode): ToldEvent[] {
  const told = JSON.parse(events) as FeedEvent[];
  const first = last - told.length + 1;
  return told.map((event, index) => ({ position: first + index, event, merchant, mode, payment }));
}
