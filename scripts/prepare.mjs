/**
 * Makes a fresh clone ready to run: installs what package-lock.json names when it is not there, and compiles what changed
 * into dist/. Plain JavaScript without dependencies, because it runs before there are any.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const DIST = join(ROOT, 'dist');

/** Folders whose TypeScript is compiled, and whose other files (css, js, svg, html) are copied beside it. */
const SOURCES = ['src', 'flows', 'channels', 'test'];
const LOCK_WAIT_MS = 120_000;

/** Thrown with everything already printed; the caller only has to exit. */
export class Unprepared extends Error {}

/** Installs when needed and, unless `build` is false, compiles when needed. One process at a time does so. */
export function prepare({ build = true } = {}) {
  if (installed() && (!build || built())) return;
  alone(() => {
    if (!installed()) install();
    if (build && !built()) compile();
  });
}

/** True when node_modules holds what package-lock.json names, by version and integrity; other platforms' parts may lack. */
function installed() {
  const hidden = join(ROOT, 'node_modules/.package-lock.json');
  if (!existsSync(hidden)) return false;
  const present = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional === true || present[path]?.integrity === entry.integrity,
  );
}

function install() {
  console.error('Installing what package-lock.json names (npm ci); this happens once.');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--loglevel=error'];
  const run = npm?.endsWith('.js') ? runQuietly(process.execPath, [npm, ...args]) : runQuietly('npm', args);
  if (run.status !== 0) fail('npm ci failed; see above.');
}

/** The digest of every source's path, size and time, and of what steers the compiler. */
function fingerprint() {
  const hash = createHash('sha256');
  const steering = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json'].map((name) => join(ROOT, name));
  for (const path of [...steering, ...sources()]) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${relative(ROOT, path)}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

const STAMP = join(DIST, '.built');

function built() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprint();
}

function compile() {
  const stamp = fingerprint();
  removeOrphans();
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const run = runQuietly(process.execPath, [compiler, '-p', 'tsconfig.build.json']);
  if (run.status !== 0) fail('The sources do not compile; see above.');
  for (const path of sources()) {
    if (path.endsWith('.ts')) continue;
    const copy = join(DIST, relative(ROOT, path));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(path, copy);
  }
  writeFileSync(STAMP, stamp);
}

/** Removes from dist/ what no source stands behind any more, so that a deleted file cannot go on being imported. */
function removeOrphans() {
  if (!existsSync(DIST)) return;
  for (const path of walk(DIST)) {
    const source = join(ROOT, relative(DIST, path).replace(/\.map$/, ''));
    const name = relative(DIST, path);
    if (name.startsWith('.') || existsSync(source) || existsSync(source.replace(/\.js$/, '.ts'))) continue;
    rmSync(path);
    // The compiler's notes would say that it is still there.
    for (const note of readdirSync(DIST)) if (note.startsWith('.tsbuildinfo')) rmSync(join(DIST, note));
  }
}

function sources() {
  return SOURCES.map((folder) => join(ROOT, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => [...walk(folder)])
    .filter((path) => !path.endsWith('.test.ts') && !path.endsWith('.md'));
}

function* walk(folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

function runQuietly(command, args) {
  return spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
}

function fail(message) {
  console.error(message);
  throw new Unprepared(message);
}

/** Runs `work` while no other process of this checkout does, so that nobody imports a half-written file. */
function alone(work) {
  const path = join(ROOT, '.cache/prepare.lock');
  mkdirSync(dirname(path), { recursive: true });
  const giveUpAt = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      const file = openSync(path, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!holderLives(path) || Date.now() > giveUpAt) rmSync(path, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
  try {
    work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** A holder that was killed leaves its lock behind. An empty file is a lock being taken right now. */
function holderLives(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    if (pid === 0) return Date.now() - statSync(path).mtimeMs < 1_000;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
