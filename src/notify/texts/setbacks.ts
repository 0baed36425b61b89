import type { Clock } from '../../contracts/clock.js';
import { isLeftToAnotherRelease, StoreFailure } from '../../contracts/errors.js';
import type { Log } from '../../contracts/log.js';
import type { Store } from '../../contracts/store.js';
import type { Text } from '../../contracts/text.js';
import { digitsNextAt, over } from './sender.js';

/** How long a text is let be whose payment waits for another release: that one finds it due all the while. */
const LOOK_AGAIN_MS = 10_000;
const PAUSE_MS_MIN = 1_000;
const PAUSE_MS_MAX = 600_000;
/** Failures of one thing after which it is not tried any more: about two hours after the first. */
const SETBACKS_MAX = 20;

export interface SetbackPorts {
  readonly store: Pick<Store, 'texts'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/**
 * What becomes of a text whose handling failed: it waits longer each time, so that it stands in nobody's way, and in the end
 * what fails is given up. No money hangs on it: at worst somebody is told nothing.
 */
export function createSetbacks({ store, clock, log }: SetbackPorts) {
  /** Until when this process lets a text be, whatever the store says of it. */
  const resting = new Map<string, number>();

  /** Writes down that it failed once more, in the text as it is by now: the work may have got somewhere before. */
  async function postpone(id: string, error: unknown): Promise<void> {
    const text = await store.texts.load(id);
    if (text === null || text.dueAt === null) return;
    const setbacks = (text.setbacks ?? 0) + 1;
    const now = clock.now();
    const isOver = setbacks > SETBACKS_MAX;
    const pause = Math.min(PAUSE_MS_MAX, PAUSE_MS_MIN * 2 ** (setbacks - 1));
    // A request that may be under way keeps its lease.
    const change = isOver
      ? { ...givenUp(text, now), setbacks: 0 }
      : { setbacks, dueAt: Math.max(text.dueAt, now + pause) };
    const isWritten = await store.texts.commit({ ...text, ...change, revision: text.revision + 1 });
    if (!isWritten || !isOver) return;
    log.error('a text was given up', { text: id, payment: text.payment, kind: text.kind, untold: text.untold, error });
  }

  return {
    /** Those that this process lets be for now. */
    resting(now: number): ReadonlySet<string> {
      for (const [id, until] of resting) if (until <= now) resting.delete(id);
      return new Set(resting.keys());
    },

    /** Never throws. Answers when the text should be looked at again, at the soonest. */
    async met({ id }: Text, error: unknown): Promise<number> {
      const isLeftAlone = isLeftToAnotherRelease(error);
      const until = clock.now() + (isLeftAlone ? LOOK_AGAIN_MS : PAUSE_MS_MIN);
      resting.set(id, until);
      if (isLeftAlone) log.warn('a text waits for another release', { text: id });
      else log.error('a text was interrupted', { text: id, error });
      // What the store could not do is not the text's fault, and it could not write it down either.
      if (isLeftAlone || error instanceof StoreFailure) return until;
      await postpone(id, error).catch((failure: unknown) => {
        log.error('a text could not be put off', { text: id, error: failure });
      });
      return until;
    },
  };
}

/** What failed is left undone, and what comes after it goes on: a reach that is not told of a text that went hears of it when it is answered. */
function givenUp(text: Text, now: number): Partial<Text> {
  const { untold, status } = text;
  if (untold) {
    const dueAt = digitsNextAt(text, now);
    return { untold: false, dueAt, to: dueAt === null ? null : text.to };
  }
  if (status === 'waiting') return over(text, 'failed', 'interrupted', now);
  const challenge = text.challenge === null ? null : { ...text.challenge, state: 'over' as const };
  return { challenge, to: null, dueAt: null };
}
