import { posix } from 'node:path';
import type { SourceFile, Violation } from './graph.js';
import { lineAt } from './scanner.js';

/** Markdown: exactly one title, at the top; every relative link and picture leads to a file or heading that is there. */
export function documents(files: readonly SourceFile[], paths: ReadonlySet<string>): Violation[] {
  return files.flatMap(({ path, source }) => {
    const prose = withoutCode(source);
    return [...titles(path, prose), ...links(path, prose, files, paths)];
  });
}

/** Fenced and inline code blanked, line breaks kept. */
function withoutCode(source: string): string {
  const blank = (text: string): string => text.replaceAll(/[^\n]/g, ' ');
  return source.replaceAll(/^(```|~~~)[\s\S]*?^\1.*$/gm, blank).replaceAll(/`[^`\n]*`/g, blank);
}

function titles(path: string, prose: string): Violation[] {
  const count = [...prose.matchAll(/^# \S/gm)].length;
  if (count === 1 && prose.startsWith('# ')) return [];
  return [{ path, line: 1, message: `${count} titles: a page begins with its one title` }];
}

function links(path: string, prose: string, files: readonly SourceFile[], paths: ReadonlySet<string>): Violation[] {
  return [...prose.matchAll(/\]\(([^)\s]+)(?:\s[^)]*)?\)/g)].flatMap((match) => {
    const link = match[1] ?? '';
    if (/^[a-z]+:/.test(link)) return [];
    const [target = '', anchor] = link.split('#');
    const resolved = target === '' ? path : posix.normalize(posix.join(posix.dirname(path), target)).replace(/\/$/, '');
    const broken = (message: string): Violation[] => [{ path, line: lineAt(prose, match.index), message }];
    const isFolder = resolved === '.' || [...paths].some((known) => known.startsWith(`${resolved}/`));
    if (!paths.has(resolved) && !isFolder) return broken(`the link ${link} leads nowhere`);
    const page = files.find((file) => file.path === resolved);
    if (anchor && page && !anchors(page.source).has(anchor)) return broken(`${resolved} has no heading #${anchor}`);
    return [];
  });
}

/** Anchors as the usual renderers make them: lower case, punctuation dropped, spaces to dashes. */
function anchors(source: string): Set<string> {
  const headings = [...source.matchAll(/^#{1,6} (.+)$/gm)].map((match) => match[1] ?? '');
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    ),
  );
}

/** Every decision that is named by its number, or by its file where no link leads, is there: `ADR 17`, `docs/adr/0017-….md`. */
export function decisions(files: readonly SourceFile[], paths: ReadonlySet<string>): Violation[] {
  const records = [...paths].filter((path) => path.startsWith('docs/adr/'));
  return files.flatMap(({ path, source }) =>
    [...source.matchAll(/\bADR[ -]?(\d+)|\bdocs\/adr\/[\w-]+\.md/g)].flatMap((match) => {
      const [named, number] = match;
      const isThere =
        number === undefined
          ? paths.has(named)
          : records.some((record) => record.startsWith(`docs/adr/${number.padStart(4, '0')}-`));
      return isThere ? [] : [{ path, line: lineAt(source, match.index), message: `${named} is not among docs/adr` }];
    }),
  );
}
