import { describe, expect, it } from 'vitest';
import { DuplicateKey, StoreFailure } from '../../src/contracts/errors.js';
import type { Owner } from '../../src/notify/delivery_commands.js';
import { presentDelivery, presentEndpoint } from '../../src/notify/present.js';
import { answering, createWorld, HOUR, OWNER, receiver, refusedWith, START, verified } from './world.js';

const wanted = {
  ...OWNER,
  url: 'https://shop.example.com/',
  events: [],
  description: 'Orders',
  request: null,
} as const;
const request = { key: 'key-1', fingerprint: 'f', deadline: START + 1_000 };

describe('a webhook endpoint', () => {
  it('is made with a secret that is kept sealed only, and shown without it', async () => {
    const { webhooks, store } = createWorld();
    const { endpoint, secret } = await webhooks.endpoints.create({ ...wanted, request });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
    const stored = await store.endpoints.load(endpoint.id);
    expect(JSON.stringify(stored)).not.toContain(secret.slice(6));
    expect(presentEndpoint(endpoint)).toEqual({
      ...{ id: endpoint.id, object: 'webhook_endpoint', ...OWNER, url: wanted.url, events: [], description: 'Orders' },
      ...{ status: 'enabled', created_at: '2030-01-01T00:00:00.000Z', updated_at: '2030-01-01T00:00:00.000Z' },
    });
    expect(stored?.requests).toEqual([
      { ...request, target: endpoint.id, answer: { status: 201, body: presentEndpoint(endpoint) } },
    ]);
  });

  it('is not made twice under one idempotency key', async () => {
    const { webhooks } = createWorld();
    await webhooks.endpoints.create({ ...wanted, request });
    await expect(webhooks.endpoints.create({ ...wanted, request })).rejects.toThrow(DuplicateKey);
    expect(await webhooks.endpoints.list(OWNER)).toHaveLength(1);
  });

  it('refuses events that do not exist, and says which', async () => {
    const { webhooks } = createWorld();
    const events = ['payment.*', 'payment.succeded', 'payment.succeeded', '*', 'pay.*', '__proto__', 'endpoint.test'];
    await expect(webhooks.endpoints.create({ ...wanted, events })).rejects.toMatchObject({
      status: 422,
      code: 'unknown_event_type',
      extras: { errors: [1, 3, 4, 5, 6].map((index) => ({ pointer: `/events/${index}` })) },
    });
    const { endpoint } = await webhooks.endpoints.create({ ...wanted, events: ['refund.*', 'refund.*'] });
    expect(endpoint.events).toEqual(['refund.*']);
    await refusedWith('unknown_event_type', webhooks.endpoints.update(OWNER, endpoint.id, { events: ['nothing'] }));
  });

  it('is one of sixteen at most in each mode; a deleted one makes room', async () => {
    const { webhooks } = createWorld();
    const made = [];
    for (let count = 0; count < 16; count += 1) made.push(await webhooks.endpoints.create(wanted));
    await refusedWith('too_many_endpoints', webhooks.endpoints.create(wanted));
    await webhooks.endpoints.create({ ...wanted, mode: 'live' });
    await webhooks.endpoints.delete(OWNER, made[3]?.endpoint.id ?? '');
    const { endpoint } = await webhooks.endpoints.create(wanted);
    const list = await webhooks.endpoints.list(OWNER);
    expect(list).toHaveLength(16);
    expect(list[0]?.id).toBe(endpoint.id);
  });

  it.each<[string, Owner]>([
    ['another merchant', { merchant: 'mer_other', mode: 'test' }],
    ['the other mode', { merchant: OWNER.merchant, mode: 'live' }],
  ])('does not exist for %s', async (_name, other) => {
    const { endpoint: open, webhooks, happen, deliveries } = createWorld();
    const { endpoint } = await open('http://127.0.0.1:1/');
    await happen('payment.created');
    const [delivery] = await deliveries(endpoint);
    const { endpoints } = webhooks;
    expect(await endpoints.list(other)).toEqual([]);
    await refusedWith('endpoint_not_found', endpoints.find(other, endpoint.id));
    await refusedWith('endpoint_not_found', endpoints.update(other, endpoint.id, { description: 'mine' }));
    await refusedWith('endpoint_not_found', endpoints.delete(other, endpoint.id));
    await refusedWith('endpoint_not_found', endpoints.rotate(other, endpoint.id, null));
    await refusedWith('endpoint_not_found', endpoints.test(other, endpoint.id, null));
    await refusedWith('endpoint_not_found', endpoints.deliveries(other, endpoint.id, { limit: 10 }));
    await refusedWith('delivery_not_found', endpoints.replay(other, delivery?.id ?? '', null));
    expect(await endpoints.find(OWNER, endpoint.id)).toMatchObject({ description: null, status: 'enabled' });
  });

  it('is gone once deleted', async () => {
    const { webhooks } = createWorld();
    const { endpoint } = await webhooks.endpoints.create(wanted);
    expect(await webhooks.endpoints.delete(OWNER, endpoint.id)).toMatchObject({ status: 'deleted' });
    await refusedWith('endpoint_not_found', webhooks.endpoints.find(OWNER, endpoint.id));
    await refusedWith('endpoint_not_found', webhooks.endpoints.delete(OWNER, endpoint.id));
    await refusedWith('endpoint_not_found', webhooks.endpoints.find(OWNER, 'whk_unknown'));
  });

  it('changes what is named and nothing else, also while its cursor moves', async () => {
    const { webhooks, store, clock, endpoint: open, happen } = createWorld();
    const { endpoint } = await open('http://127.0.0.1:1/', ['refund.*']);
    const load = store.endpoints.load;
    let raced = false;
    store.endpoints.load = async (id) => {
      const loaded = await load(id);
      if (loaded && !raced) {
        raced = true;
        await happen('payment.created');
      }
      return loaded;
    };
    clock.advanceTo(START + 5);
    const changed = await webhooks.endpoints.update(OWNER, endpoint.id, { description: 'Refunds' });
    expect(changed).toEqual({ ...endpoint, description: 'Refunds', cursor: 1, revision: 3, updatedAt: START + 5 });
  });

  it('has four secrets at most, each old one for its own day', async () => {
    const { webhooks, clock } = createWorld();
    const { endpoint } = await webhooks.endpoints.create(wanted);
    for (const hour of [1, 2, 3]) {
      clock.advanceTo(START + hour * HOUR);
      await webhooks.endpoints.rotate(OWNER, endpoint.id, null);
    }
    await refusedWith('too_many_secrets', webhooks.endpoints.rotate(OWNER, endpoint.id, null));
    const ends = (await webhooks.endpoints.find(OWNER, endpoint.id)).secrets.map(({ until }) => until);
    expect(ends).toEqual([null, START + 27 * HOUR, START + 26 * HOUR, START + 25 * HOUR]);
    clock.advanceTo(START + 25 * HOUR);
    const { endpoint: rotated } = await webhooks.endpoints.rotate(OWNER, endpoint.id, { ...request, key: 'key-2' });
    expect(rotated.secrets).toHaveLength(4);
    expect(rotated.requests).toMatchObject([{ key: 'key-2', answer: { status: 200, body: presentEndpoint(rotated) } }]);
  });

  it('forgets no idempotency key: beyond five hundred it takes no more', async () => {
    const { webhooks, store } = createWorld();
    const { endpoint } = await webhooks.endpoints.create({ ...wanted, request });
    const { endpoints } = webhooks;
    for (let count = 1; count < 500; count += 1) {
      await endpoints.test(OWNER, endpoint.id, { ...request, key: `test-${count}` });
    }
    const more = { ...request, key: 'more' };
    await refusedWith('too_many_requests_kept', endpoints.test(OWNER, endpoint.id, more));
    await refusedWith('too_many_requests_kept', endpoints.rotate(OWNER, endpoint.id, more));
    const { data } = await endpoints.deliveries(OWNER, endpoint.id, { limit: 1 });
    await refusedWith('too_many_requests_kept', endpoints.replay(OWNER, data[0]?.id ?? '', more));
    // Those that are kept are known, and without a key everything goes on.
    await expect(endpoints.test(OWNER, endpoint.id, { ...request, key: 'test-1' })).rejects.toThrow(DuplicateKey);
    await endpoints.test(OWNER, endpoint.id, null);
    const kept = (await store.endpoints.load(endpoint.id))?.requests ?? [];
    expect(kept).toHaveLength(500);
    expect(kept.every(({ answer }) => answer !== null)).toBe(true);
  });

  it('is tested once under a key, also when its cursor moves meanwhile', async () => {
    const { webhooks, store, happen, endpoint: open } = createWorld();
    const { endpoint } = await open('http://127.0.0.1:1/', ['refund.*']);
    const load = store.endpoints.load;
    let raced = false;
    store.endpoints.load = async (id) => {
      const loaded = await load(id);
      if (loaded && !raced) {
        raced = true;
        await happen('payment.created');
      }
      return loaded;
    };
    const delivery = await webhooks.endpoints.test(OWNER, endpoint.id, request);
    const stored = await load(endpoint.id);
    expect(stored).toMatchObject({ cursor: 1, requests: [{ key: request.key, target: delivery.id }] });
    const { data } = await webhooks.endpoints.deliveries(OWNER, endpoint.id, { limit: 10 });
    expect(data.map(({ id }) => id)).toEqual([delivery.id]);
  });

  it('keeps the key of a replay that breaks off, and ends it when it is asked for again', async () => {
    const shop = await receiver();
    const { webhooks, store, endpoint: open, happen, deliveries } = createWorld();
    const { endpoint } = await open(shop.url);
    await happen('payment.created');
    const [delivery] = await deliveries(endpoint);
    const id = delivery?.id ?? '';
    const commit = store.deliveries.commit;
    store.deliveries.commit = () => Promise.reject(new StoreFailure('the disk is full'));
    await expect(webhooks.endpoints.replay(OWNER, id, request)).rejects.toThrow(StoreFailure);
    store.deliveries.commit = commit;
    const keptNow = async () => (await store.endpoints.load(endpoint.id))?.requests;
    expect(await keptNow()).toEqual([{ ...request, target: id, answer: null }]);
    await expect(webhooks.endpoints.replay(OWNER, id, request)).rejects.toThrow(DuplicateKey);
    expect(shop.received).toHaveLength(1);
    const again = await webhooks.endpoints.finishReplay(OWNER, id, request.key);
    await webhooks.idle();
    expect(shop.received).toHaveLength(2);
    expect(await keptNow()).toEqual([
      { ...request, target: id, answer: { status: 200, body: presentDelivery(again) } },
    ]);
  });

  it('is tested with an event that is in no feed, whatever it listens to', async () => {
    const shop = await receiver();
    const { webhooks, store, endpoint: open, deliveries } = createWorld();
    const { endpoint, secret } = await open(shop.url, ['refund.*']);
    const delivery = await webhooks.endpoints.test(OWNER, endpoint.id, null);
    await webhooks.idle();
    expect(await deliveries(endpoint)).toMatchObject([{ id: delivery.id, status: 'delivered', type: 'endpoint.test' }]);
    expect(await store.feed.head(OWNER.merchant, OWNER.mode)).toBe(0);
    const [got] = shop.received;
    if (!got) throw new Error('nothing came');
    expect(verified(got, secret)).toMatchObject({
      ...{ id: delivery.event, object: 'event', type: 'endpoint.test', position: null, payment: null, sequence: null },
      data: { id: endpoint.id, object: 'webhook_endpoint' },
    });
    expect(got.body).not.toContain(secret.slice(6));
  });

  it('that is disabled is neither tested nor replayed to', async () => {
    const shop = await receiver(answering(500));
    const { webhooks, endpoint: open, happen, deliveries } = createWorld();
    const { endpoint } = await open(shop.url);
    await happen('payment.created');
    await webhooks.endpoints.update(OWNER, endpoint.id, { status: 'disabled' });
    await refusedWith('endpoint_disabled', webhooks.endpoints.test(OWNER, endpoint.id, null));
    const [delivery] = await deliveries(endpoint);
    await refusedWith('endpoint_disabled', webhooks.endpoints.replay(OWNER, delivery?.id ?? '', null));
  });

  it('shows its deliveries, newest first and page by page', async () => {
    const { webhooks, endpoint: open, happen } = createWorld();
    const { endpoint } = await open('http://127.0.0.1:1/');
    await happen('payment.created', 'payment.processing', 'payment.succeeded');
    const first = await webhooks.endpoints.deliveries(OWNER, endpoint.id, { limit: 2 });
    const rest = await webhooks.endpoints.deliveries(OWNER, endpoint.id, { limit: 2, after: first.next ?? '' });
    expect([...first.data, ...rest.data].map(({ type }) => type)).toEqual([
      'payment.succeeded',
      'payment.processing',
      'payment.created',
    ]);
    expect(rest.next).toBeNull();
    const other = await open('http://127.0.0.1:1/other');
    for (const after of ['dlv_unknown', endpoint.id]) {
      await refusedWith('cursor_invalid', webhooks.endpoints.deliveries(OWNER, endpoint.id, { limit: 2, after }));
    }
    const theirs = { limit: 2, after: first.next ?? '' };
    await refusedWith('cursor_invalid', webhooks.endpoints.deliveries(OWNER, other.endpoint.id, theirs));
    const [shown] = first.data.map(presentDelivery);
    expect(shown).toMatchObject({
      ...{ object: 'webhook_delivery', endpoint: endpoint.id, event: 'evt_mer_demo_3', status: 'waiting', tries: 1 },
      ...{ last_status: null, last_error: 'connection_refused', delivered_at: null },
      gives_up_at: '2030-01-04T00:00:00.000Z',
    });
    expect(Date.parse(String(shown?.['next_try_at']))).toBeGreaterThan(START);
  });

  it('replays what was delivered, too', async () => {
    const shop = await receiver();
    const { webhooks, endpoint: open, happen, deliveries } = createWorld();
    const { endpoint } = await open(shop.url);
    await happen('payment.created');
    const [delivery] = await deliveries(endpoint);
    await webhooks.endpoints.replay(OWNER, delivery?.id ?? '', null);
    await webhooks.idle();
    expect(shop.received).toHaveLength(2);
    expect(await deliveries(endpoint)).toMatchObject([{ status: 'delivered', tries: 1 }]);
  });
});
