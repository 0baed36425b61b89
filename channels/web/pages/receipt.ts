import { type Html, html } from '../../../src/contracts/html.js';
import { type Again, worded } from './again.js';
import { hiddenFields, inputOf, notice, summaryOf } from './forms.js';
import type { PaymentView } from './page.js';

/** The prompt that the nonce of the receipt's form is bound to: the payment asks for nothing any more. */
export const RECEIPT_PROMPT = 'receipt';

/** Offers to mail the receipt, once more after it was asked for: an address may have been mistyped. Says no address again. */
export function receiptOffer(view: PaymentView, again: Again): Html | null {
  const { say, visit, token } = view;
  if (visit.receipt === null) return null;
  const isAsked = visit.receipt === 'asked';
  const problems = worded(view, again.problems);
  return html`<section class="receipt">
${again.notice !== null && notice(null, say(again.notice))}${summaryOf(say, problems)}
${isAsked && html`<p role="status">${say('receipt.asked')}</p>`}
<h2>${say(isAsked ? 'receipt.another' : 'receipt.title')}</h2>
<form method="post" action="/pay/${token}/receipt" novalidate data-once>
${hiddenFields(view, RECEIPT_PROMPT)}
${inputOf(say, {
  id: 'email',
  label: say('receipt.label'),
  hint: say('receipt.hint'),
  autocomplete: 'email',
  lengthMax: 254,
  value: again.email,
  problem: problems[0],
  size: 'whole',
  kind: 'email',
})}
<button class="quiet">${say('receipt.go')}</button>
</form>
</section>`;
}
