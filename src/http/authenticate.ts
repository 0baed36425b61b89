import type { IncomingMessage } from 'node:http';
import type { Clock } from '../contracts/clock.js';
import { Problem } from '../contracts/errors.js';
import type { Merchant } from '../contracts/merchant.js';
import type { Mode } from '../contracts/payment.js';
import { isFromThisMachine } from './this_machine.js';

export interface Caller {
  readonly merchant: Merchant;
  readonly mode: Mode;
}

export interface AuthenticationPorts {
  /** Who a key belongs to; null for a key that opens nothing. */
  authenticate(key: string): Promise<Caller | null>;
  readonly clock: Pick<Clock, 'now'>;
  /** Proxies of our own in front, each of which appends to X-Forwarded-For; 0 believes nobody. */
  readonly trustedProxies: number;
}

const WINDOW_MS = 60_000;
const FAILURES_MAX = 20;
const ADDRESSES_MAX = 10_000;

/**
 * Who calls, by `Authorization: Bearer` alone. A demo merchant's key, which everybody knows, opens nothing unless the
 * caller is on this machine; it is refused as any key that is not valid. Wrong keys are counted per address in this process: keys are too long to be
 * guessed, so this only shapes traffic, and never refuses a key that is right.
 */
export function createAuthentication({ authenticate, clock, trustedProxies }: AuthenticationPorts) {
  const failures = new Map<string, { count: number; readonly endsAt: number }>();

  function refuse(request: IncomingMessage, detail: string): Problem {
    const now = clock.now();
    const address = addressOf(request, trustedProxies);
    let window = failures.get(address);
    if (window === undefined || window.endsAt <= now) {
      window = { count: 0, endsAt: now + WINDOW_MS };
      failures.delete(address);
      failures.set(address, window);
      forgetOldest(failures);
    }
    window.count += 1;
    if (window.count <= FAILURES_MAX) return new Problem(401, 'unauthenticated', detail);
    const retryAfterSeconds = Math.max(1, Math.ceil((window.endsAt - now) / 1_000));
    const problem = 'Too many requests with a wrong key came from this address.';
    return new Problem(429, 'too_many_failed_authentications', problem, { retryAfterSeconds });
  }

  /** @throws Problem 401 `unauthenticated`, 429 `too_many_failed_authentications` */
  return async (request: IncomingMessage): Promise<Caller> => {
    const key = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(request.headers.authorization ?? '')?.[1];
    if (key === undefined) throw refuse(request, 'Send `Authorization: Bearer` and your key.');
    const caller = await authenticate(key);
    if (caller === null || (caller.merchant.demo && !isFromThisMachine(request))) {
      throw refuse(request, 'The key is not valid.');
    }
    return caller;
  };
}

function forgetOldest(failures: Map<string, unknown>): void {
  if (failures.size <= ADDRESSES_MAX) return;
  for (const oldest of failures.keys()) {
    failures.delete(oldest);
    return;
  }
}

/** The caller's address: what the outermost proxy of our own saw, counted from the right, for the left can be forged. */
export function addressOf(request: IncomingMessage, trustedProxies: number): string {
  const own = request.socket.remoteAddress ?? '';
  if (trustedProxies === 0) return own;
  const forwarded = request.headers['x-forwarded-for'];
  const seen = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? ''))
    .split(',')
    .map((part) => part.trim());
  return seen.at(-trustedProxies) || own;
}
