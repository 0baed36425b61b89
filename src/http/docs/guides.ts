import { posix } from 'node:path';
import { Marked, type RendererObject, type Tokens } from 'marked';
import { type Html, html, ourOwn, textOf } from '../../contracts/html.js';
import type { DocFiles } from './files.js';
import type { List } from './lists.js';
import { START } from './names.js';
import { block, code, type DocPage, type Entry, type Explained } from './page.js';

/** The guides in the order in which people read them; the first is where `/docs` begins. */
const GROUPS = {
  Begin: ['quick-start', 'life-of-a-payment'],
  'Meet the payer': ['payment-page', 'telephone-and-texts', 'television', 'saved-cards', 'mails'],
  'Hear of it': ['webhooks', 'errors'],
  'Try everything': ['testing', 'lab'],
  Operate: ['going-live', 'upgrading'],
} as const;
const FIRST = 'quick-start';

export const hrefOfGuide = (name: string): string => (name === FIRST ? START : `${START}/${name}`);

export interface GuidePorts {
  readonly files: DocFiles;
  readonly lists: ReadonlyMap<string, List>;
  readonly explained: Explained;
  /** Stands in the place of the address that the guides are written with. */
  readonly publicUrl: string;
}

/** Where Guichet listens if nobody says otherwise, which is how the guides are written. */
const WRITTEN_WITH = 'http://127.0.0.1:3000';

/** The guides as pages. They are Markdown that reads well where it lies; what it links to becomes part of the site. */
export function guides(ports: GuidePorts): DocPage[] {
  return Object.entries(GROUPS).flatMap(([group, names]) =>
    names.flatMap((name) => {
      const source = ports.files.guide(name);
      return source === null ? [] : [guide(ports, group, name, source.replaceAll(WRITTEN_WITH, ports.publicUrl))];
    }),
  );
}

function guide(ports: GuidePorts, group: string, name: string, source: string): DocPage {
  const href = hrefOfGuide(name);
  const marked = new Marked({ renderer: rendererOf(ports) });
  const tokens = marked.lexer(source);
  const heading = tokens.find(isHeading);
  const title = heading?.text ?? name;
  const named = tokens.flatMap((token) => listOf(ports, token.raw)?.entries({ href, title }) ?? []);
  const content = ourOwn(marked.parser(tokens));
  return { href, title, group, content, entries: [...sections(tokens, { href, title }), ...named] };
}

/** One entry for each heading, with what stands under it. */
function sections(tokens: readonly MarkedToken[], { href, title }: { href: string; title: string }): Entry[] {
  const found: { title: string; href: string; text: string[] }[] = [];
  for (const token of tokens) {
    if (isHeading(token)) {
      const own = token.depth === 1 ? href : `${href}#${anchorOf(token.text)}`;
      found.push({ title: wordsOf(token), href: own, text: [] });
    } else found.at(-1)?.text.push(wordsOf(token));
  }
  return found.map((section) => ({
    ...section,
    page: title,
    names: [],
    text: section.text.join(' ').replaceAll(/\s+/g, ' ').trim(),
  }));
}

type MarkedToken = Tokens.Generic;

function isHeading(token: MarkedToken): token is Tokens.Heading {
  return token.type === 'heading';
}

/** What a token says, without markup. */
function wordsOf(token: MarkedToken): string {
  if (token.type === 'html' || token.type === 'space') return '';
  if (token.type === 'image') return '';
  if (token.type === 'table') {
    const { header, rows } = token as Tokens.Table;
    return [header, ...rows].flatMap((row) => row.map((cell) => cell.tokens.map(wordsOf).join(''))).join(' ');
  }
  if (token.type === 'list') return (token as Tokens.List).items.map(wordsOf).join(' ');
  const inner = token.tokens;
  return inner === undefined ? String(token['text'] ?? token.raw) : inner.map(wordsOf).join('');
}

/** As the usual renderers make them: lower case, punctuation dropped, spaces to dashes. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}

function listOf({ lists }: GuidePorts, raw: string): List | undefined {
  return lists.get(/^<!-- (.+) -->\s*$/.exec(raw)?.[1] ?? '');
}

/** Guides hold no markup of their own: a comment that names a list becomes that list, anything else nothing. */
function rendererOf(ports: GuidePorts): RendererObject {
  const { explained } = ports;
  return {
    html: ({ raw }) => textOf(listOf(ports, raw)?.content ?? html``),
    heading({ tokens, depth, text }) {
      const content = ourOwn(this.parser.parseInline(tokens));
      if (depth === 1) return textOf(html`<h1>${content}</h1>`);
      const id = anchorOf(text);
      const mark = html`<a class="anchor" href="#${id}" aria-label="Link to this section">#</a>`;
      const tag = ourOwn(`h${depth}`);
      return textOf(html`<${tag} id="${id}">${content} ${mark}</${tag}>`);
    },
    paragraph(token) {
      const [only] = token.tokens;
      const program = token.tokens.length === 1 && only?.type === 'link' ? programOf(ports, only as Tokens.Link) : null;
      if (program !== null) return textOf(program);
      const content = ourOwn(this.parser.parseInline(token.tokens));
      const isPictures = token.tokens.every(({ type, raw }) => type === 'image' || raw.trim() === '');
      return textOf(isPictures ? html`<div class="pictures">${content}</div>` : html`<p>${content}</p>`);
    },
    code: ({ text, lang }) => textOf(block(text, TITLES[lang ?? ''] ?? lang ?? 'Text')),
    codespan: ({ text }) => textOf(code(text, explained)),
    link({ href, tokens }) {
      return textOf(linkTo(href, ourOwn(this.parser.parseInline(tokens))));
    },
    image: ({ href, text }) => textOf(pictureOf(ports.files, href, text)),
    table({ header, rows }) {
      const inside = (cell: Tokens.TableCell): Html => ourOwn(this.parser.parseInline(cell.tokens));
      const label = header.map(({ text }) => text).join(', ');
      return textOf(html`<div class="table" role="region" aria-label="${label}" tabindex="0"><table>
        <thead><tr>${header.map((cell) => html`<th scope="col">${inside(cell)}</th>`)}</tr></thead>
        <tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${inside(cell)}</td>`)}</tr>`)}</tbody>
      </table></div>`);
    },
  };
}

const TITLES: Readonly<Record<string, string>> = {
  sh: 'Shell',
  json: 'JSON',
  http: 'HTTP',
  js: 'JavaScript',
  mjs: 'JavaScript',
  py: 'Python',
  php: 'PHP',
  text: 'Text',
};

/** A paragraph that is nothing but a link to one of our programs shows the program itself. */
function programOf({ files }: GuidePorts, { href, text }: Tokens.Link): Html | null {
  const path = /^\.\.\/examples\/(.+)$/.exec(href)?.[1];
  const program = path === undefined ? null : files.example(path);
  return program === null ? null : block(program.trimEnd(), text);
}

/** Other guides are pages of the site; a file of the repository is named, for it has no address here. */
function linkTo(href: string, content: Html): Html {
  if (/^https?:/.test(href)) return html`<a href="${href}" rel="noreferrer">${content}</a>`;
  const [, name, anchor = ''] = /^(?:([\w-]+)\.md)?(#.*)?$/.exec(href) ?? [];
  if (name !== undefined) return html`<a href="${hrefOfGuide(name)}${anchor}">${content}</a>`;
  if (anchor !== '') return html`<a href="${anchor}">${content}</a>`;
  return html`${content} (<code>${posix.join('docs/guides', href)}</code> in the repository)`;
}

/** With its size, so that nothing moves when it arrives. */
function pictureOf(files: DocFiles, href: string, alt: string): Html {
  const name = posix.basename(href);
  const picture = files.picture(name);
  if (picture === null) return html`<em>${alt}</em>`;
  const { width, height, version } = picture;
  const address = `${START}/images/${name}?v=${version}`;
  return html`<a href="${address}"><img src="${address}" alt="${alt}" width="${width}" height="${height}" loading="lazy"></a>`;
}
