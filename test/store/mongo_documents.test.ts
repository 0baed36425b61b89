import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Payment } from '../../src/contracts/payment.js';
import type { Store } from '../../src/contracts/store.js';
import {
  nextRevision,
  sampleAttempt,
  sampleCommit,
  sampleEndpoint,
  sampleInstrument,
  sampleMerchant,
  sampleOperation,
  samplePaidPayment,
  samplePayer,
  samplePayment,
} from '../contract/samples.js';
import { mongoForTests } from '../support/mongo_stores.js';
import { needs } from '../support/skip.js';

needs('mongod')('documents in MongoDB', () => {
  const mongo = mongoForTests();
  let store: Store;
  beforeEach(async () => {
    store = await mongo.openEmpty();
  });
  afterEach(() => store.close());

  const raw = (collection: string, id: string) => mongo.raw.collection(collection).findOne({ _id: id as never });
  const set = (collection: string, id: string, fields: Record<string, unknown>) =>
    mongo.raw.collection(collection).updateOne({ _id: id as never }, { $set: fields });
  const commit = (payment: Payment) => store.payments.commit(sampleCommit(payment));

  describe('with fields of a newer release', () => {
    /** A store of a process that never saw the document before. */
    async function withAnother<T>(work: (another: Store) => Promise<T>): Promise<T> {
      const another = await mongo.open();
      return work(another).finally(() => another.close());
    }

    it('keep them through commits that know nothing of them, at every depth', async () => {
      const operation = sampleOperation();
      const payment = samplePayment({ attempts: [sampleAttempt({ operations: [operation] })] });
      await commit(payment);
      await set('payments', payment.id, {
        later: { deep: [1] },
        'payer.later': 'x',
        'attempts.0.later': 2,
        'attempts.0.operations.0.later': 3,
        'events.0.later': 4,
      });
      const changed = nextRevision(payment, {
        payer: { ...payment.payer, name: 'B. Payer' },
        attempts: [
          sampleAttempt({ ...payment.attempts[0], status: 'reversed', operations: [{ ...operation, reversed: true }] }),
          sampleAttempt(),
        ],
      });
      await withAnother((another) => another.payments.commit(sampleCommit(changed)));
      expect(await raw('payments', payment.id)).toMatchObject({
        revision: 2,
        later: { deep: [1] },
        payer: { name: 'B. Payer', later: 'x' },
        attempts: [{ status: 'reversed', later: 2, operations: [{ reversed: true, later: 3 }] }, {}],
        events: [{ later: 4 }],
      });
    });

    it('hand them to who loads the document, and write them back with a list that is written whole', async () => {
      const [first, second] = [sampleInstrument(), sampleInstrument()];
      const payer = samplePayer({ instruments: [first, second] });
      await store.payers.commit(payer);
      await set('payers', payer.id, { later: 1, 'instruments.1.later': 2 });
      await withAnother(async (another) => {
        const loaded = await another.payers.load(payer.id);
        if (loaded === null) throw new Error('not there');
        expect(loaded).toEqual({ ...payer, later: 1, instruments: [first, { ...second, later: 2 }] });
        const without = { ...loaded, revision: 2, instruments: loaded.instruments.slice(1) };
        expect(await another.payers.commit(without)).toBe(true);
      });
      expect(await raw('payers', payer.id)).toMatchObject({ later: 1, instruments: [{ id: second.id, later: 2 }] });
    });
  });

  it('change by what changed alone', async () => {
    const payment = samplePaidPayment();
    await commit(payment);
    // Whatever is not written stays as somebody else has left it.
    await set('payments', payment.id, { description: 'untouched', 'attempts.0.acquirer': 'untouched' });
    await commit(nextRevision(payment, { channel: 'tv' }));
    expect(await store.payments.load(payment.id)).toMatchObject({
      revision: 2,
      channel: 'tv',
      description: 'untouched',
      attempts: [{ acquirer: 'untouched' }],
    });
  });

  it.each<[string, unknown]>([
    ['a status that does not exist', { status: 'nonsense' }],
    ['a mode that does not exist', { mode: 'nonsense' }],
    ['an amount that is none', { amount: 10.5 }],
    ['an amount too large to be exact', { amount: 2 ** 53 }],
    ['no currency', { currency: null }],
    ['an attempt without an acquirer', { attempts: [{ ...sampleAttempt(), acquirer: null }] }],
    [
      'an operation of no amount',
      { attempts: [sampleAttempt({ operations: [{ ...sampleOperation(), amount: Number.NaN }] })] },
    ],
  ])('are refused with %s, at the beginning and later', async (_what, wrong) => {
    const broken = { ...samplePayment(), ...(wrong as Partial<Payment>) };
    await expect(commit(broken)).rejects.toMatchObject({ name: 'Impossible' });
    expect(await store.payments.load(broken.id)).toBeNull();
    const payment = samplePayment();
    await commit(payment);
    await expect(commit(nextRevision(payment, wrong as Partial<Payment>))).rejects.toMatchObject({
      name: 'Impossible',
    });
    expect(await store.payments.load(payment.id)).toEqual(payment);
  });

  it('hold names that strangers chose, whatever stands in them', async () => {
    const names = { 'a.b': '1', $set: '2', 'nul\u0000': '3', '': '4', ['__proto__']: '5', é: '6' };
    const metadata = JSON.parse(JSON.stringify(names)) as Record<string, string>;
    const payment = samplePayment({ metadata });
    await commit(payment);
    expect(JSON.stringify((await store.payments.load(payment.id))?.metadata)).toBe(JSON.stringify(metadata));
    const merchant = sampleMerchant();
    const limits = (smsConfirmLimit: Record<string, number>) => ({ ...merchant.profile, smsConfirmLimit });
    await store.merchants.commit({ ...merchant, profile: limits({ EUR: 1, USD: 2 }) });
    await store.merchants.commit({ ...merchant, revision: 2, profile: limits({ USD: 2 }) });
    expect((await store.merchants.load(merchant.id))?.profile.smsConfirmLimit).toEqual({ USD: 2 });
  });

  it('are never looked for with anything but texts', async () => {
    const endpoint = sampleEndpoint();
    await store.endpoints.commit(endpoint);
    await commit(samplePayment({ code: '1111111111' }));
    const anything = { $ne: null } as unknown as string;
    expect(await store.payments.load(anything)).toBeNull();
    expect(await store.endpoints.load(anything)).toBeNull();
    expect(await store.payments.byRequest(anything, anything as 'test', anything)).toBeNull();
    expect(await store.payments.holderOf('mer_sample', 'test', anything)).toBeNull();
    expect(await store.payers.byAccount('mer_sample', 'test', anything)).toBeNull();
    expect(await store.merchants.byKey(anything)).toBeNull();
    expect(await store.endpoints.list(anything, 'test')).toEqual([]);
    expect(await store.vault.get(anything)).toBeNull();
    expect((await store.payments.list({ merchant: anything, mode: 'test', limit: 5 })).data).toEqual([]);
  });
});
