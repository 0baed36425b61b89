import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PLANTED_BUGS } from './planted_bugs.js';

/** Each bug is planted into a copy of the compiled code; the simulation must find it. That it finds none elsewhere then means something. */
const SEEDS = 6_000;
const LIMIT_MS = 120_000;
const root = fileURLToPath(new URL('../../', import.meta.url));
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'guichet-planted-'));
  for (const part of ['package.json', 'package-lock.json', 'dist']) {
    mkdirSync(join(copy, part, '..'), { recursive: true });
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('a planted bug is found', () => {
  test.each(PLANTED_BUGS.map((bug) => [bug.name, bug] as const))('%s', { timeout: LIMIT_MS }, (_name, bug) => {
    const file = join(copy, 'dist', bug.file);
    const right = readFileSync(file, 'utf8');
    expect(right.split(bug.find), `the line to change stands once in ${bug.file}`).toHaveLength(2);
    writeFileSync(
      file,
      right.replace(bug.find, () => bug.replace),
    );
    try {
      const arguments_ = [join(copy, 'dist/test/simulation/main.js'), '--seeds', String(SEEDS)];
      if (bug.isInCluster) arguments_.push('--cluster');
      const run = spawnSync(process.execPath, arguments_, { encoding: 'utf8', timeout: LIMIT_MS });
      expect(run.stderr).toMatch(/^seed \d+:\n {2}\S/m);
      expect(run.status).toBe(1);
    } finally {
      writeFileSync(file, right);
    }
  });
});
