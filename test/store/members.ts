import type { Store } from '../../src/contracts/store.js';
import {
  nextRevision,
  SAMPLE_TIME,
  sampleBatch,
  sampleCommit,
  sampleDelivery,
  sampleEndpoint,
  sampleInstrument,
  samplePayer,
  samplePayment,
  sampleRefund,
  sampleRequest,
  sampleVaultRecord,
} from '../contract/samples.js';

/** So that each write needs pages of its own. */
const LONG = 'long '.repeat(2_000);

/** One write of several rows, and a look at each trace it must leave: all of them or none. */
export interface Member {
  readonly name: string;
  write(store: Store): Promise<unknown>;
  traces(store: Store): Promise<boolean[]>;
}

/** Stores what the members build on, and answers one member of every kind. */
export async function prepareMembers(store: Store): Promise<Member[]> {
  return [
    await beginPayment(store),
    await endPayment(store),
    storePayer(),
    await enqueue(store),
    claimCode(),
    raiseGuard(),
    await beginPayment(store),
  ];
}

async function beginPayment(store: Store): Promise<Member> {
  const record = sampleVaultRecord();
  await store.vault.put(record);
  const [request, refund] = [sampleRequest(), sampleRefund()];
  const payment = samplePayment({ requests: [request], refunds: [refund], description: LONG });
  const feed = sampleBatch(payment, 2);
  return {
    name: 'a payment that begins',
    write: ({ payments }) => payments.commit(sampleCommit(payment, { feed, claims: [record.token] })),
    traces: async ({ payments, feed, vault }) => [
      (await payments.load(payment.id)) !== null,
      (await payments.holderOf(payment.merchant, payment.mode, payment.reference)) === payment.id,
      (await payments.byRequest(payment.merchant, payment.mode, request.key)) === payment.id,
      (await payments.byRefund(refund.id)) === payment.id,
      (await vault.get(record.token))?.diesAt === null,
      (await feed.ofPayment(payment.id)).length === 2,
    ],
  };
}

async function endPayment(store: Store): Promise<Member> {
  const record = sampleVaultRecord();
  await store.vault.put(record);
  const payment = samplePayment({ code: '1111111111' });
  await store.codes.claim('1111111111', payment.id, SAMPLE_TIME);
  await store.payments.commit(sampleCommit(payment, { feed: null, claims: [record.token] }));
  const ended = nextRevision(payment, {
    status: 'canceled',
    openReference: null,
    dueAt: null,
    updatedAt: SAMPLE_TIME + 9,
  });
  return {
    name: 'a payment that ends',
    write: ({ payments }) =>
      payments.commit(sampleCommit(ended, { releases: [record.token], codeFreeAt: SAMPLE_TIME + 5 })),
    traces: async ({ payments, feed, vault, codes }) => [
      (await payments.load(payment.id))?.revision === 2,
      (await payments.holderOf(payment.merchant, payment.mode, payment.reference)) === null,
      (await vault.get(record.token)) === null,
      (await feed.ofPayment(payment.id)).length === 1,
      // Asked last: it answers by taking the code.
      await codes.claim('1111111111', 'pay_next', SAMPLE_TIME + 5),
    ],
  };
}

function storePayer(): Member {
  const [request, instrument] = [sampleRequest(), sampleInstrument()];
  const payer = samplePayer({ requests: [request], instruments: [instrument], name: LONG });
  return {
    name: 'a payer',
    write: ({ payers }) => payers.commit(payer),
    traces: async ({ payers }) => [
      (await payers.load(payer.id)) !== null,
      (await payers.byRequest(payer.owner, payer.mode, request.key)) === payer.id,
      (await payers.byInstrument(payer.owner, payer.mode, instrument.token)) !== null,
    ],
  };
}

async function enqueue(store: Store): Promise<Member> {
  const endpoint = sampleEndpoint();
  await store.endpoints.commit(endpoint);
  const deliveries = [1, 2, 3].map(() => sampleDelivery({ endpoint: endpoint.id, body: LONG }));
  return {
    name: 'deliveries',
    write: (later) => later.deliveries.enqueue({ ...endpoint, revision: 2, cursor: 3 }, deliveries),
    traces: async (later) => [
      (await later.endpoints.load(endpoint.id))?.cursor === 3,
      ...(await Promise.all(deliveries.map(async ({ id }) => (await later.deliveries.load(id)) !== null))),
    ],
  };
}

function claimCode(): Member {
  return {
    name: 'a code',
    write: ({ codes }) => codes.claim('2222222222', 'pay_coming', SAMPLE_TIME),
    traces: async ({ codes }) => [(await codes.find('2222222222')) === 'pay_coming'],
  };
}

function raiseGuard(): Member {
  return {
    name: 'a counter',
    write: ({ guards }) => guards.raise('counter', 1_000, SAMPLE_TIME),
    traces: async ({ guards }) => [(await guards.read('counter', SAMPLE_TIME)) === 1],
  };
}
