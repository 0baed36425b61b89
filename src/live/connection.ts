import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from '../contracts/log.js';

/** Longest silence of Redis that a payment waits for. */
export const SILENCE_MS = 200;

const CONNECT_MS = 1_000;
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
 * How commands wait. `soon`: an answer within 200 ms or a failure, connected or not; for what must not hold up a payment.
 * `patient`: for as long as it takes; for workers and listeners.
 */
export type Waiting = 'soon' | 'patient';

const OPTIONS = {
  // Commands queue while disconnected and fail at the first broken try: without the queue they would always fail.
  soon: { maxRetriesPerRequest: 1, commandTimeout: SILENCE_MS },
  patient: { maxRetriesPerRequest: null },
} as const satisfies Record<Waiting, RedisOptions>;

/** Opens a connection in the background; one line in the log when it is lost, and one when it is back. */
export function connect(url: string, waiting: Waiting, log: Log, purpose: string): Connection {
  let wasTold = false;
  const redis = new Redis(url, {
    ...OPTIONS[waiting],
    connectTimeout: CONNECT_MS,
    keepAlive: KEEP_ALIVE_MS,
    retryStrategy: (tries: number) => Math.min(100 * tries, RECONNECT_MS_MAX),
  });
  redis.on('error', (error: Error) => {
    if (wasTold) return;
    wasTold = true;
    log.warn('Redis does not answer: payments go on without it', { purpose, reason: error.message });
  });
  redis.on('ready', () => {
    if (wasTold) log.info('Redis answers again', { purpose });
    wasTold = false;
  });
  return { redis, isUp: () => redis.status === 'ready', close: () => redis.disconnect() };
}

/** What a look at Redis before the start came to. */
export type Look =
  | { readonly found: 'usable' }
  /** Nobody answers, or not as one should: it may come later. */
  | { readonly found: 'nothing'; readonly reason: string }
  /** It would throw away what we tell it, whenever its memory is full. */
  | { readonly found: 'evicting'; readonly policy: string };

/** Looks once whether Redis answers, and whether it keeps what it is given. */
export async function lookAt(url: string): Promise<Look> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: ANSWER_MS,
    commandTimeout: ANSWER_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let reason = 'no answer';
  redis.on('error', (error: Error) => {
    reason = error.message;
  });
  try {
    await redis.connect();
    const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1] ?? 'noeviction';
    return policy === 'noeviction' ? { found: 'usable' } : { found: 'evicting', policy };
  } catch (error) {
    return { found: 'nothing', reason: reason === 'no answer' && error instanceof Error ? error.message : reason };
  } finally {
    redis.disconnect();
  }
}
