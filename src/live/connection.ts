import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from '../contracts/log.js';

/** Longest silence of Redis that a payment waits for. */
export const SILENCE_MS = 200;

const CONNECT_MS = 1_000;
/** When a command is given up that nobody waits for any more. */
const GIVE_UP_MS = 2_000;
const RECONNECT_MS_MAX = 1_000;
const KEEP_ALIVE_MS = 5_000;
/** How long a look before the start may take. */
const ANSWER_MS = 2_000;

/** A connection to Redis that comes back by itself, for ever. */
export interface Connection {
  readonly redis: Redis;
  /** True while it is connected, as far as anybody knows. */
  isUp(): boolean;
  close(): void;
}

/**
 * How commands wait. `soon`: for an answer or a failure before long, connected or not; whoever holds up a payment gives up
 * after `SILENCE_MS` by himself. `patient`: for as long as it takes; for workers and listeners.
 */
export type Waiting = 'soon' | 'patient';

const OPTIONS = {
  // Commands queue while disconnected and fail at the first broken try: without the queue they would always fail.
  soon: { maxRetriesPerRequest: 1, commandTimeout: GIVE_UP_MS },
  patient: { maxRetriesPerRequest: null },
} as const satisfies Record<Waiting, RedisOptions>;

/** Opens connections to one Redis, and knows how it is. */
export interface Connector {
  connect(waiting: Waiting): Connection;
  /** Looks once whether Redis answers, and whether it keeps what it is given. */
  look(): Promise<Look>;
}

/** All connections of a process: one line in the log when Redis is lost, and one when it is back. */
export function createConnector(url: string, log: Log): Connector {
  const lost = new Set<Redis>();

  function lose(redis: Redis, error: Error): void {
    if (lost.size === 0) log.warn('Redis does not answer: payments go on without it', { reason: error.message });
    lost.add(redis);
  }

  function regain(redis: Redis): void {
    if (lost.delete(redis) && lost.size === 0) log.info('Redis answers again');
  }

  return {
    connect(waiting) {
      const redis = new Redis(url, {
        ...OPTIONS[waiting],
        connectTimeout: CONNECT_MS,
        keepAlive: KEEP_ALIVE_MS,
        retryStrategy: (tries: number) => Math.min(100 * tries, RECONNECT_MS_MAX),
      });
      redis.on('error', (error: Error) => lose(redis, error));
      redis.on('ready', () => regain(redis));
      return {
        redis,
        isUp: () => redis.status === 'ready',
        close() {
          lost.delete(redis);
          redis.disconnect();
        },
      };
    },
    look: () => lookAt(url),
  };
}

/** What a look at Redis before the start came to. */
export type Look =
  | { readonly found: 'usable' }
  /** Nobody answers, or not as one should: it may come later. */
  | { readonly found: 'nothing' }
  /** It would throw away what we tell it, whenever its memory is full. */
  | { readonly found: 'evicting'; readonly policy: string };

/** Looks at a Redis from outside, without keeping a connection. */
export async function lookAt(url: string): Promise<Look> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: ANSWER_MS,
    commandTimeout: ANSWER_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // Told by the connections that stay.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1] ?? 'noeviction';
    return policy === 'noeviction' ? { found: 'usable' } : { found: 'evicting', policy };
  } catch {
    // Absent, locked, or something else altogether: payments do without, and it may get better.
    return { found: 'nothing' };
  } finally {
    redis.disconnect();
  }
}
