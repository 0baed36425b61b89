import type { Engine } from '../../contracts/engine.js';
import type { Ids } from '../../contracts/ids.js';
import type { Payment } from '../../contracts/payment.js';
import type { Reach, ReachBegun } from '../../contracts/reach.js';
import type { Text, TextCharged, TextDesk, TextReport } from '../../contracts/text.js';
import { coalesced } from '../coalesced.js';
import { createDesk, type DeskPorts } from './desk.js';
import { createFollowing } from './following.js';
import { createReports } from './reports.js';
import { createSender, type SenderPorts } from './sender.js';
import { createSetbacks } from './setbacks.js';

/** While something waits for a place or for another process, the sweeper need not come oftener than this. */
const PATIENCE_MS = 1_000;

export interface TextPorts extends SenderPorts, Pick<DeskPorts, 'pseudonym' | 'reachesPerHour'> {
  readonly engine: Pick<Engine, 'reached' | 'watch'>;
  readonly store: SenderPorts['store'] & DeskPorts['store'];
  readonly ids: Ids;
  /** How many texts may be on their way at once in this process. */
  readonly concurrency: number;
  /** Charges what the digits of a text consent to; asked again it charges nothing more. */
  charge(offer: Text, payment: Payment): Promise<TextCharged>;
  /** Something is due at `at`: `sweep` should be called then. */
  due(at: number): void;
}

export interface Texts {
  readonly desk: TextDesk;
  /** Plans the text of a reach. */
  offer(payment: Payment, reach: Reach): Promise<ReachBegun>;
  /** What the provider says of a text. */
  reported(report: TextReport): Promise<void>;
  /** Charges what a text's digits were sent back for, and has the payer told what came of it; waits for that until `deadline`. */
  follow(offer: Text, deadline: number): Promise<void>;
  /** Does what is due, without waiting for the provider. Answers when to call again; null when nothing is due. @throws StoreFailure */
  sweep(): Promise<number | null>;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
  /** Begins nothing new; resolves when what was begun has ended. */
  close(): Promise<void>;
}

/**
 * Texts to payers, sent when they are due through whatever provider there is. Payments neither wait for them nor know of
 * them but through the reach that a text serves.
 */
export function createTexts(ports: TextPorts): Texts {
  const { store, clock, concurrency } = ports;
  const sender = createSender(ports);
  const reports = createReports(ports);
  const following = createFollowing(ports);
  const setbacks = createSetbacks(ports);
  const { desk, offer } = createDesk({ ...ports, planned: () => ports.due(clock.now()) });
  const underWay = new Map<string, Promise<void>>();
  let closing = false;

  /** Whatever a due text waits for. */
  async function goOn(text: Text): Promise<void> {
    if (text.untold) return void (await reports.tell(text));
    if (text.status === 'waiting') return tellNow(await sender.send(text));
    const { challenge } = text;
    if (challenge?.state === 'answered') return wake(await following.follow(text, clock.now()));
    await following.close(text);
  }

  async function tellNow(text: Text | null): Promise<void> {
    if (text?.untold) await reports.tell(text);
  }

  function wake(text: Text | null): void {
    ports.due(text?.dueAt ?? clock.now());
  }

  const start = coalesced(async () => {
    while (!closing && underWay.size < concurrency) {
      const resting = setbacks.resting(clock.now());
      // Those that are let be stay due, and must hide no others.
      const due = await store.texts.due(clock.now(), concurrency + underWay.size + resting.size);
      const free = concurrency - underWay.size;
      const fresh = due.filter(({ id }) => !underWay.has(id) && !resting.has(id)).slice(0, Math.max(0, free));
      if (fresh.length === 0) return;
      for (const text of fresh) begin(text);
    }
  });

  /** Keeps what nobody awaits in sight of `idle`; what fails there is told, and repeated after a pause. */
  function begin(text: Text): void {
    const work = goOn(text)
      .then(
        () => clock.now(),
        (error: unknown) => setbacks.met(text, error),
      )
      .then((at) => {
        underWay.delete(text.id);
        ports.due(at);
      });
    underWay.set(text.id, work);
  }

  async function idle(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay.values());
  }

  return {
    desk,
    offer,
    async reported(report) {
      const text = await reports.reported(report);
      await tellNow(text);
    },
    async follow(text, deadline) {
      wake(await following.follow(text, deadline));
    },
    async sweep() {
      await start();
      if (closing) return null;
      const next = await store.texts.nextDue();
      return next === null ? null : Math.max(next, clock.now() + (next > clock.now() ? 0 : PATIENCE_MS));
    },
    idle,
    async close() {
      closing = true;
      await idle();
    },
  };
}
