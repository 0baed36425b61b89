import { beforeEach, expect, it } from 'vitest';
import { type Collection, collectionsOf, type Stored } from '../../src/store/mongo/collections.js';
import { duplicatedIn } from '../../src/store/mongo/failures.js';
import { createReads } from '../../src/store/mongo/reads.js';
import { createWrites, type Writes } from '../../src/store/mongo/writes.js';
import { mongoForTests } from '../support/mongo_stores.js';
import { needs } from '../support/skip.js';

/** Each write of a batch is told its own end, and what it is told is what happened. */
needs('mongod')('writes that go together', () => {
  const mongo = mongoForTests();
  let merchants: Collection;
  let writes: Writes;
  let commands: string[];

  beforeEach(async () => {
    await mongo.raw.collection('merchants').deleteMany({});
    await mongo.raw.collection('merchants').createIndex({ name: 1 }, { unique: true });
    merchants = (mongo.raw.models['merchants'] as Collection | undefined) ?? collectionsOf(mongo.raw).merchants;
    commands = [];
    const counting = new Proxy(merchants.collection, {
      get(target, property) {
        const member: unknown = Reflect.get(target, property);
        if (typeof member !== 'function') return member;
        commands.push(String(property));
        return member.bind(target);
      },
    });
    writes = createWrites({ collection: counting } as Collection);
  });

  const document = (id: string, more: object = {}): Stored => ({ _id: id, revision: 1, name: id, ...more });
  const raise = (id: string, from: number, more: object = {}) =>
    writes.change({ filter: { _id: id, revision: from }, update: { $set: { revision: from + 1, ...more } } });
  const stored = async () =>
    (await mongo.raw.collection('merchants').find().sort({ _id: 1 }).toArray()).map(
      ({ _id, revision }) => `${String(_id)} ${String(revision)}`,
    );

  it('begin each by itself: who is there already keeps nobody else out', async () => {
    await writes.begin(document('b'));
    const told = await Promise.allSettled([
      writes.begin(document('a')),
      writes.begin(document('b')),
      writes.begin(document('c', { name: 'b' })),
      writes.begin(document('d')),
    ]);
    expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    const reasons = told.map((one) => (one.status === 'rejected' ? duplicatedIn(one.reason) : null));
    // Which promise was broken is told as to one who asks alone.
    expect(reasons).toEqual([null, { _id: 1 }, { name: 1 }, null]);
    expect(await stored()).toEqual(['a 1', 'b 1', 'd 1']);
    expect(commands.filter((command) => command === 'insertMany')).toHaveLength(1);
  });

  it('change each by itself: lost is lost, refused is refused, and nothing begins by it', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await writes.begin(document(id));
    const told = await Promise.allSettled([
      raise('a', 1),
      raise('b', 7),
      raise('nobody', 1),
      raise('c', 1, { name: 'd' }),
      raise('d', 1),
      raise('d', 1),
    ]);
    const [a, b, nobody, c, d, again] = told.map((one) => (one.status === 'rejected' ? one.reason : one.value));
    expect([a, b, nobody]).toEqual([true, false, false]);
    expect(duplicatedIn(c)).toEqual({ name: 1 });
    expect([d, again].sort()).toEqual([false, true]);
    expect(await stored()).toEqual(['a 2', 'b 1', 'c 1', 'd 2']);
    expect(commands.filter((command) => command === 'bulkWrite')).toHaveLength(1);
  });

  it('let one of many win each revision, alone and together', async () => {
    await writes.begin(document('a'));
    for (let revision = 1; revision <= 5; revision += 1) {
      const told = await Promise.all(Array.from({ length: revision * 4 }, () => raise('a', revision)));
      expect(told.filter((won) => won)).toHaveLength(1);
    }
    expect(await raise('a', 6)).toBe(true);
    expect(await raise('a', 6)).toBe(false);
    expect(await stored()).toEqual(['a 7']);
  });

  it('leave nobody certain when the majority is not heard of', async () => {
    await writes.begin(document('a'));
    await writes.begin(document('b'));
    const unsure = (name: string) => async (): Promise<never> => {
      const concern = { getWriteConcernError: () => ({ code: 64 }) };
      throw Object.assign(new Error(name), { writeErrors: [{ index: 0, code: 28 }], result: concern });
    };
    const collection = { bulkWrite: unsure('bulk'), insertMany: unsure('many') };
    writes = createWrites({ collection } as unknown as Collection);
    const told = await Promise.allSettled([raise('a', 1), raise('b', 1)]);
    expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const begun = await Promise.allSettled([writes.begin(document('c')), writes.begin(document('d'))]);
    expect(begun.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('are read together, each reader with a document of its own', async () => {
    for (const id of ['a', 'b']) await writes.begin(document(id, { keys: [{ hash: id }] }));
    const seen: string[] = [];
    const read = createReads(merchants, { name: 0 }, ({ _id }) => void seen.push(_id));
    const [a, nobody, b, again] = await Promise.all([read('a'), read('nobody'), read('b'), read('a')]);
    expect(a).toEqual({ _id: 'a', revision: 1, keys: [{ hash: 'a' }] });
    expect(nobody).toBeNull();
    expect(b).toMatchObject({ _id: 'b' });
    expect(again).toEqual(a);
    expect(again?.['keys']).not.toBe(a?.['keys']);
    expect(seen.sort()).toEqual(['a', 'b']);
  });
});
