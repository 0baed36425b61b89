import { DuplicateKey } from '../../contracts/errors.js';
import { changedPaths } from './changed_paths.js';
import type { Collection, Stored } from './collections.js';
import { conformityOf } from './conformity.js';
import { duplicatedIn } from './failures.js';
import { type FreeFormPath, freeze, thaw } from './free_form.js';
import { createKnown } from './known.js';
import { createReads } from './reads.js';
import type { Session } from './session.js';
import type { Shape } from './shapes.js';
import { createWrites } from './writes.js';

interface Document {
  readonly id: string;
  readonly revision: number;
}

/** What a commit writes beside the aggregate itself, and what must hold for it. */
export interface Beside {
  /** Only if this holds too. */
  readonly when?: Readonly<Record<string, unknown>>;
  readonly set?: Readonly<Record<string, unknown>>;
  /** Only when the document begins. */
  readonly begin?: Readonly<Record<string, unknown>>;
  readonly push?: Readonly<Record<string, unknown>>;
}

export interface AggregateOptions<T> {
  readonly collection: Collection;
  readonly freeForms?: readonly FreeFormPath[];
  /** Fields of the stored document that are no part of the aggregate and change without its revision. */
  readonly beside?: readonly string[];
  /** What it is found by, kept with it under `found`. */
  readonly found?: (document: T) => Readonly<Record<string, unknown>>;
  /** Which promise a refused unique index keeps, if not that of an identity; asked after an idempotency key was looked for. */
  readonly promise?: (fields: Readonly<Record<string, unknown>>) => DuplicateKey['index'];
  /** Those who share idempotency keys with the document, for an aggregate that has any. */
  readonly family?: (document: T) => {
    readonly filter: Readonly<Record<string, unknown>>;
    readonly keys: readonly string[];
  };
}

/** Documents under compare-and-swap on `revision`: one write, of what changed. */
export interface Aggregates<T> {
  find(filter: Readonly<Record<string, unknown>>): Promise<T | null>;
  load(id: string): Promise<T | null>;
  /** Takes the document as it is at the call. False when somebody else was first. @throws DuplicateKey, StoreFailure */
  commit(document: T, beside?: Beside): Promise<boolean>;
  /** The aggregate in a stored document, which is used up. */
  read(stored: Stored): T;
  /** The stored form of an aggregate that begins, for writing several at once. */
  stored(document: T): Stored;
  readonly projection: Readonly<Record<string, 0>>;
}

const LINEARIZABLE_WITHIN_MS = 10_000;

export function createAggregates<T extends Document>(session: Session, options: AggregateOptions<T>): Aggregates<T> {
  const { collection, freeForms = [], beside: besides = [], found, promise, family } = options;
  const known = createKnown();
  const conformity = conformityOf(collection.schema as unknown as Shape);
  const projection = Object.fromEntries(besides.map((name) => [name, 0])) as Record<string, 0>;
  const writes = createWrites(collection);

  function stored(document: T): Stored {
    const { id, ...fields } = JSON.parse(JSON.stringify(document)) as Record<string, unknown>;
    freeze(fields, freeForms);
    return { _id: id as string, ...fields, ...(found === undefined ? {} : { found: found(document) }) };
  }

  function read({ _id, found: _found, ...fields }: Stored): T {
    thaw(fields, freeForms);
    return { id: _id, ...fields } as unknown as T;
  }

  function remember(document: Stored): Stored {
    known.remember(document._id, document['revision'] as number, JSON.stringify(document));
    return document;
  }

  const fetch = createReads(collection, projection, remember);

  /** What the new revision replaces; null when it is not what is stored. */
  async function baseOf(id: string, revision: number): Promise<Stored | null> {
    const text = known.at(id, revision);
    if (text !== null) return JSON.parse(text) as Stored;
    const document = await fetch(id);
    return document?.['revision'] === revision ? document : null;
  }

  async function write(next: Stored, revision: number, beside: Beside): Promise<boolean> {
    const isDone = revision === 1 ? await begin(next, beside) : await change(next, revision, beside);
    if (isDone) known.remember(next._id, revision, JSON.stringify(next));
    return isDone;
  }

  /** Both are checked here, and more cheaply than mongoose does on its way to the driver. */
  async function begin(next: Stored, { begin: fields, set, push = {} }: Beside): Promise<true> {
    const lists = Object.fromEntries(Object.entries(push).map(([list, member]) => [list, [member]]));
    const document = { ...next, ...fields, ...set, ...lists };
    conformity.whole(document);
    await writes.begin(document);
    return true;
  }

  async function change(next: Stored, revision: number, { when, set, push }: Beside): Promise<boolean> {
    const base = await baseOf(next._id, revision - 1);
    if (base === null) return false;
    const { _id, ...fields } = next;
    const $set = { ...changedPaths(base, fields), ...set };
    conformity.changes($set);
    conformity.additions(push ?? {});
    const update = { $set, ...(push === undefined ? {} : { $push: push }) };
    return writes.change({ filter: { _id, revision: revision - 1, ...when }, update });
  }

  /** A read that waits until everything it may have seen is there to stay: whoever reads next sees at least as much. */
  async function settle(filter: Readonly<Record<string, unknown>>): Promise<boolean> {
    const query = collection.findOne(filter, { _id: 1 }).readConcern('linearizable').maxTimeMS(LINEARIZABLE_WITHIN_MS);
    return (await query.lean()) !== null;
  }

  /** An idempotency key comes first: the same request met itself, whichever index noticed it. */
  async function causeOf(fields: Readonly<Record<string, unknown>>, document: T, id: string): Promise<DuplicateKey> {
    const { filter, keys } = family?.(document) ?? { filter: {}, keys: [] };
    const isRepeated =
      keys.length > 0 && (await settle({ ...filter, 'requests.key': { $in: keys }, _id: { $ne: id } }));
    if (isRepeated) return new DuplicateKey('request');
    return new DuplicateKey(promise?.(fields) ?? 'id');
  }

  return {
    projection,
    read,
    stored,
    find: (filter) =>
      session.run(async () => {
        const document = (await collection.collection.findOne(filter as never, { projection })) as Stored | null;
        return document === null ? null : read(remember(document));
      }),
    load: (id) =>
      session.run(async () => {
        const document = await fetch(String(id));
        return document === null ? null : read(document);
      }),
    async commit(document, beside = {}) {
      const { id, revision } = document;
      if (revision < 1) return false;
      const next = stored(document);
      return session.run(async () => {
        try {
          if (await write(next, revision, beside)) return true;
        } catch (error) {
          known.forget(id);
          const fields = duplicatedIn(error);
          if (fields === null) throw error;
          if (!('_id' in fields)) throw await causeOf(fields, read(next), id);
        }
        // Whoever is told that it lost reads next, and must not read what was there before the winner.
        known.forget(id);
        await settle({ _id: id });
        return false;
      });
    },
  };
}
