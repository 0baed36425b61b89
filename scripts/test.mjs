/**
 * `npm test [-- files or vitest options]`: prepares, runs the suite, and ends with one line per thing that was skipped and
 * the closing line `N passed, N failed, N skipped`. With CI or GUICHET_NO_SKIP set a skip is a failure.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fetchServers } from '../test/support/servers.mjs';
import { prepare, ROOT, Unprepared } from './prepare.mjs';

/** Written by test/support/reporter.ts at the end of a run; one for each run, so that two may go on at once. */
const RESULT = join(ROOT, `.cache/test-result-${process.pid}.json`);

process.exitCode = test(process.argv.slice(2));

function test(args) {
  try {
    prepare();
  } catch (error) {
    if (!(error instanceof Unprepared)) throw error;
    return close({ passed: 0, failed: 1, skipped: 0, lines: [] }, 1);
  }
  fetchServers();
  mkdirSync(dirname(RESULT), { recursive: true });
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const run = spawnSync(process.execPath, [vitest, 'run', ...args], {
    cwd: ROOT,
    env: { ...process.env, GUICHET_TEST_RESULT: RESULT },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (!existsSync(RESULT))
    return close({ passed: 0, failed: 1, skipped: 0, lines: ['the test runner itself failed'] }, 1);
  const result = JSON.parse(readFileSync(RESULT, 'utf8'));
  rmSync(RESULT);
  return close(result, run.status ?? 1);
}

function close({ passed, failed, skipped, lines }, status) {
  for (const line of lines) console.log(line);
  const strict = Boolean(process.env.CI || process.env.GUICHET_NO_SKIP);
  if (strict && skipped > 0) console.log('A skip is a failure here.');
  // Whatever else made the runner fail (an error outside any test) must show in the line that is read.
  const failures = status !== 0 && failed === 0 ? 1 : failed;
  console.log(`${passed} passed, ${failures} failed, ${skipped} skipped`);
  return failures > 0 || (strict && skipped > 0) ? 1 : 0;
}
