import { createHash } from 'node:crypto';
import type { Mail } from '../../src/contracts/mail.js';
import type { Merchant } from '../../src/contracts/merchant.js';
import type { DeviceKey, Operator } from '../../src/contracts/operator.js';
import type { Payer, StoredInstrument } from '../../src/contracts/payer.js';
import type { TvSession } from '../../src/contracts/television.js';
import type { Consent, Text } from '../../src/contracts/text.js';
import type { VaultRecord } from '../../src/contracts/vault.js';
import type { Delivery, Endpoint } from '../../src/contracts/webhook.js';
import { DAY_MS, SAMPLE_TIME, sampleFace, sampleId } from './samples_payments.js';

/**
 * Whole, valid objects for tests, each with an identity of its own; what matters to a test is given as an override.
 */
export * from './samples_payments.js';

export function samplePayer(overrides: Partial<Payer> = {}): Payer {
  const id = overrides.id ?? sampleId('pyr');
  return {
    id,
    revision: 1,
    schema: 1,
    owner: 'mer_sample',
    mode: 'test',
    account: `account-${id}`,
    email: 'a@example.org',
    phone: null,
    name: 'A. Payer',
    language: 'fr',
    smsConsent: null,
    instruments: [],
    defaultInstrument: null,
    purchaseCode: null,
    sessions: [],
    identifications: [],
    unfinished: null,
    erasedAt: null,
    requests: [],
    createdAt: SAMPLE_TIME,
    updatedAt: SAMPLE_TIME,
    ...overrides,
  };
}

export function sampleInstrument(overrides: Partial<StoredInstrument> = {}): StoredInstrument {
  return {
    id: sampleId('ins'),
    token: sampleId('tok'),
    instrument: 'card',
    face: sampleFace(),
    authenticated: true,
    consent: { words: 'Keep my card for next time.', at: SAMPLE_TIME },
    createdAt: SAMPLE_TIME,
    ...overrides,
  };
}

export function sampleMerchant(overrides: Partial<Merchant> = {}): Merchant {
  const id = overrides.id ?? sampleId('mer');
  return {
    id,
    revision: 1,
    schema: 1,
    status: 'enabled',
    profile: {
      displayName: 'Sample',
      language: 'en',
      smsName: 'Sample',
      spokenName: { fr: null, en: null },
      statementDescriptor: null,
      logo: null,
      accentColour: null,
      support: { email: 'help@shop.example', phone: null, url: null },
      notificationEmail: null,
      currencies: ['EUR'],
      instruments: ['card'],
      channels: ['web'],
      telephone: null,
      returnOrigins: ['https://shop.example'],
      lateMoney: 'return',
      telephoneOrders: 'begun_by_phone',
      smsConfirmLimit: {},
    },
    keys: [{ id: sampleId('key'), mode: 'test', hash: sampleHash(id), createdAt: SAMPLE_TIME, endsAt: null }],
    returnSecret: 'sealed-return-secret',
    demo: false,
    createdAt: SAMPLE_TIME,
    updatedAt: SAMPLE_TIME,
    ...overrides,
  };
}

/** A SHA-256 in hex, as keys are stored. */
export function sampleHash(of: string): string {
  return createHash('sha256').update(of).digest('hex');
}

export function sampleEndpoint(overrides: Partial<Endpoint> = {}): Endpoint {
  return {
    id: sampleId('whk'),
    revision: 1,
    schema: 1,
    merchant: 'mer_sample',
    mode: 'test',
    url: 'https://shop.example/webhooks',
    events: [],
    description: null,
    status: 'enabled',
    secrets: [{ sealed: 'sealed-signing-secret', until: null }],
    cursor: 0,
    requests: [],
    createdAt: SAMPLE_TIME,
    updatedAt: SAMPLE_TIME,
    ...overrides,
  };
}

export function sampleDelivery(overrides: Partial<Delivery> = {}): Delivery {
  return {
    id: sampleId('dlv'),
    revision: 1,
    schema: 1,
    endpoint: 'whk_sample',
    merchant: 'mer_sample',
    mode: 'test',
    event: sampleId('evt'),
    type: 'payment.succeeded',
    body: '{"type":"payment.succeeded","note":"é€"}',
    status: 'waiting',
    tries: 0,
    dueAt: SAMPLE_TIME,
    lastStatus: null,
    lastError: null,
    createdAt: SAMPLE_TIME,
    giveUpAt: SAMPLE_TIME + 3 * DAY_MS,
    deliveredAt: null,
    ...overrides,
  };
}

/** Waits to be sent to the payer of a payment. */
export function sampleMail(overrides: Partial<Mail> = {}): Mail {
  return {
    id: sampleId('eml'),
    revision: 1,
    schema: 1,
    merchant: 'mer_sample',
    mode: 'test',
    key: `${sampleId('evt')}.payer`,
    kind: 'paid',
    audience: 'payer',
    payment: 'pay_sample',
    about: null,
    payer: null,
    to: null,
    status: 'waiting',
    tries: 0,
    refusals: 0,
    dueAt: SAMPLE_TIME,
    lastError: null,
    createdAt: SAMPLE_TIME,
    giveUpAt: SAMPLE_TIME + 3 * DAY_MS,
    sentAt: null,
    ...overrides,
  };
}

/** Waits to be sent. */
export function sampleText(overrides: Partial<Text> = {}): Text {
  const id = overrides.id ?? sampleId('txt');
  return {
    id,
    revision: 1,
    schema: 1,
    merchant: 'mer_sample',
    mode: 'test',
    key: `rch_${id}.0.sms`,
    kind: 'offer',
    payment: 'pay_sample',
    reach: { reach: `rch_${id}`, step: 0 },
    about: null,
    to: '+33612345678',
    number: 'k1.number',
    status: 'waiting',
    why: null,
    tries: 0,
    sends: 0,
    sid: null,
    challenge: null,
    untold: false,
    dueAt: SAMPLE_TIME,
    createdAt: SAMPLE_TIME,
    giveUpAt: SAMPLE_TIME + 900_000,
    sentAt: null,
    ...overrides,
  };
}

/** Six digits that somebody has tried once. */
export function sampleChallenge(
  overrides: Partial<NonNullable<Text['challenge']>> = {},
): NonNullable<Text['challenge']> {
  return {
    hash: 'k1.hash',
    instrument: 'ins_sample',
    amount: 4250,
    expiresAt: SAMPLE_TIME + 600_000,
    tried: ['SM1'],
    state: 'open',
    answer: null,
    ...overrides,
  };
}

export function sampleConsent(overrides: Partial<Consent> = {}): Consent {
  const word = { given: false, at: SAMPLE_TIME, by: 'payer' } as const;
  return {
    id: `k1.${sampleId('txt')}`,
    revision: 1,
    schema: 1,
    purposes: { payment: word },
    log: [{ ...word, purposes: ['payment'] }],
    ...overrides,
  };
}

export function sampleOperator(overrides: Partial<Operator> = {}): Operator {
  return {
    id: sampleId('op'),
    revision: 1,
    schema: 1,
    status: 'enabled',
    name: 'Sample Television',
    merchants: ['mer_sample'],
    secrets: [
      { id: sampleId('ops'), mode: 'test', sealed: 'sealed-operator-secret', createdAt: SAMPLE_TIME, endsAt: null },
    ],
    demo: false,
    createdAt: SAMPLE_TIME,
    updatedAt: SAMPLE_TIME,
    ...overrides,
  };
}

export function sampleDeviceKey(overrides: Partial<DeviceKey> = {}): DeviceKey {
  const id = overrides.id ?? sampleId('dvk');
  return {
    id,
    revision: 1,
    schema: 1,
    operator: 'op_sample',
    mode: 'test',
    device: `box-${id}`,
    sequence: 1,
    account: null,
    sealed: 'sealed-device-key',
    createdAt: SAMPLE_TIME,
    revokedAt: null,
    ...overrides,
  };
}

export function sampleTvSession(overrides: Partial<TvSession> = {}): TvSession {
  const id = overrides.id ?? `tvs_${sampleId('dvk')}`;
  return {
    id,
    revision: 1,
    schema: 1,
    operator: 'op_sample',
    mode: 'test',
    device: { id: `box-${id}`, model: null },
    payment: 'pay_sample',
    account: null,
    language: null,
    place: { screen: 'start', focus: 0, notice: null, keyed: null, seq: null, keyedOn: null, provenAt: null },
    step: 0,
    createdAt: SAMPLE_TIME,
    updatedAt: SAMPLE_TIME,
    endsAt: SAMPLE_TIME + DAY_MS,
    ...overrides,
  };
}

/** Unclaimed, dead in 15 minutes. */
export function sampleVaultRecord(overrides: Partial<VaultRecord> = {}): VaultRecord {
  return {
    token: sampleId('tok'),
    kind: 'card',
    keyId: 'k1',
    sealed: Uint8Array.from([0, 255, 1, 128, 39]),
    diesAt: SAMPLE_TIME + 900_000,
    hadSecurityCode: true,
    ...overrides,
  };
}
