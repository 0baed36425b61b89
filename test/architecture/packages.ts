import type { SourceFile, Violation } from './graph.js';
import { VERSION_FLOORS } from './rules.js';

interface PackageJson {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly allowScripts?: Readonly<Record<string, unknown>>;
}

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}

function directOf(manifest: PackageJson): [string, string][] {
  return Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
}

/** Direct dependencies are pinned to one version each. */
export function inexactVersions(packageJson: string): Violation[] {
  return directOf(JSON.parse(packageJson) as PackageJson)
    .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
    .map(([name, version]) => breach('package.json', `${name} ${version}: pin one exact version`));
}

/** The lock file: nothing below a floor, no host, a digest for every package, no install script that was not allowed. */
export function lockedPackages(packageLock: string, packageJson: string): Violation[] {
  const { packages } = JSON.parse(packageLock) as { packages: Record<string, LockEntry> };
  const allowed = (JSON.parse(packageJson) as PackageJson).allowScripts ?? {};
  return Object.entries(packages).flatMap(([path, entry]) => {
    const name = path.replace(/^.*node_modules\//, '');
    if (name === '') return [];
    const problems = belowFloor(name, entry.version ?? '0.0.0');
    if (entry.resolved !== undefined) problems.push(`names where it is from: a lock file works behind any mirror`);
    if (entry.integrity === undefined) problems.push('has no digest: only packages of a registry');
    if (entry.hasInstallScript && !(name in allowed))
      problems.push('has an install script, and package.json says neither yes nor no to it');
    return problems.map((problem) => breach('package-lock.json', `${name} ${entry.version ?? ''} ${problem}`));
  });
}

function belowFloor(name: string, version: string): string[] {
  return VERSION_FLOORS.filter((floor) => floor.name === name)
    .filter(({ series }) => series === undefined || series === Number(version.split('.')[0]))
    .filter(({ floor }) => isLower(version, floor))
    .map(({ floor, why }) => `is below ${floor}: ${why}`);
}

function isLower(version: string, floor: string): boolean {
  const [mine, wanted] = [version, floor].map((text) => text.split(/[.-]/, 3).map(Number));
  const at = (wanted ?? []).findIndex((part, index) => part !== mine?.[index]);
  return at !== -1 && (mine?.[at] ?? 0) < (wanted?.[at] ?? 0);
}

/**
 * Each direct dependency stands in a table of the README or of an ADR, where somebody answered for it. Nothing to check
 * until one of those is written.
 */
export function unexplainedPackages(packageJson: string, markdown: readonly SourceFile[]): Violation[] {
  const pages = markdown.filter(({ path }) => path === 'README.md' || path.startsWith('docs/adr/'));
  if (pages.length === 0) return [];
  const rows = pages.flatMap(({ source }) => source.split('\n').filter((line) => line.trimStart().startsWith('|')));
  return directOf(JSON.parse(packageJson) as PackageJson)
    .filter(([name]) => !rows.some((row) => row.split(/[\s|`,()[\]]+/).includes(name)))
    .map(([name]) => breach('package.json', `${name}: say in a table of the README or an ADR what it is for`));
}

function breach(path: string, message: string): Violation {
  return { path, line: 1, message };
}
