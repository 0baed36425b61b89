import type { Clock } from '../contracts/clock.js';
import type { NewRequest } from '../contracts/engine.js';
import { DuplicateKey, Problem } from '../contracts/errors.js';
import type { KeptRequest, Mode } from '../contracts/payment.js';
import type { Reply } from './reply.js';
import { newRequest, type Raw } from './route.js';

/** What keeps requests: payments with all below them, payers, or endpoints. A key belongs to merchant, mode and family. */
export interface Family {
  /** The request kept under this key, and how to show, or end, what it began. */
  find(merchant: string, mode: Mode, key: string): Promise<Found | null>;
}

interface Found {
  readonly kept: KeptRequest;
  current(): Reply | Promise<Reply>;
  /** Completes what a crash may have cut short after the answer was kept; does no harm twice. */
  resume?(): Promise<void>;
}

export interface IdempotencyPorts {
  readonly clock: Pick<Clock, 'now'>;
  /** Keyed HMAC of method, path and parsed body. */
  fingerprint(method: string, path: string, body: unknown): string;
  /** Whether a kept fingerprint is this request's, whichever key made it. */
  isFingerprint(kept: string, method: string, path: string, body: unknown): boolean;
}

type Asked = Pick<Raw, 'caller' | 'method' | 'path' | 'idempotencyKey' | 'now'> & { readonly body: unknown };

/**
 * Does a request once. The same key and body again gets the first answer; the aggregate's own commit keeps it, so that
 * nothing stands between the deed and its answer.
 */
export function createOnce({ clock, fingerprint, isFingerprint }: IdempotencyPorts) {
  async function answerAgain({ kept, current, resume }: Found, { method, path, body }: Asked): Promise<Reply> {
    if (!isFingerprint(kept.fingerprint, method, path, body)) {
      const detail = 'This Idempotency-Key was used for another method, path or body.';
      throw new Problem(422, 'idempotency_key_reused', detail);
    }
    await resume?.();
    if (kept.answer !== null) return replayed({ status: kept.answer.status, body: kept.answer.body });
    if (clock.now() < kept.deadline) {
      const retryAfterSeconds = Math.max(1, Math.ceil((kept.deadline - clock.now()) / 1_000));
      const detail = 'The first request with this key is still running.';
      throw new Problem(409, 'idempotency_key_in_use', detail, { retryAfterSeconds });
    }
    return replayed(await current());
  }

  /**
   * @throws Problem 422 `idempotency_key_reused`, 409 `idempotency_key_in_use`; DuplicateKey for another cause than the key
   */
  return async (family: Family, asked: Asked, run: (request: NewRequest | null) => Promise<Reply>): Promise<Reply> => {
    const request = newRequest(asked, () => fingerprint(asked.method, asked.path, asked.body));
    if (request === null) return run(null);
    const { merchant, mode } = asked.caller;
    const before = await family.find(merchant.id, mode, request.key);
    if (before !== null) return answerAgain(before, asked);
    try {
      return await run(request);
    } catch (error) {
      if (!(error instanceof DuplicateKey)) throw error;
      // Whichever index spoke, the key is looked up first: the same request twice collides on its reference too.
      const winner = await family.find(merchant.id, mode, request.key);
      if (winner !== null) return answerAgain(winner, asked);
      throw error;
    }
  };
}

function replayed(reply: Reply): Reply {
  return { ...reply, headers: { ...reply.headers, 'idempotent-replayed': 'true' } };
}
