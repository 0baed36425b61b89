import type { Collections } from '../../src/store/mongo/collections.js';

/** Where a process dies: before its write number `at` leaves, or after it has happened and before its answer is heard. */
export type Crash = 'before' | 'after';

export interface FaultyCollections {
  readonly collections: Collections;
  /** Names of the writes made since the last `arm`, as `collection.operation`. */
  readonly writes: readonly string[];
  /** From write number `at` on (1 is the next) nothing works any more; 0 for never. */
  arm(at: number, crash: Crash): void;
}

const WRITES = new Set([
  'updateOne',
  'updateMany',
  'deleteOne',
  'deleteMany',
  'insertOne',
  'insertMany',
  'bulkWrite',
  'findOneAndUpdate',
]);
const READS = new Set(['find', 'findOne']);

/** Collections of a process that dies at one of its writes: whatever it asks for afterwards fails. */
export function faultyCollections(real: Collections): FaultyCollections {
  const writes: string[] = [];
  let armed: { readonly at: number; readonly crash: Crash } = { at: 0, crash: 'before' };
  let isDead = false;
  const dead = () => new Error('injected: the process is dead');

  async function write(name: string, perform: () => PromiseLike<unknown>): Promise<unknown> {
    if (isDead) throw dead();
    writes.push(name);
    const isHere = writes.length === armed.at;
    if (isHere) isDead = true;
    if (isHere && armed.crash === 'before') throw dead();
    const answer = await perform();
    // Whatever was under way when the process died has happened, and nobody hears of it.
    if (isDead) throw dead();
    return answer;
  }

  /** The same for a model, and for the driver's collection under it. */
  function faulty<C extends object>(name: string, collection: C): C {
    return new Proxy(collection, {
      get(target, property) {
        const member: unknown = Reflect.get(target, property, target);
        if (property === 'collection' && typeof member === 'object' && member !== null) return faulty(name, member);
        if (typeof member !== 'function' || typeof property !== 'string') return member;
        const call = (...given: unknown[]): unknown => member.apply(target, given);
        if (READS.has(property)) {
          return (...given: unknown[]) => {
            if (isDead) throw dead();
            return call(...given);
          };
        }
        if (!WRITES.has(property)) return member;
        return (...given: unknown[]) => {
          const answer = write(`${name}.${property}`, async () => {
            const query = call(...given) as PromiseLike<unknown> & { lean?(): PromiseLike<unknown> };
            return query.lean === undefined ? query : query.lean();
          });
          return Object.assign(answer, { lean: () => answer });
        };
      },
    });
  }

  return {
    writes,
    arm(at, crash) {
      writes.length = 0;
      armed = { at, crash };
      isDead = false;
    },
    collections: Object.fromEntries(
      Object.entries(real).map(([name, collection]) => [name, faulty(name, collection)]),
    ) as unknown as Collections,
  };
}
