import { importsOf, packageOf, resolveImport } from './imports.js';
import { EMPTY_NAMES, HOMES, MAY_IMPORT, PURE, STRANGERS } from './rules.js';

export interface SourceFile {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly source: string;
}

/** One breach of a rule, worded for the one who mends it. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

export function render({ path, line, message }: Violation): string {
  return `${path}:${line} ${message}`;
}

export function isWithin(path: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}

/** The product's and the tests' command-line entries: what the scripts of package.json run. */
export function entriesOf(packageJson: string): string[] {
  const { scripts } = JSON.parse(packageJson) as { scripts: Record<string, string> };
  return Object.values(scripts).flatMap((script) => /scripts\/run\.mjs (\S+\.ts)/.exec(script)?.[1] ?? []);
}

export const isProduct = (path: string): boolean => isWithin(path, ['src', 'flows', 'channels']);

function areaOf(path: string): string {
  const [top, second] = path.split('/');
  if (top !== 'src') return top ?? '';
  return path.split('/').length > 2 ? `src/${second}` : 'src';
}

interface Edge {
  readonly from: string;
  readonly to: string | null;
  readonly specifier: string;
  readonly line: number;
}

function edgesOf(files: readonly SourceFile[]): Edge[] {
  return files.flatMap(({ path, source }) =>
    importsOf(source).map(({ specifier, line }) => ({
      from: path,
      to: resolveImport(path, specifier),
      specifier,
      line,
    })),
  );
}

/** Who imports whom against `MAY_IMPORT`, and each library outside its home. Entries may import anything, only entries import them. */
export function forbiddenImports(files: readonly SourceFile[], entries: readonly string[]): Violation[] {
  return edgesOf(files).flatMap((edge) => {
    const message = edge.to === null ? strangerAtHome(edge, entries) : forbidden(edge.from, edge.to, entries);
    return message === null ? [] : [{ path: edge.from, line: edge.line, message }];
  });
}

function forbidden(from: string, to: string, entries: readonly string[]): string | null {
  if (!isProduct(from)) return null;
  // An entry may hand over to another one; nobody else starts a second program inside the first.
  if (entries.includes(to) && !entries.includes(from))
    return `imports the entry ${to}: nobody imports a composition root`;
  if (!isProduct(to)) return `imports ${to}: the product knows neither tests nor scripts`;
  if (entries.includes(from)) return null;
  const [area, other] = [areaOf(from), areaOf(to)];
  const allowed = MAY_IMPORT[area];
  if (allowed === undefined) return `${area} is a new part of the house: name it in test/architecture/rules.ts`;
  if (area === other) return estranged(from, to);
  if (allowed.includes(other)) return null;
  return `${area} may import ${allowed.join(', ') || 'nothing of ours'}, not ${other}: take it as a port, src/main.ts hands it in`;
}

/** Members of `STRANGERS` folders may not import each other; the folder's own files, such as its index, import them all. */
function estranged(from: string, to: string): string | null {
  for (const [folder, known] of Object.entries(STRANGERS)) {
    if (!isWithin(from, [folder]) || !isWithin(to, [folder])) continue;
    const [mine, theirs] = [memberOf(folder, from), memberOf(folder, to)];
    if (mine === null || theirs === null || mine === theirs || known.includes(theirs)) continue;
    return `${folder}/${mine} may not know ${folder}/${theirs}`;
  }
  return null;
}

/** `web` for channels/web/page.ts; null for a file right in the folder. */
function memberOf(folder: string, path: string): string | null {
  const parts = path.slice(folder.length + 1).split('/');
  return parts.length > 1 ? (parts[0] ?? null) : null;
}

function strangerAtHome({ from, specifier }: Edge, entries: readonly string[]): string | null {
  const name = packageOf(specifier);
  if (name === 'node:') {
    return isWithin(from, PURE) ? `${specifier}: this part is pure; take what you need as a port` : null;
  }
  const homes = HOMES[name];
  if (homes === undefined) return `${name} is not a dependency with a home: name it in test/architecture/rules.ts`;
  if (isWithin(from, homes) || entries.includes(from)) return null;
  // Tests may use what they test with; a library of the product they reach through the product.
  if (isWithin(from, ['test']) && !homes.includes('test')) return null;
  return `${name} lives in ${homes.join(', ')}: go through what that exports`;
}

/** Circles of imports, types included: who needs a circle has a third thing in hand that wants a name. */
export function cycles(files: readonly SourceFile[]): Violation[] {
  const targets = new Map<string, Edge[]>();
  for (const edge of edgesOf(files)) targets.set(edge.from, [...(targets.get(edge.from) ?? []), edge]);
  const done = new Set<string>();
  const found: Violation[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (done.has(path)) return;
    for (const { to, line } of targets.get(path) ?? []) {
      if (to === null) continue;
      const here = [...trail, path];
      const start = here.indexOf(to);
      if (start === -1) visit(to, here);
      else found.push({ path, line, message: `import cycle: ${[...here.slice(start), to].join(' -> ')}` });
    }
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return found;
}

/** Files that no entry leads to: the product from its entries, the tests from the tests and theirs. */
export function deadFiles(files: readonly SourceFile[], entries: readonly string[]): Violation[] {
  const edges = edgesOf(files);
  const reach = (roots: readonly string[]): Set<string> => {
    const reached = new Set(roots);
    for (const path of reached) {
      for (const { from, to } of edges) if (from === path && to !== null) reached.add(to);
    }
    return reached;
  };
  const paths = files.map(({ path }) => path);
  const product = reach(entries);
  const tests = reach([
    ...entries,
    ...paths.filter((path) => path.endsWith('.test.ts') || path.endsWith('.config.ts')),
  ]);
  const missing = entries
    .filter((entry) => !paths.includes(entry))
    .map((path) => ({ path, line: 1, message: 'a script of package.json runs it, and it is not there' }));
  const dead = paths
    .filter((path) => !(isProduct(path) ? product : tests).has(path))
    .map((path) => ({ path, line: 1, message: 'dead file: no entry leads to it; import it or remove it' }));
  return [...missing, ...dead];
}

/** Imports of files that do not exist are the compiler's business; names that say nothing are ours. */
export function emptyNames(files: readonly SourceFile[]): Violation[] {
  return files
    .filter(({ path }) => path.split('/').some((part) => EMPTY_NAMES.test(part.replace(/\..*$/, ''))))
    .map(({ path }) => ({ path, line: 1, message: 'a name that says nothing: call it what it holds' }));
}
