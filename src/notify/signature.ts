import { createHmac } from 'node:crypto';
import type { Ids } from '../contracts/ids.js';

const PREFIX = 'whsec_';

/** A new signing secret: `whsec_` and the base64 of 32 random bytes, as Standard Webhooks writes symmetric secrets. */
export function newSecret(ids: Ids): string {
  return PREFIX + Buffer.from(ids.token(256), 'base64url').toString('base64');
}

/**
 * The three headers of Standard Webhooks. Every secret signs, newest first, so that a receiver that still has an older
 * one goes on accepting during a rotation.
 * @param at time of this try, milliseconds since the epoch; the header is in whole seconds.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signedHeaders(event: string, at: number, body: string, secrets: readonly string[]) {
  const timestamp = String(Math.floor(at / 1000));
  const signatures = secrets.map((secret) => `v1,${signatureOf(secret, { id: event, timestamp, payload: body })}`);
  return { 'webhook-id': event, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

/** What is signed: the values of the two other headers as they are sent, and the body byte for byte. */
export interface SignedContent {
  readonly id: string;
  readonly timestamp: string;
  readonly payload: string | Uint8Array;
}

/** The signature of Standard Webhooks, without its version: base64 of HMAC-SHA-256 over `id.timestamp.payload`. */
export function signatureOf(secret: string, { id, timestamp, payload }: SignedContent): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(payload).digest('base64');
}
