import type { Log } from '../../contracts/log.js';
import type { Mail } from '../../contracts/mail.js';
import type { MailCursor, Mails } from '../../contracts/store.js';
import { createAggregates } from './aggregates.js';
import { carriedOf, deliverAllCarried, deliverCarried } from './carried.js';
import type { Collections, Stored } from './collections.js';
import type { Drain } from './drain.js';
import { duplicatedIn } from './failures.js';
import type { Session } from './session.js';
import { wallId, within } from './walls.js';

export interface MailPorts {
  readonly session: Session;
  readonly collections: Collections;
  readonly drain: Drain;
  readonly log: Log;
}

/** The new cursor and the mails are one write of the wall's document, which carries them until they are documents of their own. */
export function createMails({ session, collections, drain, log }: MailPorts): Mails {
  const { mails, walls } = collections;
  const aggregates = createAggregates<Mail>(session, { collection: mails });
  const { run } = session;

  async function move(cursor: MailCursor, to: number, carried: object): Promise<boolean> {
    const { mode, merchant } = within(cursor);
    const filter = { _id: wallId(cursor), mailed: cursor.position, 'carried.by': { $exists: false } };
    const begin = { mode: { $literal: mode }, merchant: { $literal: merchant }, head: { $ifNull: ['$head', 0] } };
    const update = [
      { $set: { ...begin, mailed: to, carried: { $literal: carried } } },
      { $set: { isUnmailed: { $lt: ['$mailed', '$head'] } } },
    ];
    try {
      // The first look at a feed may come before anything was told.
      const moved = await walls.updateOne(filter, update, { upsert: cursor.position === 0, updatePipeline: true });
      return moved.matchedCount + moved.upsertedCount === 1;
    } catch (error) {
      if (duplicatedIn(error) === null) throw error;
      return false;
    }
  }

  async function enqueue(cursor: MailCursor, to: number, wanted: readonly Mail[]): Promise<boolean> {
    const id = wallId(cursor);
    const carried = carriedOf(`${id} ${cursor.position}`, wanted.map(aggregates.stored));
    const isMoved = await run(async () => {
      if (await move(cursor, to, carried)) return true;
      // What somebody who died has left in it must not stand in the way.
      await deliverAllCarried(walls, mails);
      return move(cursor, to, carried);
    });
    if (!isMoved) return false;
    await run(() => deliverCarried(walls, mails, id, carried)).catch((error: unknown) =>
      log.warn('mails wait in their feed', { error }),
    );
    return true;
  }

  return {
    load: aggregates.load,
    commit: (mail) => aggregates.commit(mail),
    behind: (limit) =>
      run(async () => {
        await drain.all();
        await deliverAllCarried(walls, mails);
        const rows = await walls.find({ isUnmailed: true }).limit(limit).lean();
        return (rows as unknown as (Omit<MailCursor, 'position'> & { mailed: number })[]).map(
          ({ merchant, mode, mailed }) => ({ merchant, mode, position: mailed }),
        );
      }),
    enqueue,
    due: (now, limit) =>
      run(async () => {
        const rows = await mails
          .find({ dueAt: { $gt: 0, $lte: now } })
          .sort({ dueAt: 1 })
          .limit(limit)
          .lean();
        return (rows as Stored[]).map(aggregates.read);
      }),
    nextDue: () =>
      run(async () => {
        const first = (await mails
          .findOne({ dueAt: { $gt: 0 } }, { dueAt: 1 })
          .sort({ dueAt: 1 })
          .lean()) as Stored | null;
        return (first?.['dueAt'] as number | undefined) ?? null;
      }),
    ofPayment: (payment) =>
      run(async () => {
        const rows = await mails
          .find({ payment: String(payment) })
          .sort({ _id: 1 })
          .lean();
        return (rows as Stored[]).map(aggregates.read);
      }),
  };
}
