import { z } from 'zod';
import { isOrigin, urlOf } from './addresses.js';
import { readTvKeys, TV_KEYS } from './television_keys.js';

/** Printable text on one line. */
export const words = (max: number) =>
  z
    .string()
    .regex(new RegExp(`^[^\\p{C}\\p{Zl}\\p{Zp}]{1,${max}}$`, 'u'), `1 to ${max} printable characters on one line`);

export const ORIGIN = 'an address without path, like https://pay.example.org';
export const address = (what: string) =>
  z.string().refine((value) => /^https?:$/.test(urlOf(value)?.protocol ?? ''), {
    error: `not an address; give ${what}`,
    abort: true,
  });
export const origin = address(ORIGIN)
  .refine((value) => isOrigin(value), `only scheme, host and port may stand here; give ${ORIGIN}`)
  .transform((value) => new URL(value).origin);

export const tvKeys = z.string().transform((value, context) => {
  const codes = readTvKeys(value);
  if (codes !== null) return codes;
  context.addIssue({ code: 'custom', message: `not key codes; give ${TV_KEYS}` });
  return z.NEVER;
});
