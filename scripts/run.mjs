/**
 * Runs one entry of the project from a fresh clone: `node scripts/run.mjs src/main.ts [arguments]`.
 * Prepares, then imports the compiled entry into this very process: one process, so signals, output and exit code are its own
 * and nothing is left behind when it is killed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DIST, prepare, ROOT, Unprepared } from './prepare.mjs';

const PARENT_CHECK_MS = 500;

const [entry, ...rest] = process.argv.slice(2);
if (!entry?.endsWith('.ts') || !existsSync(join(ROOT, entry))) {
  console.error(`usage: node scripts/run.mjs <entry.ts> [arguments]; there is no ${entry ?? 'entry'}`);
  process.exit(2);
}
try {
  prepare();
} catch (error) {
  if (!(error instanceof Unprepared)) throw error;
  process.exit(1);
}

const settings = join(ROOT, '.env');
if (existsSync(settings)) process.loadEnvFile(settings);

endWithNpm();
const compiled = join(DIST, entry.replace(/\.ts$/, '.js'));
process.argv = [process.argv[0], compiled, ...rest];
await import(pathToFileURL(compiled).href);

/** `kill -9` of npm cannot be passed on by npm, so what it started notices that it was orphaned, and stops as if asked to. */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const above = ancestors();
  const timer = setInterval(() => {
    if (ancestors() === above) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_MS);
  timer.unref();
}

/** The parent and, where npm's shell stands between, the parent's parent, which then is npm. */
function ancestors() {
  const parent = process.ppid;
  try {
    const [, name, , grandparent] = /^\d+ \((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${parent}/stat`, 'utf8')) ?? [];
    return name?.endsWith('sh') ? `${parent} ${grandparent}` : `${parent}`;
  } catch {
    // No /proc: there the shells of npm hand their process over and are not in between.
    return `${parent}`;
  }
}
