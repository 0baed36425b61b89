import { z } from 'zod';
import { INSTRUMENTS } from '../contracts/flow.js';
import { AMOUNT_MAX, AMOUNT_MIN, exponentOf } from '../contracts/money.js';
import { CHANNELS } from '../contracts/payment.js';

/** The words requests are made of. Each bounds its size; none lets a control character through. */

/** One line; format characters such as the joiners of scripts and emoji are people's own. */
const PRINTABLE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u;
/** In free text lines may end and tabs stand. */
const READABLE = /^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;

export const text = (max: number) =>
  z.string().min(1).max(max).regex(PRINTABLE, 'Only printable characters on one line.');
export const freeText = (max: number) =>
  z.string().max(max).regex(READABLE, 'No control characters and no half characters.');

export const amount = z.int().min(AMOUNT_MIN).max(AMOUNT_MAX).describe('Minor units of the currency.');
export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'Three capital letters, as ISO 4217 has them.')
  .refine((code) => exponentOf(code) !== undefined, 'ISO 4217 has no such currency.')
  .describe('ISO 4217.');
export const reference = text(64);
export const instrument = z.enum(INSTRUMENTS);
export const channel = z.enum(CHANNELS);
export const email = z.email().max(254);
export const phone = z.string().regex(/^\+[1-9]\d{6,14}$/, 'E.164: + and 7 to 15 digits.');
export const language = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/, 'BCP 47, such as fr or fr-CA.');
/** No spaces, signs of telephone numbers or of addresses: an account must not itself name a person. */
export const account = z
  .string()
  .regex(/^[A-Za-z0-9._:~-]{1,64}$/, '1 to 64 letters, digits or . _ : ~ -')
  .describe('Your own reference for the customer; it must not itself name a person.');
export const webAddress = z.string().min(1).max(2_000).regex(PRINTABLE, 'An address.');

const METADATA_KEYS_MAX = 50;
export const metadata = z
  .record(text(40), freeText(500))
  .refine((given) => Object.keys(given).length <= METADATA_KEYS_MAX, `At most ${METADATA_KEYS_MAX} keys.`)
  .describe('Up to 50 keys of 40 characters with text of up to 500.');

/** How an operator's requests name it, and a box's at its operator: names, no credentials. */
export const operator = z
  .string()
  .regex(/^op_[A-Za-z0-9_-]{1,64}$/, 'The id of an operator.')
  .describe('Who signs.');
export const deviceKeyId = z
  .string()
  .regex(/^dvk_[A-Za-z0-9_-]{1,64}$/, 'The id of a device key.')
  .describe('Of a box that signs for itself.');
export const device = text(128).describe('The box’s name at its operator.');

/** An id as it may come in a path: whatever else stands there leads to nothing. */
export const pathId = z.string().max(80);
export const cursor = z
  .string()
  .min(1)
  .max(80)
  .regex(/^[A-Za-z0-9_-]+$/, 'The `next` of an earlier answer.');

export const none = z.strictObject({});
export const byId = z.strictObject({ id: pathId });

/** `limit` of lists: 1 to 100, 20 when not given. */
export const limit = z
  .string()
  .regex(/^(?:[1-9]\d?|100)$/, '1 to 100.')
  .optional()
  .transform((given) => (given === undefined ? 20 : Number(given)))
  .describe('1 to 100, 20 if not given.');
export const after = cursor.optional().describe('The `next` of the page before.');

export const time = z.iso
  .datetime({ offset: true })
  .transform((given) => Date.parse(given))
  .describe('RFC 3339.');

/** What may follow an id that was drawn here; anything else is not looked up. */
export function isId(prefix: string, id: string): boolean {
  return id.startsWith(`${prefix}_`) && /^[a-z]+_[A-Za-z0-9_-]{1,64}$/.test(id);
}
