import { createHash } from 'node:crypto';
import type { Ids } from '../contracts/ids.js';
import type { ApiKey } from '../contracts/merchant.js';
import type { Mode } from '../contracts/payment.js';

/** Random bits of a key. At least 128 are asked for. */
const KEY_BITS = 192;

/** The demo merchant's key: known to everybody, so it opens nothing but the lab. */
export const DEMO_KEY = 'sk_test_demo';

/** A new key: its clear text, shown once, and what is kept of it. */
export function newKey(ids: Ids, mode: Mode, now: number): { clear: string; kept: ApiKey } {
  return keyOf(`sk_${mode}_${ids.token(KEY_BITS)}`, mode, ids.next('key'), now);
}

export function keyOf(clear: string, mode: Mode, id: string, now: number): { clear: string; kept: ApiKey } {
  return { clear, kept: { id, mode, hash: hashOfKey(clear), createdAt: now, endsAt: null } };
}

/** SHA-256 in hex. Keys are random, so no slow hash is needed; and looking a digest up tells nothing by its time. */
export function hashOfKey(clear: string): string {
  return createHash('sha256').update(clear).digest('hex');
}

const SHAPE = /^sk_(test|live)_[A-Za-z0-9_-]{4,128}$/;

/** The mode a key says it is for; null for what cannot be a key. */
export function modeOfKey(clear: string): Mode | null {
  const mode = SHAPE.exec(clear)?.[1];
  return mode === 'test' || mode === 'live' ? mode : null;
}
