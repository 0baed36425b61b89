import type { Collection, Stored } from './collections.js';
import { gathered } from './gathered.js';

/** A change of one document, bound to what must be there. */
export interface Change {
  readonly filter: { readonly _id: string } & Readonly<Record<string, unknown>>;
  readonly update: Readonly<Record<string, unknown>>;
}

/** Writes of one collection. Those that come together go in one command, and each is told its own end. */
export interface Writes {
  /** Adds a document. @throws MongoServerError when something that must be unique is there already */
  begin(document: Stored): Promise<void>;
  /** True when it is done, false when nothing was there as it must be. */
  change(change: Change): Promise<boolean>;
}

/** What a batch says of one of its writes; `refused` says not why. */
type Told = 'done' | 'lost' | 'refused';

/** "Cannot create field": see `CANNOT_BEGIN`. */
const NOT_VIABLE = 28;
/**
 * In a batch MongoDB counts what it found, and does not say which change found nothing; only errors are told one by one. So a
 * change that finds nothing is made to fail: as an upsert it would add a document, with a field inside its own identity.
 */
const CANNOT_BEGIN = { $setOnInsert: { '_id.lost': true } };

export function createWrites({ collection }: Collection): Writes {
  async function insert(document: Stored): Promise<void> {
    await collection.insertOne(document as never);
  }

  async function update({ filter, update: told }: Change): Promise<boolean> {
    return (await collection.updateOne(filter as never, told as never)).matchedCount === 1;
  }

  const begin = gathered<Stored, Told>(async (documents) => {
    const [only] = documents;
    if (documents.length === 1 && only !== undefined) {
      await insert(only);
      return ['done'];
    }
    const errors = await errorsOf(collection.insertMany(documents as never, { ordered: false }));
    return documents.map((_, index) => (errors.has(index) ? 'refused' : 'done'));
  });

  const change = gathered<Change, Told>(async (changes) => {
    const [only] = changes;
    if (changes.length === 1 && only !== undefined) return [(await update(only)) ? 'done' : 'lost'];
    const operations = changes.map(({ filter, update: told }) => ({
      updateOne: { filter, update: { ...told, ...CANNOT_BEGIN }, upsert: true },
    }));
    const errors = await errorsOf(collection.bulkWrite(operations as never, { ordered: false }));
    return changes.map((_, index) => {
      if (!errors.has(index)) return 'done';
      return errors.get(index) === NOT_VIABLE ? 'lost' : 'refused';
    });
  });

  return {
    async begin(document) {
      // Nothing of what a batch refused was written: by itself it is told in full why.
      if ((await begin(document)) === 'refused') await insert(document);
    },
    async change(one) {
      const told = await change(one);
      return told === 'refused' ? update(one) : told === 'done';
    },
  };
}

/** The codes of what was refused, by place; all others are written for certain. @throws when nobody knows */
async function errorsOf(answer: Promise<unknown>): Promise<Map<number, unknown>> {
  try {
    await answer;
    return new Map();
  } catch (error) {
    const { writeErrors, result } = error as {
      readonly writeErrors?: readonly { readonly index: number; readonly code: unknown }[];
      readonly result?: { getWriteConcernError?(): unknown };
    };
    const isCertain = Array.isArray(writeErrors) && writeErrors.length > 0 && !result?.getWriteConcernError?.();
    if (!isCertain) throw error;
    return new Map(writeErrors.map(({ index, code }) => [index, code]));
  }
}
