import type { AttemptStatus, PartsStatus, PaymentStatus } from '../contracts/payment.js';

type ChannelEvent =
  | 'email_requested'
  | `sms_${'requested' | 'sent' | 'delivered' | 'failed' | 'refused' | 'opted_out' | 'opted_in'}`
  | `call_${'requested' | 'sent' | 'delivered' | 'failed' | 'refused' | 'started'}`
  | 'device_paired'
  | 'page_opened';
type EventType =
  | 'payment.created'
  | `payment.${PaymentStatus}`
  | `attempt.${AttemptStatus}`
  | `capture.${PartsStatus}`
  | `refund.${PartsStatus}`
  | `channel.${ChannelEvent}`;

/** Every event type a merchant may hear of, and what it means: the one catalogue, shown at `/docs`. */
export const EVENT_TYPES: Readonly<Record<EventType, string>> = {
  'payment.created': 'The payment exists and waits for its payer or its first attempt.',
  'payment.requires_payment_method': 'The payer may choose an instrument, for the first time or after a decline.',
  'payment.requires_action': 'Something is asked of the payer, such as card details or an authentication.',
  'payment.processing': 'An answer is awaited from an acquirer; nothing is asked of the payer meanwhile.',
  'payment.requires_capture': 'The amount is authorized and held until it is captured or the hold ends.',
  'payment.partially_captured': 'A part of the authorized amount was taken and more of it can still be.',
  'payment.succeeded': 'The money was taken.',
  'payment.canceled': 'The payment was canceled; nothing of it is held or taken.',
  'payment.failed': 'The payment was declined for good; nothing of it is held or taken.',
  'payment.expired': 'The payment was not settled in time; nothing of it is held or taken.',
  'payment.requires_review': 'A person must decide, for instance about money that arrived after the end.',

  'attempt.requires_action': 'An attempt needs the payer to do something.',
  'attempt.processing': 'An attempt awaits an answer, or its outcome is not known yet.',
  'attempt.authorized': 'An attempt was approved and its amount is held.',
  'attempt.captured': 'The money of an attempt was taken.',
  'attempt.declined': 'An attempt was declined; the payment may still be paid by another one.',
  'attempt.voided': 'What an attempt held was released.',
  'attempt.reversed': 'An attempt was undone at the acquirer; nothing of it is held or taken.',
  'attempt.canceled': 'An attempt was left before anything was sent to an acquirer.',

  'capture.pending': 'A capture was asked for and its outcome is not known yet.',
  'capture.succeeded': 'A capture took its amount.',
  'capture.failed': 'A capture was refused; what it wanted is not taken.',
  'capture.canceled': 'A capture was given up before it was sent.',
  'capture.requires_review': 'A capture ended in a way that a person must look at.',

  'refund.pending': 'A refund was asked for and its outcome is not known yet.',
  'refund.succeeded': 'A refund gave its amount back.',
  'refund.failed': 'A refund was refused; the payer did not get this amount back.',
  'refund.canceled': 'A refund was given up before it was sent.',
  'refund.requires_review': 'A refund ended in a way that a person must look at.',

  'channel.email_requested': 'The link to the payment is being sent to the payer by e-mail.',
  'channel.call_started': 'A telephone call about the payment began.',
  'channel.call_requested': 'The payer is to be called about the payment.',
  'channel.call_sent': 'The call to the payer was placed.',
  'channel.call_delivered': 'The payer took the call.',
  'channel.call_failed': 'The call to the payer came to nothing; the next way of `fallback` is tried.',
  'channel.call_refused': 'The payer did not want to hear the call.',
  'channel.sms_requested': 'The payer is to be sent a text message about the payment.',
  'channel.sms_sent': 'The text message was handed to the network.',
  'channel.sms_delivered': 'The text message reached its telephone.',
  'channel.sms_failed': 'The text message was not sent or not delivered; the next way of `fallback` is tried.',
  'channel.sms_refused': 'The payer answered NO: the offer of that text is over, the payment stays open.',
  'channel.sms_opted_out': 'The payer wants no more text messages.',
  'channel.sms_opted_in': 'The payer wants text messages again.',
  'channel.device_paired': 'A device, such as a television, was joined to the payment.',
  'channel.page_opened': 'The page was opened on a device while a television shows the payment.',
};

/** Sent by "test" to one endpoint only: never part of the feed, so it has no position, payment or sequence. */
export const TEST_EVENT_TYPE = 'endpoint.test';
export const TEST_EVENT_MEANING = 'Sent when an endpoint is tested; tells of nothing that happened.';

/** Families that can be subscribed to as `family.*`; the last two have no types yet. */
export const EVENT_FAMILIES = ['payment', 'attempt', 'capture', 'refund', 'channel', 'mandate', 'dispute'] as const;

/** True for what an endpoint may list in `events`: an exact type of the catalogue, or a whole family as `payment.*`. */
export function isEventPattern(pattern: string): boolean {
  return Object.hasOwn(EVENT_TYPES, pattern) || EVENT_FAMILIES.some((family) => pattern === `${family}.*`);
}

/** Whether an endpoint that lists `patterns` wants events of `type`; an empty list wants all. */
export function wants(patterns: readonly string[], type: string): boolean {
  if (patterns.length === 0) return true;
  return patterns.some((pattern) =>
    pattern.endsWith('.*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type,
  );
}
