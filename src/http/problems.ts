/** What can go wrong with a request: the one table from which answers take their title and `/docs` is made. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** What the sender can do about it. */
  readonly mend: string;
}

const kind = (status: number, title: string, mend: string): ProblemKind => ({ status, title, mend });

export const PROBLEMS: Readonly<Record<string, ProblemKind>> = {
  // The request itself
  validation_failed: kind(
    400,
    'The request does not have the right shape',
    'Read `errors`: each names a place and why.',
  ),
  json_invalid: kind(400, 'The body is not JSON', 'Send one JSON object in UTF-8.'),
  json_duplicate_member: kind(400, 'A member stands twice', 'Name each member of an object once.'),
  json_forbidden_member: kind(
    400,
    'A member has a forbidden name',
    'Do not use `__proto__`, `constructor` or `prototype`.',
  ),
  json_too_deep: kind(400, 'The body is nested too deeply', 'Send the shape that the documentation shows.'),
  body_incomplete: kind(
    400,
    'The body ended early',
    'Send the whole body; with an Idempotency-Key it is safe to repeat.',
  ),
  unexpected_body: kind(400, 'This call takes no body', 'Leave the body away.'),
  body_too_large: kind(413, 'The body is too large', 'Send at most 64 kB.'),
  unsupported_media_type: kind(415, 'The body has another media type', 'Send `Content-Type: application/json`.'),
  path_invalid: kind(400, 'The path cannot be read', 'Percent-encode it as UTF-8.'),
  query_invalid: kind(400, 'The query cannot be read', 'Percent-encode it as UTF-8.'),
  parameter_repeated: kind(400, 'A query parameter stands twice', 'Name each query parameter once.'),
  cursor_invalid: kind(
    400,
    'The list has no such place',
    'Send the `next` of an earlier page of the same list, or begin without `after`.',
  ),
  too_many_parameters: kind(400, 'There are too many query parameters', 'Send those that the documentation names.'),
  idempotency_key_invalid: kind(400, 'The idempotency key cannot be used', 'Send 1 to 255 printable ASCII characters.'),
  unauthenticated: kind(401, 'The key is not valid', 'Send `Authorization: Bearer` and a key that works in this mode.'),
  too_many_failed_authentications: kind(429, 'Too many wrong keys', 'Wait as `Retry-After` says and check the key.'),
  signature_invalid: kind(
    401,
    'The request is not signed, or not now',
    'Sign it as Standard Webhooks signs, with a secret that works and a clock that is right.',
  ),
  message_replayed: kind(409, 'The message was used before', 'Sign the request again under a new `webhook-id`.'),
  operator_only: kind(403, 'A box may not do this', 'Let the middleware of its operator sign it.'),
  route_not_found: kind(404, 'There is nothing at this path', 'See the documentation for what there is.'),
  method_not_allowed: kind(405, 'This path does not take the method', 'Use one that `Allow` names.'),

  // Not found: also what belongs to another merchant or mode
  payment_not_found: kind(404, 'There is no such payment', 'Check the id, and that the key has its mode.'),
  refund_not_found: kind(404, 'There is no such refund', 'Check the id, and that the key has its mode.'),
  payer_not_found: kind(404, 'There is no such payer', 'Check the account, and that the key has its mode.'),
  stored_instrument_not_found: kind(404, 'The payer has no such instrument', 'List the instruments of the account.'),
  endpoint_not_found: kind(404, 'There is no such webhook endpoint', 'Check the id, and that the key has its mode.'),
  delivery_not_found: kind(404, 'There is no such delivery', 'Check the id, and that the key has its mode.'),
  household_not_bound: kind(403, 'The box may not name this', 'Name the box itself, and the household it is bound to.'),
  payment_code_mistyped: kind(422, 'The payment code is none', 'Let the viewer type it once more.'),
  too_many_payment_codes: kind(
    429,
    'Too many payment codes',
    'Open the payment by its id, or let the viewer go on with a telephone.',
  ),
  television_not_found: kind(404, 'There is no such session', 'Open the payment again: signed, it has its session.'),
  device_key_not_found: kind(404, 'There is no such device key', 'Check the id, and that the secret has its mode.'),
  operator_not_found: kind(404, 'There is no such operator', 'List the operators to find its id.'),
  merchant_not_found: kind(404, 'There is no such merchant', 'List the merchants to find its id.'),

  // Idempotency
  idempotency_key_reused: kind(422, 'The key was used for another request', 'Draw a new key for each new request.'),
  idempotency_key_in_use: kind(
    409,
    'The first request with this key is still running',
    'Repeat it after `Retry-After`.',
  ),

  too_many_requests_kept: kind(
    409,
    'The endpoint keeps too many idempotency keys',
    'Repeat it without an Idempotency-Key, or make a new endpoint.',
  ),

  // Making a payment
  reference_in_use: kind(
    409,
    'Another payment has this reference',
    'Use the payment named in `payment`, or cancel it.',
  ),
  currency_not_accepted: kind(422, 'The merchant does not take this currency', 'Use one of the profile, or add it.'),
  instrument_not_available: kind(422, 'The instrument is not available', 'Leave `instruments` away, or name others.'),
  channel_not_available: kind(
    422,
    'The channel is not available',
    'Leave `channels` away, or name others, with `web` among them; reach payers in a way that `errors` names.',
  ),
  recipient_missing: kind(
    422,
    'There is no address to reach the payer at',
    'Give `to`, or the payment an e-mail or a phone of its payer.',
  ),
  opted_out: kind(409, 'The number wants no texts', 'Reach the payer by `email` or `ivr`.'),
  too_many_reaches: kind(
    429,
    'Payers were reached often enough',
    'Wait as `Retry-After` says: three times an hour for one address or number, and there is a most for all texts and calls.',
  ),
  return_url_not_registered: kind(
    422,
    'The address is on no registered origin',
    'Register its origin with the merchant.',
  ),
  instrument_not_found: kind(422, 'The payer has no such instrument', 'List the instruments of `payer.account`.'),
  no_acquirer: kind(422, 'No acquirer is configured for this payment', 'Use test mode, or configure an acquirer.'),

  // What the state of a payment forbids
  payment_not_cancelable: kind(409, 'The payment cannot be canceled', 'Refund what was captured.'),
  payment_not_capturable: kind(
    409,
    'There is nothing to capture',
    'Read the payment: `amount_capturable` says how much.',
  ),
  payment_not_refundable: kind(409, 'There is nothing to refund', 'Read the payment: only captured money goes back.'),
  payment_not_open: kind(
    409,
    'The payment waits for no payer',
    'Make a new payment; read this one to see how it ended.',
  ),
  payment_not_in_review: kind(409, 'The payment waits for no decision', 'Resolve payments that are `requires_review`.'),
  multiple_captures_not_supported: kind(409, 'The acquirer captures once', 'Send `final: true`.'),
  operation_in_progress: kind(409, 'Something is under way', 'Repeat the call after `Retry-After`.'),
  amount_too_large: kind(422, 'The amount is above what is left', 'Send at most what `errors` names.'),

  // Payers
  payer_erased: kind(409, 'The payer was erased', 'Use another account: what was forgotten stays so.'),
  payer_without_email: kind(
    409,
    'The account keeps no e-mail address',
    'Set one with `PUT`, or hand the link over yourself.',
  ),
  too_many_sessions: kind(409, 'The payer has too many open sessions', 'Use one of them, or wait until one has ended.'),
  too_many_instruments: kind(409, 'The payer has too many instruments', 'Remove one first.'),
  card_not_kept: kind(409, 'The card is no longer there', 'Ask the payer for it again.'),
  purchase_code_invalid: kind(422, 'The purchase code has the wrong form', 'Use four to eight digits.'),

  // Webhooks
  url_not_allowed: kind(422, 'The address cannot be an endpoint', 'Give a public https address without credentials.'),
  unknown_event_type: kind(422, 'There is no such event type', 'Use types or families of the documentation.'),
  too_many_endpoints: kind(409, 'There are too many endpoints', 'Delete one first.'),
  too_many_secrets: kind(409, 'Too many secrets sign already', 'Rotate again when an old one has ended.'),
  endpoint_disabled: kind(409, 'The endpoint is disabled', 'Enable it first.'),

  // Merchants and operators (commands)
  merchant_invalid: kind(422, 'The profile breaks a rule', 'Read which, and mend it.'),
  operator_invalid: kind(422, 'The operator breaks a rule', 'Read which, and mend it.'),
  too_many_keys: kind(409, 'Too many keys work already', 'Rotate again when an old one has ended.'),

  // Ours
  busy: kind(503, 'Too much happens at once', 'Repeat the call after `Retry-After`.'),
  another_release: kind(
    503,
    'The payment goes on in another release',
    'Repeat the call after `Retry-After`: another process takes it.',
  ),
  store_unavailable: kind(503, 'The store does not answer', 'Repeat the call with the same Idempotency-Key.'),
  internal_error: kind(
    500,
    'Something went wrong on our side',
    'Repeat it with the same Idempotency-Key, or report `trace`.',
  ),
};
