import mongoose from 'mongoose';
import { expect, it } from 'vitest';
import { collectionsOf } from '../../src/store/mongo/collections.js';
import * as shapes from '../../src/store/mongo/document_shapes.js';
import { freeze } from '../../src/store/mongo/free_form.js';
import { PAYMENT_FREE_FORMS } from '../../src/store/mongo/payment_shape.js';
import {
  sampleAttempt,
  sampleDelivery,
  sampleDeviceKey,
  sampleEndpoint,
  sampleInstrument,
  sampleMail,
  sampleMerchant,
  sampleOperation,
  sampleOperator,
  samplePaidPayment,
  samplePayer,
  sampleRefund,
  sampleRequest,
  sampleTvSession,
} from '../contract/samples.js';

/** A field that a schema does not name is written all the same, for the sake of newer releases: so nobody would notice. */

const at = 1;
const answered = sampleRequest({ answer: { status: 201, body: { id: 'x' } } });
const payment = samplePaidPayment({
  payWith: { reason: 'recurring' },
  wish: { to: 'cancel', by: 'payer', at },
  review: { reason: 'late_money', detail: '', attempt: 'att_1', at },
  requests: [answered],
  reaches: [{ id: 'rch_1', channel: 'email', to: null, createdAt: at }],
  refunds: [sampleRefund({ metadata: { a: '1' }, parts: [{ attempt: 'att_1', operation: 'opn_1', amount: 1 }] })],
  attempts: [
    sampleAttempt({
      flow: { name: 'card', version: 1, snapshot: { state: 'authorizing', context: { deep: { er: 1 } } } },
      prompt: { id: 'p', prompt: { kind: 'wait', message: { key: 'k', parameters: { a: '1' } } } },
      save: { consent: { words: 'w', at }, state: 'wanted', tries: 0, nextAt: null },
      decline: { code: 'a', acquirerCode: null, advice: 'retry' },
      operations: [sampleOperation({ decline: { code: 'a', acquirerCode: '05', advice: 'stop' } })],
    }),
  ],
});
const payer = samplePayer({
  smsConsent: { given: true, at },
  instruments: [sampleInstrument({ record: 'tok_2' })],
  purchaseCode: { hash: 'h', setAt: at, errors: 0, lockedUntil: null },
  sessions: [
    {
      id: 'pss_1',
      purpose: 'manage',
      payment: null,
      returnUrl: null,
      language: null,
      reach: null,
      createdAt: at,
      expiresAt: at,
    },
  ],
  identifications: [{ scope: 's', device: 'd', code: { hash: 'h', expiresAt: at, errors: 0 }, knownUntil: null }],
  unfinished: { destroy: ['t'], tell: [{ what: 'card_saved', about: 'i', to: null, revision: 1, at }], dueAt: at },
  requests: [answered],
});

const collections = collectionsOf(mongoose.createConnection());

/** Paths of `fields` that the schema does not name. */
function unnamed(schema: mongoose.Schema, fields: Record<string, unknown>, prefix = ''): string[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const type = schema.path(name) as { schema?: mongoose.Schema } | undefined;
    if (type === undefined) return [prefix + name];
    const members = Array.isArray(value) ? value : [value];
    return members.flatMap((member) => {
      if (typeof member !== 'object' || member === null) return [];
      return type.schema ? unnamed(type.schema, member, `${prefix}${name}.`) : [`${prefix}${name}.*`];
    });
  });
}

it.each([
  ['payments', payment, PAYMENT_FREE_FORMS],
  ['payers', payer, shapes.PAYER_FREE_FORMS],
  ['merchants', sampleMerchant(), shapes.MERCHANT_FREE_FORMS],
  ['endpoints', sampleEndpoint({ requests: [answered] }), shapes.ENDPOINT_FREE_FORMS],
  ['deliveries', sampleDelivery(), []],
  ['mails', sampleMail(), []],
  ['operators', sampleOperator(), []],
  ['device_keys', sampleDeviceKey(), []],
  ['tv_sessions', sampleTvSession(), []],
] as const)('every field of %s is named by its schema', (name, document, freeForms) => {
  const { id, ...fields } = structuredClone(document) as unknown as Record<string, unknown>;
  freeze(fields, freeForms);
  expect(unnamed(collections[name].schema as unknown as mongoose.Schema, { _id: id, ...fields })).toEqual([]);
});
