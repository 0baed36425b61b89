/**
 * Reads the source tree once and holds it to the rules of test/architecture/rules.ts. Each failure names the place and what
 * to do instead. That each rule catches what it should is shown by test/architecture/rules.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { decisions, documents } from './architecture/documents.js';
import {
  cycles,
  deadFiles,
  emptyNames,
  entriesOf,
  forbiddenImports,
  isProduct,
  isWithin,
  render,
  type Violation,
} from './architecture/graph.js';
import { inexactVersions, lockedPackages, unexplainedPackages } from './architecture/packages.js';
import { bans, longFiles, longFunctions } from './architecture/text.js';
import { allPaths, bigBinaries, read, readAll } from './architecture/tree.js';

const paths = allPaths();
const isSource = (path: string): boolean => isProduct(path) || isWithin(path, ['test', 'vitest.config.ts']);
const sources = readAll(paths.filter((path) => path.endsWith('.ts') && isSource(path)));
const product = sources.filter(({ path }) => isProduct(path));
const scripts = readAll(paths.filter((path) => path.endsWith('.mjs')));
const markdown = readAll(paths.filter((path) => path.endsWith('.md')));
const packageJson = read('package.json');
const packageLock = read('package-lock.json');
const entries = entriesOf(packageJson);

const RULES: readonly (readonly [string, () => Violation[]])[] = [
  ['each part imports only what it may, each library has one home', () => forbiddenImports(sources, entries)],
  ['no import cycles', () => cycles(sources)],
  ['no dead files', () => deadFiles(sources, entries)],
  ['no banned construct', () => bans([...sources, ...scripts], entries)],
  ['no long files', () => longFiles([...sources, ...scripts])],
  ['no long functions', () => longFunctions(sources)],
  ['no empty names', () => emptyNames(sources)],
  ['documents have one title and links that resolve', () => documents(markdown, new Set(paths))],
  ['every decision that is named is written down', () => decisions([...product, ...markdown], new Set(paths))],
  ['exact versions', () => inexactVersions(packageJson)],
  ['the lock file is safe', () => lockedPackages(packageLock, packageJson)],
  ['every dependency is explained', () => unexplainedPackages(packageJson, markdown)],
  ['no big binaries', () => bigBinaries(paths)],
];

describe('architecture', () => {
  it.each(RULES)('%s', (_, violations) => {
    expect(violations().map(render)).toEqual([]);
  });
});
