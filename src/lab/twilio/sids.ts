import type { Ids } from '../../contracts/ids.js';

/** What a resource's name begins with: an account, a call, a message, a telephone number. */
export type SidPrefix = 'AC' | 'CA' | 'SM' | 'PN';

/** A name as Twilio makes them: two letters and 32 hexadecimal digits. */
export function newSid(ids: Ids, prefix: SidPrefix): string {
  return prefix + hexToken(ids);
}

/** 128 random bits in hexadecimal. */
export function hexToken(ids: Ids): string {
  return Buffer.from(ids.token(128), 'base64url').toString('hex');
}
