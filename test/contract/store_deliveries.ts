import { expect, it } from 'vitest';
import type { Store } from '../../src/contracts/store.js';
import type { Delivery } from '../../src/contracts/webhook.js';
import { SAMPLE_TIME, sampleBatch, sampleCommit, sampleDelivery, sampleEndpoint, samplePayment } from './samples.js';
import type { StoreUnderTest } from './store_under_test.js';

/** Deliveries, and which endpoints have some coming to them. */
export function proveDeliveries(under: StoreUnderTest): void {
  proveFollowing(under);
  proveEnqueue(under);
  proveDue(under);
}

/** Lets `count` events enter the feed of a wall. */
async function tell(
  store: Store,
  count: number,
  wall: { merchant?: string; mode?: 'test' | 'live' } = {},
): Promise<void> {
  const payment = samplePayment(wall);
  await store.payments.commit(sampleCommit(payment, { feed: sampleBatch(payment, count) }));
}

function proveFollowing(under: StoreUnderTest): void {
  const behind = async (limit = 100) => (await under.store.endpoints.behind(limit)).map(({ id }) => id).sort();

  it('knows which enabled endpoints lie behind their own feed', async () => {
    const { store } = under;
    const here = sampleEndpoint();
    const elsewhere = [sampleEndpoint({ mode: 'live' }), sampleEndpoint({ merchant: 'mer_other' })];
    const idle = [
      sampleEndpoint({ status: 'disabled' }),
      sampleEndpoint({ status: 'deleted' }),
      sampleEndpoint({ cursor: 3 }),
    ];
    for (const endpoint of [here, ...elsewhere, ...idle]) await store.endpoints.commit(endpoint);
    expect(await behind()).toEqual([]);
    await tell(store, 3);
    expect(await store.endpoints.behind(9)).toEqual([here]);
    await tell(store, 1);
    expect(await behind()).toEqual([here.id, idle[2]?.id].sort());
    expect(await behind(1)).toHaveLength(1);
    await tell(store, 1, { mode: 'live' });
    expect(await behind()).toEqual([here.id, idle[2]?.id, elsewhere[0]?.id].sort());
  });

  it('follows an endpoint that is disabled, enabled again and moved', async () => {
    const { store } = under;
    const endpoint = sampleEndpoint();
    await store.endpoints.commit(endpoint);
    await tell(store, 2);
    await store.endpoints.commit({ ...endpoint, revision: 2, status: 'disabled' });
    expect(await behind()).toEqual([]);
    await tell(store, 1);
    await store.endpoints.commit({ ...endpoint, revision: 3 });
    expect(await behind()).toEqual([endpoint.id]);
    await store.endpoints.commit({ ...endpoint, revision: 4, cursor: 3 });
    expect(await behind()).toEqual([]);
    await tell(store, 1);
    expect(await behind()).toEqual([endpoint.id]);
  });

  it('finds an endpoint that was made when its feed was already long', async () => {
    const { store } = under;
    await tell(store, 5);
    const [late, current] = [sampleEndpoint({ cursor: 4 }), sampleEndpoint({ cursor: 5 })];
    await store.endpoints.commit(late);
    await store.endpoints.commit(current);
    expect(await behind()).toEqual([late.id]);
  });
}

function proveEnqueue(under: StoreUnderTest): void {
  it('adds deliveries and moves the cursor in one write, for one caller only', async () => {
    const { store } = under;
    const endpoint = sampleEndpoint();
    await store.endpoints.commit(endpoint);
    await tell(store, 2);
    const moved = { ...endpoint, revision: 2, cursor: 2 };
    const rivals = Array.from({ length: 8 }, () => [1, 2].map(() => sampleDelivery({ endpoint: endpoint.id })));
    const won = await Promise.all(rivals.map((deliveries) => store.deliveries.enqueue(moved, deliveries)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await store.endpoints.load(endpoint.id)).toEqual(moved);
    expect(await store.endpoints.behind(9)).toEqual([]);
    const { data } = await store.deliveries.ofEndpoint(endpoint.id, 99);
    expect(data.map(({ id }) => id).sort()).toEqual(rivals[won.indexOf(true)]?.map(({ id }) => id).sort());
  });

  it('leaves alone a delivery of the same event to the same endpoint', async () => {
    const { store } = under;
    const endpoint = sampleEndpoint();
    await store.endpoints.commit(endpoint);
    const first = sampleDelivery({ endpoint: endpoint.id });
    const [again, other] = [sampleDelivery({ ...first, id: 'dlv_again' }), sampleDelivery({ endpoint: endpoint.id })];
    const elsewhere = sampleDelivery({ endpoint: 'whk_elsewhere', event: first.event });
    await store.deliveries.enqueue({ ...endpoint, revision: 2, cursor: 1 }, [first]);
    const tried = { ...first, revision: 2, tries: 1 };
    await store.deliveries.commit(tried);
    expect(await store.deliveries.enqueue({ ...endpoint, revision: 3, cursor: 2 }, [again, other, elsewhere])).toBe(
      true,
    );
    expect(await store.deliveries.load('dlv_again')).toBeNull();
    expect(await store.deliveries.load(first.id)).toEqual(tried);
    expect(await store.deliveries.load(other.id)).toEqual(other);
    expect(await store.deliveries.load(elsewhere.id)).toEqual(elsewhere);
  });

  it('refuses an endpoint that is not there', async () => {
    const delivery = sampleDelivery();
    expect(await under.store.deliveries.enqueue(sampleEndpoint({ revision: 2 }), [delivery])).toBe(false);
    expect(await under.store.deliveries.load(delivery.id)).toBeNull();
  });
}

function proveDue(under: StoreUnderTest): void {
  const store = async (...deliveries: Delivery[]): Promise<void> => {
    for (const delivery of deliveries) expect(await under.store.deliveries.commit(delivery)).toBe(true);
  };
  const due = async (now: number, limit: number, except?: string[]) =>
    (await under.store.deliveries.due(now, limit, except)).map(({ id }) => id);

  it('are due earliest first, but for those of the endpoints that must wait', async () => {
    expect(await under.store.deliveries.nextDue()).toBeNull();
    const slow = [1, 2, 3, 4, 5].map((at) => sampleDelivery({ endpoint: 'whk_slow', dueAt: SAMPLE_TIME + at }));
    const quick = sampleDelivery({ endpoint: 'whk_quick', dueAt: SAMPLE_TIME + 6 });
    const other = sampleDelivery({ endpoint: 'whk_other', dueAt: SAMPLE_TIME + 7 });
    const settled = sampleDelivery({ status: 'delivered', dueAt: null });
    await store(other, ...slow.toReversed(), settled, quick);
    expect(await under.store.deliveries.nextDue()).toBe(SAMPLE_TIME + 1);
    expect(await due(SAMPLE_TIME, 9)).toEqual([]);
    expect(await due(SAMPLE_TIME + 9, 3)).toEqual(slow.slice(0, 3).map(({ id }) => id));
    expect(await due(SAMPLE_TIME + 9, 3, ['whk_slow'])).toEqual([quick.id, other.id]);
    expect(await due(SAMPLE_TIME + 9, 3, ['whk_slow', 'whk_quick', 'whk_"odd'])).toEqual([other.id]);
    expect(await under.store.deliveries.due(SAMPLE_TIME + 6, 9, ['whk_slow'])).toEqual([quick]);
  });

  it('are replaced only at the revision that was read: one sender claims it', async () => {
    const delivery = sampleDelivery();
    await store(delivery);
    const claims = Array.from({ length: 10 }, (_, index) => ({ ...delivery, revision: 2, dueAt: SAMPLE_TIME + index }));
    const won = await Promise.all(claims.map((claim) => under.store.deliveries.commit(claim)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await under.store.deliveries.load(delivery.id)).toEqual(claims[won.indexOf(true)]);
    await under.store.deliveries.commit({ ...delivery, revision: 3, status: 'delivered', dueAt: null });
    expect(await under.store.deliveries.nextDue()).toBeNull();
  });

  it('are listed by endpoint, newest first, page by page', async () => {
    const ours = Array.from({ length: 5 }, () => sampleDelivery({ endpoint: 'whk_ours' }));
    const theirs = sampleDelivery({ endpoint: 'whk_theirs' });
    await store(...ours, theirs);
    const ids = ours.map(({ id }) => id).reverse();
    const { deliveries } = under.store;
    const first = await deliveries.ofEndpoint('whk_ours', 2);
    expect(first).toMatchObject({ data: ids.slice(0, 2).map((id) => ({ id })), next: ids[1] });
    const second = await deliveries.ofEndpoint('whk_ours', 3, first.next ?? '');
    expect(second).toMatchObject({ data: ids.slice(2).map((id) => ({ id })), next: null });
    expect(await deliveries.ofEndpoint('whk_ours', 3, theirs.id)).toEqual({ data: [], next: null });
    expect(await deliveries.ofEndpoint('whk_none', 3)).toEqual({ data: [], next: null });
  });
}
