import type { Connection, IndexDefinition, IndexOptions, Model } from 'mongoose';
import * as shapes from './document_shapes.js';
import { paymentShape } from './payment_shape.js';
import type { Shape } from './shapes.js';
import { deviceKeyShape, operatorShape, tvSessionShape } from './television_shapes.js';
import { consentShape, textShape } from './text_shapes.js';

/** A document as it is stored. */
export interface Stored {
  readonly _id: string;
  readonly [name: string]: unknown;
}
export type Collection = Model<Stored>;

const isSet = (name: string) => ({ partialFilterExpression: { [name]: { $exists: true } } });
const isText = (name: string) => ({ partialFilterExpression: { [name]: { $gte: '' } } });
const isTime = (name: string) => ({ partialFilterExpression: { [name]: { $gt: 0 } } });
const isTrue = (name: string) => ({ partialFilterExpression: { [name]: true } });
const unique = { unique: true } as const;

type Index = readonly [fields: IndexDefinition, options?: IndexOptions];

/**
 * Every index: one for each uniqueness the product promises (within a mode and merchant, mode first; payment codes within
 * all), one for each kind of due work, one for each list. `mongo_plans.test.ts` holds that each is used.
 */
const INDEXES = {
  payments: [
    [
      { mode: 1, merchant: 1, 'requests.key': 1 },
      { ...unique, ...isSet('requests.key') },
    ],
    [
      { mode: 1, merchant: 1, openReference: 1 },
      { ...unique, ...isText('openReference') },
    ],
    [{ 'refunds.id': 1 }, isSet('refunds.id')],
    [{ dueAt: 1 }, isTime('dueAt')],
    [{ mode: 1, merchant: 1, 'outbox.at': 1 }, isSet('outbox.at')],
    // The filters of a list ride along, so that those who do not match are passed over without being read.
    [{ mode: 1, merchant: 1, 'found.place': 1, status: 1, channel: 1, 'found.instrument': 1 }],
    [{ mode: 1, merchant: 1, status: 1, 'found.place': 1, channel: 1, 'found.instrument': 1 }],
    [{ mode: 1, merchant: 1, reference: 1, 'found.place': 1 }],
    [{ mode: 1, merchant: 1, 'payer.account': 1, 'found.place': 1 }, isText('payer.account')],
  ],
  payers: [
    [{ 'purchaseCode.hash': 1 }, isText('purchaseCode.hash')],
    [{ mode: 1, owner: 1, account: 1 }, unique],
    [
      { mode: 1, owner: 1, 'requests.key': 1 },
      { ...unique, ...isSet('requests.key') },
    ],
    [{ mode: 1, owner: 1, 'instruments.token': 1, _id: 1 }, isSet('instruments.token')],
    [{ 'unfinished.dueAt': 1 }, isTime('unfinished.dueAt')],
  ],
  merchants: [[{ 'keys.hash': 1 }, { ...unique, ...isSet('keys.hash') }]],
  endpoints: [
    [{ mode: 1, merchant: 1, status: 1 }],
    [
      { mode: 1, merchant: 1, 'requests.key': 1 },
      { ...unique, ...isSet('requests.key') },
    ],
    [{ mayBeBehind: 1, _id: 1 }, isTrue('mayBeBehind')],
    [{ 'carried.by': 1 }, isSet('carried.by')],
  ],
  deliveries: [
    [{ endpoint: 1, event: 1 }, unique],
    [{ endpoint: 1, _id: 1 }],
    // The endpoint rides along, so that those of a slow one are passed over without being read.
    [{ dueAt: 1, endpoint: 1 }, isTime('dueAt')],
  ],
  mails: [
    [{ key: 1 }, unique],
    [{ dueAt: 1 }, isTime('dueAt')],
    [{ payment: 1, _id: 1 }, isText('payment')],
  ],
  texts: [
    [{ key: 1 }, unique],
    [{ dueAt: 1 }, isTime('dueAt')],
    [{ payment: 1, _id: 1 }],
    [{ number: 1, _id: 1 }, isText('number')],
  ],
  consents: [],
  operators: [],
  device_keys: [
    [{ mode: 1, operator: 1, device: 1, sequence: 1 }, unique],
    [{ mode: 1, operator: 1, _id: 1 }],
    [{ revokedAt: 1, sealed: 1 }],
  ],
  tv_sessions: [[{ endsAt: 1 }]],
  feed: [[{ mode: 1, merchant: 1, after: 1 }, unique], [{ payment: 1, after: 1 }]],
  walls: [
    [{ isUnmailed: 1 }, isTrue('isUnmailed')],
    [{ 'carried.by': 1 }, isSet('carried.by')],
  ],
  codes: [
    [{ claimedAt: 1 }, isTime('claimedAt')],
    [{ freeAt: 1 }, isTime('freeAt')],
  ],
  counters: [[{ endsAt: 1 }]],
  used: [[{ endsAt: 1 }]],
  workers: [[{ endsAt: 1 }]],
  vault: [[{ diesAt: 1 }, isTime('diesAt')], [{ keyId: 1 }]],
} as const satisfies Record<string, readonly Index[]>;

export type CollectionName = keyof typeof INDEXES;
export type Collections = Readonly<Record<CollectionName, Collection>>;

const SHAPES: Readonly<Record<CollectionName, Shape>> = {
  payments: paymentShape,
  payers: shapes.payerShape,
  merchants: shapes.merchantShape,
  endpoints: shapes.endpointShape,
  deliveries: shapes.deliveryShape,
  mails: shapes.mailShape,
  texts: textShape,
  consents: consentShape,
  operators: operatorShape,
  device_keys: deviceKeyShape,
  tv_sessions: tvSessionShape,
  feed: shapes.feedShape,
  walls: shapes.wallShape,
  codes: shapes.codeShape,
  counters: shapes.counterShape,
  used: shapes.usedShape,
  workers: shapes.workerShape,
  vault: shapes.vaultShape,
};

/**
 * What has not ended and is not in a person's hands must come up again by itself: the database itself refuses the rest. It
 * stays as the first release has made it, so it names what waits: ends that come later are none of its business.
 */
const PAYMENT_RULE = {
  $or: [
    { dueAt: { $type: 'number' } },
    {
      status: {
        $nin: ['requires_payment_method', 'requires_action', 'processing', 'requires_capture', 'partially_captured'],
      },
    },
  ],
};

const NAMESPACE_EXISTS = 48;

/** The models of a connection. */
export function collectionsOf(connection: Connection): Collections {
  const names = Object.keys(SHAPES) as CollectionName[];
  return Object.fromEntries(
    names.map((name) => [name, connection.model(name, SHAPES[name], name) as unknown as Collection]),
  ) as unknown as Collections;
}

/** Makes what a first start needs. Safe when several processes start at once, and cheap when all is there. */
export async function prepareCollections(connection: Connection, collections: Collections): Promise<void> {
  await connection.createCollection('payments', { validator: PAYMENT_RULE }).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== NAMESPACE_EXISTS) throw error;
  });
  const names = Object.keys(INDEXES) as CollectionName[];
  await Promise.all(
    names.map((name) => {
      const indexes: readonly Index[] = INDEXES[name];
      const wanted = indexes.map(([key, options]) => ({ key, ...options }));
      // What is found by its name alone needs no more.
      return wanted.length === 0 ? null : collections[name].collection.createIndexes(wanted as never);
    }),
  );
}
