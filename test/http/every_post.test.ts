import { describe, expect, it } from 'vitest';
import { at, PAYMENT, startWorld, textAt, type World } from './world.js';

const URL_IN = 'http://127.0.0.1:9/in';

interface Posted {
  readonly path: string;
  readonly body?: object;
  /** The same route, asked for something else: another body where it takes one, else another object. */
  readonly other: { readonly path?: string; readonly body?: object };
}

let references = 0;
async function pay({ call }: World, change: object = {}): Promise<string> {
  references += 1;
  const body = { ...PAYMENT, reference: `R-${references}`, pay_with: 'tok_sandbox_approve', ...change };
  return textAt(await call('POST', '/v1/payments', { body }), 'id');
}

async function inReview(world: World): Promise<string> {
  const id = await pay(world);
  const payment = await world.store.payments.load(id);
  if (payment === null) throw new Error('the payment is gone');
  const review = { reason: 'quarantine', detail: 'a bug', attempt: null, at: world.clock.now() } as const;
  const next = { ...payment, revision: payment.revision + 1, status: 'requires_review', review } as const;
  await world.store.payments.commit({ payment: next, feed: null, claims: [], releases: [], codeFreeAt: null });
  return id;
}

const endpoint = async ({ call }: World): Promise<string> =>
  `/v1/webhook_endpoints/${textAt(await call('POST', '/v1/webhook_endpoints', { body: { url: URL_IN } }), 'id')}`;

const delivery = async (world: World): Promise<string> => {
  const sent = await world.call('POST', `${await endpoint(world)}/test`);
  return `/v1/webhook_endpoints/deliveries/${textAt(sent, 'id')}/replay`;
};

async function instrument({ vault, payers, shop }: World, account: string): Promise<string> {
  const card = { number: '4242424242424242', expiryMonth: 12, expiryYear: 2034, securityCode: null, brand: 'visa' };
  const of = { owner: shop.merchant.id, mode: 'test', account } as const;
  const kept = await vault.keepCard(card);
  const { instrument: made } = await payers.storeInstrument(of, { ...kept, authenticated: true, consent: null });
  return `/v1/payers/${account}/instruments/${made.id}/default`;
}

const POSTS: Readonly<Record<string, (world: World) => Promise<Posted>>> = {
  createPayment: async () => ({
    path: '/v1/payments',
    body: { ...PAYMENT, reference: 'NEW' },
    other: { body: { ...PAYMENT, reference: 'NEWER' } },
  }),
  reachPayer: async (world) => {
    const open = await world.call('POST', '/v1/payments', { body: { ...PAYMENT, reference: 'OPEN' } });
    return {
      path: `/v1/payments/${textAt(open, 'id')}/reach`,
      body: { channel: 'email', to: 'a@example.org' },
      other: { body: { channel: 'email', to: 'b@example.org' } },
    };
  },
  createPayerSession: async () => ({
    path: '/v1/payers/cust-1/sessions',
    body: { purpose: 'manage' },
    other: { body: { purpose: 'set_purchase_code' } },
  }),
  cancelPayment: async (world) => ({
    path: `/v1/payments/${await pay(world, { capture: 'manual' })}/cancel`,
    other: { path: `/v1/payments/${await pay(world, { capture: 'manual' })}/cancel` },
  }),
  resolvePayment: async (world) => ({
    path: `/v1/payments/${await inReview(world)}/resolve`,
    body: { decision: 'keep' },
    other: { body: { decision: 'return' } },
  }),
  capturePayment: async (world) => ({
    path: `/v1/payments/${await pay(world, { capture: 'manual' })}/capture`,
    body: { amount: 100, final: false },
    other: { body: { amount: 200, final: false } },
  }),
  createRefund: async (world) => ({
    path: `/v1/payments/${await pay(world)}/refunds`,
    body: { amount: 100 },
    other: { body: { amount: 200 } },
  }),
  erasePayer: async (world) => {
    for (const account of ['gone-1', 'gone-2']) await world.call('PUT', `/v1/payers/${account}`, { body: {} });
    return { path: '/v1/payers/gone-1/erase', other: { path: '/v1/payers/gone-2/erase' } };
  },
  makeInstrumentDefault: async (world) => ({
    path: await instrument(world, 'cust-1'),
    other: { path: await instrument(world, 'cust-2') },
  }),
  createWebhookEndpoint: async () => ({
    path: '/v1/webhook_endpoints',
    body: { url: URL_IN },
    other: { body: { url: URL_IN, description: 'another' } },
  }),
  rotateWebhookSecret: async (world) => ({
    path: `${await endpoint(world)}/rotate`,
    other: { path: `${await endpoint(world)}/rotate` },
  }),
  testWebhookEndpoint: async (world) => ({
    path: `${await endpoint(world)}/test`,
    other: { path: `${await endpoint(world)}/test` },
  }),
  replayDelivery: async (world) => ({ path: await delivery(world), other: { path: await delivery(world) } }),
};

const STATUSES: Readonly<Record<string, number>> = { reachPayer: 202 };

/** An answer without the secret, or the link of a session, that is shown once. */
function withoutSecret(body: unknown): unknown {
  const isSession = (body as { object?: string }).object === 'payer_session';
  return { ...(body as object), secret: undefined, ...(isSession && { url: undefined }) };
}

describe('every POST', () => {
  it('takes an idempotency key: the first answer again, and 422 for anything else under it', async () => {
    const world = await startWorld();
    const { api, call } = world;
    const posts = api.routes.filter(({ method }) => method === 'POST');
    expect(posts.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(POSTS).sort());
    for (const [operationId, prepare] of Object.entries(POSTS)) {
      const { path, body, other } = await prepare(world);
      const headers = { 'idempotency-key': `key of ${operationId}` };
      const first = await call('POST', path, { body, headers });
      expect([operationId, first.status]).toEqual([
        operationId,
        STATUSES[operationId] ?? (operationId.startsWith('create') ? 201 : 200),
      ]);
      expect(first.headers.get('idempotent-replayed')).toBeNull();
      const again = await call('POST', path, { body, headers });
      expect([operationId, again.headers.get('idempotent-replayed')]).toEqual([operationId, 'true']);
      expect(again.status).toBe(first.status);
      expect(withoutSecret(again.body)).toEqual(withoutSecret(first.body));
      const reused = await call('POST', other.path ?? path, { body: other.body ?? body, headers });
      expect([operationId, reused.status, at(reused, 'code')]).toEqual([operationId, 422, 'idempotency_key_reused']);
    }
  });

  it.each(['test', 'replay'])('sends a webhook once, however many ask for the same %s at once', async (what) => {
    const world = await startWorld();
    const path = what === 'replay' ? await delivery(world) : `${await endpoint(world)}/test`;
    const headers = { 'idempotency-key': 'same' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => world.call('POST', path, { headers })));
    const done = answers.filter(({ status }) => status === 200);
    const first = done.filter((answer) => answer.headers.get('idempotent-replayed') === null);
    expect(first).toHaveLength(1);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expect(at(answer, 'code')).toBe('idempotency_key_in_use');
    }
  });
});
