import type { Attempt, JournalEvent, KeptRequest, Operation, Payment, Refund } from '../../src/contracts/payment.js';
import type { FeedBatch, PaymentCommit } from '../../src/contracts/store.js';
import type { CardFace } from '../../src/contracts/vault.js';

/** All happens at this time unless said otherwise. */
export const SAMPLE_TIME = Date.UTC(2030, 0, 1, 12);
export const DAY_MS = 86_400_000;

let drawn = 0;

/** An identity that no other sample has; later ones sort after earlier ones. */
export function sampleId(prefix: string): string {
  drawn += 1;
  return `${prefix}_0${drawn.toString(32).padStart(9, '0')}${process.pid.toString(32).padStart(12, '0')}`;
}

/** Waits for its payer; nobody has come yet. */
export function samplePayment(overrides: Partial<Payment> = {}): Payment {
  const id = overrides.id ?? sampleId('pay');
  const reference = overrides.reference ?? `ORDER-${id}`;
  const createdAt = overrides.createdAt ?? SAMPLE_TIME;
  return {
    id,
    revision: 1,
    schema: 1,
    mode: 'test',
    merchant: 'mer_sample',
    amount: 4_250,
    currency: 'EUR',
    reference,
    description: null,
    capture: 'automatic',
    instruments: ['card'],
    channels: ['web'],
    payer: { account: null, email: null, phone: null, name: null, language: null },
    origin: 'web',
    returnUrl: null,
    cancelUrl: null,
    metadata: {},
    payWith: null,
    terms: { lateMoney: 'return', merchantName: 'Sample', statementDescriptor: null, attemptsMax: 5 },
    status: 'requires_payment_method',
    openReference: reference,
    code: null,
    generation: 0,
    expiresAt: createdAt + DAY_MS,
    extensions: 0,
    wish: null,
    canceledBy: null,
    channel: null,
    attempts: [],
    captures: [],
    refunds: [],
    reaches: [],
    requests: [],
    events: [sampleEvent({ type: 'payment.created', at: createdAt })],
    review: null,
    dueAt: createdAt + DAY_MS,
    createdAt,
    updatedAt: createdAt,
    ...overrides,
  };
}

/** Paid by card on the web after a challenge: about 3 kB, as most payments end. */
export function samplePaidPayment(overrides: Partial<Payment> = {}): Payment {
  const payment = samplePayment(overrides);
  const attempt = sampleAttempt({ amount: payment.amount });
  const types = ['payment.created', 'attempt.requires_action', 'attempt.processing', 'attempt.captured'];
  return {
    ...payment,
    description: 'Two tickets for the evening, row seven',
    payer: {
      account: 'customer-4821',
      email: 'a@example.org',
      phone: '+33611223344',
      name: 'A. Payer',
      language: 'fr',
    },
    returnUrl: 'https://shop.example/orders/1042/back',
    metadata: { cart: '5f2b9a', agent: 'till 3' },
    status: 'succeeded',
    channel: 'web',
    attempts: [attempt],
    captures: [
      {
        id: sampleId('cap'),
        amount: payment.amount,
        final: true,
        automatic: true,
        status: 'succeeded',
        parts: [{ attempt: attempt.id, operation: attempt.operations[0]?.id ?? '', amount: payment.amount }],
        createdAt: payment.createdAt + 9_000,
      },
    ],
    requests: [sampleRequest()],
    events: [...types, 'capture.succeeded', 'payment.succeeded'].map((type, index) =>
      sampleEvent({ type, sequence: index + 1, at: payment.createdAt + index, about: index === 0 ? null : attempt.id }),
    ),
    dueAt: null,
    ...overrides,
  };
}

export function sampleAttempt(overrides: Partial<Attempt> = {}): Attempt {
  const amount = overrides.amount ?? 4_250;
  return {
    id: sampleId('att'),
    instrument: 'card',
    channel: 'web',
    amount,
    createdAt: SAMPLE_TIME,
    flow: null,
    step: 4,
    prompt: null,
    deadlineAt: null,
    status: 'captured',
    end: 'authorized',
    late: null,
    acquirer: 'sandbox',
    initiator: 'holder',
    card: null,
    stored: false,
    save: null,
    face: sampleFace(),
    device: {
      id: 'c2FtcGxlLWRldmljZS1jb29raWUtaGFzaA',
      browser: {
        acceptHeader: 'text/html',
        userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
        ip: '192.0.2.17',
        language: 'fr-FR',
        javascriptEnabled: true,
        colorDepth: 24,
        screenHeight: 1_080,
        screenWidth: 1_920,
        timezoneOffset: -60,
      },
    },
    authentication: {
      id: sampleId('ath'),
      state: 'passed',
      calls: 2,
      nextAt: null,
      deviceCheck: 'Y',
      follow: null,
      proof: {
        method: 'three_d_secure',
        result: 'Y',
        eci: '05',
        value: null,
        directoryServerTransaction: '8a880dc0-d2d2-4067-bcb1-b08d1690b26e',
        version: '2.2.0',
      },
    },
    decline: null,
    operations: [sampleOperation({ amount })],
    authorizationCode: 'A1B2C3',
    captureBefore: null,
    ...overrides,
  };
}

export function sampleOperation(overrides: Partial<Operation> = {}): Operation {
  return {
    id: sampleId('opn'),
    type: 'authorize',
    amount: 4_250,
    variant: 'purchase',
    serves: null,
    follows: null,
    status: 'approved',
    asking: null,
    calls: 1,
    sends: 1,
    doubts: 0,
    nextAt: null,
    horizonAt: SAMPLE_TIME + 600_000,
    contradicted: false,
    actual: null,
    reversed: false,
    captured: true,
    reference: 'sandbox-481093756',
    decline: null,
    createdAt: SAMPLE_TIME,
    settledAt: SAMPLE_TIME + 400,
    ...overrides,
  };
}

export function sampleRefund(overrides: Partial<Refund> = {}): Refund {
  return {
    id: sampleId('rfd'),
    amount: 100,
    reason: null,
    reference: null,
    metadata: {},
    status: 'pending',
    parts: [],
    createdAt: SAMPLE_TIME,
    ...overrides,
  };
}

export function sampleEvent(overrides: Partial<JournalEvent> = {}): JournalEvent {
  return {
    id: sampleId('evt'),
    type: 'payment.created',
    sequence: 1,
    at: SAMPLE_TIME,
    about: null,
    note: null,
    ...overrides,
  };
}

export function sampleRequest(overrides: Partial<KeptRequest> = {}): KeptRequest {
  return {
    key: sampleId('key'),
    fingerprint: '1.c2FtcGxlLWZpbmdlcnByaW50LW9mLWEtcmVxdWVzdA',
    target: 'create',
    deadline: SAMPLE_TIME + 30_000,
    answer: null,
    ...overrides,
  };
}

/** The payment's last `count` events, with the payment as their object. */
export function sampleBatch(payment: Payment, count = 1): FeedBatch {
  const { id, merchant, mode, status } = payment;
  const events = Array.from({ length: count }, (_, index) => {
    const sequence = payment.revision * 10 + index;
    return { id: sampleId('evt'), type: `payment.${status}`, at: payment.updatedAt, sequence, object: id };
  });
  const shown = { id, object: 'payment', status, amount: payment.amount, version: payment.revision };
  return { merchant, mode, payment: id, events, data: JSON.stringify({ [id]: shown }) };
}

/** A commit of this payment that tells of one event. */
export function sampleCommit(payment: Payment, overrides: Partial<PaymentCommit> = {}): PaymentCommit {
  return { payment, feed: sampleBatch(payment), claims: [], releases: [], codeFreeAt: null, ...overrides };
}

/** The same payment one revision later. */
export function nextRevision(payment: Payment, changes: Partial<Payment> = {}): Payment {
  return { ...payment, updatedAt: payment.updatedAt + 1, ...changes, revision: payment.revision + 1 };
}

export function sampleFace(overrides: Partial<CardFace> = {}): CardFace {
  return {
    brand: 'visa',
    bin: '424242',
    last4: '4242',
    expMonth: 12,
    expYear: 2034,
    fingerprint: '1.c2FtcGxlLWZpbmdlcnByaW50LW9mLWEtY2FyZC1udW1iZXI',
    ...overrides,
  };
}
