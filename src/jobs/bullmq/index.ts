import type { Clock } from '../../contracts/clock.js';
import type { Duty, Handover, Jobs } from '../../contracts/jobs.js';
import type { Log } from '../../contracts/log.js';
import type { Connector } from '../../live/connection.js';
import { createLocalJobs } from '../local.js';
import { type Consumer, consume } from './consumer.js';
import { createProducer } from './producer.js';
import { QUEUES, type QueueName } from './queues.js';

/** How often a process looks into the store whether or not anybody told it, while word comes through and while none does. */
const LOOKS_MS = 1_000;
const DEAF_LOOKS_MS = 250;
/** Word that comes within one of these says the same. */
const SAME_MS = 50;
const AUTHORIZATIONS_AT_ONCE = 64;
const CLAIM = 'claim';

export interface SharedJobs {
  /** Tells workers of payments that wait for one. */
  readonly handover: Handover;
  /**
   * A duty that any process may have something for. Where it `runs`, it is looked after as in a house of one process;
   * elsewhere `wake` tells those who run it.
   */
  look(queue: 'notification' | 'timers', duty: Duty, runs: boolean): Jobs;
  /** Takes payments that were offered, until `close`. */
  work(claim: (payment: string) => Promise<void>): void;
  /** True while Redis answers, as far as anybody knows. */
  isUp(): boolean;
  close(): Promise<void>;
}

/**
 * Jobs that several processes share through BullMQ. Redis only wakes: whatever it loses, repeats or holds up, each process
 * reads from the store what is due, a little later.
 */
export function openSharedJobs(connector: Connector, clock: Clock, log: Log): SharedJobs {
  const connection = connector.connect('soon');
  const producers = Object.fromEntries(
    QUEUES.map((name) => [name, createProducer(name, connection, clock, log)]),
  ) as Record<QueueName, ReturnType<typeof createProducer>>;
  const consumers: Consumer[] = [];
  /** Duties that run here, by queue and name. */
  const running = new Map<QueueName, Map<string, Jobs>>();

  function take(queue: 'notification' | 'timers', duty: Duty, jobs: Jobs): void {
    const duties = running.get(queue) ?? new Map<string, Jobs>();
    duties.set(duty.name, jobs);
    if (running.has(queue)) return;
    running.set(queue, duties);
    const wake = async ({ name }: { name: string }): Promise<void> => duties.get(name)?.wake(clock.now());
    consumers.push(consume(queue, 1, { connector, clock, log }, wake));
  }

  return {
    handover: { offer: (payment) => producers.authorization.add({ name: CLAIM, id: payment }) },
    look(queue, duty, runs) {
      const { name } = duty;
      // Each duty under a name of its own: the word for one must not stand for that of another.
      const tell = (job: Word) => producers[queue].add({ ...job, once: `${name}-${job.once}`, name });
      if (!runs) return tellOthers(clock, tell);
      const local = createLocalJobs(clock, log, duty, () => (connection.isUp() ? LOOKS_MS : DEAF_LOOKS_MS));
      return {
        ...local,
        start() {
          local.start();
          take(queue, duty, local);
        },
      };
    },
    work(claim) {
      consumers.push(
        // What a newer release asks for by other names is none of ours: the store knows what it was about.
        consume('authorization', AUTHORIZATIONS_AT_ONCE, { connector, clock, log }, async ({ name, id }) => {
          if (name === CLAIM) await claim(id);
        }),
      );
    },
    isUp: () => connection.isUp(),
    async close() {
      await Promise.all(consumers.map((consumer) => consumer.close()));
      await Promise.all(Object.values(producers).map((producer) => producer.close()));
      connection.close();
    },
  };
}

interface Word {
  readonly id: string;
  readonly delayMs: number;
  readonly once: string;
}

/** Says when to look to whoever runs a duty; what is due later than their next look they find by themselves. */
function tellOthers(clock: Clock, add: (word: Word) => Promise<boolean>): Jobs {
  let told = Number.NEGATIVE_INFINITY;
  return {
    start: () => undefined,
    wake(at) {
      const now = clock.now();
      const tick = Math.ceil(Math.max(at, now) / SAME_MS);
      if (at > now + LOOKS_MS || tick === told) return;
      told = tick;
      const id = `look-${tick}`;
      void add({ id, delayMs: tick * SAME_MS - now, once: id });
    },
    stop: () => Promise.resolve(),
  };
}
