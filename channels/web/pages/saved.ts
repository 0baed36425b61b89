import { brandName } from '../../../src/contracts/brands.js';
import type { HouseholdView, SavedCard } from '../../../src/contracts/channel.js';
import { type Html, html } from '../../../src/contracts/html.js';
import { type Again, onTop, worded } from './again.js';
import { browserFields, hiddenFields, inputOf, type Problem } from './forms.js';
import { amountOf, type Page, type PaymentView, type View } from './page.js';

/** Whether the payer is on the way to a saved card: then the page asks for that, and has a link to the form for a card. */
export function isSavedStep({ visit }: PaymentView, { wantsCard }: Again): boolean {
  const saved = visit.account?.saved;
  return !wantsCard && (saved === 'code_sent' || saved === 'open');
}

/**
 * On top of the form for a card: the way to a saved one. Its button belongs to that form, so that what was typed there comes
 * back with the answer.
 */
export function savedOffer({ say, visit, token }: PaymentView): Html | null {
  const { merchant, account } = visit;
  const words = { merchant: account?.household?.operator ?? merchant.name };
  switch (account?.saved) {
    case 'offered':
      return html`<div class="saved-offer">
<button class="quiet" formnovalidate formaction="/pay/${token}/send-code" aria-describedby="saved-hint">${say('saved.offer')}</button>
<p class="hint" id="saved-hint">${say('saved.offer_hint', words)}</p>
</div>
<h2>${say('saved.or')}</h2>`;
    case 'code_sent':
    case 'open':
      return html`<p><a class="button quiet" href="/pay/${token}">${say('saved.offer')}</a></p>`;
    default:
      return null;
  }
}

/**
 * Whether the card is to be kept: never ticked by itself. The box sends the language that its words are in, so that the very
 * words that were read are kept with the card.
 */
export function consentBox({ say, visit, language }: PaymentView, again: Again, problem: Problem | undefined) {
  if (visit.account?.takesNew !== true) return null;
  return html`<div class="field whole">
${problem !== undefined && html`<p class="wrong" id="save-problem"><span class="unseen">${say('form.error')} </span>${problem.text}</p>`}
<label class="tick"><input type="checkbox" id="save" name="save" value="${language}" ${again.save && html`checked`} ${problem !== undefined && html`aria-invalid="true" aria-describedby="save-problem"`}> <span>${consentWords(say, visit.merchant.name)}</span></label>
</div>`;
}

/** The words that a payer agrees to. */
export function consentWords(say: View['say'], merchant: string): string {
  return say('saved.consent', { merchant });
}

/** The code that was sent, or the cards that it opened. */
export function savedPage(view: PaymentView, prompt: string, again: Again): Page {
  const { say, visit, token } = view;
  const problems = worded(view, again.problems);
  const isOpen = visit.account?.saved === 'open';
  const household = visit.account?.household ?? null;
  const ofCard = problems.filter(({ input }) => !input.startsWith('purchase_code'));
  const title = say(isOpen ? 'saved.choose' : 'saved.code_title');
  const main = html`${onTop(view, again, problems)}
<h1>${title}</h1>
${isOpen ? chooseForm(view, prompt, ofCard[0]) : codeForms(view, `/pay/${token}`, { send: prompt, code: prompt }, problems[0])}
<p><a class="button quiet" href="/pay/${token}?with=card">${say('saved.other_card')}</a></p>
${isOpen && household !== null && purchaseCodeForm(view, prompt, household, problems)}`;
  return { title, main, next: say(isOpen ? 'card.next' : 'saved.code_next'), listens: true };
}

/** For the next time on television: the household's purchase code, for who has just shown that the account is theirs. */
function purchaseCodeForm(
  view: PaymentView,
  prompt: string,
  { operator, hasPurchaseCode }: HouseholdView,
  problems: readonly Problem[],
): Html {
  const { say, token } = view;
  const isOpened = problems.some(({ input }) => input.startsWith('purchase_code'));
  return html`<details ${isOpened && html`open`}><summary>${say(hasPurchaseCode === true ? 'purchase_code.change' : 'purchase_code.title')}</summary>
<p>${say('purchase_code.text', { merchant: operator })}</p>
<form method="post" action="/pay/${token}/purchase-code" novalidate data-once>
${hiddenFields(view, prompt)}${purchaseCodeFields(say, problems)}
</form></details>`;
}

function chooseForm(view: PaymentView, prompt: string, problem: Problem | undefined): Html {
  const { say, visit, token } = view;
  const cards = visit.account?.cards ?? [];
  return html`<form method="post" action="/pay/${token}/saved" novalidate data-once>
${hiddenFields(view, prompt)}${browserFields()}
<fieldset class="brands"><legend class="unseen">${say('saved.choose')}</legend>
${problem !== undefined && html`<p class="wrong">${problem.text}</p>`}
<div class="choices">${cards.map(
    (card, index) =>
      html`<label class="choice whole"><input type="radio" name="saved" value="${card.id}" ${index === 0 && html`id="saved" checked`}> ${cardWords(view, card)}</label>`,
  )}</div>
</fieldset>
<button class="primary">${say('card.pay', { amount: amountOf(view) })}</button>
</form>`;
}

/** Where the code is typed, and another one asked for. The prompts are those that the nonces of the two forms are bound to. */
export function codeForms(
  view: View,
  base: string,
  prompts: { readonly send: string; readonly code: string },
  problem: Problem | undefined,
): Html {
  const { say } = view;
  return html`<p>${say('saved.code_text')}</p>
<form method="post" action="${base}/code" novalidate data-once>
${hiddenFields(view, prompts.code)}
${inputOf(say, {
  id: 'code',
  label: say('saved.code'),
  hint: say('saved.code_hint'),
  autocomplete: 'one-time-code',
  lengthMax: 12,
  problem,
  size: 'whole',
})}
<button class="primary">${say('saved.code_go')}</button>
</form>
<form method="post" action="${base}/send-code" data-once>
${hiddenFields(view, prompts.send)}
<button class="quiet">${say('saved.code_again')}</button>
</form>`;
}

/** The code, twice, and the button below. */
export function purchaseCodeFields(say: View['say'], problems: readonly Problem[]): Html {
  const field = (id: string, label: string, hint: string | null) => {
    const problem = problems.find(({ input }) => input === id);
    const kind = 'hidden_digits';
    return inputOf(say, { id, label, hint, autocomplete: 'off', lengthMax: 8, problem, size: 'whole', kind });
  };
  return html`${field('purchase_code', say('purchase_code.label'), say('purchase_code.hint'))}
${field('purchase_code_again', say('purchase_code.again'), null)}
<button class="primary">${say('purchase_code.go')}</button>`;
}

export function cardWords({ say }: Pick<View, 'say'>, { brand, last4, expMonth, expYear }: SavedCard): string {
  const expiry = `${String(expMonth).padStart(2, '0')}/${expYear}`;
  return say('saved.card', { brand: brandName(brand), last4, expiry });
}
