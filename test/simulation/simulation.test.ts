import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/**
 * The real engine, flow and SQLite store against crashes, freezes, lost, late and doubled answers, under virtual time.
 * Two processes share the seeds. A finding prints its seed; `npm run simulate -- --seed N` replays it.
 */
const SEEDS = 20_000;
const PROCESSES = 2;
const LIMIT_MS = 280_000;
const entry = fileURLToPath(new URL('../../dist/test/simulation/main.js', import.meta.url));

function play(from: number, seeds: number): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [entry, '--from', String(from), '--seeds', String(seeds)]);
  let output = '';
  const hear = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

test(`${SEEDS} seeds: nothing lost, nothing doubled, nothing stuck`, { timeout: LIMIT_MS }, async () => {
  const share = SEEDS / PROCESSES;
  const runs = await Promise.all(Array.from({ length: PROCESSES }, (_, index) => play(1 + index * share, share)));
  for (const { code, output } of runs) {
    expect(code, output.slice(-2_000)).toBe(0);
    expect(output).toContain(`${share} seeds, `);
  }
});
