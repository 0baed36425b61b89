import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { needs } from '../support/skip.js';
import type { Shape } from './processes.js';
import { playSeed, START } from './run.js';
import { sqliteStores } from './stores.js';

/**
 * The real engine, flow and SQLite store against crashes, freezes, lost, late and doubled answers, under virtual time.
 * Two processes share the seeds. A finding prints its seed; `npm run simulate -- --seed N` replays it.
 */
const SEEDS = 20_000;
/** The same with a process that hands over to another, through a queue that loses and doubles. */
const CLUSTER_SEEDS = 6_000;
/** And with payments in a real MongoDB, whose every write takes its time. */
const MONGODB_SEEDS = 60;
const PROCESSES = 2;
const LIMIT_MS = 280_000;
const entry = fileURLToPath(new URL('../../dist/test/simulation/main.js', import.meta.url));

function play(from: number, seeds: number, ...more: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [entry, '--from', String(from), '--seeds', String(seeds), ...more]);
  let output = '';
  const hear = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

async function playAll(seeds: number, more: readonly string[]): Promise<void> {
  const share = seeds / PROCESSES;
  const all = Array.from({ length: PROCESSES }, (_, index) => play(1 + index * share, share, ...more));
  for (const { code, output } of await Promise.all(all)) {
    expect(code, output.slice(-2_000)).toBe(0);
    expect(output).toContain(`${share} seeds, `);
  }
}

test.each([
  [SEEDS, 'in one house', []],
  [CLUSTER_SEEDS, 'in a cluster', ['--cluster']],
])('%i seeds %s: nothing lost, nothing doubled, nothing stuck', { timeout: LIMIT_MS }, (seeds, _where, more) =>
  playAll(seeds, more),
);

test('a seed is the same whatever was played before it', async () => {
  const stores = sqliteStores();
  const play = async (seed: number, shape: Shape) => {
    const store = await stores.open();
    const verdict = await playSeed(seed, store, START, shape);
    await store.close();
    return verdict;
  };
  for (const shape of ['embedded', 'cluster'] as const) {
    const first = await play(54, shape);
    for (const seed of [51, 52, 53]) await play(seed, shape);
    expect(await play(54, shape)).toEqual(first);
  }
});

needs('mongod')('a cluster on MongoDB', () => {
  test(`${MONGODB_SEEDS} seeds: nothing lost, nothing doubled, nothing stuck`, { timeout: LIMIT_MS }, () =>
    playAll(MONGODB_SEEDS, ['--cluster', '--mongodb']),
  );
});
