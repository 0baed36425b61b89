import { describe, expect, it } from 'vitest';
import { gathered } from '../../src/store/mongo/gathered.js';

/** Work that ends when it is told to. */
function heldWork() {
  const batches: (readonly number[])[] = [];
  const ends: { resolve(): void; reject(error: Error): void }[] = [];
  const work = async (asked: readonly number[]): Promise<number[]> => {
    batches.push(asked);
    await new Promise<void>((resolve, reject) => ends.push({ resolve, reject }));
    return asked.map((one) => one * 10);
  };
  return { batches, ends, work };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('those who ask together', () => {
  it('go in one batch when they ask in one turn, and each gets its own answer', async () => {
    const { batches, ends, work } = heldWork();
    const ask = gathered(work);
    const answers = Promise.all([ask(1), ask(2), ask(3)]);
    await turn();
    expect(batches).toEqual([[1, 2, 3]]);
    ends[0]?.resolve();
    expect(await answers).toEqual([10, 20, 30]);
  });

  it('do not wait for a batch that is on its way while a lane is free, and go together when none is', async () => {
    const { batches, ends, work } = heldWork();
    const ask = gathered(work, { lanes: 2 });
    const first = ask(1);
    await turn();
    const second = ask(2);
    await turn();
    const others = [ask(3), ask(4), ask(5)];
    await turn();
    expect(batches).toEqual([[1], [2]]);
    ends[1]?.resolve();
    await second;
    await turn();
    expect(batches).toEqual([[1], [2], [3, 4, 5]]);
    ends[2]?.resolve();
    expect(await Promise.all(others)).toEqual([30, 40, 50]);
    ends[0]?.resolve();
    expect(await first).toBe(10);
    // Every lane is free again.
    const next = [ask(6)];
    await turn();
    next.push(ask(7));
    await turn();
    expect(batches.slice(3)).toEqual([[6], [7]]);
    for (const { resolve } of ends) resolve();
    expect(await Promise.all(next)).toEqual([60, 70]);
  });

  it('are no more at once than allowed', async () => {
    const { batches, ends, work } = heldWork();
    const ask = gathered(work, { lanes: 1, most: 2 });
    const answers = Promise.all([1, 2, 3, 4, 5].map(ask));
    for (let batch = 0; batch < 3; batch += 1) {
      await turn();
      ends[batch]?.resolve();
    }
    expect(await answers).toEqual([10, 20, 30, 40, 50]);
    expect(batches).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('share a failure, which those after them do not', async () => {
    const { ends, work } = heldWork();
    const ask = gathered(work, { lanes: 1 });
    const failing = Promise.allSettled([ask(1), ask(2)]);
    await turn();
    const after = ask(3);
    ends[0]?.reject(new Error('gone'));
    expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await turn();
    ends[1]?.resolve();
    expect(await after).toBe(30);
  });
});
