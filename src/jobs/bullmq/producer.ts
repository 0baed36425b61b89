import { Queue } from 'bullmq';
import type { Clock } from '../../contracts/clock.js';
import type { Log } from '../../contracts/log.js';
import { type Connection, SILENCE_MS } from '../../live/connection.js';
import { ADDED, PREFIX, type QueueName } from './queues.js';

/** After a failure Redis is not asked for so long, unless it says by itself that it is back. */
const REST_MS = 2_000;
const BATCH_MAX = 100;

export interface Job {
  /** What it is about, for whoever takes it. */
  readonly name: string;
  /** An id, and never anything of a person's. */
  readonly id: string;
  readonly delayMs?: number;
  /** Added under this name, it is there once at a time: never to be relied on. */
  readonly once?: string;
}

export interface Producer {
  /** True once the queue has it for certain. False after 200 ms of silence, and at once while Redis is known to be away. */
  add(job: Job): Promise<boolean>;
  close(): Promise<void>;
}

interface Waiting {
  readonly job: Job;
  told(isTaken: boolean): void;
}

/** Puts jobs into one queue: the first at once, those that come while it is on its way together. */
export function createProducer(name: QueueName, connection: Connection, clock: Clock, log: Log): Producer {
  const queue = new Queue(name, { connection: connection.redis, prefix: PREFIX, skipWaitingForReady: true });
  // Told by the connection; without a listener it would end the process.
  queue.on('error', () => undefined);
  const waiting: Waiting[] = [];
  let isSending = false;
  let restsUntil = 0;
  const goOn = (): void => {
    restsUntil = 0;
  };
  connection.redis.on('ready', goOn);

  async function send(): Promise<void> {
    isSending = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, BATCH_MAX);
      const isTaken = clock.now() >= restsUntil && (await isTakenSoon(batch));
      for (const { told } of batch) told(isTaken);
    }
    isSending = false;
  }

  async function isTakenSoon(batch: readonly Waiting[]): Promise<boolean> {
    const isTaken = await within(clock, SILENCE_MS, queue.addBulk(batch.map(({ job }) => bullJob(job))));
    if (isTaken) return true;
    restsUntil = clock.now() + REST_MS;
    log.debug('Redis took no word: it is not asked for a while', { queue: name });
    return false;
  }

  return {
    add(job) {
      if (clock.now() < restsUntil) return Promise.resolve(false);
      return new Promise((resolve) => {
        waiting.push({ job, told: resolve });
        if (!isSending) void send();
      });
    },
    async close() {
      connection.redis.off('ready', goOn);
      await within(clock, SILENCE_MS, queue.close());
    },
  };
}

function bullJob({ name, id, delayMs, once }: Job) {
  return {
    name,
    data: { id },
    opts: {
      ...ADDED,
      ...(delayMs === undefined ? {} : { delay: delayMs }),
      ...(once === undefined ? {} : { jobId: once }),
    },
  };
}

/** Whether it succeeded in time. What comes of it later is nobody's business. */
function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const stop = clock.at(clock.now() + ms, () => resolve(false));
    const end = (isDone: boolean) => (): void => {
      stop();
      resolve(isDone);
    };
    work.then(end(true), end(false));
  });
}
