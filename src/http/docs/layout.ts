import { type Html, html, textOf } from '../../contracts/html.js';
import type { DocFiles } from './files.js';
import { START } from './names.js';
import type { DocPage } from './page.js';
import { type Hit, marked, QUERY_LENGTH_MAX } from './search.js';

export interface Frame {
  readonly title: string;
  /** The page's own address, which the navigation shows as current; null for none of its pages. */
  readonly href: string | null;
  readonly content: Html;
  readonly pages: readonly DocPage[];
  readonly query?: string;
}

export const STYLE = `${START}/assets/docs.css`;
export const SCRIPT = `${START}/assets/docs.js`;

/** A page of the site: one column to read, the navigation beside it, or behind a button where there is no room. */
export function framed({ style, script }: DocFiles, { title, href, content, pages, query = '' }: Frame): string {
  return document(
    title === 'Guichet' ? title : `${title} · Guichet`,
    html`<link rel="stylesheet" href="${STYLE}?v=${style.version}"><script src="${SCRIPT}?v=${script.version}" defer></script>`,
    html`<a class="skip" href="#main">To the text</a>
<header class="top">
  <button type="button" class="menu" popovertarget="contents">Contents</button>
  <a class="home" href="${START}">Guichet</a>
  <form class="search" role="search" action="${START}/search">
    <label for="q" class="unseen">Search the documentation</label>
    <input id="q" name="q" type="search" maxlength="${QUERY_LENGTH_MAX}" placeholder="Search" autocomplete="off" value="${query}">
    <button>Search</button>
  </form>
</header>
<div class="body">
  ${navigation(pages, href)}
  <main id="main" tabindex="-1">${content}${onwards(pages, href)}</main>
</div>`,
  );
}

/** The first page of a development house: what there is to open. */
export function startPage(
  { style }: DocFiles,
  links: readonly { readonly href: string; readonly title: string; readonly text: string }[],
): string {
  return document(
    'Guichet',
    html`<link rel="stylesheet" href="${STYLE}?v=${style.version}">`,
    html`<main class="alone"><h1>Guichet</h1>
      <p>A payment orchestrator, running in development with demo objects: the key <code>sk_test_demo</code> works.</p>
      <ul class="doors">${links.map(({ href, title, text }) => html`<li><a href="${href}">${title}</a><br>${text}</li>`)}</ul></main>`,
  );
}

function document(title: string, head: Html, body: Html): string {
  return textOf(html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${title}</title><link rel="icon" href="data:,">${head}</head>
<body>${body}</body>
</html>
`);
}

function navigation(pages: readonly DocPage[], current: string | null): Html {
  const groups = [...new Set(pages.map(({ group }) => group))];
  const link = ({ href, title }: DocPage): Html => {
    if (href === current) return html`<li><a href="${href}" aria-current="page">${title}</a></li>`;
    return html`<li><a href="${href}">${title}</a></li>`;
  };
  return html`<nav id="contents" popover aria-label="Contents">
    ${groups.map(
      (group) => html`<h2>${group}</h2><ul>${pages.filter((page) => page.group === group).map(link)}
      ${group === 'Reference' ? html`<li><a href="${START}#error-codes">Error codes</a></li>` : ''}</ul>`,
    )}
  </nav>`;
}

/** The page to read next, at the end of each. */
function onwards(pages: readonly DocPage[], current: string | null): Html {
  const next = pages[pages.findIndex(({ href }) => href === current) + 1];
  if (current === null || next === undefined) return html``;
  return html`<p class="onwards">Next: <a href="${next.href}">${next.title}</a></p>`;
}

export function searchResults(query: string, hits: readonly Hit[]): Html {
  const count = hits.length === 1 ? 'One place' : `${hits.length} places`;
  const said =
    query.trim() === ''
      ? 'Type a word, a call, a code or a card number.'
      : hits.length === 0
        ? `Nothing has “${query}”. Try fewer or other words.`
        : `${count} for “${query}”.`;
  return html`<h1>Search</h1><p role="status">${said}</p>
    <ol class="hits">${hits.map(
      ({ entry, excerpt }) => html`<li><a href="${entry.href}">${marked(entry.title, query)}</a>
        <span class="where">${entry.page === entry.title ? '' : entry.page}</span><p>${marked(excerpt, query)}</p></li>`,
    )}</ol>`;
}

export function notFound(): Html {
  return html`<h1>No such page</h1><p>There is no page at this address. Search, or begin at the <a href="${START}">quick start</a>.</p>`;
}
