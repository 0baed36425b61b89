import https from 'node:https';
import { createServer, Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { exchange } from '../../src/notify/exchange.js';
import { createAgents } from '../../src/outside/agents.js';
import { checkUrl } from '../../src/outside/url_rules.js';
import { createWorld, receiver, refusedWith, START, virtualClock } from './world.js';

/** Spellings of hosts that lead to this machine or to another that is not public. `PORT` is where the canary listens. */
const HOSTS = [
  ...['127.0.0.1', '127.1', '127.0.1', '127.255.255.254', '2130706433', '017700000001', '0177.0.0.1', '0x7f000001'],
  ...['0x7f.0.0.1', '0x7f.1', '0X7F.0x0.0x0.0x1', '127.0.0.1.', '%31%32%37.0.0.1', '127。0。0。1', '①②⑦.0.0.1'],
  ...['0.0.0.0', '0', '0x0', '00', '0.0.0.1', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1', '3232235521'],
  ...['169.254.169.254', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376', '100.64.0.1', '100.127.255.255'],
  ...['192.0.0.8', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.250'],
  ...['240.0.0.1', '255.255.255.255', '168.63.129.16', '192.88.99.1'],
  ...[
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[::ffff:0:7f00:1]',
  ],
  ...['[64:ff9b::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2001:0:7f00:1::]'],
  ...['[fe80::1]', '[fec0::1]', '[fc00::1]', '[fd12:3456::1]', '[ff02::1]', '[ff05::2]', '[2001:db8::1]', '[100::1]'],
  ...['[::ffff:169.254.169.254]', '[::ffff:10.0.0.1]', '[fd00:ec2::254]'],
];
const NAMES = ['localhost', 'localhost.', 'LOCALHOST', 'shop.localhost', 'shop.localhost.', 'intranet', 'router.local'];
const MORE_NAMES = ['metadata.google.internal', 'nas.home.arpa', 'host.docker.internal', 'redis', 'loc%61lhost'];

async function canary() {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '::', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

describe('the URL of an endpoint', () => {
  it.each([
    'https://shop.example.com/hooks?from=guichet',
    'https://shop.example.com:8443/',
    'https://shop.example.com:1024/',
    'https://shop.example.com:65535/',
    'https://shop.example.com./',
    'https://bücher.example/',
  ])('may be %s', (text) => expect(() => checkUrl(text, false)).not.toThrow());

  it.each([
    ...['', 'shop.example.com', '/hooks', 'http://shop.example.com/', 'ftp://shop.example.com/', 'file:///etc/passwd'],
    ...[
      'https://',
      'https://user@shop.example.com/',
      'https://user:pass@shop.example.com/',
      'https://:p@shop.example.com/',
    ],
    ...['https://shop.example.com:22/', 'https://shop.example.com:80/', 'https://shop.example.com:0/'],
    ...['https://shop.example.com:1023/', 'https://shop.example.com:99999/', 'javascript:alert(1)', 'data:,x'],
    ...['gopher://shop.example.com/', 'https://8.8.8.8/', 'https://[2001:4860:4860::8888]/', 'wss://shop.example.com/'],
  ])('may not be %s', (text) => {
    expect(() => checkUrl(text, false)).toThrowError(expect.objectContaining({ code: 'url_not_allowed', status: 422 }));
  });

  it('may not be endless', () => {
    expect(() => checkUrl(`https://shop.example.com/${'a'.repeat(2_023)}`, false)).not.toThrow();
    expect(() => checkUrl(`https://shop.example.com/${'a'.repeat(2_024)}`, false)).toThrow();
  });

  it.each(['http', 'https'])('with %s may be on loopback for a demo merchant alone, by three names', (scheme) => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433']) {
      expect(() => checkUrl(`${scheme}://${host}:3000/`, true)).not.toThrow();
      expect(() => checkUrl(`${scheme}://${host}:3000/`, false)).toThrow();
    }
    for (const host of ['10.0.0.1', '127.0.0.2', '0.0.0.0', '[::ffff:127.0.0.1]', 'intranet', '169.254.169.254']) {
      expect(() => checkUrl(`${scheme}://${host}:3000/`, true)).toThrow();
    }
  });

  it('loses its fragment and is kept as it was checked', () => {
    expect(checkUrl('HTTPS://Shop.Example.com:443/a/../hooks#top', false).href).toBe('https://shop.example.com/hooks');
  });

  it('is refused when an endpoint is made or changed', async () => {
    const { webhooks } = createWorld();
    const wanted = { merchant: 'mer_real', mode: 'live', events: [], description: null, request: null } as const;
    for (const host of [...HOSTS, ...NAMES, ...MORE_NAMES]) {
      const work = webhooks.endpoints.create({ ...wanted, url: `https://${host}:8443/` });
      await refusedWith('url_not_allowed', work);
    }
    const { endpoint } = await webhooks.endpoints.create({ ...wanted, url: 'https://shop.example.com/' });
    const owner = { merchant: 'mer_real', mode: 'live' } as const;
    await refusedWith('url_not_allowed', webhooks.endpoints.update(owner, endpoint.id, { url: 'https://127.1/' }));
  });
});

describe('a connection', () => {
  it('is never made to an address that is not public, however it is spelt, should a URL pass the first check', async () => {
    const trap = await canary();
    const agents = createAgents(async () => ['127.0.0.1']);
    const clock = virtualClock(START);
    const outcomes: Record<string, string | null> = {};
    for (const host of [...HOSTS, ...NAMES, ...MORE_NAMES]) {
      const text = `https://${host}:${trap.port}/`;
      if (!URL.canParse(text)) continue;
      const url = new URL(text);
      const agent = agents(url, false);
      if (!agent) continue;
      const { error } = await exchange({ url, headers: {}, body: '{}', agent }, clock);
      if (error !== 'address_not_allowed') outcomes[host] = error;
    }
    expect(outcomes).toEqual({});
    expect(trap.connections()).toBe(0);
    await trap.close();
  });

  it.each([
    ['loopback', ['127.0.0.1']],
    ['loopback in IPv6', ['::1']],
    ['mapped loopback', ['::ffff:127.0.0.1']],
    ['NAT64 of loopback', ['64:ff9b::7f00:1']],
    ['loopback wrapped the old way', ['::7f00:1']],
    ['an IPv6 block given to nobody', ['4000::1']],
    ['another one', ['a000::1']],
    ['a private network', ['10.1.2.3']],
    ['carrier-grade NAT', ['100.64.1.1']],
    ['link-local metadata', ['169.254.169.254']],
    ['cloud metadata on a public address', ['168.63.129.16']],
    ['a public address and loopback', ['192.0.43.8', '127.0.0.1']],
    ['nothing', []],
  ])('is not made when the name leads to %s', async (_name, addresses) => {
    const trap = await canary();
    const { webhooks, store, deliveries } = createWorld({ resolve: async () => addresses });
    const owner = { merchant: 'mer_real', mode: 'live' } as const;
    const url = `https://rebinding.example.com:${trap.port}/`;
    const { endpoint } = await webhooks.endpoints.create({
      ...owner,
      url,
      events: [],
      description: null,
      request: null,
    });
    store.append({ ...owner, type: 'payment.succeeded' });
    await webhooks.sweep();
    await webhooks.idle();
    const error = addresses.length === 0 ? 'name_not_found' : 'address_not_allowed';
    expect(await deliveries(endpoint)).toMatchObject([{ status: 'waiting', tries: 1, lastError: error }]);
    expect(trap.connections()).toBe(0);
    await trap.close();
  });

  it.each([
    ['8.8.8.8', 4],
    ['192.0.43.8', 4],
    ['2001:4860:4860::8888', 6],
    ['2a00:1450:4007::200e', 6],
  ])('goes to %s, which is public, and to the very address that was checked', async (address, family) => {
    // Stands in for the socket: what Node would be told to connect to, without connecting.
    const connect = vi.spyOn(https.Agent.prototype, 'createConnection').mockReturnValue(new Socket());
    onTestFinished(() => connect.mockRestore());
    const url = new URL('https://shop.example.com/');
    const agent = createAgents(async () => [address])(url, false);
    if (!agent) throw new Error('refused');
    https
      .request(url, { agent })
      .on('error', () => undefined)
      .destroy();
    const lookup = connect.mock.calls[0]?.[0].lookup;
    const found = await new Promise((resolve) => {
      lookup?.(url.hostname, { all: true }, (error, addresses) => resolve(error ?? addresses));
    });
    expect(found).toEqual([{ address, family }]);
  });

  it('looks the name up again at every try', async () => {
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return ['10.0.0.1'];
    };
    const { webhooks, store, pass } = createWorld({ resolve });
    const owner = { merchant: 'mer_real', mode: 'live' } as const;
    const url = 'https://moving.example.com/';
    await webhooks.endpoints.create({ ...owner, url, events: [], description: null, request: null });
    store.append({ ...owner, type: 'payment.succeeded' });
    await pass(60_000);
    expect(asked).toBe(3);
  });

  it('to loopback ends when the merchant is no demo merchant any more', async () => {
    const shop = await receiver();
    let demo = true;
    const { endpoint: open, happen, deliveries } = createWorld({ allowLoopback: () => demo });
    const { endpoint } = await open(shop.url);
    demo = false;
    await happen('payment.succeeded');
    expect(await deliveries(endpoint)).toMatchObject([{ status: 'waiting', lastError: 'url_not_allowed' }]);
    expect(shop.connections()).toBe(0);
  });

  it('by name works for a demo merchant on loopback', async () => {
    const shop = await receiver();
    const { endpoint: open, happen, deliveries } = createWorld();
    const { endpoint } = await open(`http://localhost:${shop.port}/`);
    await happen('payment.succeeded');
    expect(await deliveries(endpoint)).toMatchObject([{ status: 'delivered' }]);
  });

  it('with TLS to a server without fails before anything is said', async () => {
    const shop = await receiver();
    const { endpoint: open, happen, deliveries } = createWorld();
    const { endpoint } = await open(`https://127.0.0.1:${shop.port}/`);
    await happen('payment.succeeded');
    expect(await deliveries(endpoint)).toMatchObject([{ status: 'waiting', lastError: 'tls_failed' }]);
    expect(shop.received).toEqual([]);
  });

  it('is not made anew for a redirect', async () => {
    const trap = await receiver();
    const shop = await receiver((response) => response.writeHead(307, { location: trap.url }).end());
    const { endpoint, happen, pass } = createWorld();
    await endpoint(shop.url);
    await happen('payment.succeeded');
    await pass(60_000);
    expect(shop.received.length).toBeGreaterThan(1);
    expect(trap.connections()).toBe(0);
  });
});
