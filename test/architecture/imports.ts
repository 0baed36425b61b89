import { posix } from 'node:path';
import { lineAt, scan } from './scanner.js';

/** One import, re-export or dynamic import as it stands in a file. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** Every module that a source names. Type imports count: who knows a type depends on it. */
export function importsOf(source: string): Import[] {
  const { code } = scan(source);
  const found: Import[] = [];
  // A string's quotes survive in `code`, its content is read from the source.
  const statement = /\b(?:import(?!\.)|export)\b[^;'"`]*?\bfrom\s*(['"])|\bimport\s*\(?\s*(['"])/g;
  for (const match of code.matchAll(statement)) {
    const open = match.index + match[0].length - 1;
    const close = code.indexOf(match[1] ?? match[2] ?? '', open + 1);
    found.push({ specifier: source.slice(open + 1, close), line: lineAt(source, match.index) });
  }
  return found;
}

/** The project file a relative specifier means (`./money.js` in src/contracts is src/contracts/money.ts); null for a library. */
export function resolveImport(from: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  return posix.normalize(posix.join(posix.dirname(from), specifier)).replace(/\.js$/, '.ts');
}

/** The package a specifier belongs to: `zod/v4` is zod, `@types/node/x` is @types/node; `node:` stands for all that is built in. */
export function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node:';
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
