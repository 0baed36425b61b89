import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SourceFile, Violation } from './graph.js';
import { BINARY_BYTES_MAX } from './rules.js';

const ROOT = resolve(import.meta.dirname, '../..');
const NOT_OURS = new Set(['.git', 'node_modules', 'dist', 'data', 'coverage', '.cache']);

/** Every file of the repository from its root, but for what is installed, generated or data. */
export function allPaths(): string[] {
  const walk = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
      if (NOT_OURS.has(entry.name)) return [];
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? walk(path) : entry.isFile() ? [path] : [];
    });
  return walk('').sort();
}

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export function readAll(paths: readonly string[]): SourceFile[] {
  return paths.map((path) => ({ path, source: read(path) }));
}

/** Big files that are not text: a clone carries them for ever. */
export function bigBinaries(paths: readonly string[]): Violation[] {
  return paths.flatMap((path) => {
    const { size } = statSync(join(ROOT, path));
    if (size <= BINARY_BYTES_MAX || !readFileSync(join(ROOT, path)).includes(0)) return [];
    return [{ path, line: 1, message: `${size} bytes that are not text, at most ${BINARY_BYTES_MAX}` }];
  });
}
