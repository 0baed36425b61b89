import { type Html, html } from '../../contracts/html.js';
import { PROBLEMS } from '../problems.js';
import type { Documented } from './documented.js';
import { EVENTS, hrefOfError, hrefOfEvent } from './names.js';
import { type DocPage, type Entry, type Explained, plain, prose, table } from './page.js';

/** Tables that guides ask for by a comment with their name, and what can be found in them. */
export interface List {
  readonly content: Html;
  entries(on: { readonly href: string; readonly title: string }): Entry[];
}

export function lists(about: Documented, explained: Explained): ReadonlyMap<string, List> {
  return new Map([
    ['errors', errors(explained)],
    ['test cards', testCards(about.testCards, explained)],
    ['settings', settings(about.settings)],
  ]);
}

function errors(explained: Explained): List {
  const all = Object.entries(PROBLEMS);
  const rows = all.map(([code, { status, title, mend }]) => ({
    id: code,
    cells: [html`<code>${code}</code>`, html`${status}`, html`${title}`, html`${prose(mend, explained)}`],
  }));
  return {
    content: table('Every error code', ['code', 'status', 'what happened', 'what to do'], rows),
    entries: () =>
      all.map(([code, { status, title, mend }]) => ({
        href: hrefOfError(code),
        title: code,
        page: 'Error codes',
        names: [code],
        text: `${status} ${title}. ${plain(mend)}`,
      })),
  };
}

function testCards(cards: Documented['testCards'], explained: Explained): List {
  const rows = cards.map(({ number, meaning }) => ({
    id: number,
    cells: [html`<code>${spaced(number)}</code>`, html`${prose(meaning, explained)}`],
  }));
  return {
    content: table('Test cards and tokens', ['number or token', 'what happens'], rows),
    entries: ({ href, title }) =>
      cards.map(({ number, meaning }) => ({
        href: `${href}#${number}`,
        title: spaced(number),
        page: title,
        names: [number],
        text: plain(meaning),
      })),
  };
}

/** Digits as they stand on a card, in fours or, of fifteen, as 4, 6 and 5; tokens as they are. */
function spaced(number: string): string {
  if (/^\d{15}$/.test(number)) return number.replace(/^(\d{4})(\d{6})/, '$1 $2 ');
  return /^\d+$/.test(number) ? number.replaceAll(/(\d{4})(?=\d)/g, '$1 ') : number;
}

function settings(all: Documented['settings']): List {
  const rows = all.map(({ name, byDefault, meaning }) => ({
    id: name,
    cells: [html`<code>${name}</code>`, html`${prose(byDefault)}`, html`${prose(meaning)}`],
  }));
  return {
    content: table('Settings', ['setting', 'default', 'meaning'], rows),
    entries: ({ href, title }) =>
      all.map(({ name, byDefault, meaning }) => ({
        href: `${href}#${name}`,
        title: name,
        page: title,
        names: [name],
        text: `${plain(meaning)}. Default: ${plain(byDefault)}.`,
      })),
  };
}

/** Event types, by family. */
export function eventsPage({ eventTypes }: Documented): DocPage {
  const title = 'Event types';
  const familyOf = (type: string): string => type.split('.', 1)[0] ?? type;
  const families = [...new Set(Object.keys(eventTypes).map(familyOf))];
  const entries = Object.entries(eventTypes).map(([type, meaning]) => ({
    href: hrefOfEvent(type),
    title: type,
    page: title,
    names: [type],
    text: meaning,
  }));
  const content = html`<h1>${title}</h1>
    <p>Everything a webhook or the feed can tell you. An endpoint may ask for single types or, as <code>payment.*</code>, for
      a whole family. Types are added with time: ignore those you do not know. How they reach you, and how to check that they come from here, is told
      in <a href="/docs/webhooks">Webhooks and the feed</a>.</p>
    ${families.map((family) => {
      const types = Object.entries(eventTypes).filter(([type]) => familyOf(type) === family);
      const rows = types.map(([type, meaning]) => ({
        id: type,
        cells: [html`<code>${type}</code>`, html`${meaning}`],
      }));
      return html`<h2 id="${family}">${family}</h2>${table(`Events of the family ${family}`, ['type', 'meaning'], rows)}`;
    })}`;
  const page = { href: EVENTS, title, page: title, names: [], text: 'Everything a webhook or the feed can tell.' };
  return { href: EVENTS, title, group: 'Reference', content, entries: [page, ...entries] };
}
