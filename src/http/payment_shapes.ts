import { z } from 'zod';
import { INSTRUMENTS } from '../contracts/flow.js';
import { CHANNELS, PAYMENT_STATUSES } from '../contracts/payment.js';

/** Payments and refunds as we answer them. */

export const mode = z.enum(['test', 'live']);
export const at = z.iso.datetime();
export const sources = z.enum([...CHANNELS, 'api']);
const minorUnits = z.int().min(0);
const facts = z.record(z.string(), z.string());

export const card = z.strictObject({
  brand: z.string(),
  bin: z.string(),
  last4: z.string(),
  exp_month: z.int(),
  exp_year: z.int(),
});

const operation = z.strictObject({
  id: z.string(),
  type: z.enum(['authorize', 'capture', 'void', 'refund', 'reverse']),
  status: z.enum(['waiting', 'sent', 'approved', 'declined', 'pending', 'unknown', 'not_sent']),
  amount: minorUnits,
  acquirer_reference: z.string().nullable().describe('What the acquirer calls it.'),
  created_at: at,
});

const attempt = z.strictObject({
  id: z.string(),
  instrument: z.enum(INSTRUMENTS),
  channel: sources.describe('Where it was begun.'),
  status: z.enum([
    'requires_action',
    'processing',
    'authorized',
    'captured',
    'declined',
    'voided',
    'reversed',
    'canceled',
  ]),
  outcome: z
    .enum(['approved', 'declined', 'pending', 'unknown'])
    .nullable()
    .describe('Null while nothing was asked of an acquirer.'),
  next_check_at: at.nullable().describe('When an outcome that is not known is asked for again.'),
  amount: minorUnits,
  amount_authorized: minorUnits,
  amount_captured: minorUnits,
  amount_refunded: minorUnits,
  acquirer: z.string(),
  authorization_code: z.string().nullable().describe('The issuer’s.'),
  decline: z
    .strictObject({
      code: z.string().describe('Stable, such as `insufficient_funds`.'),
      message: z.string().describe('In the payer’s language.'),
      acquirer_code: z.string().nullable().describe('The acquirer’s own word.'),
      advice: z.enum(['retry', 'other_instrument', 'other_channel', 'stop']),
    })
    .nullable(),
  card: card.nullable(),
  authentication: z
    .strictObject({
      method: z.enum(['three_d_secure', 'purchase_code', 'sms_code', 'telephone_order', 'none']),
      result: z.string().nullable(),
      eci: z.string().nullable().describe('Electronic commerce indicator, as the scheme has it.'),
    })
    .nullable(),
  operations: z.array(operation).describe('What was asked of the acquirer, in its order.'),
});

const nextAction = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('redirect_to_url'), url: z.string() }),
  z.strictObject({
    type: z.literal('ivr_prompt'),
    telephone: z.string(),
    payment_code: z.string(),
    tel_uri: z.string(),
  }),
  z.strictObject({ type: z.literal('sms_challenge'), to_masked: z.string(), expires_at: at }),
  z.strictObject({
    type: z.literal('device_code'),
    user_code: z.string(),
    verification_uri: z.string(),
    verification_uri_complete: z.string(),
    interval: z.int(),
    expires_in: z.int(),
  }),
  z.strictObject({ type: z.literal('wait'), next_check_at: at.nullable() }),
]);

export const payment = z
  .strictObject({
    id: z.string(),
    object: z.literal('payment'),
    mode,
    merchant: z.string(),
    status: z.enum(PAYMENT_STATUSES),
    amount: minorUnits.describe('Minor units of the currency.'),
    currency: z.string(),
    amount_authorized: minorUnits,
    amount_captured: minorUnits.describe('What was taken.'),
    amount_refunded: minorUnits.describe('What was given back.'),
    amount_disputed: minorUnits,
    amount_due: minorUnits.describe('What is still to be paid while the payment is open.'),
    amount_capturable: minorUnits.describe('What can still be captured.'),
    capture_before: at.nullable().describe('When the hold ends.'),
    reference: z.string().describe('Yours.'),
    payment_code: z.string().nullable().describe('Ten digits that lead a payer to this payment, at `/link`.'),
    description: z.string().nullable().describe('Shown to the payer.'),
    capture: z.enum(['automatic', 'manual']),
    instruments: z.array(z.enum(INSTRUMENTS)),
    channels: z.array(z.enum(CHANNELS)),
    payer: z.strictObject({
      account: z.string().nullable(),
      email: z.string().nullable(),
      phone: z.string().nullable(),
      name: z.string().nullable(),
      language: z.string().nullable(),
    }),
    next_action: nextAction.nullable().describe('The first of `next_actions`.'),
    next_actions: z
      .array(nextAction)
      .describe(
        'Every way to go on that is open now, by its `type`: `redirect_to_url`, `ivr_prompt`, `sms_challenge`, `device_code` or `wait`.',
      ),
    channel: z.enum(CHANNELS).nullable().describe('Where the payer was met last.'),
    cancel_requested: z.boolean().describe('It will be canceled as soon as nothing is under way.'),
    canceled_by: z.enum(['payer', 'merchant', 'system']).nullable(),
    version: z.int().describe('Grows with every change.'),
    metadata: facts,
    created_at: at,
    updated_at: at,
    expires_at: at.describe('Until when it can be paid.'),
    review: z
      .strictObject({ reason: z.enum(['late_money', 'quarantine']) })
      .optional()
      .describe('Why a person must decide; there only with `requires_review`.'),
    attempts: z.array(attempt).describe('Every try, in its order.'),
    links: z.strictObject({
      pay: z.string().nullable().describe('The page for the payer; null until one may come.'),
      self: z.string(),
    }),
  })
  .meta({ id: 'Payment' });

export const refund = z
  .strictObject({
    id: z.string(),
    object: z.literal('refund'),
    mode,
    payment: z.string(),
    amount: minorUnits,
    currency: z.string(),
    reason: z.string().nullable(),
    reference: z.string().nullable(),
    metadata: facts,
    status: z.enum(['pending', 'succeeded', 'failed', 'canceled', 'requires_review']),
    parts: z.array(
      z.strictObject({
        attempt: z.string(),
        operation: z.string(),
        amount: minorUnits,
        status: operation.shape.status,
      }),
    ),
  })
  .meta({ id: 'Refund' });
