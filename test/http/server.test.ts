import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { StoreFailure } from '../../src/contracts/errors.js';
import type { Api } from '../../src/http/api.js';
import { createServer } from '../../src/http/server.js';
import { createIds } from '../../src/ids.js';
import { at, PAYMENT, silent, startWorld, textAt } from './world.js';

const STRICT = ['content-security-policy', 'x-content-type-options', 'referrer-policy', 'x-frame-options'];

/** What a server answers to raw bytes, until it closes the connection. */
function raw(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk;
    });
    socket.on('close', () => resolve(heard));
    socket.on('error', reject);
  });
}

/** A connection that found no place to wait is tried again by the system after a second, and not earlier. */
const TRIED_AGAIN_MS = 900;
const CROWD = 1_000;

/** How long it takes until everybody is connected who came in the same moment, while nobody was let in. */
async function crowd(port: number): Promise<number> {
  const begun = performance.now();
  const sockets = Array.from({ length: CROWD }, () => connect(port, '127.0.0.1'));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  const took = performance.now() - begun;
  for (const socket of sockets) socket.destroy();
  return took;
}

/** How many connections this system lets wait at all; 0 where it does not tell. */
function waitingMax(): number {
  try {
    return Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'));
  } catch {
    return 0;
  }
}

describe('the server', () => {
  it.skipIf(waitingMax() < CROWD)(
    'drops nobody of a thousand who come while it is busy',
    async () => {
      const { url } = await startWorld();
      let took = Number.POSITIVE_INFINITY;
      // A machine that is busy itself may need another try; a crowd that was cut off needs its second every time.
      for (let tries = 0; tries < 10 && took >= TRIED_AGAIN_MS; tries += 1)
        took = await crowd(Number(new URL(url).port));
      expect(took).toBeLessThan(TRIED_AGAIN_MS);
    },
    60_000,
  );

  it('sends strict headers with every answer and says nothing of itself', async () => {
    const { call } = await startWorld();
    const { body } = await call('POST', '/v1/payments', { body: PAYMENT });
    const paths = [
      `/v1/payments/${(body as { id: string }).id}`,
      '/v1/payments',
      '/v1/x',
      '/x',
      '/docs',
      '/healthz',
      '/',
    ];
    for (const path of paths) {
      const { headers } = await call('GET', path);
      for (const name of STRICT) expect([path, name, headers.get(name)]).not.toEqual([path, name, null]);
      expect(headers.get('x-powered-by')).toBeNull();
      // The documentation is the same for everybody: a browser may keep it, and asks whether it still is.
      const isPublic = path === '/docs';
      expect(headers.get('etag') !== null).toBe(isPublic);
      expect(headers.get('cache-control')).toBe(isPublic ? 'no-cache' : 'no-store');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    }
  });

  it('answers the hot routes before express exactly as express would', async () => {
    const { call } = await startWorld();
    const hot = await call('POST', '/v1/payments', { body: PAYMENT });
    const path = `/v1/payments/${textAt(hot, 'id')}`;
    const before = await call('GET', path);
    const behind = await call('GET', `${path}?`);
    expect(behind.text).toBe(before.text);
    const names = (headers: Headers) => [...headers.keys()].filter((name) => name !== 'date').sort();
    expect(names(behind.headers)).toEqual(names(before.headers));
    expect((await call('HEAD', path)).text).toBe('');
  });

  it('is alive, ready while its store answers, and measured', async () => {
    const { call, store } = await startWorld();
    expect(await call('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    const ready = await call('GET', '/readyz');
    expect(ready).toMatchObject({ status: 200, body: { store: 'ok', acquirers: [{ name: 'dummy' }] } });
    expect((await call('GET', '/metrics')).text).toContain('guichet_up');
    await store.close();
    expect((await call('GET', '/readyz')).status).toBe(503);
  });

  it('tells a failure of ours by its trace alone, and logs it', async () => {
    const broken = async (): Promise<never> => {
      throw new TypeError('secret detail of /var/lib');
    };
    const { call, errors } = await startWorld({ authenticate: broken });
    const answer = await call('GET', '/v1/merchant');
    expect(answer.status).toBe(500);
    expect(at(answer, 'code')).toBe('internal_error');
    expect(answer.text).not.toContain('secret detail');
    expect(JSON.stringify(errors)).toContain(textAt(answer, 'trace'));
  });

  it('answers 503 when the store cannot say whether it wrote', async () => {
    const failing = async (): Promise<never> => {
      throw new StoreFailure('disk full');
    };
    const { call } = await startWorld({ authenticate: failing });
    const answer = await call('GET', '/v1/merchant');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(answer.text).not.toContain('disk');
  });

  it('survives what is no HTTP, a head that is too large, and bodies that end early', async () => {
    const { url, call, shop, errors } = await startWorld();
    expect(await raw(url, 'hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(url, `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    const head = `POST /v1/payments HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${shop.keys.test}\r\n`;
    const smuggled = `${head}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`;
    expect(await raw(url, smuggled)).toMatch(/^HTTP\/1\.1 400 /);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
        socket.write(`${head}content-type: application/json\r\ncontent-length: 50\r\n\r\n{"amo`, () =>
          socket.destroy(),
        );
      });
      socket.on('close', () => resolve());
    });
    expect((await call('GET', '/v1/merchant')).status).toBe(200);
    expect(errors).toEqual([]);
  });

  it('reads away a body that is too large, and gives up on one without end', async () => {
    const { url, call, shop } = await startWorld();
    const answer = await call('POST', '/v1/payments', { raw: 'x'.repeat(500_000) });
    expect(answer.status).toBe(413);
    const endless = `POST /v1/payments HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${shop.keys.test}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 3000000\r\n\r\n${'x'.repeat(1_200_000)}`;
    expect(await raw(url, endless)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('lets what is under way end when it is closed, and takes nothing new', async () => {
    const world = await startWorld();
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let hasArrived = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      hasArrived = resolve;
    });
    const hold: Api['hot'] = (_request, response) => {
      hasArrived();
      void gate.then(() => response.end('done'));
      return true;
    };
    const { api, clock } = world;
    const ids = createIds({ clock });
    const ports = { routers: [], publicUrl: world.url, log: silent, ids, clock, trustedProxies: 0 };
    const server = createServer({ ...ports, api, hot: [hold] });
    const port = await server.listen(0, '127.0.0.1');
    const answer = fetch(`http://127.0.0.1:${port}/`);
    await arrived;
    const closed = server.close(5_000);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    open();
    expect(await (await answer).text()).toBe('done');
    await closed;
  });

  it('answers what a proxy writes on a kept connection while it leaves, and closes it by its answer', async () => {
    const { api } = await startWorld();
    const later: (() => void)[] = [];
    const hold = (_time: number, action: () => void) => {
      later.push(action);
      return () => undefined;
    };
    const clock = { ...systemClock(), at: hold };
    const greet: Api['hot'] = (_request, response) => {
      response.end('here');
      return true;
    };
    const ports = { routers: [], publicUrl: 'http://pay.example', log: silent, ids: createIds({ clock }), clock };
    const server = createServer({ ...ports, trustedProxies: 1, api, hot: [greet] });
    const port = await server.listen(0, '127.0.0.1');
    const kept = connect(port, '127.0.0.1');
    const ask = async (): Promise<string> => {
      kept.write('GET / HTTP/1.1\r\nhost: pay.example\r\n\r\n');
      const [answer] = (await once(kept, 'data')) as [Buffer];
      return answer.toString('utf8').toLowerCase();
    };
    expect(await ask()).toContain('connection: keep-alive');
    const ended = once(kept, 'close');
    const closed = server.close(5_000);
    expect(await ask()).toContain('connection: close');
    for (const action of later.splice(0)) action();
    await Promise.all([ended, closed]);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });
});
