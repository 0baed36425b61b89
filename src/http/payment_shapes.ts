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
  acquirer_reference: z.string().nullable(),
  created_at: at,
});

const attempt = z.strictObject({
  id: z.string(),
  instrument: z.enum(INSTRUMENTS),
  channel: sources,
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
  outcome: z.enum(['approved', 'declined', 'pending', 'unknown']).nullable(),
  next_check_at: at.nullable(),
  amount: minorUnits,
  amount_authorized: minorUnits,
  amount_captured: minorUnits,
  amount_refunded: minorUnits,
  acquirer: z.string(),
  authorization_code: z.string().nullable(),
  decline: z
    .strictObject({
      code: z.string(),
      message: z.string(),
      acquirer_code: z.string().nullable(),
      advice: z.enum(['retry', 'other_instrument', 'other_channel', 'stop']),
    })
    .nullable(),
  card: card.nullable(),
  authentication: z
    .strictObject({
      method: z.enum(['three_d_secure', 'purchase_code', 'sms_code', 'telephone_order', 'none']),
      result: z.string().nullable(),
      eci: z.string().nullable(),
    })
    .nullable(),
  operations: z.array(operation),
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
    amount: minorUnits,
    currency: z.string(),
    amount_authorized: minorUnits,
    amount_captured: minorUnits,
    amount_refunded: minorUnits,
    amount_disputed: minorUnits,
    amount_due: minorUnits,
    amount_capturable: minorUnits,
    capture_before: at.nullable(),
    reference: z.string(),
    payment_code: z.string().nullable(),
    description: z.string().nullable(),
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
    next_action: nextAction.nullable(),
    next_actions: z.array(nextAction),
    channel: z.enum(CHANNELS).nullable(),
    cancel_requested: z.boolean(),
    canceled_by: z.enum(['payer', 'merchant', 'system']).nullable(),
    version: z.int(),
    metadata: facts,
    created_at: at,
    updated_at: at,
    expires_at: at,
    review: z.strictObject({ reason: z.enum(['late_money', 'quarantine']) }).optional(),
    attempts: z.array(attempt),
    links: z.strictObject({ pay: z.string().nullable(), self: z.string() }),
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
