import { Worker } from 'bullmq';
import type { Clock } from '../../contracts/clock.js';
import type { Log } from '../../contracts/log.js';
import type { Connector } from '../../live/connection.js';
import { PREFIX, type QueueName } from './queues.js';

/** How long a lock lives without its worker; renewed at half of it. */
const LOCK_MS = 30_000;
/** How long jobs that run may take to end when the process closes. */
const CLOSE_MS = 10_000;

export interface Consumer {
  close(): Promise<void>;
}

export interface ConsumerPorts {
  readonly connector: Connector;
  readonly clock: Clock;
  readonly log: Log;
}

/** Takes jobs of one queue, so many at once. Whatever becomes of one, the queue forgets it. */
export function consume(
  name: QueueName,
  atOnce: number,
  { connector, clock, log }: ConsumerPorts,
  take: (job: { readonly name: string; readonly id: string }) => Promise<void>,
): Consumer {
  const connection = connector.connect('patient');
  const worker = new Worker<{ id?: unknown }>(
    name,
    async (job) => {
      const id = job.data?.id;
      if (typeof id !== 'string') return log.warn('a job without an id', { queue: name });
      await take({ name: job.name, id }).catch((error: unknown) => log.error('a job failed', { queue: name, error }));
    },
    {
      connection: connection.redis,
      prefix: PREFIX,
      concurrency: atOnce,
      lockDuration: LOCK_MS,
      // A job that outlives its worker is dropped: the store knows what it was about, and counts who dies of it.
      maxStalledCount: 0,
    },
  );
  // Told by the connection; a lock that was lost, or a job that is gone, is none of our business.
  worker.on('error', (error) => log.debug('the queue is in trouble', { queue: name, error }));
  return {
    close() {
      return new Promise((resolve) => {
        const end = (): void => {
          stop();
          connection.close();
          resolve();
        };
        const stop = clock.at(clock.now() + CLOSE_MS, () => {
          // Its Redis is gone: there is nobody to say goodbye to.
          worker.close(true).then(end, end);
          end();
        });
        worker.close(!connection.isUp()).then(end, end);
      });
    },
  };
}
