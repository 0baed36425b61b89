import { createServer, type RequestListener } from 'node:http';
import https from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Clock } from '../../src/contracts/clock.js';
import { createAgents } from '../../src/outside/agents.js';
import { createFetch, type Fetched } from '../../src/outside/fetching.js';
import { virtualClock } from '../clock.js';

const BOUNDS = { accept: 'image/png', bytesMax: 1_000, timeoutMs: 5_000 };
const url = 'https://cdn.shop.example.com/logo.png';

/** A server somewhere in the world, which is this machine, reached as if by TLS. */
async function server(answer: RequestListener, clock: Clock = virtualClock(0)) {
  const listening = createServer(answer);
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    listening.closeAllConnections();
    listening.close();
  });
  const { port } = listening.address() as AddressInfo;
  const agent = new https.Agent();
  agent.createConnection = () => connect(port, '127.0.0.1');
  const fetch = createFetch(() => agent, clock);
  return (wanted = {}): Promise<Fetched> => fetch({ url, ...BOUNDS, ...wanted });
}

describe('what is fetched from outside', () => {
  it('comes whole, asked for without anything that names a payer', async () => {
    let heads: string[] = [];
    const get = await server((request, response) => {
      heads = Object.keys(request.headers).sort();
      response.end(Buffer.alloc(1_000, 7));
    });
    expect(await get()).toEqual({ bytes: Buffer.alloc(1_000, 7) });
    expect(heads).toEqual(['accept', 'connection', 'host', 'user-agent']);
  });

  it('is not taken when it is one byte too large, whatever it says of its length', async () => {
    const get = await server((_, response) => {
      response.write(Buffer.alloc(600));
      response.end(Buffer.alloc(401));
    });
    expect(await get()).toEqual({ error: 'too_large' });
  });

  it.each([301, 302, 307, 308, 204, 404, 500])('is nothing with status %i: no redirect is followed', async (status) => {
    let asked = 0;
    const get = await server((_, response) => {
      asked += 1;
      response.writeHead(status, { location: 'http://127.0.0.1/secret' }).end();
    });
    expect([await get(), asked]).toEqual([{ error: `http_${status}` }, 1]);
  });

  it('is given up when it does not end in time', async () => {
    const clock = virtualClock(0);
    let began = (): void => undefined;
    const hasBegun = new Promise<void>((resolve) => {
      began = resolve;
    });
    const get = await server((_, response) => {
      response.write('x');
      began();
    }, clock);
    const fetched = get();
    await hasBegun;
    clock.advance(5_000);
    expect(await fetched).toEqual({ error: 'timeout' });
  });

  it('is nothing when the connection breaks', async () => {
    const get = await server((request) => request.socket.destroy());
    expect(await get()).toEqual({ error: 'connection_lost' });
  });
});

describe('where nothing is fetched', () => {
  const tries = [
    ...[
      'http://cdn.shop.example.com/logo.png',
      'https://127.0.0.1/',
      'https://localhost/',
      'https://[::1]/',
      'file:///etc/passwd',
    ],
    ...[
      'https://169.254.169.254/latest/meta-data',
      'https://10.0.0.1/',
      'https://metadata.google.internal/',
      'https://2130706433/',
    ],
    ...['https://user:pass@shop.example.com/', 'https://shop.example.com:22/', 'data:image/png;base64,AAAA', ''],
  ];
  it.each(tries)('%s', async (address) => {
    const fetch = createFetch(createAgents(), virtualClock(0));
    expect(await fetch({ url: address, ...BOUNDS })).toEqual({ error: 'url_not_allowed' });
  });

  it.each(['127.0.0.1', '::1', '10.1.2.3', '169.254.169.254', '168.63.129.16', '::ffff:127.0.0.1'])(
    'a name that leads to %s',
    async (address) => {
      const fetch = createFetch(
        createAgents(async () => [address]),
        virtualClock(0),
      );
      expect(await fetch({ url, ...BOUNDS })).toEqual({ error: 'address_not_allowed' });
    },
  );
});
