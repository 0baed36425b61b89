import { z } from 'zod';
import type { ReachWish } from '../contracts/engine.js';
import { Problem } from '../contracts/errors.js';
import type { Mode } from '../contracts/payment.js';
import type { ApiPorts } from './ports.js';
import * as schemas from './schemas.js';

const ways = z.enum(['email', 'sms', 'ivr']);

const isWithoutDoubles = ({
  channel,
  fallback = [],
}: {
  channel: string;
  fallback?: readonly string[] | undefined;
}): boolean => new Set([channel, ...fallback]).size === fallback.length + 1;

/** How the payer is to be brought to a payment. The names of all ways are taken; what this release cannot do is refused. */
export const reachBody = z
  .strictObject({
    channel: ways.describe('In this release `email`.'),
    to: z.string().min(1).max(254).nullish().describe('The address; the one of `payer` if not given.'),
    fallback: z.array(ways).max(2).optional().describe('What to try next. In this release nothing.'),
  })
  .refine(isWithoutDoubles, { path: ['fallback'], error: 'No channel twice.' })
  .refine(({ channel, to }) => channel !== 'email' || to == null || schemas.email.safeParse(to).success, {
    path: ['to'],
    error: 'An e-mail address.',
  });

type Body = z.output<typeof reachBody>;

/**
 * Where the payer is reached. `at` is where the wish stands in the request.
 * @throws Problem 422 `channel_not_available`, `recipient_missing`
 */
export function reachWish({ channel, to, fallback = [] }: Body, ofOrder: string | null, at = ''): ReachWish {
  if (channel !== 'email') throw refusal('channel_not_available', `${at}/channel`, 'This release reaches by email.');
  if (fallback.length > 0) {
    throw refusal('channel_not_available', `${at}/fallback/0`, 'This release reaches by email and has no fallback.');
  }
  const address = to ?? ofOrder;
  if (address !== null) return { channel, to: address };
  throw refusal('recipient_missing', `${at}/to`, 'The payment has no e-mail address of its payer: give one.');
}

const PER_ADDRESS_MAX = 3;
const WINDOW_MS = 3_600_000;

/** Counts, before it is done, that somebody is written to. @throws Problem 429 `too_many_reaches` */
export async function admitReach(
  { store, clock, pseudonymOf }: Pick<ApiPorts, 'store' | 'clock' | 'pseudonymOf'>,
  mode: Mode,
  { to }: ReachWish,
): Promise<void> {
  const now = clock.now();
  const key = `reach:${mode}:${pseudonymOf(to.toLowerCase())}`;
  const { count, resetsAt } = await store.guards.raise(key, WINDOW_MS, now);
  if (count <= PER_ADDRESS_MAX) return;
  const retryAfterSeconds = Math.max(1, Math.ceil((resetsAt - now) / 1_000));
  const detail = `This address was written to ${PER_ADDRESS_MAX} times within the hour.`;
  throw new Problem(429, 'too_many_reaches', detail, { retryAfterSeconds });
}

function refusal(code: string, pointer: string, detail: string): Problem {
  return new Problem(422, code, detail, { errors: [{ pointer, code, detail }] });
}
