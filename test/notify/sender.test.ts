import { describe, expect, it } from 'vitest';
import { fanOutPass } from '../../src/notify/fan_out.js';
import { createSender } from '../../src/notify/sender.js';
import { createAgents } from '../../src/outside/agents.js';
import { answering, countingIds, createWorld, HOUR, OWNER, receiver, SECOND, START, silent, vault } from './world.js';

/** One delivery that is due, and a sender of its own for it. */
async function oneDue(url: string) {
  const world = createWorld();
  const { store, clock } = world;
  const ids = countingIds();
  const { endpoint } = await world.endpoint(url);
  store.append({ ...OWNER, type: 'payment.succeeded' });
  await fanOutPass({ store, clock, ids });
  const [delivery] = await world.deliveries(endpoint);
  if (!delivery) throw new Error('no delivery');
  const tried: string[] = [];
  const metrics = { webhookTried: (result: string) => void tried.push(result) };
  const ports = { store, vault, clock, ids, log: silent, metrics, agents: createAgents(), allowLoopback: () => true };
  return { ...world, sender: createSender(ports), endpoint, delivery, tried };
}

describe('a claim', () => {
  it('is given once, and moves the due time to the end of the lease', async () => {
    const { sender, delivery, store } = await oneDue('http://127.0.0.1:1/');
    const claims = await Promise.all([sender.claim(delivery), sender.claim(delivery)]);
    expect(claims.map((claim) => claim?.dueAt ?? null)).toEqual([START + 30 * SECOND, null]);
    expect(await store.deliveries.due(START + 29 * SECOND, 10)).toEqual([]);
  });

  it('that was slept over sends nothing', async () => {
    const shop = await receiver();
    const { sender, delivery, clock } = await oneDue(shop.url);
    const claimed = await sender.claim(delivery);
    clock.advanceTo(START + 16 * SECOND);
    expect(claimed && (await sender.send(claimed))).toBeNull();
    expect(shop.received).toHaveLength(0);
  });
});

describe('a try', () => {
  it('whose delivery was replayed meanwhile leaves it as the replay made it', async () => {
    const { sender, delivery, store, webhooks, clock } = await oneDue('http://127.0.0.1:1/');
    const claimed = await sender.claim(delivery);
    await webhooks.close();
    await webhooks.endpoints.replay(OWNER, delivery.id, null);
    if (claimed) await sender.send(claimed);
    expect(await store.deliveries.load(delivery.id)).toMatchObject({ tries: 0, dueAt: clock.now(), lastError: null });
  });

  it('that finds 410 does not disable an endpoint that has moved', async () => {
    const world = await oneDue('http://127.0.0.1:1/');
    const { webhooks, endpoint, store, sender, delivery } = world;
    await webhooks.close();
    const old = await receiver((response) => {
      const moved = webhooks.endpoints.update(OWNER, endpoint.id, { url: 'http://127.0.0.1:2/' });
      void moved.then(() => response.writeHead(410).end());
    });
    await webhooks.endpoints.update(OWNER, endpoint.id, { url: old.url });
    const claimed = await sender.claim(delivery);
    if (claimed) await sender.send(claimed);
    expect(await store.endpoints.load(endpoint.id)).toMatchObject({ status: 'enabled', url: 'http://127.0.0.1:2/' });
  });

  it('is not made with a secret that cannot be opened', async () => {
    const shop = await receiver();
    const { sender, delivery, store, endpoint } = await oneDue(shop.url);
    const stored = await store.endpoints.load(endpoint.id);
    if (!stored) throw new Error('no endpoint');
    const secrets = [{ sealed: vault.seal('webhook_secret:whk_other', 'whsec_AAAA'), until: null }];
    await store.endpoints.commit({ ...stored, revision: stored.revision + 1, secrets });
    const claimed = await sender.claim(delivery);
    if (claimed) await sender.send(claimed);
    expect(await store.deliveries.load(delivery.id)).toMatchObject({ status: 'waiting', lastError: 'not_signed' });
    expect(shop.received).toHaveLength(0);
  });

  it('is counted with its outcome', async () => {
    const shop = await receiver(answering(500));
    const { sender, delivery, tried, clock, store } = await oneDue(shop.url);
    const claimed = await sender.claim(delivery);
    if (claimed) await sender.send(claimed);
    expect(tried).toEqual(['failed']);
    clock.advanceTo(START + 72 * HOUR);
    const again = await store.deliveries.load(delivery.id);
    const last = again && (await sender.claim(again));
    if (last) await sender.send(last);
    expect(tried).toEqual(['failed', 'parked']);
  });
});
