import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { needs } from '../support/skip.js';

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

test.each([
  ['in one house', []],
  ['in a cluster', ['--cluster']],
])('a seed is the same whatever was played before it, %s', { timeout: LIMIT_MS }, async (_where, more) => {
  const commits = async (from: number, seeds: number): Promise<number> => {
    const { output } = await play(from, seeds, ...more);
    return Number(/ (\d+) commits/.exec(output)?.[1]);
  };
  const alone = await commits(54, 1);
  expect(alone).toBeGreaterThan(0);
  for (const from of [40, 51]) expect((await commits(from, 55 - from)) - (await commits(from, 54 - from))).toBe(alone);
});

needs('mongod')('a cluster on MongoDB', () => {
  test(`${MONGODB_SEEDS} seeds: nothing lost, nothing doubled, nothing stuck`, { timeout: LIMIT_MS }, () =>
    playAll(MONGODB_SEEDS, ['--cluster', '--mongodb']),
  );
});
