import type { CallDesk, CallNews, WaitingCall } from '../contracts/calls.js';
import type { Clock } from '../contracts/clock.js';
import type { Engine } from '../contracts/engine.js';
import type { Log } from '../contracts/log.js';
import type { LiveCalls } from '../contracts/telephone.js';

export interface CallNewsPorts {
  readonly engine: Pick<Engine, 'listen'>;
  readonly desk: Pick<CallDesk, 'view' | 'stands'>;
  readonly calls: LiveCalls;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted when the process takes no more requests. */
  readonly closing: AbortSignal;
}

/** More calls than one process holds; those beyond are told at their next webhook. */
const FOLLOWED_MAX = 2_000;
/** Longer than anybody is asked for keys at once. */
const FOLLOWED_MS = 5 * 60_000;
const ASK_MS = 1_500;
const TRIES = 2;
const PAUSE_MS = 200;

/** A call between two webhooks. */
interface Following {
  readonly payment: string;
  readonly until: number;
  word: ReturnType<Engine['listen']>;
}

/**
 * Takes calls that wait before keys to the news of their payment. It reads nothing while nothing happens, and keeps nothing:
 * word that is lost, a process that dies or a provider that does not answer only means that a caller hears it at the next
 * webhook.
 */
export function createCallNews(ports: CallNewsPorts): CallNews {
  const { engine, desk, calls, clock, log, closing } = ports;
  const followed = new Map<string, Following>();

  const isFollowed = (call: string, following: Following): boolean =>
    followed.get(call) === following && clock.now() < following.until;

  function forget(call: string): void {
    const following = followed.get(call);
    followed.delete(call);
    following?.word.stop();
  }

  /** Listens from now on; null where there are too many to listen for. */
  function begin(call: string, payment: string): Following | null {
    forget(call);
    if (closing.aborted || followed.size >= FOLLOWED_MAX) return null;
    const until = clock.now() + FOLLOWED_MS;
    const following = { payment, until, word: engine.listen(payment, until) };
    followed.set(call, following);
    return following;
  }

  /** Listens before it looks, so that nothing is missed in between. */
  async function isNews(
    { call, payment, isNews: isWorthTelling }: WaitingCall,
    following: Following,
  ): Promise<boolean> {
    following.word.stop();
    following.word = engine.listen(payment, following.until);
    const view = await desk.view(payment, call);
    return view !== null && isWorthTelling(view);
  }

  /** Whatever a call does itself is counted before it is done, so one that has gone on is left alone. */
  async function tell({ call, serial, url }: WaitingCall, following: Following): Promise<void> {
    for (let tries = 1; tries <= TRIES; tries += 1) {
      if ((await desk.stands(call, serial)) !== serial || !isFollowed(call, following)) return;
      const { outcome } = await calls.redirect({ sid: call, url, deadline: clock.now() + ASK_MS });
      if (outcome === 'taken' || outcome === 'refused' || tries === TRIES) return;
      await new Promise<void>((resolve) => clock.at(clock.now() + PAUSE_MS, resolve));
    }
  }

  async function watch(waiting: WaitingCall, following: Following, mayBeLate: boolean): Promise<void> {
    const { call } = waiting;
    try {
      if (!mayBeLate) await following.word.woken;
      while (isFollowed(call, following)) {
        if (await isNews(waiting, following)) return await tell(waiting, following);
        await following.word.woken;
      }
    } catch (error) {
      log.warn('a caller hears of it at the next step only', { payment: waiting.payment, error });
    } finally {
      if (followed.get(call) === following) forget(call);
      following.word.stop();
    }
  }

  closing.addEventListener('abort', () => [...followed.keys()].forEach(forget), { once: true });

  return {
    arrived(call, payment) {
      if (payment === null) forget(call);
      else begin(call, payment);
    },
    follow(waiting) {
      const { call, payment } = waiting;
      const since = followed.get(call);
      const isHeard = since?.payment === payment;
      const following = isHeard ? since : begin(call, payment);
      if (following !== null) void watch(waiting, following, !isHeard);
    },
    forget,
  };
}
