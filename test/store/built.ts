import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const project = join(import.meta.dirname, '../..');

/** Compiles `sources` of this project into a folder of their own beside `script`, for real processes; answers the folder. */
export async function buildScript(sources: readonly string[], script: string): Promise<string> {
  const built = await mkdtemp(join(tmpdir(), 'guichet-processes-'));
  const configuration = {
    extends: join(project, 'tsconfig.json'),
    compilerOptions: { rootDir: project, outDir: built, incremental: false, noCheck: true, types: [] },
    files: sources.map((source) => join(project, source)),
    include: [],
  };
  await writeFile(join(built, 'tsconfig.json'), JSON.stringify(configuration));
  await cp(join(project, 'package.json'), join(built, 'package.json'));
  await symlink(join(project, 'node_modules'), join(built, 'node_modules'));
  await writeFile(join(built, 'script.js'), script);
  const compiler = join(project, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', join(built, 'tsconfig.json')], { stdio: 'pipe' });
  return built;
}
