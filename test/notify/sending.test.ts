import { describe, expect, it } from 'vitest';
import { type Answer, answering, createWorld, HOUR, OWNER, receiver, SECOND, START, verified } from './world.js';

describe('a webhook', () => {
  it('is delivered once, signed as Standard Webhooks has it, with the event as its body', async () => {
    const shop = await receiver();
    const { endpoint: open, happen, pass, deliveries } = createWorld();
    const { endpoint, secret } = await open(shop.url);
    await happen('payment.succeeded');
    await pass(72 * HOUR);

    expect(shop.received).toHaveLength(1);
    const [request] = shop.received;
    if (!request) throw new Error('nothing came');
    expect(verified(request, secret)).toEqual({
      id: 'evt_mer_demo_1',
      object: 'event',
      type: 'payment.succeeded',
      created_at: new Date(START).toISOString(),
      ...OWNER,
      position: 1,
      payment: 'pay_1',
      sequence: 1,
      data: { id: 'pay_1', object: 'payment', note: 'é€"\\' },
    });
    expect(request.headers).toMatchObject({
      'webhook-id': 'evt_mer_demo_1',
      'content-type': 'application/json',
      'user-agent': 'Guichet',
    });
    expect(() => verified({ ...request, body: `${request.body} ` }, secret)).toThrow('No matching signature');
    expect(await deliveries(endpoint)).toMatchObject([
      { status: 'delivered', tries: 1, lastStatus: 204, lastError: null, dueAt: null, deliveredAt: START },
    ]);
  });

  it('goes only to endpoints that want its type, and not to those made after it', async () => {
    const [all, exact, family] = [await receiver(), await receiver(), await receiver()];
    const late = await receiver();
    const { endpoint, happen } = createWorld();
    await endpoint(all.url);
    await endpoint(exact.url, ['refund.succeeded']);
    await endpoint(family.url, ['payment.*', 'channel.call_started']);
    await happen('payment.created', 'refund.succeeded', 'channel.sms_refused');
    await endpoint(late.url);
    await happen('channel.call_started');

    const typesAt = (shop: typeof all) => shop.received.map(({ body }) => JSON.parse(body).type).sort();
    expect(typesAt(all)).toEqual([
      'channel.call_started',
      'channel.sms_refused',
      'payment.created',
      'refund.succeeded',
    ]);
    expect(typesAt(exact)).toEqual(['refund.succeeded']);
    expect(typesAt(family)).toEqual(['channel.call_started', 'payment.created']);
    expect(typesAt(late)).toEqual(['channel.call_started']);
  });

  it('comes again, growing rarer, while the receiver is down for hours, always the same bytes under the same id', async () => {
    let up = false;
    const shop = await receiver((response) => response.writeHead(up ? 200 : 503).end());
    const { endpoint: open, happen, pass, deliveries, clock } = createWorld();
    const { endpoint, secret } = await open(shop.url);
    await happen('payment.succeeded');
    await pass(6 * HOUR);
    const [waiting] = await deliveries(endpoint);
    expect(waiting).toMatchObject({ status: 'waiting', lastStatus: 503, lastError: 'http_503' });
    expect(waiting?.tries).toBeGreaterThanOrEqual(7);
    expect(waiting?.tries).toBeLessThanOrEqual(9);

    up = true;
    await pass(9 * HOUR);
    expect(await deliveries(endpoint)).toMatchObject([{ status: 'delivered', dueAt: null }]);
    expect(new Set(shop.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(shop.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const times = shop.received.map(({ headers }) => Number(headers['webhook-timestamp']));
    expect(new Set(times).size).toBe(times.length);
    for (const request of shop.received) expect(() => verified(request, secret)).not.toThrow();
    expect(clock.now()).toBe(START + 15 * HOUR);
  });

  it('is parked after three days, and a replay has three new ones', async () => {
    let up = false;
    const shop = await receiver((response) => response.writeHead(up ? 200 : 500).end());
    const { endpoint: open, happen, pass, deliveries, webhooks, clock } = createWorld();
    const { endpoint } = await open(shop.url);
    await happen('payment.succeeded');
    await pass(60 * HOUR);
    expect(await deliveries(endpoint)).toMatchObject([{ status: 'waiting' }]);
    await pass(30 * HOUR);
    const [parked] = await deliveries(endpoint);
    expect(parked).toMatchObject({ status: 'parked', dueAt: null, lastStatus: 500 });
    const triesBefore = shop.received.length;
    expect(triesBefore).toBeLessThan(20);
    expect(await webhooks.sweep()).toBeNull();

    up = true;
    const again = await webhooks.endpoints.replay(OWNER, parked?.id ?? '', null);
    expect(again).toMatchObject({ status: 'waiting', tries: 0, giveUpAt: clock.now() + 72 * HOUR });
    await webhooks.idle();
    expect(await deliveries(endpoint)).toMatchObject([{ status: 'delivered', tries: 1 }]);
    expect(shop.received).toHaveLength(triesBefore + 1);
    expect(shop.received.at(-1)?.body).toBe(shop.received[0]?.body);
  });

  it('that answers 410 disables its endpoint; what else waits there is parked for a replay', async () => {
    const shop = await receiver((response, _request, count) => response.writeHead(count === 1 ? 500 : 410).end());
    const { endpoint: open, happen, pass, deliveries, webhooks, store } = createWorld();
    const { endpoint } = await open(shop.url);
    await happen('payment.created');
    await happen('payment.succeeded');
    expect((await store.endpoints.load(endpoint.id))?.status).toBe('disabled');
    await pass(HOUR);
    expect(await deliveries(endpoint)).toMatchObject([
      { status: 'parked', lastError: 'endpoint_disabled' },
      { status: 'parked', lastStatus: 410 },
    ]);
    await happen('refund.succeeded');
    expect(shop.received).toHaveLength(2);

    await webhooks.endpoints.update(OWNER, endpoint.id, { status: 'enabled' });
    await webhooks.idle();
    // Enabled again, it hears what it missed meanwhile.
    expect(shop.received.map(({ body }) => JSON.parse(body).type)).toEqual([
      'payment.created',
      'payment.succeeded',
      'refund.succeeded',
    ]);
  });

  it('is dropped when its endpoint is deleted', async () => {
    const shop = await receiver(answering(500));
    const { endpoint: open, happen, pass, deliveries, webhooks } = createWorld();
    const { endpoint } = await open(shop.url);
    await happen('payment.created');
    await webhooks.endpoints.delete(OWNER, endpoint.id);
    await pass(HOUR);
    expect(shop.received).toHaveLength(1);
    expect(await deliveries(endpoint)).toMatchObject([{ status: 'dropped', lastError: 'endpoint_deleted' }]);
  });

  it('is signed with both secrets for a day after a rotation', async () => {
    const shop = await receiver();
    const { endpoint: open, happen, clock, webhooks } = createWorld();
    const { endpoint, secret: old } = await open(shop.url);
    const { secret: fresh } = await webhooks.endpoints.rotate(OWNER, endpoint.id, null);
    await happen('payment.created');
    clock.advanceTo(START + 24 * HOUR);
    await happen('payment.succeeded');

    const [during, after] = shop.received;
    if (!during || !after) throw new Error('two should have come');
    expect(String(during.headers['webhook-signature']).split(' ')).toHaveLength(2);
    expect(() => verified(during, old)).not.toThrow();
    expect(() => verified(during, fresh)).not.toThrow();
    expect(() => verified(after, fresh)).not.toThrow();
    expect(() => verified(after, old)).toThrow();
  });
});

describe('an answer', () => {
  it.each<[string, Answer, object]>([
    ['201', answering(201), { status: 'delivered', lastStatus: 201 }],
    ['a redirect', answering(302, { location: '/elsewhere' }), { lastStatus: 302, lastError: 'http_302' }],
    ['not modified', answering(304), { lastStatus: 304, lastError: 'http_304' }],
    ['bad request', answering(400), { lastStatus: 400, lastError: 'http_400' }],
    ['a cut connection', (response) => response.destroy(), { lastStatus: null, lastError: 'connection_lost' }],
    ['no HTTP', (response) => response.socket?.end('220 mail.example\r\n'), { lastError: 'answer_not_understood' }],
    [
      'an upgrade',
      (response) => response.socket?.end('HTTP/1.1 101 X\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n'),
      {
        lastError: 'connection_lost',
      },
    ],
  ])('%s is read as it is', async (_name, answer, expected) => {
    const shop = await receiver(answer);
    const { endpoint: open, happen, deliveries } = createWorld();
    const { endpoint } = await open(shop.url);
    await happen('payment.succeeded');
    expect(await deliveries(endpoint)).toMatchObject([{ status: 'waiting', tries: 1, ...expected }]);
    expect(shop.received.map(({ path }) => path)).toEqual(['/hooks']);
  });

  it('from nobody is a refused connection', async () => {
    const { endpoint: open, happen, deliveries } = createWorld();
    const { endpoint } = await open('http://127.0.0.1:1/');
    await happen('payment.succeeded');
    expect(await deliveries(endpoint)).toMatchObject([{ status: 'waiting', lastError: 'connection_refused' }]);
  });

  it.each([
    ['that never comes', () => undefined, null],
    ['that drips', drip, 200],
  ] as const)('%s is given up after fifteen seconds', async (_name, answer, lastStatus) => {
    const shop = await receiver(answer);
    const { endpoint: open, webhooks, store, clock, deliveries } = createWorld();
    const { endpoint } = await open(shop.url);
    store.append({ ...OWNER, type: 'payment.succeeded' });
    await webhooks.sweep();
    await shop.arrived(1);
    // Some of the drip is read before time moves: bytes that keep coming do not put the end off.
    for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    clock.advanceTo(START + 14_999);
    expect(await deliveries(endpoint)).toMatchObject([{ status: 'waiting', lastError: null }]);
    clock.advanceTo(START + 15_000);
    await webhooks.idle();
    expect(await deliveries(endpoint)).toMatchObject([{ status: 'waiting', tries: 1, lastError: 'timeout' }]);
    if (lastStatus !== null) expect((await deliveries(endpoint))[0]?.lastStatus).toBe(lastStatus);
  });

  it('without end is read a few kilobytes far and counts by its status', async () => {
    let written = 0;
    const flood: Answer = (response) => {
      response.writeHead(200);
      const pour = () => {
        while (!response.destroyed && written < 50_000_000) {
          written += 65_536;
          if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', pour);
        }
      };
      pour();
    };
    const shop = await receiver(flood);
    const { endpoint: open, happen, deliveries } = createWorld();
    const { endpoint } = await open(shop.url);
    await happen('payment.succeeded');
    expect(await deliveries(endpoint)).toMatchObject([{ status: 'delivered', lastStatus: 200 }]);
    expect(written).toBeLessThan(20_000_000);
  });

  it.each([
    ['asks for two minutes', '120', 120 * SECOND],
    ['asks by date', new Date(START + 90 * SECOND).toUTCString(), 90 * SECOND],
    ['asks for a year and gets eight hours', '31536000', 8 * HOUR],
  ])('that %s is obeyed within bounds', async (_name, header, pause) => {
    const shop = await receiver(answering(429, { 'retry-after': header }));
    const { endpoint: open, happen, deliveries } = createWorld();
    const { endpoint } = await open(shop.url);
    await happen('payment.succeeded');
    expect(await deliveries(endpoint)).toMatchObject([{ dueAt: START + pause }]);
  });

  it.each(['0', '-5', 'soon', ''])('cannot ask for less than our own pause with "%s"', async (header) => {
    const shop = await receiver(answering(503, { 'retry-after': header }));
    const { endpoint: open, happen, deliveries } = createWorld();
    const { endpoint } = await open(shop.url);
    await happen('payment.succeeded');
    const [delivery] = await deliveries(endpoint);
    expect(delivery?.dueAt).toBeGreaterThanOrEqual(START + 4 * SECOND);
    expect(delivery?.dueAt).toBeLessThanOrEqual(START + 6 * SECOND);
  });
});

/** A status at once, then a byte at every turn of the loop, for ever. */
function drip(...[response]: Parameters<Answer>): void {
  response.writeHead(200);
  const next = () => {
    if (response.destroyed) return;
    response.write('.');
    setImmediate(next);
  };
  next();
}
