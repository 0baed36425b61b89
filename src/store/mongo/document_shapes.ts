import type { FreeFormPath } from './free_form.js';
import { cardFace, KEPT_ANSWERS, keptRequest } from './payment_shape.js';
import { flag, integer, integerOrNull, listOf, mode, part, partOrNull, shape, text, textOrNull } from './shapes.js';

/** All documents but payments. */

export const payerShape = shape({
  _id: text,
  revision: integer,
  schema: integer,
  owner: text,
  mode,
  account: text,
  email: textOrNull,
  phone: textOrNull,
  phoneChangedAt: integerOrNull,
  emailChangedAt: integerOrNull,
  name: textOrNull,
  language: textOrNull,
  smsConsent: partOrNull({ given: flag, at: integer }),
  instruments: listOf({
    id: text,
    token: text,
    record: textOrNull,
    instrument: text,
    face: part(cardFace),
    authenticated: flag,
    consent: partOrNull({ words: text, at: integer }),
    createdAt: integer,
  }),
  defaultInstrument: textOrNull,
  purchaseCode: partOrNull({ hash: text, setAt: integer, errors: integer, lockedUntil: integerOrNull }),
  sessions: listOf({
    id: text,
    purpose: text,
    payment: textOrNull,
    returnUrl: textOrNull,
    language: textOrNull,
    reach: textOrNull,
    createdAt: integer,
    expiresAt: integer,
  }),
  identifications: listOf({
    scope: text,
    device: text,
    code: partOrNull({ hash: text, expiresAt: integer, errors: integer }),
    knownUntil: integerOrNull,
  }),
  unfinished: partOrNull({
    destroy: listOf(text),
    tell: listOf({ what: text, about: textOrNull, to: textOrNull, revision: integer, at: integer }),
    dueAt: integer,
  }),
  erasedAt: integerOrNull,
  requests: listOf(keptRequest),
  createdAt: integer,
  updatedAt: integer,
});
export const PAYER_FREE_FORMS: readonly FreeFormPath[] = [KEPT_ANSWERS];

export const merchantShape = shape({
  _id: text,
  revision: integer,
  schema: integer,
  status: text,
  profile: part({
    displayName: text,
    language: text,
    smsName: textOrNull,
    spokenName: part({ fr: textOrNull, en: textOrNull }),
    statementDescriptor: textOrNull,
    logo: textOrNull,
    accentColour: textOrNull,
    support: part({ email: textOrNull, phone: textOrNull, url: textOrNull }),
    notificationEmail: textOrNull,
    currencies: listOf(text),
    instruments: listOf(text),
    channels: listOf(text),
    telephone: textOrNull,
    returnOrigins: listOf(text),
    lateMoney: text,
    telephoneOrders: text,
    smsConfirmLimit: text,
  }),
  keys: listOf({ id: text, mode, hash: text, createdAt: integer, endsAt: integerOrNull }),
  returnSecret: text,
  demo: flag,
  createdAt: integer,
  updatedAt: integer,
});
export const MERCHANT_FREE_FORMS: readonly FreeFormPath[] = [['profile', 'smsConfirmLimit']];

/** What a document carries for others until it is theirs: documents as JSON text, under the name of the write that put it there. */
const carried = partOrNull({ by: text, documents: text });

/** `fed` is how far the feed was when the endpoint was last told of it; `mayBeBehind` is cleared only by who has looked. */
export const endpointShape = shape({
  _id: text,
  revision: integer,
  schema: integer,
  merchant: text,
  mode,
  url: text,
  events: listOf(text),
  description: textOrNull,
  status: text,
  secrets: listOf({ sealed: text, until: integerOrNull }),
  cursor: integer,
  requests: listOf(keptRequest),
  createdAt: integer,
  updatedAt: integer,
  fed: integer,
  mayBeBehind: flag,
  carried,
});
export const ENDPOINT_FREE_FORMS: readonly FreeFormPath[] = [KEPT_ANSWERS];

export const deliveryShape = shape({
  _id: text,
  revision: integer,
  schema: integer,
  endpoint: text,
  merchant: text,
  mode,
  event: text,
  type: text,
  body: text,
  status: text,
  tries: integer,
  dueAt: integerOrNull,
  lastStatus: integerOrNull,
  lastError: textOrNull,
  createdAt: integer,
  giveUpAt: integer,
  deliveredAt: integerOrNull,
});

export const mailShape = shape({
  _id: text,
  revision: integer,
  schema: integer,
  merchant: text,
  mode,
  key: text,
  kind: text,
  audience: text,
  payment: textOrNull,
  about: textOrNull,
  payer: textOrNull,
  to: textOrNull,
  status: text,
  tries: integer,
  refusals: integer,
  dueAt: integerOrNull,
  lastError: textOrNull,
  createdAt: integer,
  giveUpAt: integer,
  sentAt: integerOrNull,
});

/**
 * What one commit told, at its place: behind position `after`, which only one can be. `_id` names payment and revision, so no
 * commit is told twice.
 */
export const feedShape = shape({
  _id: text,
  mode,
  merchant: text,
  after: integer,
  payment: text,
  events: listOf({ id: text, type: text, at: integer, sequence: integer, object: text }),
  data: text,
});

/** One merchant in one mode: how far its feed goes, and how far its mails are planned. */
export const wallShape = shape({
  _id: text,
  mode,
  merchant: text,
  head: integer,
  mailed: integer,
  isUnmailed: flag,
  carried,
});

export const codeShape = shape({ _id: text, payment: text, claimedAt: integerOrNull, freeAt: integerOrNull });
export const counterShape = shape({ _id: text, count: integer, endsAt: integer });
export const usedShape = shape({ _id: text, endsAt: integer });
export const workerShape = shape({ _id: text, publicKey: text, endsAt: integer });
export const vaultShape = shape({
  _id: text,
  kind: text,
  keyId: text,
  sealed: { type: Buffer },
  diesAt: integerOrNull,
  hadSecurityCode: flag,
});
