/** The door for the local network: the pay page and `/link`, and nothing else. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { type Config, ConfigProblem, readConfig } from '../../src/config.js';
import type { Screen } from '../../src/contracts/television.js';
import { lanArgument, lanOf, privateAddress } from '../../src/house/lan.js';
import { createPayer } from '../../src/lab/payer.js';
import { openSession } from '../browser/television.js';
import { freePort, type LabHouse, openLabHouse } from '../lab/house.js';

const address = (of: string, family: 'IPv4' | 'IPv6' = 'IPv4', internal = false) => ({
  ...{ address: of, family, internal, netmask: '', mac: '', cidr: null },
  ...(family === 'IPv6' && { scopeid: 0 }),
});

describe('where it opens', () => {
  it('is the first private IPv4 address of this machine', () => {
    const addresses = (...all: ReturnType<typeof address>[]) =>
      ({ lo: [address('127.0.0.1', 'IPv4', true)], eth0: all }) as never;
    expect(privateAddress(addresses(address('fe80::1', 'IPv6'), address('192.168.1.5')))).toBe('192.168.1.5');
    expect(privateAddress(addresses(address('203.0.113.7'), address('10.1.2.3'), address('192.168.1.5')))).toBe(
      '10.1.2.3',
    );
    expect(privateAddress(addresses(address('172.16.0.1')))).toBe('172.16.0.1');
    expect(privateAddress(addresses(address('172.31.255.1')))).toBe('172.31.255.1');
    for (const none of [
      '172.15.0.1',
      '172.32.0.1',
      '11.0.0.1',
      '192.169.0.1',
      '100.64.0.1',
      '169.254.1.1',
      '127.0.0.2',
    ]) {
      expect(privateAddress(addresses(address(none))), none).toBeNull();
    }
    expect(privateAddress({ lo: [address('10.0.0.1', 'IPv4', true)] } as never)).toBeNull();
    expect(privateAddress({})).toBeNull();
  });

  it('is nowhere unless asked for, and the same in a later life of the server', async () => {
    const config = readConfig({ DATA_DIR: './data' });
    expect(await lanOf(config, ['node', 'main.js', '--supervised'])).toBeNull();
    const [kept = ''] = lanArgument('http://192.168.1.5:3001');
    expect(await lanOf(config, ['node', 'main.js', kept])).toBe('http://192.168.1.5:3001');
    expect(lanArgument(null)).toEqual([]);
  });

  it.each<[string, Partial<Config>]>([
    ['in production', { environment: 'production', lab: false }],
    ['where the public address is not this machine', { lab: false }],
  ])('is refused %s', async (_, change) => {
    const config = { ...readConfig({ DATA_DIR: './data' }), ...change };
    const refused = lanOf(config, ['node', 'main.js', '--lan']);
    await expect(refused).rejects.toThrow(ConfigProblem);
    await expect(refused).rejects.toThrow('for development on this machine only');
  });
});

describe('what it opens to', () => {
  let house: LabHouse;
  let lan: string;
  beforeAll(async () => {
    lan = `http://127.0.0.1:${await freePort()}`;
    house = await openLabHouse((config) => ({ ...config, lan }));
  });
  afterAll(() => house?.close());

  async function order(reference: string): Promise<string> {
    const wanted = { amount: 4_250, currency: 'EUR', reference, return_url: `${house.url}/shop/back` };
    const { links } = await house.api('/v1/payments', wanted);
    return (links as { pay: string }).pay;
  }

  /** The status of a path as it is written, which `fetch` would tidy up. */
  function statusOf(path: string, method = 'GET'): Promise<number> {
    const { hostname: host, port } = new URL(lan);
    return new Promise((resolve, reject) => {
      const asked = request({ host, port, path, method }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      asked.once('error', reject);
      asked.end();
    });
  }

  it('a payer pays there, and is not sent to a shop that a telephone cannot reach', async () => {
    const pay = await order('LAN-1');
    const there = pay.replace(house.url, lan);
    const payer = createPayer(lan, systemClock());
    const form = await payer.waitForForm(there, '/card');
    expect(new URL(form.action).origin).toBe(lan);
    await payer.post(form, { number: '4242 4242 4242 4242', expiry: '12/34', security_code: '123' });
    await payer.waitForWords(there, /<h1[^>]*>(?:Paid|Payé)/);
    expect(await (await fetch(there)).text()).not.toContain('/shop/back');
    expect(await (await fetch(pay)).text()).toContain('/shop/back');
    const style = /href="(\/pay\/assets\/[^"]+\.css)"/.exec(await (await fetch(there)).text())?.[1] ?? '';
    expect((await fetch(lan + style)).status).toBe(200);
  });

  it('the payment code of another screen leads to the page', async () => {
    const { payment_code: code } = await house.api('/v1/payments', {
      amount: 100,
      currency: 'EUR',
      reference: 'LAN-2',
    });
    const payer = createPayer(lan, systemClock());
    const form = await payer.waitForForm(`${lan}/link`, '/link');
    // Taken is answered with the way to the payment's page, which has no words.
    expect(await payer.post(form, { code: String(code) })).toBe('');
    expect(await payer.post(form, { code: '1234567890' })).toContain('<h1');
  });

  it('is where a television leads telephones to', async () => {
    const { id } = await house.api('/v1/payments', { amount: 100, currency: 'EUR', reference: 'LAN-3' });
    const { session } = await openSession(house.url, String(id), { account: null });
    const { screen } = (await (await fetch(`${house.url}/tv/sessions/${session}`)).json()) as { screen: Screen };
    expect(screen.handover?.url).toBe(`${lan}/link`);
    expect(screen.handover?.qr.startsWith(`${lan}/pay/`)).toBe(true);
    expect((await fetch(screen.handover?.qr ?? '')).status).toBe(200);
  });

  it('there is nothing else in the house', async () => {
    const spec = (await (await fetch(`${house.url}/openapi.json`)).json()) as { paths: Record<string, object> };
    const documented = Object.keys(spec.paths).map((path) => path.replace(/\{\w+\}/g, 'some-name-of-it'));
    const others = [
      ...['/', '/lab', '/lab/devices', '/lab/mailbox', '/lab/mailbox/messages.json', '/shop', '/shop/cart', '/docs'],
      ...['/openapi.json', '/healthz', '/readyz', '/metrics', '/ivr/call', '/ivr/status', '/ivr/pay-connector'],
      ...['/sms/inbound', '/sms/status', '/tv/app', '/tv/sessions', '/tv/sessions/some-name-of-it'],
      ...['/account/some-name-of-it', '/3ds/return/some-name-of-it', '/3ds/results/some-name-of-it'],
      ...['/acquirers/sandbox/notifications', '/sandbox/health'],
    ];
    expect(documented.length).toBeGreaterThan(20);
    for (const path of [...documented.filter((one) => one !== '/link' && !one.startsWith('/pay/')), ...others]) {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE'])
        expect(await statusOf(path, method), `${method} ${path}`).toBe(404);
    }
  });

  it.each([
    ...['/pay/../v1/payments', '/pay/%2e%2e/v1/payments', '/pay/..%2fv1%2fpayments', '/pay//../lab', '//v1/payments'],
    ...['/link/../lab', '/link/', '/linked', '/LINK', '/PAY/x', '/pay', '/pay/../../shop', '/pay/%2e%2e/account/token'],
  ])('nor by a path that is written otherwise: %s', async (path) => {
    expect(await statusOf(path)).toBe(404);
  });
});
