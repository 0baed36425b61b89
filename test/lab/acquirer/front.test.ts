import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxFront } from '../../../src/lab/acquirer/front.js';

/** The issuer's pages for browsers that cannot reach the sandbox: those and nothing else, without cookies. */

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const seen: { url: string; body: string; cookie: string | undefined }[] = [];
let sandbox: Server;
let house: Server;
let url: string;

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  sandbox = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push({ url: request.url ?? '', body, cookie: request.headers.cookie });
      const headers = {
        'content-type': 'text/html',
        'content-security-policy': "default-src 'none'",
        'set-cookie': 'a=b',
      };
      response.writeHead(200, headers).end('<p>issuer</p>');
    });
  });
  const sandboxUrl = await listening(sandbox);
  house = createServer(express().use(sandboxFront({ url: () => sandboxUrl, log: silent })));
  url = await listening(house);
});
afterAll(() => {
  sandbox.close();
  house.close();
});

describe('the sandbox behind our own door', () => {
  it('shows the pages of the issuer, with their policy and without cookies', async () => {
    const headers = { cookie: '__Host-guichet=secret', 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(`${url}/sandbox/acs/challenge`, { method: 'POST', headers, body: 'creq=x' });
    expect(await answer.text()).toBe('<p>issuer</p>');
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'");
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(seen.at(-1)).toEqual({ url: '/acs/challenge', body: 'creq=x', cookie: undefined });
  });

  it.each([
    '/sandbox/ledger',
    '/sandbox/acs/..%2fledger',
    '/sandbox/acs/%2e%2e',
    '/sandbox/acs/a/b',
    '/sandbox/faults',
  ])('does not lead to %s', async (path) => {
    const before = seen.length;
    expect((await fetch(url + path, { method: 'POST', body: '' })).status).toBe(404);
    expect(seen).toHaveLength(before);
  });

  it('refuses what is too large', async () => {
    const answer = await fetch(`${url}/sandbox/acs/challenge`, { method: 'POST', body: 'x'.repeat(70_000) });
    expect(answer.status).toBe(413);
  });
});
