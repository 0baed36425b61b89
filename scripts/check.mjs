/** `npm run check`, the one gate: types, format and lint, flow diagrams, then architecture and all tests. Stops at the first failure. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepare, ROOT, Unprepared } from './prepare.mjs';
import { STEPS } from './steps.mjs';

process.exitCode = check();

function check() {
  try {
    prepare();
  } catch (error) {
    if (!(error instanceof Unprepared)) throw error;
    return 1;
  }
  for (const { name, args, mend } of STEPS) {
    if (!step(name, args)) {
      console.error(`${name}: failed; mend it with: ${mend}`);
      return 1;
    }
  }
  // The steps above have just been taken; the suite need not take them again.
  return step('tests', [join(ROOT, 'scripts/test.mjs'), '--exclude', 'test/gate.test.ts']) ? 0 : 1;
}

function step(name, args) {
  const begun = Date.now();
  const run = spawnSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  const seconds = ((Date.now() - begun) / 1000).toFixed(1);
  if (run.status === 0 && name !== 'tests') console.log(`${name}: ok (${seconds} s)`);
  return run.status === 0;
}
