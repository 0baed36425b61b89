/** Each rule is shown catching what was planted for it, and leaving its innocent neighbour alone. */
import { describe, expect, it } from 'vitest';
import { decisions, documents } from './documents.js';
import { cycles, deadFiles, emptyNames, entriesOf, forbiddenImports, render, type SourceFile } from './graph.js';
import { importsOf } from './imports.js';
import { inexactVersions, lockedPackages, unexplainedPackages } from './packages.js';
import { scan } from './scanner.js';
import { bans, longFiles, longFunctions } from './text.js';

const ENTRIES = ['src/main.ts'];

function file(path: string, source = ''): SourceFile {
  return { path, source };
}

describe('the scanner', () => {
  it.each([
    ['a line comment', 'a; // b', 'a;     ', '   // b'],
    ['a block comment', 'a /* b\n */ c', 'a     \n    c', '  /* b\n */  '],
    ['text keeps its quotes', `x('a // b')`, `x('      ')`, '           '],
    ['an escaped quote', `x('a\\'b') // c`, `x('    ')     `, '          // c'],
    ['a template and its holes', '`a \u0024{b + `c`} d` + e', '`   {b + ` `}  ` + e', '                    '],
    ['a regular expression', "a = /['/]/g; // b", 'a = /     g;     ', '             // b'],
    ['a division', "a / b / 'c'", "a / b / ' '", '           '],
    ['braces inside a hole', '`\u0024{f({ a: 1 })}` // x', '` {f({ a: 1 })}`     ', '                 // x'],
  ])('%s', (_, source, code, comments) => {
    expect(scan(source)).toEqual({ code, comments });
  });

  it('reads every form of import and no text that looks like one', () => {
    const source = [
      `import a, { b } from './a.js';`,
      `import type {\n  C,\n} from "./c.js";`,
      `export * from './d.js';`,
      `import './e.js';`,
      `const f = await import('./f.js');`,
      `type G = import('./g.js').G;`,
      `const no = "import x from './no.js'"; // import './never.js'`,
      `const base = import.meta.url; const from = 'nothing';`,
    ].join('\n');
    expect(importsOf(source).map(({ specifier }) => specifier)).toEqual([
      './a.js',
      './c.js',
      './d.js',
      './e.js',
      './f.js',
      './g.js',
    ]);
    expect(importsOf(source)[1]?.line).toBe(2);
  });
});

describe('imports', () => {
  it.each([
    ['src/engine/a.ts', '../store/b.js', 'src/engine may import src/contracts, not src/store'],
    ['src/contracts/a.ts', '../engine/b.js', 'nothing of ours'],
    ['channels/web/a.ts', '../../src/http/b.js', 'channels may import src/contracts'],
    ['channels/web/a.ts', '../sms/b.js', 'channels/web may not know channels/sms'],
    ['src/http/a.ts', '../main.js', 'nobody imports a composition root'],
    ['src/http/a.ts', '../../test/world.js', 'neither tests nor scripts'],
    ['src/novelty/a.ts', '../contracts/b.js', 'a new part of the house'],
    ['src/engine/a.ts', 'node:crypto', 'this part is pure'],
    ['src/engine/a.ts', 'xstate', 'xstate lives in flows'],
    ['src/store/mongo/a.ts', 'libsql', 'libsql lives in src/store/sqlite'],
    ['src/http/a.ts', 'left-pad', 'not a dependency with a home'],
    ['src/http/a.ts', 'vitest', 'vitest lives in test'],
  ])('%s importing %s', (path, specifier, message) => {
    const found = forbiddenImports([file(path, `import { x } from '${specifier}';`)], ENTRIES);
    expect(found.map(render).join()).toContain(message);
  });

  it.each([
    ['src/engine/a.ts', '../contracts/money.js'],
    ['src/engine/a.ts', './b.js'],
    ['src/store/sqlite/a.ts', 'libsql'],
    ['channels/index.ts', './web/index.js'],
    ['channels/web/a.ts', '../catalogue/index.js'],
    ['src/main.ts', './engine/a.js'],
    ['test/world.ts', '../src/engine/a.js'],
    ['src/vault/a.ts', 'node:crypto'],
  ])('%s may import %s', (path, specifier) => {
    expect(forbiddenImports([file(path, `import { x } from '${specifier}';`)], ENTRIES)).toEqual([]);
  });

  it('lets an entry hand over to another one', () => {
    const handing = [file('src/start.ts', `await import('./main.js');`)];
    expect(forbiddenImports(handing, [...ENTRIES, 'src/start.ts'])).toEqual([]);
    expect(forbiddenImports(handing, ENTRIES)).toHaveLength(1);
  });

  it('finds a cycle, through types too', () => {
    const files = [
      file('flows/a.ts', `import type { B } from './b.js';`),
      file('flows/b.ts', `import { c } from './c.js';`),
      file('flows/c.ts', `export { a } from './a.js';`),
      file('flows/d.ts', `import { a } from './a.js';`),
    ];
    expect(cycles(files).map(({ message }) => message)).toEqual([
      'import cycle: flows/a.ts -> flows/b.ts -> flows/c.ts -> flows/a.ts',
    ]);
    expect(cycles(files.slice(1))).toEqual([]);
  });

  it('finds dead files and missing entries', () => {
    const files = [
      file('src/main.ts', `import './used.js';`),
      file('src/used.ts'),
      file('src/island.ts', `import './beach.js';`),
      file('src/beach.ts'),
      file('src/tested.ts'),
      file('test/tested.test.ts', `import '../src/tested.js'; import './support.js';`),
      file('test/support.ts'),
      file('test/forgotten.ts'),
    ];
    const dead = deadFiles(files, [...ENTRIES, 'src/keys.ts']).map(({ path }) => path);
    expect(dead).toEqual(['src/keys.ts', 'src/island.ts', 'src/beach.ts', 'src/tested.ts', 'test/forgotten.ts']);
  });

  it('reads the entries from the scripts', () => {
    const scripts = { start: 'node scripts/run.mjs src/main.ts', test: 'node scripts/test.mjs' };
    expect(entriesOf(JSON.stringify({ scripts }))).toEqual(['src/main.ts']);
  });

  it('refuses names that say nothing', () => {
    const files = ['src/utils.ts', 'src/http/helpers/a.ts', 'src/library.ts'].map((path) => file(path));
    expect(emptyNames(files).map(({ path }) => path)).toEqual(['src/utils.ts', 'src/http/helpers/a.ts']);
  });
});

describe('bans', () => {
  it.each([
    ['src/http/a.ts', 'const t = Date.now();', 'clock.now()'],
    ['src/http/a.ts', 'const t = new Date();', 'clock.now()'],
    ['src/http/a.ts', 'const t = performance.now();', 'Clock port'],
    ['src/http/a.ts', 'const r = Math.random();', 'Ids port'],
    ['src/vault/a.ts', 'const r = randomBytes(12);', 'Ids port'],
    ['channels/web/a.ts', 'const r = crypto.randomUUID();', 'Ids port'],
    ['src/http/a.ts', 'setTimeout(f, 5);', 'clock.at'],
    ['src/http/a.ts', `const u = process.env['X'];`, 'src/config.ts'],
    ['src/http/a.ts', 'console.log(1);', 'Log port'],
    ['src/http/a.ts', 'const a = parseFloat(x);', 'money.ts'],
    ['src/http/a.ts', 'const a = x.toFixed(2);', 'money.ts'],
    ['src/http/a.ts', 'const a = x * 100;', 'money.ts'],
    ['src/http/a.ts', 'const a = x / 100;', 'money.ts'],
    ['test/a.test.ts', 'const a = x as any;', 'a type'],
    ['src/http/a.ts', 'function f(a: any) {}', 'a type'],
    ['src/http/a.ts', '// @ts-ignore\nf();', 'a type that is true'],
    ['scripts/a.mjs', '// TODO later', 'finish it'],
    ['src/http/a.ts', 'try { f(); } catch {}', 'handle it'],
    ['src/http/a.ts', 'try { f(); } catch (error) {\n}', 'handle it'],
    ['src/http/a.ts', 'f().catch(() => {});', 'handle it'],
    ['flows/a.ts', 'const s = { invoke: { src } };', 'an effect'],
    ['flows/a.ts', 'const s = { after: { 5: x } };', 'an effect'],
    ['src/http/a.ts', 'export default f;', 'a named export'],
    ['src/http/a.ts', 'export class Thing {}', 'a factory function'],
    ['test/a.test.ts', 'it.only(x);', 'run it'],
    ['test/a.test.ts', 'describe.skip(x);', 'needs()'],
    ['src/http/a.ts', 'eval(x);', 'code'],
  ])('%s: %s', (path, source, instead) => {
    const found = bans([file(path, source)], ENTRIES);
    expect(found.map(render).join('\n')).toContain(instead);
    expect(found.map(render).join('\n')).toContain(' -> ');
  });

  it.each([
    ['src/clock.ts', 'const t = Date.now();'],
    ['src/http/a.ts', 'const t = new Date(at).toISOString();'],
    ['src/http/a.ts', `const t = 'Date.now()'; // Date.now()`],
    ['src/http/a.ts', '/** Use setTimeout never. */ const x = `console.log`;'],
    ['src/main.ts', 'console.log(1);'],
    ['src/http/a.ts', 'const a = x * 1000; const b = x * 100_000;'],
    ['src/http/a.ts', 'try { f(); } catch {\n  // Already gone.\n}'],
    ['src/http/a.ts', 'const company = 1; const many: anything = 2;'],
    ['src/contracts/errors.ts', 'export class Problem extends Error {}'],
    ['src/http/a.ts', 'class NotFound extends Problem {}'],
    ['src/engine/a.ts', 'const s = { after: 5 };'],
    ['src/http/a.ts', `const text = 'catch {}';`],
  ])('%s: %s is fine', (path, source) => {
    expect(bans([file(path, source)], ENTRIES)).toEqual([]);
  });
});

describe('lengths', () => {
  const lines = (count: number): string => Array.from({ length: count }, (_, index) => `  f(${index});`).join('\n');

  it('finds a long file', () => {
    expect(longFiles([file('src/a.ts', `${lines(300)}\n`)])).toEqual([]);
    expect(longFiles([file('src/a.ts', lines(301))]).map(render)[0]).toContain('301 lines');
  });

  it.each([
    ['a function', (body: string) => `function a(): void {\n${body}\n}`],
    [
      'a function with a type in braces',
      (body: string) => `function a(b: { c: 1 }): Promise<{ d: 2 }> | { e: 3 } {\n${body}\n}`,
    ],
    ['a generic function', (body: string) => `function a<T extends { b: 1 }>(c: T): T {\n${body}\n}`],
    ['an arrow', (body: string) => `const a = async (b: string): Promise<void> => {\n${body}\n};`],
    ['a method', (body: string) => `const a = {\n  async b(c: string) {\n${body}\n  },\n};`],
    ['a type predicate', (body: string) => `function a(b: unknown): b is string[] {\n${body}\n}`],
  ])('%s that is too long', (_, of) => {
    expect(longFunctions([file('src/a.ts', of(lines(68)))])).toEqual([]);
    expect(longFunctions([file('src/a.ts', of(lines(69)))]).map(render)).toHaveLength(1);
  });

  it('counts what a factory closes over for itself', () => {
    const inner = (name: string): string => `  function ${name}(): void {\n${lines(50)}\n  }`;
    const source = `export function create(): Thing {\n${['a', 'b', 'c'].map(inner).join('\n')}\n  return { a, b, c };\n}`;
    expect(longFunctions([file('src/a.ts', source)])).toEqual([]);
  });

  it('does not take a block or a conditional for a function', () => {
    const source = `if (a) {\n${lines(80)}\n}\nconst b = c ? (d) : { e: [\n${lines(80).replaceAll(';', ',')}\n] };`;
    expect(longFunctions([file('src/a.ts', source)])).toEqual([]);
  });
});

describe('documents', () => {
  const check = (source: string): string[] =>
    documents(
      [file('docs/a.md', source), file('README.md', '# Read\n\n## How it works!\n')],
      new Set(['docs/a.md', 'README.md']),
    )
      .map(render)
      .filter((violation) => violation.startsWith('docs/a.md'));

  it.each([
    ['no title', 'text', '0 titles'],
    ['two titles', '# A\n\n# B', '2 titles'],
    ['a broken link', '# A\n\n[b](b.md)', 'docs/a.md:3 the link b.md leads nowhere'],
    ['a broken picture', '# A\n![b](images/b.png)', 'leads nowhere'],
    ['a broken anchor', '# A\n[b](../README.md#why)', 'no heading #why'],
  ])('%s', (_, source, message) => {
    expect(check(source).join()).toContain(message);
  });

  it('lets good pages be', () => {
    const source =
      '# A\n[b](../README.md#how-it-works) [c](#a) [d](https://example.org/x) [e](..)\n```\n# no title\n[f](no.md)\n```';
    expect(check(source)).toEqual([]);
  });
});

describe('decisions', () => {
  const paths = new Set(['docs/adr/0017-guessing.md', 'src/a.ts']);
  const check = (source: string): string[] => decisions([file('src/a.ts', source)], paths).map(render);

  it.each([
    ['a number without a record', '/** As ADR 17 says. */\n// See ADR 21.', 'src/a.ts:2 ADR 21'],
    ['the beginning of another number', '// ADR 1', 'src/a.ts:1 ADR 1'],
    ['a file that is not there', '// docs/adr/0021-guessing.md', 'src/a.ts:1 docs/adr/0021-guessing.md'],
  ])('finds %s', (_, source, message) => {
    expect(check(source)).toEqual([`${message} is not among docs/adr`]);
  });

  it('lets those be that are written down', () => {
    expect(check('// ADR 17, ADR-0017, docs/adr/0017-guessing.md')).toEqual([]);
  });
});

describe('packages', () => {
  const manifest = JSON.stringify({ dependencies: { express: '5.3.0' }, devDependencies: { vitest: '^4.0.0' } });
  const lock = (name: string, entry: object): string =>
    JSON.stringify({ packages: { '': {}, [`node_modules/${name}`]: { integrity: 'sha512-x', ...entry } } });

  it('wants exact versions', () => {
    expect(inexactVersions(manifest).map(({ message }) => message)).toEqual(['vitest ^4.0.0: pin one exact version']);
  });

  it.each([
    ['qs', { version: '6.14.1' }, 'below 6.14.2'],
    ['express/node_modules/qs', { version: '6.9.0' }, 'below 6.14.2'],
    ['body-parser', { version: '2.2.9' }, 'below 2.3.0'],
    ['path-to-regexp', { version: '8.3.9' }, 'below 8.4.0'],
    ['any', { version: '1.0.0', resolved: 'https://example.org/any.tgz' }, 'names where it is from'],
    ['any', { version: '1.0.0', integrity: undefined }, 'no digest'],
    ['any', { version: '1.0.0', hasInstallScript: true }, 'install script'],
  ])('%s %o', (name, entry, message) => {
    expect(lockedPackages(lock(name, entry), '{}').map(render).join()).toContain(message);
  });

  it('lets good packages be', () => {
    expect(lockedPackages(lock('body-parser', { version: '1.20.6' }), '{}')).toEqual([]);
    expect(lockedPackages(lock('qs', { version: '6.15.0' }), '{}')).toEqual([]);
    const allowing = JSON.stringify({ allowScripts: { any: true } });
    expect(lockedPackages(lock('any', { version: '1.0.0', hasInstallScript: true }), allowing)).toEqual([]);
  });

  it('wants every dependency explained, once there is a page to do so', () => {
    expect(unexplainedPackages(manifest, [])).toEqual([]);
    const page = file('README.md', '# A\n\nvitest is mentioned here\n\n| `express` | routes |\n');
    expect(unexplainedPackages(manifest, [page]).map(({ message }) => message.split(':')[0])).toEqual(['vitest']);
  });
});
