import { PAYMENT_STATUSES } from '../../contracts/payment.js';
import type { FreeFormPath } from './free_form.js';
import {
  flag,
  integer,
  integerOrNull,
  listOf,
  mode,
  oneOf,
  part,
  partOrNull,
  shape,
  text,
  textOrNull,
} from './shapes.js';

/** A request with an idempotency key, as every aggregate keeps it. */
export const keptRequest = {
  key: text,
  fingerprint: text,
  target: text,
  deadline: integer,
  answer: partOrNull({ status: integer, body: text }),
};
export const KEPT_ANSWERS: FreeFormPath = ['requests', '*', 'answer', 'body'];

/** What may be shown of a card. */
export const cardFace = {
  brand: text,
  bin: text,
  last4: text,
  expMonth: integer,
  expYear: integer,
  fingerprint: text,
};

const decline = { code: text, acquirerCode: textOrNull, advice: text };

const operation = {
  id: text,
  type: text,
  amount: integer,
  variant: textOrNull,
  serves: textOrNull,
  follows: textOrNull,
  status: text,
  asking: textOrNull,
  calls: integer,
  sends: integer,
  doubts: integer,
  nextAt: integerOrNull,
  horizonAt: integerOrNull,
  contradicted: flag,
  actual: integerOrNull,
  reversed: flag,
  captured: flag,
  reference: textOrNull,
  decline: partOrNull(decline),
  createdAt: integer,
  settledAt: integerOrNull,
};

const browser = {
  acceptHeader: text,
  userAgent: text,
  ip: textOrNull,
  language: textOrNull,
  javascriptEnabled: flag,
  colorDepth: integerOrNull,
  screenHeight: integerOrNull,
  screenWidth: integerOrNull,
  timezoneOffset: integerOrNull,
};

const authentication = {
  id: text,
  state: text,
  calls: integer,
  nextAt: integerOrNull,
  deviceCheck: textOrNull,
  follow: partOrNull({ url: text, data: text }),
  proof: partOrNull({
    method: text,
    result: text,
    eci: textOrNull,
    value: textOrNull,
    directoryServerTransaction: textOrNull,
    version: textOrNull,
  }),
};

const attempt = {
  id: text,
  instrument: text,
  channel: text,
  amount: integer,
  createdAt: integer,
  flow: partOrNull({ name: text, version: integer, snapshot: text }),
  step: integer,
  prompt: textOrNull,
  deadlineAt: integerOrNull,
  status: text,
  end: textOrNull,
  late: textOrNull,
  acquirer: text,
  initiator: text,
  card: textOrNull,
  stored: flag,
  save: partOrNull({
    consent: part({ words: text, at: integer }),
    state: text,
    tries: integer,
    nextAt: integerOrNull,
  }),
  face: partOrNull(cardFace),
  device: partOrNull({ id: text, browser: partOrNull(browser) }),
  authentication: partOrNull(authentication),
  decline: partOrNull(decline),
  operations: listOf(operation),
  authorizationCode: textOrNull,
  captureBefore: integerOrNull,
};

const way = { channel: text, to: textOrNull };

const parts = listOf({ attempt: text, operation: text, amount: integer });

/**
 * One payment, one document. Beside the aggregate stand what it is found by (`found`), the sweeper's `strikes`, and its
 * `outbox`: what each commit told and what must follow from it elsewhere, until the drain has seen to it.
 */
export const paymentShape = shape({
  _id: text,
  revision: integer,
  schema: integer,
  mode,
  merchant: text,
  amount: integer,
  currency: text,
  reference: text,
  description: textOrNull,
  capture: text,
  instruments: listOf(text),
  channels: listOf(text),
  payer: part({
    account: textOrNull,
    email: textOrNull,
    phone: textOrNull,
    name: textOrNull,
    language: textOrNull,
  }),
  origin: text,
  returnUrl: textOrNull,
  cancelUrl: textOrNull,
  metadata: text,
  payWith: partOrNull({ reason: text }),
  terms: part({
    lateMoney: text,
    merchantName: text,
    statementDescriptor: textOrNull,
    attemptsMax: integer,
    telephoneOrders: textOrNull,
    telephone: textOrNull,
  }),
  status: oneOf(PAYMENT_STATUSES),
  openReference: textOrNull,
  code: textOrNull,
  generation: integerOrNull,
  expiresAt: integer,
  extensions: integer,
  wish: partOrNull({ to: text, by: text, channel: textOrNull, at: integer }),
  canceledBy: textOrNull,
  channel: textOrNull,
  attempts: listOf(attempt),
  captures: listOf({
    id: text,
    amount: integer,
    final: flag,
    automatic: flag,
    status: text,
    parts,
    createdAt: integer,
  }),
  refunds: listOf({
    id: text,
    amount: integer,
    reason: textOrNull,
    reference: textOrNull,
    metadata: text,
    status: text,
    parts,
    createdAt: integer,
  }),
  reaches: listOf({
    id: text,
    channel: text,
    to: textOrNull,
    createdAt: integer,
    // Absent in payments of the release that reached by e-mail alone.
    fallback: { type: [shape(way)], default: undefined },
    step: integerOrNull,
    status: textOrNull,
    tries: integerOrNull,
    dueAt: integerOrNull,
    answerBy: integerOrNull,
  }),
  requests: listOf(keptRequest),
  events: listOf({ id: text, type: text, sequence: integer, at: integer, about: textOrNull, note: textOrNull }),
  review: partOrNull({ reason: text, detail: text, attempt: textOrNull, at: integer }),
  sender: textOrNull,
  dueAt: integerOrNull,
  createdAt: integer,
  updatedAt: integer,
  found: part({ place: text, instrument: textOrNull }),
  strikes: integer,
  outbox: listOf({
    id: text,
    at: integer,
    events: listOf({ id: text, type: text, at: integer, sequence: integer, object: text }),
    data: text,
    claims: listOf(text),
    releases: listOf(text),
    code: partOrNull({ code: text, freeAt: integer }),
  }),
});

export const PAYMENT_FREE_FORMS: readonly FreeFormPath[] = [
  ['metadata'],
  ['attempts', '*', 'flow', 'snapshot'],
  ['attempts', '*', 'prompt'],
  ['refunds', '*', 'metadata'],
  KEPT_ANSWERS,
];
