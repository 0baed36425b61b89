import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { type Collection, collectionsOf, prepareCollections } from '../../src/store/mongo/collections.js';
import { createFeedTail } from '../../src/store/mongo/feed_tail.js';
import { mongoForTests } from '../support/mongo_stores.js';
import { needs } from '../support/skip.js';

const WALL = { merchant: 'mer_tail', mode: 'test' } as const;
const telling = (id: string, events: number) => ({
  _id: id,
  payment: 'pay_1',
  events: Array.from({ length: events }, (_, index) => {
    return { id: `evt_${id}_${index}`, type: 'payment.created', at: 1, sequence: index + 1, object: 'payment' };
  }),
  data: '{}',
});

needs('mongod')('the end of a feed', () => {
  const mongo = mongoForTests();

  /** The same collection for one who reads the end of the feed first, and what is there only after `meanwhile`. */
  function slowly(feed: Collection, meanwhile: () => Promise<unknown>): Collection {
    let endIsRead = (): void => undefined;
    const end = new Promise<void>((resolve) => {
      endIsRead = resolve;
    });
    const findOne = (...asked: Parameters<typeof feed.findOne>) => ({
      sort: (by: Record<string, 1 | -1>) => ({
        lean: async () => {
          const last = await feed
            .findOne(...asked)
            .sort(by)
            .lean();
          endIsRead();
          return last;
        },
      }),
    });
    const find = (...asked: Parameters<typeof feed.find>) => ({
      lean: async () => {
        await end;
        await meanwhile();
        return feed.find(...asked).lean();
      },
    });
    return { findOne, find, collection: feed.collection } as unknown as Collection;
  }

  it('is never told short of what was found there, whoever added it in between', async () => {
    const collections = collectionsOf(mongo.raw);
    await prepareCollections(mongo.raw, collections);
    const { feed } = collections;
    const tellings = [telling('a', 2), telling('b', 1)];
    const one = createFeedTail(feed, systemClock());
    const other = createFeedTail(
      slowly(feed, () => one.append(WALL, tellings)),
      systemClock(),
    );
    expect(await other.append(WALL, tellings)).toBe(3);
    expect(await one.head(WALL)).toBe(3);
  });
});
