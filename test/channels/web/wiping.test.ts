import { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createBrowser, fakeCounter, type Server, servePage, TOKEN } from './page_server.js';

/** The bytes of a form that was posted, a security code among them. */

const CARD = { number: '4242 4242 4242 4242', expiry: '12/34', security_code: '123' };
let server: Server;
beforeAll(async () => {
  server = await servePage(fakeCounter());
});
afterAll(() => server.close());

it.each([
  ['was read', CARD, 303],
  ['is longer than any', { ...CARD, code: '1'.repeat(20_000) }, 413],
])('are wiped once it %s', async (_, typed, status) => {
  const browser = createBrowser(server.url);
  const page = await browser.ask(`/pay/${TOKEN}`);
  const came = vi.spyOn(IncomingMessage.prototype, 'push');
  try {
    expect((await browser.submit(page, '/card', typed)).status).toBe(status);
    const bytes = came.mock.calls.flatMap(([chunk]) => (Buffer.isBuffer(chunk) ? [chunk] : []));
    expect(bytes.length).toBeGreaterThan(0);
    await expect.poll(() => bytes.filter((chunk) => chunk.some((byte) => byte !== 0)).length).toBe(0);
  } finally {
    came.mockRestore();
  }
});
