import { z } from 'zod';
import { INSTRUMENTS } from '../contracts/flow.js';
import { CHANNELS, PAYMENT_STATUSES } from '../contracts/payment.js';

/** What we answer, as schemas: for the documentation, and for the tests that hold real answers against it. */

const mode = z.enum(['test', 'live']);
const at = z.iso.datetime();
const minorUnits = z.int().min(0);
const sources = z.enum([...CHANNELS, 'api']);
const facts = z.record(z.string(), z.string());

const card = z.strictObject({
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

export const event = z
  .strictObject({
    id: z.string(),
    object: z.literal('event'),
    type: z.string(),
    created_at: at,
    merchant: z.string(),
    mode,
    position: z.int().nullable(),
    payment: z.string().nullable(),
    sequence: z.int().nullable(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Event' });

export const timeline = z
  .strictObject({
    object: z.literal('timeline'),
    payment: z.string(),
    status: z.enum(PAYMENT_STATUSES),
    language: z.enum(['en', 'fr']),
    data: z.array(
      z.strictObject({
        at,
        type: z.string(),
        channel: sources.nullable(),
        reason: z.string().nullable(),
        text: z.string(),
      }),
    ),
    next: z
      .strictObject({ at: at.nullable(), type: z.enum(['pay', 'check', 'capture', 'review']), text: z.string() })
      .nullable(),
  })
  .meta({ id: 'Timeline' });

const instrument = z
  .strictObject({
    id: z.string(),
    object: z.literal('instrument'),
    token: z.string(),
    instrument: z.literal('card'),
    default: z.boolean(),
    card,
    authenticated: z.boolean(),
    created_at: at,
  })
  .meta({ id: 'Instrument' });

export const payer = z
  .strictObject({
    id: z.string(),
    object: z.literal('payer'),
    mode,
    merchant: z.string(),
    account: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    name: z.string().nullable(),
    language: z.string().nullable(),
    sms_consent: z.strictObject({ given: z.boolean(), at }).nullable(),
    instruments: z.array(instrument),
    default_instrument: z.string().nullable(),
    purchase_code_set: z.boolean(),
    erased_at: at.nullable(),
    created_at: at,
    updated_at: at,
  })
  .meta({ id: 'Payer' });

export const instruments = z.strictObject({ data: z.array(instrument), next: z.string().nullable() });

export const endpoint = z
  .strictObject({
    id: z.string(),
    object: z.literal('webhook_endpoint'),
    mode,
    merchant: z.string(),
    url: z.string(),
    events: z.array(z.string()),
    description: z.string().nullable(),
    status: z.enum(['enabled', 'disabled', 'deleted']),
    created_at: at,
    updated_at: at,
    secret: z.string().optional().describe('Shown once: when the endpoint is made, and when its secret is rotated.'),
  })
  .meta({ id: 'WebhookEndpoint' });

export const delivery = z
  .strictObject({
    id: z.string(),
    object: z.literal('webhook_delivery'),
    mode,
    merchant: z.string(),
    endpoint: z.string(),
    event: z.string(),
    type: z.string(),
    status: z.enum(['waiting', 'delivered', 'parked', 'dropped']),
    tries: z.int(),
    next_try_at: at.nullable(),
    last_status: z.int().nullable(),
    last_error: z.string().nullable(),
    created_at: at.nullable(),
    gives_up_at: at.nullable(),
    delivered_at: at.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });

export const merchant = z
  .strictObject({
    id: z.string(),
    object: z.literal('merchant'),
    mode,
    status: z.enum(['enabled', 'disabled']),
    display_name: z.string(),
    sms_name: z.string().nullable(),
    spoken_name: z.strictObject({ fr: z.string().nullable(), en: z.string().nullable() }),
    statement_descriptor: z.string().nullable(),
    logo: z.string().nullable(),
    accent_colour: z.string().nullable(),
    support: z.strictObject({
      email: z.string().nullable(),
      phone: z.string().nullable(),
      url: z.string().nullable(),
    }),
    notification_email: z.string().nullable(),
    currencies: z.array(z.string()),
    instruments: z.array(z.enum(INSTRUMENTS)),
    channels: z.array(z.enum(CHANNELS)),
    telephone: z.string().nullable(),
    return_origins: z.array(z.string()),
    late_money: z.enum(['return', 'keep', 'review']),
    telephone_orders: z.enum(['begun_by_phone', 'any', 'never']),
    sms_confirm_limit: z.record(z.string(), z.int()),
    created_at: at,
    updated_at: at,
  })
  .meta({ id: 'Merchant' });

export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    errors: z
      .array(z.strictObject({ pointer: z.string(), code: z.string(), detail: z.string() }))
      .optional()
      .describe('Places in the body as JSON pointers, or names of query parameters.'),
  })
  .meta({ id: 'Problem' });

/** A page of a list; `next` is the value for `after`, null at the end. */
export const pageOf = <S extends z.ZodType>(item: S) =>
  z.strictObject({ data: z.array(item), next: z.string().nullable() });

/** A page of the feed: there is always a next one, for events go on. */
export const feedPage = z.strictObject({ data: z.array(event), next: z.string() });
