import { z } from 'zod';
import type { ReachWish } from '../contracts/engine.js';
import { Problem } from '../contracts/errors.js';
import { whyNever } from '../contracts/numbers.js';
import { wantsNoTexts } from '../contracts/payer.js';
import type { PayerDetails, Payment } from '../contracts/payment.js';
import { REACH_CHANNELS, type ReachChannel, type ReachWay } from '../contracts/reach.js';
import {
  addressCounter,
  merchantCounter,
  REACH_WINDOW_MS,
  REACHES_PER_ADDRESS_MAX,
} from '../contracts/reach_limits.js';
import type { ApiPorts } from './ports.js';
import * as schemas from './schemas.js';

const ways = z.enum(REACH_CHANNELS);

const isWithoutDoubles = ({
  channel,
  fallback = [],
}: {
  channel: string;
  fallback?: readonly string[] | undefined;
}): boolean => new Set([channel, ...fallback]).size === fallback.length + 1;

/** How the payer is to be brought to a payment. */
export const reachBody = z
  .strictObject({
    channel: ways.describe('Mail the link, send the text, or place the call.'),
    to: z
      .string()
      .min(1)
      .max(254)
      .nullish()
      .describe('The e-mail address, or the number in E.164; that of the payer if not given.'),
    fallback: z
      .array(ways)
      .max(2)
      .optional()
      .describe('What to try next, in this order, when a text or a call comes to nothing.'),
  })
  .refine(isWithoutDoubles, { path: ['fallback'], error: 'No channel twice.' })
  .refine(({ channel, to }) => to == null || isAddressFor(channel, to), {
    path: ['to'],
    error: 'An e-mail address for `email`, a number in E.164 for `sms` and `ivr`.',
  });

function isAddressFor(channel: ReachChannel, to: string): boolean {
  return (channel === 'email' ? schemas.email : schemas.phone).safeParse(to).success;
}

type Body = z.output<typeof reachBody>;

/** The payment that somebody is brought to. */
interface Order extends Pick<Payment, 'merchant' | 'mode' | 'channels'> {
  readonly payer: Pick<PayerDetails, 'account' | 'email' | 'phone'>;
}

/**
 * Where the payer is reached, each way with its address. `at` is where the wish stands in the request.
 * @throws Problem 422 `channel_not_available`, `recipient_missing`, `number_not_reachable`; 409 `opted_out`
 */
export async function reachWish(
  ports: Pick<ApiPorts, 'payers' | 'reachChannels' | 'consents'>,
  { channel, to, fallback = [] }: Body,
  order: Order,
  at = '',
): Promise<ReachWish> {
  const { merchant: owner, mode, payer } = order;
  const account = payer.account === null ? null : await ports.payers.find({ owner, mode, account: payer.account });
  const phone = (channel === 'email' ? null : to) ?? payer.phone ?? account?.phone ?? null;
  const email = (channel === 'email' ? to : null) ?? payer.email;
  const wayOf = (one: ReachChannel, index: number): ReachWay & { readonly to: string } => {
    const pointer = index === 0 ? `${at}/channel` : `${at}/fallback/${index - 1}`;
    if (!isAvailable(one, order, ports.reachChannels)) throw notAvailable(pointer, one, ports.reachChannels);
    const address = one === 'email' ? email : phone;
    if (address !== null) return { channel: one, to: address };
    const detail = `The payment has no ${one === 'email' ? 'e-mail address' : 'telephone number'} of its payer.`;
    throw refusal('recipient_missing', index === 0 ? `${at}/to` : pointer, `${detail} Give one.`);
  };
  const first = wayOf(channel, 0);
  const others = fallback.map((one, index) => wayOf(one, index + 1));
  const [never, ...nevers] = [first, ...others].map(whyHopeless);
  // Where another way is left, it is taken by itself.
  const isLast = !nevers.includes(null);
  if (never != null && isLast) throw refusal('number_not_reachable', `${at}/to`, `${NEVER[never]} Name another way.`);
  if (channel === 'sms' && isLast) {
    if (wantsNoTexts(account, first.to) || (await ports.consents.optedOutAt(first.to, 'payment')) !== null) {
      throw new Problem(409, 'opted_out', 'Whoever has this number wants no texts: reach them in another way.');
    }
  }
  return { ...first, fallback: others };
}

/** Why the number itself rules a way out; null where it may be taken. */
const whyHopeless = ({ channel, to }: ReachWay & { readonly to: string }) =>
  channel === 'email' ? null : whyNever(channel, to);

const NEVER = {
  premium_number: 'This number costs more than a call: it is neither called nor texted.',
  hours_unknown: 'It is not known here whether it is night at this number: it is not called.',
  landline: 'This number is a landline: it takes no texts.',
} as const;

/** A call needs a payment that may be paid by telephone; a text may carry the link to the page. */
function isAvailable(channel: ReachChannel, { channels }: Order, reachable: readonly ReachChannel[]): boolean {
  return reachable.includes(channel) && (channel !== 'ivr' || channels.includes('ivr'));
}

function notAvailable(pointer: string, channel: ReachChannel, reachable: readonly ReachChannel[]): Problem {
  const detail = reachable.includes(channel)
    ? 'This payment is not paid by telephone: `ivr` is not among its channels.'
    : `Payers are reached by ${reachable.join(', ')} here.`;
  return refusal('channel_not_available', pointer, detail);
}

/**
 * Counts, before it is done, that somebody is reached: for the address or number, and where it may come to a text or a call, for
 * the merchant too.
 * @throws Problem 429 `too_many_reaches`
 */
export async function admitReach(
  { store, clock, pseudonymOf, reachesPerHour }: Pick<ApiPorts, 'store' | 'clock' | 'pseudonymOf' | 'reachesPerHour'>,
  { merchant, mode }: Pick<Payment, 'merchant' | 'mode'>,
  { to, channel, fallback = [] }: Pick<ReachWish, 'to' | 'channel' | 'fallback'>,
): Promise<void> {
  const { guards } = store;
  const now = clock.now();
  const address = addressCounter(mode, pseudonymOf(to.toLowerCase()));
  const ofAddress = await guards.raise(address, REACH_WINDOW_MS, now);
  if (ofAddress.count > REACHES_PER_ADDRESS_MAX) {
    throw tooMany(
      `This address or number was reached ${REACHES_PER_ADDRESS_MAX} times within the hour.`,
      ofAddress,
      now,
    );
  }
  const isByTelephone = [channel, ...fallback.map((way) => way.channel)].some((way) => way !== 'email');
  if (!isByTelephone) return;
  const most = reachesPerHour[mode];
  const ofMerchant = await guards.raise(merchantCounter(mode, merchant), REACH_WINDOW_MS, now);
  if (ofMerchant.count <= most) return;
  await guards.lower(address, now);
  throw tooMany(
    `You have asked for ${most} texts and calls within the hour, the most in ${mode} mode.`,
    ofMerchant,
    now,
  );
}

function tooMany(detail: string, { resetsAt }: { readonly resetsAt: number }, now: number): Problem {
  const retryAfterSeconds = Math.max(1, Math.ceil((resetsAt - now) / 1_000));
  return new Problem(429, 'too_many_reaches', detail, { retryAfterSeconds });
}

function refusal(code: string, pointer: string, detail: string): Problem {
  return new Problem(422, code, detail, { errors: [{ pointer, code, detail }] });
}
