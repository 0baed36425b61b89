import { z } from 'zod';
import { INSTRUMENTS } from '../contracts/flow.js';
import { SESSION_PURPOSES } from '../contracts/payer.js';
import { CHANNELS, PAYMENT_STATUSES } from '../contracts/payment.js';
import { REACH_CHANNELS } from '../contracts/reach.js';
import { TV_SCREENS } from '../contracts/television.js';
import { at, card, mode, sources } from './payment_shapes.js';

export { payment, refund } from './payment_shapes.js';

/** What we answer, as schemas: for the documentation, and for the tests that hold real answers against it. */

export const event = z
  .strictObject({
    id: z.string(),
    object: z.literal('event'),
    type: z.string().describe('Such as `payment.succeeded`.'),
    created_at: at,
    merchant: z.string(),
    mode,
    position: z.int().nullable().describe('Counts all events of the merchant in this mode, without gaps.'),
    payment: z.string().nullable(),
    sequence: z.int().nullable().describe('Counts the events of its payment, without gaps.'),
    data: z.record(z.string(), z.unknown()).describe('The object, without what names a person.'),
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

export const household = payer.omit({ merchant: true }).extend({ operator: z.string() }).meta({ id: 'Household' });

const deviceKeyFields = {
  id: z.string().describe('What the box sends as `device_key_id`.'),
  object: z.literal('device_key'),
  mode,
  operator: z.string(),
  device: z.string(),
  account: z.string().nullable(),
  created_at: at,
  revoked_at: at.nullable(),
};

export const deviceKey = z.strictObject(deviceKeyFields).meta({ id: 'DeviceKey' });
export const newDeviceKey = z
  .strictObject({ ...deviceKeyFields, secret: z.string().describe('What the box signs with; shown this once.') })
  .meta({ id: 'NewDeviceKey' });

const reachStatus = z.enum(['queued', 'scheduled', 'sent', 'delivered', 'failed', 'refused']);
const reachFields = { channel: z.enum(REACH_CHANNELS), to_masked: z.string().nullable(), status: reachStatus };

export const reach = z
  .strictObject({ id: z.string(), object: z.literal('reach'), mode, payment: z.string(), ...reachFields })
  .meta({ id: 'Reach' });

export const payerSession = z
  .strictObject({
    id: z.string(),
    object: z.literal('payer_session'),
    mode,
    purpose: z.enum(SESSION_PURPOSES),
    payment: z.string().nullable().describe('The payment of amount 0 that stores the card, for `add_instrument`.'),
    url: z.string().nullable().describe('Shown once: null in a replay.'),
    expires_at: at,
    reach: z.strictObject(reachFields).nullable(),
  })
  .meta({ id: 'PayerSession' });

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
    language: z.enum(['en', 'fr']),
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

/** What a television shows, and what may be done about it. */
export const screen = z
  .strictObject({
    id: z.enum(TV_SCREENS),
    kind: z.enum(['choose', 'confirm', 'enter', 'handover', 'wait', 'result']),
    title: z.string(),
    text: z.string(),
    speech: z.string().describe('What a box reads aloud.'),
    language: z.enum(['en', 'fr']),
    merchant: z.string(),
    amount_text: z.string(),
    options: z.array(z.strictObject({ key: z.string(), label: z.string() })),
    focus: z.int().nullable().describe('Index of the option with the focus.'),
    entry: z.strictObject({ digits: z.int(), secret: z.boolean(), entered: z.int() }).nullable(),
    handover: z
      .strictObject({
        code: z.string().nullable(),
        url: z.string(),
        qr: z.string().describe('The text to encode.'),
        telephone: z.string().nullable(),
      })
      .nullable(),
    expires_in: z.int().nullable().describe('Seconds.'),
    status: z.enum(PAYMENT_STATUSES),
    version: z.int().describe('Another one for each other screen; every post names the one that it answers.'),
  })
  .meta({ id: 'Screen' });

export const television = z
  .strictObject({
    session: z.string().describe('A secret: whoever has it sees the screen and presses the keys.'),
    screen,
    poll_interval: z.int().describe('Seconds until a box that does not wait looks again.'),
  })
  .meta({ id: 'Television' });

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
