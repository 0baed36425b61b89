import type { Documented } from './documented.js';
import type { DocFiles } from './files.js';
import { guides } from './guides.js';
import { eventsPage, lists } from './lists.js';
import { explainedIn } from './names.js';
import type { DocPage } from './page.js';
import { reference } from './reference.js';
import { createSearch, type Search } from './search.js';

export interface Site {
  readonly pages: readonly DocPage[];
  readonly search: Search;
}

/** All pages of the documentation, from Markdown and schemas. */
export function buildSite(about: Documented, files: DocFiles): Site {
  const explained = explainedIn(about);
  const told = guides({ files, lists: lists(about, explained), explained, publicUrl: about.publicUrl });
  const pages = [...told, ...reference(about, explained), eventsPage(about)];
  return { pages, search: createSearch(pages.flatMap(({ entries }) => entries)) };
}
