import { html } from '../../../src/contracts/html.js';
import type { Page, View } from './page.js';

/** For a browser that comes back from an issuer and did not begin there: no way to the page, and nothing of the payment. */
export function returnedPage({ say }: View): Page {
  const title = say('returned.title');
  return { title, main: html`<h1>${title}</h1><p>${say('returned.text')}</p>` };
}
