import { html } from '../../../src/contracts/html.js';
import { hiddenFields, inputOf, summaryOf } from './forms.js';
import type { Page, View } from './page.js';

/** The prompt that the nonce of the code form is bound to; there is no payment yet. */
export const LINK_PROMPT = 'link';

/** Where a payer types the code from a bill, a television or the phone. */
export function linkPage(view: View, problem: string | null, typed: string): Page {
  const { say } = view;
  const problems = problem === null ? [] : [{ input: 'code', text: say(problem) }];
  const main = html`${summaryOf(say, problems)}
<h1>${say('link.title')}</h1>
<form method="post" action="/link" novalidate data-once>
${hiddenFields(view, LINK_PROMPT)}
${inputOf(say, {
  id: 'code',
  label: say('link.label'),
  hint: say('link.hint'),
  autocomplete: 'off',
  lengthMax: 30,
  value: typed,
  problem: problems[0],
  size: 'whole',
})}
<button class="primary">${say('link.go')}</button>
</form>`;
  return { title: say('link.title'), main };
}
