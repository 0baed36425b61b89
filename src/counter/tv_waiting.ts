import type { Clock } from '../contracts/clock.js';
import type { Engine } from '../contracts/engine.js';
import type { Live } from '../contracts/live.js';

/**
 * How often a box that waits is looked after by itself: word that comes from other processes may be lost. Where there are
 * none it cannot be, and what changes with time alone may wait for the box's next look.
 */
const LOOKS_MS = { alone: 60_000, told: 5_000, deaf: 1_500 } as const;

/** Boxes of this process that wait, on one session and together: beyond it an answer comes at once. */
const PER_SESSION_MAX = 4;
const WAITING_MAX = 20_000;

/** Something may have happened: `come` resolves then, or when it is time to look anyway. */
interface Change {
  readonly come: Promise<void>;
  stop(): void;
}

/** Boxes that wait for their screen to change, and word of sessions that were moved. */
export function createTvWaiting({ live, clock }: { readonly live: Live | null; readonly clock: Clock }) {
  const waiting = new Map<string, Set<() => void>>();
  let count = 0;
  const wake = (session: string): void => {
    for (const wakeOne of [...(waiting.get(session) ?? [])]) wakeOne();
  };
  live?.listen(wake);

  /** Calls `woken` at each word of the session, until the answer is called. */
  function listen(session: string, woken: () => void): () => void {
    const those = waiting.get(session) ?? new Set();
    waiting.set(session, those);
    those.add(woken);
    count += 1;
    return () => {
      those.delete(woken);
      count -= 1;
      if (those.size === 0 && waiting.get(session) === those) waiting.delete(session);
    };
  }

  return {
    hasRoom: (session: string): boolean => count < WAITING_MAX && (waiting.get(session)?.size ?? 0) < PER_SESSION_MAX,

    /** Tells whoever waits for this session, here and elsewhere. */
    changed(session: string): void {
      wake(session);
      live?.tell(session);
    },

    /** Listens from now on to the payment and its session. */
    next(
      engine: Pick<Engine, 'listen'>,
      { payment, session }: { readonly payment: string; readonly session: string },
      deadline: number,
      over: AbortSignal,
    ): Change {
      const every = live === null ? LOOKS_MS.alone : live.isUp() ? LOOKS_MS.told : LOOKS_MS.deaf;
      const ofPayment = engine.listen(payment, Math.min(deadline, clock.now() + every));
      const stopListening = listen(session, ofPayment.stop);
      over.addEventListener('abort', ofPayment.stop, { once: true });
      return {
        come: ofPayment.woken,
        stop() {
          ofPayment.stop();
          stopListening();
          over.removeEventListener('abort', ofPayment.stop);
        },
      };
    },
  };
}

export type TvWaiting = ReturnType<typeof createTvWaiting>;
