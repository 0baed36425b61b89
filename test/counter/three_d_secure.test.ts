import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { StoreFailure } from '../../src/contracts/errors.js';
import { createThreeDSecureResults } from '../../src/counter/three_d_secure.js';

const FINAL = {
  answer: 'final',
  result: 'Y',
  eci: '05',
  value: 'cavv',
  directoryServerTransaction: null,
  version: '2.2.0',
} as const;
const taken: unknown[] = [];
let isAwaited = true;
let failure: Error | null = null;
let server: Server;
let url: string;

beforeAll(async () => {
  const results = createThreeDSecureResults({
    authenticator: {
      readResult: (message) =>
        typeof message === 'object' && message !== null && 'signed' in message
          ? { authentication: 'ath_1', answer: FINAL }
          : null,
    },
    engine: {
      async authenticated(...given) {
        if (failure !== null) throw failure;
        taken.push(given);
        return isAwaited;
      },
    },
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
  });
  server = createServer((request, response) => void results(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/3ds/results/`;
});
afterAll(() => server.close());
beforeEach(() => {
  taken.length = 0;
  isAwaited = true;
  failure = null;
});

const nothing = (): void => undefined;
const post = async (body: string | Uint8Array, path = 'pay_1'): Promise<number> =>
  (await fetch(url + path, { method: 'POST', body })).status;

it('tells the engine what the directory server said, of which payment', async () => {
  expect(await post('{"signed":true}')).toBe(200);
  expect(taken).toEqual([['ath_1', 'pay_1', FINAL]]);
});

it('answers 200 for what is no longer awaited, or it would be repeated', async () => {
  isAwaited = false;
  expect(await post('{"signed":true}')).toBe(200);
});

it.each([
  ['not a result', '{"messageType":"RReq"}', 'pay_1', 400],
  ['not JSON', 'transStatus=Y', 'pay_1', 400],
  ['nothing', '', 'pay_1', 400],
  ['no payment', '{"signed":true}', '', 400],
  ['a longer path', '{"signed":true}', 'pay_1/x', 400],
  ['too long', `{"signed":"${'x'.repeat(70_000)}"}`, 'pay_1', 413],
])('%s is refused', async (_, body, path, status) => {
  expect(await post(body, path)).toBe(status);
  expect(taken).toEqual([]);
});

it('asks to be told again when the store could not keep it', async () => {
  failure = new StoreFailure('full');
  expect(await post('{"signed":true}')).toBe(503);
});

it('takes posts only', async () => {
  const answer = await fetch(`${url}pay_1`);
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
});

it('whatever bytes are posted', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.json().map((text) => Buffer.from(text)),
        fc.uint8Array(),
      ),
      async (body) => {
        expect(await post(body)).toBeLessThan(500);
      },
    ),
    { numRuns: 100 },
  );
});
