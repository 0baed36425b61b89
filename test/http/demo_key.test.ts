import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { isFromThisMachine } from '../../src/http/this_machine.js';
import { DEMO_KEY } from '../../src/merchants/keys.js';
import { startWorld } from './world.js';

const PATHS = [
  ['POST', '/v1/payments'],
  ['GET', '/v1/payments/pay_01m85qsdww49r7qeaf9sma35qz'],
  ['GET', '/v1/merchant'],
] as const;

/** The status, and the problem's code; with headers that no browser or fetch would let a caller choose. */
function ask(url: string, method: string, path: string, headers: Record<string, string>): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const asking = httpRequest(url + path, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve([response.statusCode, (JSON.parse(text) as { code?: string }).code]));
    });
    asking.on('error', reject).end();
  });
}

describe('the demo key', () => {
  it.each([
    ['a host that was pointed at loopback', { host: 'evil.example' }],
    ['such a host with our port', { host: 'evil.example:3000' }],
    ['a host that begins like loopback', { host: 'localhost.evil.example' }],
    ['a host that begins like an address of loopback', { host: '127.0.0.1.evil.example' }],
    ['the machine’s own address in its network', { host: '192.168.1.2:3000' }],
    ['every address', { host: '0.0.0.0:3000' }],
    ['a proxy', { 'x-forwarded-for': '203.0.113.7' }],
    ['a proxy that says it is loopback', { 'x-forwarded-for': '127.0.0.1' }],
    ['a proxy of the newer kind', { forwarded: 'for=127.0.0.1;host=localhost' }],
    ['a proxy that says nothing', { 'x-forwarded-for': '' }],
  ])('opens nothing through %s', async (_, headers) => {
    const { url, merchants, shop } = await startWorld();
    await merchants.seedDemo();
    for (const [method, path] of PATHS) {
      const demo = await ask(url, method, path, { authorization: `Bearer ${DEMO_KEY}`, ...headers });
      expect(demo).toEqual([401, 'unauthenticated']);
      const [status] = await ask(url, method, path, { authorization: `Bearer ${shop.keys.test}`, ...headers });
      expect(status).not.toBe(401);
    }
  });

  it.each(['localhost:3000', 'LOCALHOST', '127.0.0.1', '127.1.2.3:80', '[::1]:3000'])('works for %s', async (host) => {
    const { url, merchants } = await startWorld();
    await merchants.seedDemo();
    for (const [method, path] of PATHS) {
      const [status] = await ask(url, method, path, { authorization: `Bearer ${DEMO_KEY}`, host });
      expect(status).not.toBe(401);
    }
  });

  it.each([
    ['127.0.0.1', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['10.0.0.5', false],
    ['203.0.113.7', false],
    ['::ffff:10.0.0.5', false],
    ['fe80::1', false],
    [undefined, false],
  ])('is asked where the socket comes from: %s', (remoteAddress, isHere) => {
    const request = { socket: { remoteAddress }, headers: { host: 'localhost:3000' } };
    expect(isFromThisMachine(request as Parameters<typeof isFromThisMachine>[0])).toBe(isHere);
  });

  it('needs a host', () => {
    const request = { socket: { remoteAddress: '127.0.0.1' }, headers: {} };
    expect(isFromThisMachine(request as Parameters<typeof isFromThisMachine>[0])).toBe(false);
  });
});
