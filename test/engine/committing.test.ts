/** A write of which nobody knows: whatever became of it, one decision stands, or whoever decided hears that it does not. */
import { expect, it } from 'vitest';
import { DuplicateKey, StoreFailure } from '../../src/contracts/errors.js';
import type { Payment } from '../../src/contracts/payment.js';
import type { PaymentCommit } from '../../src/contracts/store.js';
import { createCommitting } from '../../src/engine/committing.js';
import type { Decision } from '../../src/engine/finish.js';
import { timersOf } from '../../src/engine/timers.js';
import { silentLog } from '../support/silent_log.js';
import { sketch } from './sketch.js';
import { play } from './story.js';

const at = (revision: number, status = 'processing'): Payment => ({ id: 'pay_1', revision, status }) as Payment;
const decided = (payment: Payment): Decision => ({ payment, commit: { payment } as PaymentCommit }) as Decision;
const FAILED = new StoreFailure('the connection broke');

/** What becomes of one write. */
type Fate = 'written' | 'lost' | 'written, unheard' | 'other first, unheard' | 'arrived before' | 'duplicate';

/** A store of one payment, which does with each write what fate says. */
function storeOf(found: Payment | null, ...fates: readonly Fate[]) {
  let stored = found;
  const left = [...fates];
  const commit = async ({ payment }: PaymentCommit): Promise<boolean> => {
    const fate = left.shift();
    const isNext = (stored?.revision ?? 0) === payment.revision - 1;
    if (fate === 'lost') throw FAILED;
    if (fate === 'other first, unheard') stored = at(payment.revision, 'canceled');
    // The first write, on its way until now.
    else if (fate === 'arrived before' || fate === 'duplicate') stored = payment;
    else if (isNext) stored = payment;
    if (fate?.endsWith('unheard')) throw FAILED;
    if (fate === 'duplicate') throw new DuplicateKey('reference');
    return fate === 'written' && isNext;
  };
  const committing = createCommitting({ store: { payments: { commit, load: async () => stored } }, log: silentLog() });
  return { committing, stored: () => stored, unplayed: left };
}

it.each<[string, readonly Fate[], 'stands' | 'fails']>([
  ['stands when it is written', ['written'], 'stands'],
  ['stands when its answer was lost', ['written, unheard'], 'stands'],
  ['is written again when it was not', ['lost', 'written'], 'stands'],
  ['stands when the first arrives before the second', ['lost', 'arrived before'], 'stands'],
  ['stands when the second meets the first as a duplicate', ['lost', 'duplicate'], 'stands'],
  ['fails when it cannot be written twice', ['lost', 'lost'], 'fails'],
  ['fails when nobody can tell any more', ['other first, unheard'], 'fails'],
])('a decision %s', async (_, fates, outcome) => {
  for (const before of [null, at(4)]) {
    const next = at((before?.revision ?? 0) + 1);
    const { committing, stored, unplayed } = storeOf(before, ...fates);
    const result = committing(decided(next));
    if (outcome === 'fails') await expect(result).rejects.toBe(FAILED);
    else {
      expect(await result).toBe(true);
      expect(stored()).toEqual(next);
    }
    expect(unplayed).toEqual([]);
  }
});

it('a decision has lost its race when another one stands', async () => {
  const { committing } = storeOf(at(4), 'lost', 'written');
  const late = storeOf(at(5, 'canceled'), 'written');
  expect(await late.committing(decided(at(5)))).toBe(false);
  expect(await committing(decided(at(5)))).toBe(true);
});

it('a duplicate of somebody else is told as it is', async () => {
  const commit = (): Promise<boolean> => Promise.reject(new DuplicateKey('reference'));
  const committing = createCommitting({ store: { payments: { commit, load: async () => null } }, log: silentLog() });
  await expect(committing(decided(at(1)))).rejects.toThrow(DuplicateKey);
});

it("two who decide alike in the same moment are two: one commit is never the other's", async () => {
  const story = sketch();
  play(story, 'card proved authorize:unknown');
  const [due] = timersOf(story.payment).filter(({ waits }) => waits.for === 'operation');
  const before = structuredClone(story.payment);
  story.now = due?.at ?? 0;
  const [winner, loser] = [0, 1].map(() => {
    story.payment = structuredClone(before);
    expect(story.tell({ type: 'time', timer: due?.name ?? '' })).toBe(true);
    return story.payment;
  }) as [Payment, Payment];
  const { sender: _, ...decision } = winner;
  expect(loser).toMatchObject(decision);
  const load = async () => winner;
  const commit = (): Promise<boolean> => Promise.reject(FAILED);
  const committing = createCommitting({ store: { payments: { commit, load } }, log: silentLog() });
  await expect(committing(decided(loser))).rejects.toBe(FAILED);
  expect(await committing(decided(winner))).toBe(true);
});
