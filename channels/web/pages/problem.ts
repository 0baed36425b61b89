import { html } from '../../../src/contracts/html.js';
import type { Page, View } from './page.js';

/** What a browser is told instead of a payment. */
export type ProblemKind = 'not_found' | 'account' | 'refused' | 'too_large' | 'bad_request' | 'method' | 'busy';

export function problemPage({ say }: View, kind: ProblemKind): Page {
  const text = say(`problem.${TEXTS[kind]}_text`);
  return { title: say(`problem.${kind}`), main: html`<h1>${say(`problem.${kind}`)}</h1><p>${text}</p>` };
}

const TEXTS = {
  not_found: 'not_found',
  account: 'account',
  refused: 'refused',
  too_large: 'refused',
  bad_request: 'refused',
  method: 'refused',
  busy: 'busy',
} as const satisfies Record<ProblemKind, string>;
