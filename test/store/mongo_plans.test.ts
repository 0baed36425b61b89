import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import type { Payment } from '../../src/contracts/payment.js';
import type { PaymentQuery, Store } from '../../src/contracts/store.js';
import { collectionsOf, prepareCollections } from '../../src/store/mongo/collections.js';
import { createMongoStore } from '../../src/store/mongo/index.js';
import {
  nextRevision,
  SAMPLE_TIME,
  sampleAttempt,
  sampleBatch,
  sampleCommit,
  sampleConsent,
  sampleDelivery,
  sampleDeviceKey,
  sampleEndpoint,
  sampleInstrument,
  sampleMail,
  sampleMerchant,
  sampleOperator,
  samplePayer,
  samplePayment,
  sampleRefund,
  sampleRequest,
  sampleText,
  sampleTvSession,
  sampleVaultRecord,
} from '../contract/samples.js';
import { mongoForTests } from '../support/mongo_stores.js';
import { silentLog } from '../support/silent_log.js';
import { needs } from '../support/skip.js';

/** Everything the store asks of MongoDB is explained by MongoDB: found by an index, and in its order. */

type Command = Record<string, unknown>;
interface Plan {
  readonly stages: readonly string[];
  readonly indexes: readonly string[];
}

const EXPLAINED = new Set(['find', 'update', 'delete', 'findAndModify']);
/** What may be walked from end to end, because what is walked is what is wanted. */
const WALKS = [/^find merchants \{\}$/, /^find operators \{\}$/];
/** Indexes that are there for the uniqueness alone. */
const PROMISES = ['deliveries.endpoint_1_event_1', 'mails.key_1'];
const FILTERS = {
  status: 'succeeded',
  reference: 'ORDER-3',
  channel: 'tv',
  instrument: 'purse',
  account: 'cust-3',
  createdFrom: SAMPLE_TIME,
  createdBefore: SAMPLE_TIME + 9_000,
} as const;
const OURS = { merchant: 'mer_sample', mode: 'test' } as const;

needs('mongod')('what the store asks of MongoDB', () => {
  const mongo = mongoForTests();
  let connection: Connection;
  let store: Store;
  const commands: { readonly name: string; readonly command: Command }[] = [];

  beforeAll(async () => {
    connection = await mongoose.createConnection(mongo.url, { monitorCommands: true }).asPromise();
    connection.getClient().on('commandStarted', ({ commandName: name, command }) => {
      if (EXPLAINED.has(name)) commands.push({ name, command: { ...command } });
    });
    const collections = collectionsOf(connection);
    await prepareCollections(connection, collections);
    store = createMongoStore({ connection, collections, log: silentLog(), clock: systemClock() });
    await fill();
  }, 60_000);
  afterAll(() => store?.close());

  /** Enough of everything, so that the planner has something to choose from. */
  async function fill(): Promise<void> {
    const kinds = [
      { status: 'succeeded', channel: 'web', attempts: [sampleAttempt()] },
      { status: 'succeeded', channel: 'tv', attempts: [sampleAttempt({ instrument: 'purse' })] },
      { status: 'failed', channel: 'tv', openReference: null, dueAt: null },
    ] satisfies Partial<Payment>[];
    await Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        const payer = { ...samplePayment().payer, account: `cust-${index % 20}` };
        const merchant = index % 3 === 0 ? 'mer_other' : 'mer_sample';
        const reference = `ORDER-${index % 20}`;
        const own = { merchant, reference, payer, openReference: null, createdAt: SAMPLE_TIME + index * 50 };
        await store.payments.commit(sampleCommit(samplePayment({ ...kinds[index % 3], ...own }), { feed: null }));
      }),
    );
    await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const requests = [sampleRequest()];
        await store.deliveries.commit(sampleDelivery());
        await store.mails.commit(sampleMail({ payment: index % 2 ? null : `pay_${index}` }));
        await store.texts.commit(sampleText({ payment: `pay_${index}`, number: index % 3 ? `k1.${index}` : null }));
        await store.consents.commit(sampleConsent());
        await store.deviceKeys.commit(sampleDeviceKey());
        await store.tvSessions.commit(sampleTvSession());
        await store.payers.commit(samplePayer({ requests, instruments: [sampleInstrument()] }));
        await store.endpoints.commit(sampleEndpoint({ requests, status: 'disabled' }));
      }),
    );
  }

  /** What the work asks, each distinct shape once. */
  async function asked(work: () => Promise<unknown>): Promise<{ name: string; command: Command }[]> {
    commands.length = 0;
    await work();
    return [...commands];
  }

  async function planOf({
    name,
    command,
  }: {
    name: string;
    command: Command;
  }): Promise<Plan & Record<string, unknown>> {
    const { lsid, $db, $clusterTime, readConcern, writeConcern, txnNumber, ...plain } = command;
    const explained = name === 'find' ? plain : alone(plain);
    const answer = await connection.db?.command({ explain: explained, verbosity: 'executionStats' });
    const stages: string[] = [];
    const indexes: string[] = [];
    (function walk(value: unknown): void {
      if (typeof value !== 'object' || value === null) return;
      const { stage, indexName } = value as { stage?: string; indexName?: string };
      if (typeof stage === 'string') stages.push(stage);
      if (typeof indexName === 'string') indexes.push(indexName);
      for (const inner of Object.values(value)) walk(inner);
    })(answer?.['queryPlanner'].winningPlan);
    return { stages, indexes, ...answer?.['executionStats'] };
  }

  /** MongoDB explains one update of a batch. */
  function alone(command: Command): Command {
    const { updates, deletes, ...rest } = command as { updates?: unknown[]; deletes?: unknown[] };
    if (updates) return { ...rest, updates: updates.slice(0, 1) };
    return deletes ? { ...rest, deletes: deletes.slice(0, 1) } : rest;
  }

  function textOf({ name, command }: { name: string; command: Command }): string {
    const filter = command['filter'] ?? command['query'] ?? command['updates'] ?? command['deletes'];
    return `${name} ${String(command[name])} ${JSON.stringify(filter)}`;
  }

  async function everything(): Promise<void> {
    const [request, refund, instrument, record] = [
      sampleRequest(),
      sampleRefund(),
      sampleInstrument(),
      sampleVaultRecord(),
    ];
    const payment = samplePayment({ requests: [request], refunds: [refund], code: '1111111111' });
    await store.vault.put(record);
    await store.codes.claim('1111111111', payment.id, SAMPLE_TIME);
    await store.payments.commit(sampleCommit(payment, { claims: [record.token], feed: sampleBatch(payment, 3) }));
    await store.payments.commit(sampleCommit(nextRevision(payment), { releases: [record.token], codeFreeAt: 5 }));
    await store.payments.commit(sampleCommit(payment));
    await store.payments.commit(sampleCommit(samplePayment({ requests: [request] }))).catch(() => undefined);
    await Promise.all([
      store.payments.load(payment.id),
      store.payments.due(SAMPLE_TIME, 9),
      store.payments.nextDue(),
      store.payments.strike(payment.id),
      store.payments.holderOf('mer_sample', 'test', payment.reference),
      store.payments.byRequest('mer_sample', 'test', request.key),
      store.payments.byRefund(refund.id),
    ]);
    const payer = samplePayer({ instruments: [instrument], requests: [request] });
    await store.payers.commit(payer);
    await Promise.all([
      store.payers.byAccount('mer_sample', 'test', payer.account),
      store.payers.byInstrument('mer_sample', 'test', instrument.token),
      store.payers.byRequest('mer_sample', 'test', request.key),
      store.payers.due(SAMPLE_TIME, 9),
    ]);
    const merchant = sampleMerchant();
    await store.merchants.commit(merchant);
    await store.merchants.byKey(merchant.keys[0]?.hash ?? '');
    await store.merchants.list();
    const endpoint = sampleEndpoint({ requests: [request] });
    await store.endpoints.commit(endpoint);
    await store.endpoints.list('mer_sample', 'test');
    await store.endpoints.behind(9);
    await store.endpoints.byRequest('mer_sample', 'test', request.key);
    await store.deliveries.enqueue({ ...endpoint, revision: 2, cursor: 3 }, [
      sampleDelivery({ endpoint: endpoint.id }),
    ]);
    await store.deliveries.due(SAMPLE_TIME, 9);
    await store.deliveries.due(SAMPLE_TIME, 9, ['whk_slow']);
    await store.deliveries.nextDue();
    const { data } = await store.deliveries.ofEndpoint(endpoint.id, 5);
    await store.deliveries.ofEndpoint(endpoint.id, 5, data[0]?.id ?? '');
    const [behind] = await store.mails.behind(9);
    if (behind) await store.mails.enqueue(behind, behind.position + 1, [sampleMail({ payment: payment.id })]);
    await Promise.all([store.mails.due(SAMPLE_TIME, 9), store.mails.nextDue(), store.mails.ofPayment(payment.id)]);
    const text = sampleText({ payment: payment.id });
    await store.texts.commit(text);
    await Promise.all([
      store.texts.due(SAMPLE_TIME, 9),
      store.texts.nextDue(),
      store.texts.byKey(text.key),
      store.texts.ofPayment(payment.id),
      store.texts.ofNumber(['k1.number', 'k0.number'], 5),
      store.texts.withDigitsTo(['k1.number', 'k0.number'], 5),
    ]);
    const consent = sampleConsent();
    await store.consents.commit(consent);
    await store.consents.load(consent.id);
    await store.operators.commit(sampleOperator());
    await store.operators.list();
    await store.deviceKeys.commit(sampleDeviceKey({ device: 'box' }));
    await store.deviceKeys.ofDevice('op_sample', 'test', 'box');
    await store.deviceKeys.nextSealed('k');
    await store.payers.nextCodeHash('1.k');
    await store.deviceKeys.ofOperator('op_sample', 'test', { after: null, limit: 2 });
    await store.deviceKeys.ofOperator('op_sample', 'test', { after: 'dvk_9', limit: 2 });
    await store.tvSessions.commit(sampleTvSession({ endsAt: SAMPLE_TIME }));
    await store.tvSessions.sweep(SAMPLE_TIME);
    await store.feed.after('mer_sample', 'test', 1, 5);
    await store.feed.told('mer_sample', 'test', 1, 5);
    await store.feed.head('mer_sample', 'test');
    await store.feed.ofPayment(payment.id);
    await store.codes.find('1111111111');
    await store.codes.sweep(SAMPLE_TIME * 2);
    await store.guards.raise('a', 5, SAMPLE_TIME);
    await store.guards.read('a', SAMPLE_TIME);
    await store.guards.lower('a', SAMPLE_TIME);
    await store.guards.clear('a');
    await store.guards.useOnce('a', SAMPLE_TIME + 5, SAMPLE_TIME);
    await store.guards.sweep(SAMPLE_TIME * 2);
    await store.workers.announce({ id: 'w', publicKey: 'k', endsAt: SAMPLE_TIME });
    await store.workers.live(0);
    await store.workers.withdraw('w');
    await store.workers.sweep(SAMPLE_TIME);
    await store.vault.put(sampleVaultRecord());
    await store.vault.get(record.token);
    await store.vault.keep(record.token);
    await store.vault.wrappedByOthers('k0', 5);
    await store.vault.replace(record, 'k1');
    await store.vault.removeDead(SAMPLE_TIME * 2, 5);
    await store.vault.remove(record.token);
  }

  it('is found by an index, and comes in its order', async () => {
    const all = await asked(everything);
    const seen = new Set<string>();
    const used = new Set<string>();
    for (const one of all) {
      const text = textOf(one);
      if (WALKS.some((walk) => walk.test(text))) continue;
      const { stages, indexes } = await planOf(one);
      const bad = stages.filter((stage) => stage === 'COLLSCAN' || stage === 'SORT');
      expect({ text, bad }).toEqual({ text, bad: [] });
      seen.add(`${one.name} ${String(one.command[one.name])}`);
      for (const index of indexes) used.add(`${String(one.command[one.name])}.${index}`);
    }
    expect(seen.size).toBeGreaterThan(25);
    for (const filters of [{}, { status: 'failed' }, { reference: 'ORDER-3' }, { account: 'cust-3' }] as const) {
      const [list] = await asked(() => store.payments.list({ ...OURS, ...filters, limit: 5 }));
      if (list) for (const index of (await planOf(list)).indexes) used.add(`payments.${index}`);
    }
    const made = await Promise.all(
      Object.keys(connection.models).map(async (name) =>
        (await connection.collection(name).indexes()).map((index) => `${name}.${String(index.name)}`),
      ),
    );
    // No index is kept up for nothing.
    const own = made.flat().filter((name) => !name.endsWith('._id_'));
    expect(own.filter((name) => !used.has(name))).toEqual(PROMISES);
  }, 60_000);

  it('passes over payments that a filter leaves out without reading them, whatever the filter', async () => {
    const names = Object.keys(FILTERS) as (keyof typeof FILTERS)[];
    const place = (await store.payments.list({ ...OURS, limit: 1 })).data[0]?.id ?? '';
    for (let mask = 0; mask < 2 ** names.length; mask++) {
      const chosen = names.filter((_, bit) => mask & (1 << bit)).map((name) => [name, FILTERS[name]] as const);
      const query: PaymentQuery = {
        ...Object.fromEntries(chosen),
        ...OURS,
        limit: 4,
        ...(mask % 2 ? { after: place } : {}),
      };
      const lists = await asked(() => store.payments.list(query));
      const list = lists.at(-1);
      if (list === undefined) throw new Error('nothing was asked');
      const { stages, totalDocsExamined, nReturned } = await planOf(list);
      const what = { query, stages: stages.filter((stage) => stage === 'COLLSCAN' || stage === 'SORT') };
      expect(what).toEqual({ query, stages: [] });
      // Of one reference or one account there are few.
      const isFew = query.reference !== undefined || query.account !== undefined;
      if (!isFew) expect({ query, read: totalDocsExamined }).toEqual({ query, read: nReturned });
    }
  }, 60_000);
});
