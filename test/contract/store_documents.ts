import { describe, expect, it } from 'vitest';
import type { Documents } from '../../src/contracts/store.js';
import {
  SAMPLE_TIME,
  sampleEndpoint,
  sampleHash,
  sampleInstrument,
  sampleMerchant,
  samplePayer,
  sampleRequest,
} from './samples.js';
import type { StoreUnderTest } from './store_under_test.js';

interface Document {
  readonly id: string;
  revision: number;
  updatedAt: number;
}

/** Payers, merchants and endpoints: aggregates of their own, with the look-ups they need. */
export function proveDocuments(under: StoreUnderTest): void {
  proveSwap('payers', samplePayer, () => under.store.payers);
  proveSwap('merchants', sampleMerchant, () => under.store.merchants);
  proveSwap('endpoints', sampleEndpoint, () => under.store.endpoints);
  describe('payers', () => provePayers(under));
  describe('merchants', () => proveMerchants(under));
  describe('endpoints', () => proveEndpoints(under));
}

/** What holds for every aggregate of its own. */
export function proveSwap<T extends Document>(what: string, sample: () => T, of: () => Documents<T>): void {
  it(`replaces ${what} only at the revision that was read`, async () => {
    const document = sample();
    expect(await of().load(document.id)).toBeNull();
    expect(await of().commit({ ...document, revision: 2 })).toBe(false);
    expect(await of().commit(document)).toBe(true);
    expect(await of().commit(document)).toBe(false);
    expect(await of().load(document.id)).toEqual(document);
    const rivals = Array.from({ length: 20 }, (_, index) => ({ ...document, revision: 2, updatedAt: index }));
    const won = await Promise.all(rivals.map((rival) => of().commit(rival)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await of().load(document.id)).toEqual(rivals[won.indexOf(true)]);
    const last = { ...document, revision: 3 };
    const written = of().commit(last);
    last.updatedAt = 99;
    expect(await written).toBe(true);
    expect((await of().load(document.id))?.updatedAt).toBe(document.updatedAt);
  });
}

function provePayers(under: StoreUnderTest): void {
  it('leap from the purchase codes of one key to those of another', async () => {
    const { payers } = under.store;
    await payers.commit(samplePayer({ account: 'none', purchaseCode: null }));
    expect(await payers.nextCodeHash('')).toBeNull();
    for (const hash of ['1.k2.a.b', '1.k1.c.d', '1.k1.a.b']) {
      const purchaseCode = { hash, setAt: 1, errors: 0, lockedUntil: null };
      await payers.commit(samplePayer({ account: hash, purchaseCode }));
    }
    const found = [];
    for (const after of ['', '1.k1.a.b', '1.k1/', '1.k2/']) found.push(await payers.nextCodeHash(after));
    expect(found).toEqual(['1.k1.a.b', '1.k1.c.d', '1.k2.a.b', null]);
  });

  it('are found by account, by instrument and by request, each within its wall', async () => {
    const { payers } = under.store;
    const [instrument, added] = [sampleInstrument(), sampleInstrument()];
    const request = sampleRequest();
    const payer = samplePayer({
      ...{ account: 'customer-1', instruments: [instrument], requests: [request] },
      ...{ phoneChangedAt: SAMPLE_TIME, emailChangedAt: SAMPLE_TIME + 1 },
    });
    await payers.commit(payer);
    expect(await payers.byAccount('mer_sample', 'test', 'customer-1')).toEqual(payer);
    expect(await payers.byInstrument('mer_sample', 'test', instrument.token)).toEqual(payer);
    expect(await payers.byRequest('mer_sample', 'test', request.key)).toBe(payer.id);
    for (const [owner, mode] of [
      ['mer_other', 'test'],
      ['mer_sample', 'live'],
    ] as const) {
      expect(await payers.byAccount(owner, mode, 'customer-1')).toBeNull();
      expect(await payers.byInstrument(owner, mode, instrument.token)).toBeNull();
      expect(await payers.byRequest(owner, mode, request.key)).toBeNull();
    }
    const changed = { ...payer, revision: 2, instruments: [added] };
    await payers.commit(changed);
    expect(await payers.byInstrument('mer_sample', 'test', instrument.token)).toBeNull();
    expect(await payers.byInstrument('mer_sample', 'test', added.token)).toEqual(changed);
  });

  it('have one account each per owner and mode', async () => {
    const { payers } = under.store;
    await payers.commit(samplePayer({ account: 'customer-1' }));
    const refused = samplePayer({ account: 'customer-1' });
    await expect(payers.commit(refused)).rejects.toMatchObject({ name: 'DuplicateKey', index: 'account' });
    expect(await payers.load(refused.id)).toBeNull();
    expect(await payers.commit(samplePayer({ account: 'customer-1', mode: 'live' }))).toBe(true);
    expect(await payers.commit(samplePayer({ account: 'customer-1', owner: 'op_tv' }))).toBe(true);
    const rivals = Array.from({ length: 20 }, () => samplePayer({ account: 'customer-2' }));
    const results = await Promise.allSettled(rivals.map((rival) => payers.commit(rival)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('may name an instrument that another payer of the owner has too', async () => {
    const { payers } = under.store;
    const shared = sampleInstrument({ token: 'tok_sandbox_visa' });
    const [first, second] = [samplePayer({ instruments: [shared] }), samplePayer({ instruments: [shared] })];
    await payers.commit(first);
    await payers.commit(second);
    expect(await payers.byInstrument('mer_sample', 'test', shared.token)).toEqual(first);
    await payers.commit({ ...first, revision: 2, instruments: [] });
    expect(await payers.byInstrument('mer_sample', 'test', shared.token)).toEqual(second);
  });

  it('come up again when what they left undone is due, earliest first', async () => {
    const { payers } = under.store;
    const left = (dueAt: number) => ({
      destroy: ['tok_gone'],
      tell: [{ what: 'card_removed', about: 'ins_1', to: null, revision: 1, at: 1 } as const],
      dueAt,
    });
    const [later, sooner, never] = [3, 2, 9].map((at) => samplePayer({ unfinished: left(SAMPLE_TIME + at) }));
    if (!later || !sooner || !never) throw new Error('three were asked for');
    for (const payer of [later, sooner, never, samplePayer()]) await payers.commit(payer);
    expect(await payers.due(SAMPLE_TIME + 3, 9)).toEqual([sooner, later]);
    expect(await payers.due(SAMPLE_TIME + 3, 1)).toEqual([sooner]);
    const done = { ...sooner, revision: 2, unfinished: null };
    await payers.commit(done);
    expect(await payers.due(SAMPLE_TIME + 3, 9)).toEqual([later]);
    expect(await payers.load(done.id)).toEqual(done);
  });

  it('of an earlier release, which know nothing of that, take it up', async () => {
    const { payers } = under.store;
    const { unfinished: _, ...earlier } = samplePayer({ instruments: [sampleInstrument()] });
    await payers.commit(earlier);
    expect(await payers.load(earlier.id)).toEqual(earlier);
    const unfinished = { destroy: ['tok_gone'], tell: [], dueAt: SAMPLE_TIME };
    const instruments = earlier.instruments.map((one) => ({ ...one, record: 'tok_new' }));
    const changed = { ...earlier, revision: 2, instruments, unfinished };
    expect(await payers.commit(changed)).toBe(true);
    expect(await payers.due(SAMPLE_TIME, 9)).toEqual([changed]);
  });

  it('keep their idempotency keys apart from those of payments and endpoints', async () => {
    const { payers, endpoints } = under.store;
    const requests = [sampleRequest()];
    const key = requests[0]?.key as string;
    const [payer, endpoint] = [samplePayer({ requests }), sampleEndpoint({ requests })];
    await payers.commit(payer);
    expect(await endpoints.commit(endpoint)).toBe(true);
    expect(await payers.byRequest('mer_sample', 'test', key)).toBe(payer.id);
    expect(await endpoints.byRequest('mer_sample', 'test', key)).toBe(endpoint.id);
    expect(await under.store.payments.byRequest('mer_sample', 'test', key)).toBeNull();
    await expect(payers.commit(samplePayer({ requests }))).rejects.toMatchObject({ index: 'request' });
    await expect(endpoints.commit(sampleEndpoint({ requests }))).rejects.toMatchObject({ index: 'request' });
  });
}

function proveMerchants(under: StoreUnderTest): void {
  it('are found by the hash of any key they have, and listed in the order they came', async () => {
    const { merchants } = under.store;
    const [first, second] = [sampleMerchant(), sampleMerchant()];
    await merchants.commit(first);
    await merchants.commit(second);
    const keyOf = (name: string) => ({
      id: name,
      mode: 'live' as const,
      hash: sampleHash(name),
      createdAt: 1,
      endsAt: null,
    });
    const rolled = { ...first, revision: 2, keys: [keyOf('new'), keyOf('newer')] };
    await merchants.commit(rolled);
    expect(await merchants.byKey(sampleHash('new'))).toEqual(rolled);
    expect(await merchants.byKey(sampleHash('newer'))).toEqual(rolled);
    expect(await merchants.byKey(sampleHash(first.id))).toBeNull();
    expect(await merchants.byKey(sampleHash(second.id))).toEqual(second);
    expect(await merchants.list()).toEqual([rolled, second]);
  });

  it('never share a key', async () => {
    const { merchants } = under.store;
    const first = sampleMerchant();
    await merchants.commit(first);
    const thief = sampleMerchant({ keys: first.keys });
    await expect(merchants.commit(thief)).rejects.toMatchObject({ name: 'DuplicateKey' });
    expect(await merchants.load(thief.id)).toBeNull();
    expect(await merchants.byKey(first.keys[0]?.hash as string)).toEqual(first);
  });
}

function proveEndpoints(under: StoreUnderTest): void {
  it('are listed in the order they came, whatever their status, within their wall', async () => {
    const { endpoints } = under.store;
    const ours = (['enabled', 'disabled', 'deleted'] as const).map((status) => sampleEndpoint({ status }));
    const theirs = sampleEndpoint({ mode: 'live', createdAt: SAMPLE_TIME - 1 });
    for (const endpoint of [...ours, theirs]) await endpoints.commit(endpoint);
    expect(await endpoints.list('mer_sample', 'test')).toEqual(ours);
    expect(await endpoints.list('mer_sample', 'live')).toEqual([theirs]);
    expect(await endpoints.list('mer_none', 'live')).toEqual([]);
  });
}
