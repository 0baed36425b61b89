import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const FOLDER = resolve(import.meta.dirname, '../../../docs/guides');

export interface Guide {
  readonly name: string;
  readonly source: string;
}

export function readGuides(): Guide[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.md'));
  return names.map((name) => ({ name: name.replace('.md', ''), source: readFileSync(resolve(FOLDER, name), 'utf8') }));
}

/** Fenced blocks of one language, in their order. */
export function blocksOf({ source }: Guide, language: string): string[] {
  return [...source.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, lang, text]) =>
    lang === language ? [text ?? ''] : [],
  );
}

/** What stands in code within a line. */
export function spansOf({ source }: Guide): string[] {
  const prose = source.replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text ?? '');
}

export interface Command {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** A curl command as a shell would read it. @throws for anything that is not plainly one call */
export function readCurl(text: string): Command {
  const words = text.replaceAll('\\\n', ' ').match(/'[^']*'|[^\s']+/g) ?? [];
  const [curl, ...rest] = words.map((word) => word.replace(/^'([\s\S]*)'$/, '$1'));
  if (curl !== 'curl') throw new Error(`no curl: ${text}`);
  const headers: Record<string, string> = {};
  let url: URL | null = null;
  let method: string | null = null;
  let body: string | null = null;
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? '';
    const value = (): string => rest[++at] ?? '';
    if (word === '-X') method = value();
    else if (word === '-d') body = value();
    else if (word === '-H') {
      const [name = '', content = ''] = value().split(/:\s*/, 2);
      headers[name.toLowerCase()] = content;
    } else if (url === null) url = new URL(word);
    else throw new Error(`what is ${word} in: ${text}`);
  }
  if (url === null) throw new Error(`no address: ${text}`);
  return { method: method ?? (body === null ? 'GET' : 'POST'), url, headers, body };
}
