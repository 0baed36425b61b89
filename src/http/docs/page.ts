import { type Html, html } from '../../contracts/html.js';

/** One page of the site. */
export interface DocPage {
  /** Its address: `/docs` or below. */
  readonly href: string;
  readonly title: string;
  /** Under which heading the navigation has it. */
  readonly group: string;
  readonly content: Html;
  /** What can be found on it, in its order; the first is the page itself. */
  readonly entries: readonly Entry[];
}

/** Something that can be found: a section, a call, a code. */
export interface Entry {
  readonly href: string;
  readonly title: string;
  /** The page it stands on. */
  readonly page: string;
  /** Names that lead here when they are typed as they are: a call, a code, an event type. */
  readonly names: readonly string[];
  /** Everything it says, without markup. */
  readonly text: string;
}

/** Where a name that stands in code is explained; null for other words. */
export type Explained = (name: string) => string | null;

/** Text in backticks becomes code, with a link where the name is explained; everything is escaped. */
export function prose(text: string, explained: Explained = () => null): Html[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? code(part, explained) : html`${part}`));
}

export function code(text: string, explained: Explained): Html {
  const href = explained(text);
  return href === null ? html`<code>${text}</code>` : html`<a href="${href}"><code>${text}</code></a>`;
}

export function plain(text: string): string {
  return text.replaceAll('`', '');
}

/** A program or an exchange, with what it is above it; reached by keyboard, for it may be wider than the screen. */
export function block(text: string, title: string): Html {
  return html`<figure class="code"><figcaption>${title}</figcaption><pre tabindex="0" aria-label="${title}"><code>${text}</code></pre></figure>`;
}

export interface Row {
  /** An anchor of its own. */
  readonly id?: string;
  readonly cells: readonly Html[];
}

/** The first cell of a row names it. */
export function table(label: string, heads: readonly string[], rows: readonly Row[]): Html {
  return html`<div class="table" role="region" aria-label="${label}" tabindex="0"><table>
    <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
    <tbody>${rows.map(({ id, cells: [first, ...others] }) => {
      const name = html`<th scope="row">${first}</th>`;
      const rest = others.map((cell) => html`<td>${cell}</td>`);
      return id === undefined ? html`<tr>${name}${rest}</tr>` : html`<tr id="${id}">${name}${rest}</tr>`;
    })}</tbody>
  </table></div>`;
}
