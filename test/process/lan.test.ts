/** `npm start -- --lan`: telephones find the pay page at one address in all lives of the server; in production it is refused. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { prepare } from '../../scripts/prepare.mjs';
import { freePort, type GuichetProcess, guichetProcess } from '../support/guichet.js';
import { pause } from './requests.js';

const TEST_MS_MAX = 60_000;
let guichet: GuichetProcess | undefined;
beforeAll(() => prepare(), TEST_MS_MAX);
afterEach(() => guichet?.close());

const statusOf = (url: string): Promise<number> =>
  fetch(url).then(
    ({ status }) => status,
    () => 0,
  );

it('stays where it was when the server is killed', { timeout: TEST_MS_MAX }, async () => {
  const lan = `http://127.0.0.1:${await freePort()}`;
  guichet = await guichetProcess({ entry: 'start', args: [`--lan=${lan}`] });
  await guichet.start();
  expect(guichet.output()).toContain(`your network   ${lan}/link`);
  expect(await statusOf(`${lan}/link`)).toBe(200);
  expect(await statusOf(`${lan}/v1/payments`)).toBe(404);
  const supervisor = guichet.pid();
  const server = Number(readFileSync(`/proc/${supervisor}/task/${supervisor}/children`, 'utf8').trim());
  process.kill(server, 'SIGKILL');
  for (let looks = 0; looks < 400 && (await statusOf(`${lan}/link`)) !== 0; looks += 1) await pause(5);
  for (let looks = 0; looks < 400 && (await statusOf(`${lan}/link`)) !== 200; looks += 1) await pause(50);
  expect(await statusOf(`${lan}/link`)).toBe(200);
});

it('is refused where others reach the house', { timeout: TEST_MS_MAX }, async () => {
  guichet = await guichetProcess({ args: ['--lan'], settings: { PUBLIC_URL: 'https://pay.example.org' } });
  guichet.launch();
  expect(await guichet.end()).toBe(1);
  expect(guichet.output()).toContain('--lan: for development on this machine only');
});
