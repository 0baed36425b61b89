/** Types, format and lint, and the freshness of generated diagrams, as tests: what `npm run check` looks at first. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { STEPS } from '../scripts/steps.mjs';

const STEP_MS_MAX = 180_000;

describe('the gate', () => {
  it.each(STEPS)('$name', { timeout: STEP_MS_MAX }, ({ args, mend }) => {
    const run = spawnSync(process.execPath, [...args], { encoding: 'utf8', timeout: STEP_MS_MAX });
    expect(run.status, `${run.stdout}${run.stderr}\nmend it with: ${mend}`).toBe(0);
  });
});
