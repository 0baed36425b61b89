import type { Collection } from './collections.js';
import { gathered } from './gathered.js';

/** A write of one document, bound to what must be there. */
export interface Write {
  readonly filter: { readonly _id: string } & Readonly<Record<string, unknown>>;
  readonly update: Readonly<Record<string, unknown>>;
  /** Adds the document: nothing of that identity must be there. */
  readonly begins: boolean;
}

/** What a batch says of one of its writes; `refused` says not why. */
type Told = 'done' | 'lost' | 'refused';

/** "Cannot create field": see `CANNOT_BEGIN`. */
const NOT_VIABLE = 28;
/**
 * In a batch MongoDB counts what it found, and does not say which write found nothing; only errors are told one by one. So a
 * write that finds nothing is made to fail: as an upsert it would add a document, with a field inside its own identity.
 */
const CANNOT_BEGIN = { $setOnInsert: { '_id.lost': true } };

/**
 * Compare-and-swap writes of one collection. Those that come together go in one command, and each is told its own end: true
 * when it is done, false when it found nothing.
 */
export function createWrites({ collection }: Collection): (write: Write) => Promise<boolean> {
  async function alone({ filter, update, begins }: Write): Promise<boolean> {
    const { matchedCount, upsertedCount } = await collection.updateOne(filter as never, update as never, {
      upsert: begins,
    });
    return matchedCount + upsertedCount === 1;
  }

  async function together(writes: readonly Write[]): Promise<Told[]> {
    const operations = writes.map(({ filter, update, begins }) => ({
      updateOne: { filter, update: begins ? update : { ...update, ...CANNOT_BEGIN }, upsert: true },
    }));
    const errors = await errorsOf(collection.bulkWrite(operations as never, { ordered: false }));
    return writes.map((_, index) => {
      const code = errors.get(index);
      if (code === undefined) return 'done';
      return code === NOT_VIABLE ? 'lost' : 'refused';
    });
  }

  const send = gathered<Write, Told>(async (writes) => {
    const [only] = writes;
    if (writes.length > 1 || only === undefined) return together(writes);
    return [(await alone(only)) ? 'done' : 'lost'];
  });

  return async (write) => {
    const told = await send(write);
    // Nothing of it was written: by itself it is told in full why.
    return told === 'refused' ? alone(write) : told === 'done';
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
