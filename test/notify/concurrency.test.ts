import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { StoreFailure } from '../../src/contracts/errors.js';
import type { Feed } from '../../src/contracts/store.js';
import type { Delivery } from '../../src/contracts/webhook.js';
import { fanOutPass } from '../../src/notify/fan_out.js';
import type { MemoryStore } from './memory_store.js';
import { countingIds, createWorld, HOUR, OWNER, receiver, SECOND, START, silent } from './world.js';

const types = (count: number) => Array.from({ length: count }, () => 'payment.succeeded');

describe('a crash', () => {
  it('between the answer and its commit means: sent again after the lease, same id, same bytes', async () => {
    const shop = await receiver();
    let broken = true;
    const through = (store: MemoryStore) => ({
      ...store,
      deliveries: {
        ...store.deliveries,
        async commit(delivery: Delivery) {
          if (broken && delivery.status === 'delivered') throw new StoreFailure('the disk went away');
          return store.deliveries.commit(delivery);
        },
      },
    });
    const { endpoint, happen, pass, clock, webhooks } = createWorld({ through });
    await endpoint(shop.url);
    await happen('payment.succeeded');
    expect(shop.received).toHaveLength(1);

    broken = false;
    clock.advanceTo(START + 29 * SECOND);
    await webhooks.sweep();
    await webhooks.idle();
    expect(shop.received).toHaveLength(1);
    clock.advanceTo(START + 30 * SECOND);
    await webhooks.sweep();
    await webhooks.idle();
    expect(shop.received).toHaveLength(2);
    expect(shop.received[1]?.body).toBe(shop.received[0]?.body);
    expect(shop.received[1]?.headers['webhook-id']).toBe(shop.received[0]?.headers['webhook-id']);
    await pass(HOUR);
    expect(shop.received).toHaveLength(2);
  });

  it('at each try ends with the delivery parked, not with tries for ever', async () => {
    const shop = await receiver();
    const { endpoint: open, store, webhooks, clock, deliveries } = createWorld();
    const { endpoint } = await open(shop.url);
    store.append({ ...OWNER, type: 'payment.succeeded' });
    await fanOutPass({ store, clock, ids: countingIds() });
    const [waiting] = await deliveries(endpoint);
    if (!waiting) throw new Error('no delivery');
    await store.deliveries.commit({ ...waiting, revision: 2, tries: 40 });
    await webhooks.sweep();
    await webhooks.idle();
    expect(await deliveries(endpoint)).toMatchObject([{ status: 'parked' }]);
    expect(shop.received).toHaveLength(0);
  });
});

describe('two processes', () => {
  it('at once send each delivery once when nothing fails', async () => {
    const shop = await receiver();
    const first = createWorld();
    const second = createWorld({ shared: first });
    const { endpoint } = await first.endpoint(shop.url);
    for (const type of types(300)) first.store.append({ ...OWNER, type });
    await Promise.all([first.webhooks.sweep(), second.webhooks.sweep()]);
    for (let round = 0; round < 5; round += 1) {
      await Promise.all([first.pass(0), second.pass(0)]);
    }
    expect(shop.received).toHaveLength(300);
    expect(new Set(shop.received.map(({ headers }) => headers['webhook-id'])).size).toBe(300);
    expect((await first.deliveries(endpoint)).every(({ status, tries }) => status === 'delivered' && tries === 1)).toBe(
      true,
    );
  });

  it('making deliveries of the same events make each once', async () => {
    const { endpoint: open, store, clock, deliveries } = createWorld();
    const { endpoint } = await open('http://127.0.0.1:9/');
    for (const type of types(1_000)) store.append({ ...OWNER, type });
    const ids = countingIds();
    const worker = async () => {
      for (let pass = 0; pass < 20; pass += 1) await fanOutPass({ store, clock, ids });
    };
    await Promise.all([worker(), worker()]);
    const events = (await deliveries(endpoint)).map(({ event }) => event);
    expect(events).toEqual(Array.from({ length: 1_000 }, (_, index) => `evt_mer_demo_${index + 1}`));
    expect(await store.endpoints.behind(1)).toEqual([]);
  });
});

describe('an endpoint that never answers', () => {
  it('holds four places at most, then one, and nobody else waits for it', async () => {
    const open: ServerResponse[] = [];
    let most = 0;
    const mute = await receiver((response) => {
      open.push(response);
      most = Math.max(most, open.length);
      response.on('close', () => open.splice(open.indexOf(response), 1));
    });
    const quick = await receiver();
    const { endpoint, store, webhooks, clock } = createWorld({ concurrency: 6 });
    await endpoint(mute.url);
    await endpoint(quick.url);
    for (const type of types(200)) store.append({ ...OWNER, type });
    await webhooks.sweep();
    await quick.arrived(200);
    await mute.arrived(4);
    expect(mute.received).toHaveLength(4);
    expect(most).toBe(4);

    clock.advanceTo(START + 15 * SECOND);
    await mute.arrived(5);
    clock.advanceTo(START + 30 * SECOND);
    await mute.arrived(6);
    expect(mute.received).toHaveLength(6);
    const closed = webhooks.close();
    clock.advanceTo(START + 45 * SECOND);
    await closed;
    expect(mute.received).toHaveLength(6);
  });

  it('leaves its place to nobody beyond the bound over all, and does not make the sweeper spin', async () => {
    const hooks = await Promise.all(Array.from({ length: 5 }, () => receiver(() => undefined)));
    const { endpoint, store, webhooks, clock } = createWorld({ concurrency: 8 });
    for (const { url } of hooks) await endpoint(url);
    for (const type of types(20)) store.append({ ...OWNER, type });
    expect(await webhooks.sweep()).toBe(START + SECOND);
    const leased = (await store.deliveries.due(START + 30 * SECOND, 1_000)).filter(({ tries }) => tries > 0);
    expect(leased).toHaveLength(8);
    const closed = webhooks.close();
    clock.advanceTo(START + 15 * SECOND);
    await closed;
  });
});

describe('waking', () => {
  it('often costs a round or two', async () => {
    const shop = await receiver();
    let asked = 0;
    const through = (whole: MemoryStore) => ({
      ...whole,
      endpoints: {
        ...whole.endpoints,
        behind(limit: number) {
          asked += 1;
          return whole.endpoints.behind(limit);
        },
      },
    });
    const { endpoint, webhooks, store } = createWorld({ through });
    await endpoint(shop.url);
    store.append({ ...OWNER, type: 'payment.succeeded' });
    for (let call = 0; call < 1_000; call += 1) webhooks.wake();
    await webhooks.idle();
    expect(shop.received).toHaveLength(1);
    expect(asked).toBeLessThanOrEqual(4);
  });

  it('after a close begins nothing', async () => {
    const shop = await receiver();
    const { endpoint, webhooks, store } = createWorld();
    await endpoint(shop.url);
    store.append({ ...OWNER, type: 'payment.succeeded' });
    await webhooks.close();
    webhooks.wake();
    expect(await webhooks.sweep()).toBeNull();
    await webhooks.idle();
    expect(shop.received).toHaveLength(0);
  });

  it.each([5, 6, 7, 8, 9, 10])('is closed once all is settled that a round had claimed by step %i', async (steps) => {
    const shop = await receiver();
    const { endpoint: open, webhooks, store, clock, deliveries } = createWorld();
    const { endpoint } = await open(shop.url);
    for (const type of types(50)) store.append({ ...OWNER, type });
    await fanOutPass({ store, clock, ids: countingIds() });
    const sweeping = webhooks.sweep();
    for (let step = 0; step < steps; step += 1) await Promise.resolve();
    await webhooks.close();
    await sweeping;
    const half = (await deliveries(endpoint)).filter(({ tries, status }) => tries > 0 && status === 'waiting');
    expect(half).toEqual([]);
  });

  it('survives a store that fails: the error is told and the next sweep goes on', async () => {
    const shop = await receiver();
    let broken = true;
    const through = (whole: MemoryStore) => ({
      ...whole,
      feed: {
        ...whole.feed,
        async after(...wanted: Parameters<Feed['after']>) {
          if (broken) throw new StoreFailure('not now');
          return whole.feed.after(...wanted);
        },
      },
    });
    const told: string[] = [];
    const log = { ...silent, error: (message: string) => void told.push(message) };
    const { endpoint, webhooks, store } = createWorld({ through, log });
    await endpoint(shop.url);
    store.append({ ...OWNER, type: 'payment.succeeded' });
    webhooks.wake();
    await webhooks.idle();
    expect(told).toEqual(['webhooks interrupted']);
    await expect(webhooks.sweep()).rejects.toThrow(StoreFailure);
    broken = false;
    await webhooks.sweep();
    await webhooks.idle();
    expect(shop.received).toHaveLength(1);
  });
});

describe('ten thousand events', () => {
  it('become ten thousand deliveries, in order', { timeout: 20_000 }, async () => {
    const { endpoint: open, store, clock, deliveries } = createWorld();
    const { endpoint } = await open('http://127.0.0.1:9/', ['payment.*']);
    for (const type of types(10_000)) store.append({ ...OWNER, type });
    const ids = countingIds();
    let passes = 0;
    while (await fanOutPass({ store, clock, ids })) passes += 1;
    expect(passes).toBe(50);
    const events = (await deliveries(endpoint)).map(({ event }) => event);
    expect(events).toEqual(Array.from({ length: 10_000 }, (_, index) => `evt_mer_demo_${index + 1}`));
  });
});
