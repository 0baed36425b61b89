import { z } from 'zod';
import type { NewPayment, NewRequest, ReachWish } from '../contracts/engine.js';
import { Problem } from '../contracts/errors.js';
import type { Merchant } from '../contracts/merchant.js';
import { recordOf } from '../contracts/payer.js';
import type { ChannelName } from '../contracts/payment.js';
import type { CardFace } from '../contracts/vault.js';
import { isOnOrigin } from '../merchants/origins.js';
import type { Caller } from './authenticate.js';
import type { ApiPorts } from './ports.js';
import { reachBody, reachWish } from './reaching.js';
import { REQUEST_MS } from './route.js';
import * as schemas from './schemas.js';

const DAY_SECONDS = 86_400;

/** Where a payer of any other channel is sent for what that cannot ask; the others add a payment code. */
const WHERE_PAYERS_ARE_MET: ChannelName = 'web';

const isWithoutDoubles = (values: readonly string[]): boolean => new Set(values).size === values.length;
const some = <S extends z.ZodType<string>>(one: S) =>
  z.array(one).min(1).max(16).refine(isWithoutDoubles, 'No value twice.').optional();

const payer = z.strictObject({
  account: schemas.account.nullish(),
  email: schemas.email.nullish(),
  phone: schemas.phone.nullish(),
  name: schemas.text(200).nullish(),
  language: schemas.language.nullish(),
});

export const newPaymentBody = z
  .strictObject({
    amount: schemas.amount,
    currency: schemas.currency,
    reference: schemas.reference.describe('Unique among your payments that are open or paid.'),
    description: schemas.text(255).nullish().describe('Shown to the payer.'),
    capture: z.enum(['automatic', 'manual']).optional().describe('`manual` holds the money until you capture it.'),
    instruments: some(schemas.instrument).describe('All that you accept, if not given.'),
    channels: some(schemas.channel).describe(
      'All that you accept, if not given. In this release `web` must be among them.',
    ),
    payer: payer.optional(),
    return_url: schemas.webAddress.nullish().describe('On a registered origin.'),
    cancel_url: schemas.webAddress.nullish().describe('On a registered origin; `return_url` if not given.'),
    expires_in: z
      .int()
      .min(60)
      .max(90 * DAY_SECONDS)
      .optional()
      .describe('Seconds; a day if not given.'),
    metadata: schemas.metadata.optional(),
    origin: z.enum(['web', 'telephone', 'mail', 'tv']).optional().describe('Where the customer ordered.'),
    pay_with: z
      .string()
      .regex(/^tok_[A-Za-z0-9_-]{1,64}$/, 'A token of a stored instrument.')
      .nullish()
      .describe('A stored instrument of `payer.account`: pays at once.'),
    reason: z.enum(['unscheduled', 'recurring', 'payer_present']).nullish().describe('Why, with `pay_with`.'),
    reach: reachBody.nullish().describe('Send the payer the link at once; not with `pay_with`.'),
  })
  .refine((body) => body.reason == null || body.pay_with != null, { path: ['reason'], error: 'Only with `pay_with`.' })
  .refine((body) => body.reach == null || body.pay_with == null, { path: ['reach'], error: 'Not with `pay_with`.' });

type Body = z.output<typeof newPaymentBody>;

/** The sandbox's own stored cards, in test mode. */
const SANDBOX_TOKENS: ReadonlySet<string> = new Set([
  'tok_sandbox_approve',
  'tok_sandbox_decline',
  'tok_sandbox_insufficient_funds',
  'tok_sandbox_authentication_required',
]);

type NewPaymentPorts = Pick<
  ApiPorts,
  'payers' | 'acquirerFor' | 'instruments' | 'channels' | 'attemptsMax' | 'ids' | 'reachChannels' | 'consents'
>;

/**
 * What the engine is asked to make, from a body of the right shape.
 * @throws Problem 422 for what this merchant, mode or release does not have
 */
export async function newPayment(
  ports: NewPaymentPorts,
  { caller, body, now }: { caller: Caller; body: Body; now: number },
  request: NewRequest | null,
): Promise<NewPayment> {
  const { merchant, mode } = caller;
  const { profile } = merchant;
  if (!profile.currencies.includes(body.currency)) {
    throw refusal('currency_not_accepted', '/currency', `You accept ${profile.currencies.join(', ')}.`);
  }
  const instruments = chosen('instrument', body.instruments, profile.instruments, ports.instruments);
  const channels = chosen('channel', body.channels, profile.channels, ports.channels);
  if (!channels.includes(WHERE_PAYERS_ARE_MET)) {
    const detail = 'Add `web`: a payer whose bank asks more than a telephone can answer is sent to the page.';
    throw refusal('channel_not_available', '/channels', detail);
  }
  const reach = body.reach == null ? null : await wishOf(ports, caller, body, body.reach, channels);
  const returnUrl = wayBack(merchant, '/return_url', body.return_url);
  const cancelUrl = wayBack(merchant, '/cancel_url', body.cancel_url) ?? returnUrl;
  for (const instrument of instruments) {
    if (ports.acquirerFor({ mode, merchant: merchant.id, currency: body.currency, instrument }) !== null) continue;
    throw refusal('no_acquirer', null, `No acquirer takes ${instrument} in ${body.currency} in ${mode} mode.`);
  }
  return {
    id: ports.ids.next('pay'),
    mode,
    merchant: merchant.id,
    amount: body.amount,
    currency: body.currency,
    reference: body.reference,
    description: body.description ?? null,
    capture: body.capture ?? 'automatic',
    instruments,
    channels,
    payer: {
      account: body.payer?.account ?? null,
      email: body.payer?.email ?? null,
      phone: body.payer?.phone ?? null,
      name: body.payer?.name ?? null,
      language: body.payer?.language ?? null,
    },
    origin: body.origin ?? 'web',
    returnUrl,
    cancelUrl,
    metadata: body.metadata ?? {},
    terms: {
      lateMoney: profile.lateMoney,
      merchantName: profile.displayName,
      statementDescriptor: profile.statementDescriptor,
      attemptsMax: ports.attemptsMax,
      telephoneOrders: profile.telephoneOrders,
      telephone: profile.telephone,
    },
    expiresAt: now + (body.expires_in ?? DAY_SECONDS) * 1_000,
    ...(reach !== null && { reach }),
    payWith: await payWith(ports.payers, caller, body),
    request,
    deadline: now + REQUEST_MS,
  };
}

function wishOf(
  ports: NewPaymentPorts,
  { merchant, mode }: Caller,
  { payer: { account = null, email = null, phone = null } = {} }: Body,
  reach: NonNullable<Body['reach']>,
  channels: readonly ChannelName[],
): Promise<ReachWish> {
  const order = { merchant: merchant.id, mode, channels, payer: { account, email, phone } };
  return reachWish(ports, reach, order, '/reach');
}

async function payWith(
  payers: Pick<ApiPorts['payers'], 'find'>,
  { merchant, mode }: Caller,
  body: Body,
): Promise<NewPayment['payWith']> {
  const { pay_with: token } = body;
  if (token == null) return null;
  const reason = body.reason ?? 'unscheduled';
  if (mode === 'test' && SANDBOX_TOKENS.has(token)) return { reason, token, face: sandboxFace(token) };
  const account = body.payer?.account ?? null;
  const payer = account === null ? null : await payers.find({ owner: merchant.id, mode, account });
  const stored = payer?.instruments.find((instrument) => instrument.token === token);
  if (stored !== undefined) return { reason, token: recordOf(stored), face: stored.face };
  throw refusal('instrument_not_found', '/pay_with', 'It is no stored instrument of `payer.account`.');
}

/** What is shown of a card that exists in the sandbox only. */
function sandboxFace(token: string): CardFace {
  return { brand: 'visa', bin: '424242', last4: '4242', expMonth: 12, expYear: 2034, fingerprint: `sandbox.${token}` };
}

/** What was asked for where the merchant accepts it and this release has it; all of that when nothing was asked. */
function chosen<T extends string>(
  what: 'instrument' | 'channel',
  asked: readonly T[] | undefined,
  accepted: readonly T[],
  available: readonly T[],
): readonly T[] {
  const possible = accepted.filter((one) => available.includes(one));
  const missing = asked?.find((one) => !possible.includes(one));
  if (missing === undefined && possible.length > 0) return asked ?? possible;
  const detail = possible.length === 0 ? `There is no ${what} to choose.` : `Choose from ${possible.join(', ')}.`;
  throw refusal(`${what}_not_available`, `/${what}s`, detail);
}

/** An address on a registered origin. It is checked again when somebody is sent there. */
export function wayBack(
  { profile, demo }: Merchant,
  pointer: string,
  address: string | null | undefined,
): string | null {
  if (address == null) return null;
  if (isOnOrigin(address, profile.returnOrigins, demo)) return address;
  throw refusal('return_url_not_registered', pointer, 'Its origin is not registered with the merchant.');
}

function refusal(code: string, pointer: string | null, detail: string): Problem {
  return new Problem(422, code, detail, pointer === null ? {} : { errors: [{ pointer, code, detail }] });
}
