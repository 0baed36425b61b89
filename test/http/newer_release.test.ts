/** What a newer release has written beside what this one knows stays there, whatever is done to it here. */
import { describe, expect, it } from 'vitest';
import { PAYMENT, startWorld, textAt, type World } from './world.js';

type Fields = Record<string, unknown>;

/** What strangers name, what a flow of its own version keeps, and what was answered once are nobody's to add to. */
const FOREIGN = new Set(['metadata', 'snapshot', 'answer', 'smsConfirmLimit', 'prompt']);

/** The document with a field of a newer release in each of its parts. */
function withLater(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withLater);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, own]) => [name, FOREIGN.has(name) ? own : withLater(own)]);
  return { ...Object.fromEntries(fields), later: { since: 'next' } };
}

/** Every part of `before` that is still there in `after` and has lost its field, by path. Members of lists go by identity. */
function lostIn(before: unknown, after: unknown, path = ''): string[] {
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null) return [];
  if (Array.isArray(before)) {
    return before.flatMap((member, index) => lostIn(member, sameIn(after as unknown[], member, index), `${path}[]`));
  }
  const [was, is] = [before as Fields, after as Fields];
  const own = was['later'] !== undefined && is['later'] === undefined ? [path] : [];
  return [...own, ...Object.keys(was).flatMap((name) => lostIn(was[name], is[name], `${path}.${name}`))];
}

const NAMES = ['id', 'key', 'sealed', 'device'];

function sameIn(members: readonly unknown[], wanted: unknown, index: number): unknown {
  const identity = (member: unknown): unknown => NAMES.map((name) => (member as Fields | null)?.[name]).find(Boolean);
  return identity(wanted) === undefined
    ? members[index]
    : members.find((member) => identity(member) === identity(wanted));
}

interface Documents {
  load(id: string): Promise<{ readonly revision: number } | null>;
}

/** Puts fields of a newer release everywhere into a document; answers what has lost them later. */
async function newer(
  { load }: Documents,
  commit: (document: never) => Promise<boolean>,
  id: string,
): Promise<() => Promise<string[]>> {
  const stored = await load(id);
  const changed = { ...(withLater(stored) as Fields), revision: (stored?.revision ?? 0) + 1 };
  expect(await commit(changed as never)).toBe(true);
  return async () => {
    const after = await load(id);
    expect(after?.revision).toBeGreaterThan(changed.revision);
    return lostIn(changed, after);
  };
}

const newerPayment = ({ store: { payments } }: World, id: string) =>
  newer(
    payments,
    (payment) => payments.commit({ payment, feed: null, claims: [], releases: [], codeFreeAt: null }),
    id,
  );

const CARD = { number: '4242424242424242', expiryMonth: 12, expiryYear: 2034, securityCode: null, brand: 'visa' };

describe('fields of a newer release', () => {
  it('are missed where they are lost', () => {
    const before = {
      later: 1,
      part: { later: 1 },
      list: [
        { id: 'a', later: 1 },
        { id: 'b', later: 1 },
      ],
    };
    const after = { part: {}, list: [{ id: 'b' }, { id: 'c' }] };
    expect(lostIn(before, after)).toEqual(['', '.part', '.list[]']);
  });

  it('stay with a payment that is captured, refunded and has its end', async () => {
    const world = await startWorld();
    const { call } = world;
    const body = { ...PAYMENT, capture: 'manual', pay_with: 'tok_sandbox_approve' };
    const id = textAt(await call('POST', '/v1/payments', { body, headers: { 'idempotency-key': 'k1' } }), 'id');
    const lost = await newerPayment(world, id);
    const path = `/v1/payments/${id}`;
    expect((await call('POST', `${path}/capture`, { body: { amount: 3_000 } })).status).toBe(200);
    const lostAfterRefund = await newerPayment(world, id);
    expect((await call('POST', `${path}/refunds`, { body: { amount: 1_000 } })).status).toBe(201);
    expect(await lost()).toEqual([]);
    expect(await lostAfterRefund()).toEqual([]);
    expect((await call('GET', `${path}/timeline`)).status).toBe(200);
  });

  it('stay with a payment that its payer and its merchant change', async () => {
    const world = await startWorld();
    const { call } = world;
    const body = { ...PAYMENT, payer: { account: 'cust-7', email: 'a@example.org' } };
    const id = textAt(await call('POST', '/v1/payments', { body }), 'id');
    const lost = await newerPayment(world, id);
    expect(await world.engine.extend(id)).toBe(true);
    expect((await call('POST', `/v1/payments/${id}/cancel`, { body: {} })).status).toBe(200);
    expect(await lost()).toEqual([]);
  });

  it('stay with an event that has a type of its own, which is told as it is', async () => {
    const world = await startWorld();
    const { call, store } = world;
    const id = textAt(
      await call('POST', '/v1/payments', { body: { ...PAYMENT, capture: 'manual', pay_with: 'tok_sandbox_approve' } }),
      'id',
    );
    const stored = await store.payments.load(id);
    if (stored === null) throw new Error('no payment');
    const event = {
      id: 'evt_later',
      type: 'payment.weighed',
      sequence: stored.events.length + 1,
      at: 1,
      about: null,
      note: 'light',
    };
    const payment = { ...stored, revision: stored.revision + 1, events: [...stored.events, event] };
    await store.payments.commit({ payment, feed: null, claims: [], releases: [], codeFreeAt: null });
    const timeline = await call('GET', `/v1/payments/${id}/timeline`);
    expect(timeline.status).toBe(200);
    expect(timeline.text).toContain('payment.weighed');
    expect((await call('POST', `/v1/payments/${id}/capture`, { body: {} })).status).toBe(200);
    expect((await store.payments.load(id))?.events.at(stored.events.length)).toEqual(event);
  });

  it('stay with a payer', async () => {
    const { call, store, payers, vault, shop } = await startWorld();
    const of = { owner: shop.merchant.id, mode: 'test', account: 'cust-7' } as const;
    const consent = { words: 'Keep my card.', at: 1 };
    const keep = async (card = CARD) =>
      payers.storeInstrument(of, { ...(await vault.keepCard(card)), authenticated: true, consent });
    const { instrument } = await keep();
    const put = await call('PUT', '/v1/payers/cust-7', { body: { email: 'a@example.org', sms_consent: true } });
    await call('PUT', '/v1/payers/cust-7/purchase-code', { body: { purchase_code: '7314' } });
    const lost = await newer(store.payers, store.payers.commit, textAt(put, 'id'));
    await call('PUT', '/v1/payers/cust-7', { body: { email: 'b@example.org', name: 'Ada' } });
    await keep({ ...CARD, number: '5555555555554444', brand: 'mastercard' });
    await call('POST', `/v1/payers/cust-7/instruments/${instrument.id}/default`);
    await payers.sweep();
    expect(await lost()).toEqual([]);
  });

  it('stay with an endpoint', async () => {
    const { call, store } = await startWorld();
    const made = await call('POST', '/v1/webhook_endpoints', {
      body: { url: 'https://shop.example/hook', events: ['payment.*'] },
    });
    const lost = await newer(store.endpoints, store.endpoints.commit, textAt(made, 'id'));
    const path = `/v1/webhook_endpoints/${textAt(made, 'id')}`;
    expect((await call('PATCH', path, { body: { description: 'Ours' } })).status).toBe(200);
    expect((await call('POST', `${path}/rotate`, {})).status).toBe(200);
    expect(await lost()).toEqual([]);
  });

  it('stay with a merchant', async () => {
    const { store, merchants, shop } = await startWorld();
    const lost = await newer(store.merchants, store.merchants.commit, shop.merchant.id);
    await merchants.update(shop.merchant.id, { displayName: 'Another' });
    await merchants.rotateKey(shop.merchant.id, 'test');
    expect(await lost()).toEqual([]);
  });
});
