import { brandName } from '../../../src/contracts/brands.js';
import { type Html, html } from '../../../src/contracts/html.js';
import { type Again, onTop, worded } from './again.js';
import { brandMark, brandMarks } from './brands.js';
import { browserFields, buttonForm, hiddenFields, inputOf, type Problem, problemTemplates } from './forms.js';
import { amountOf, type Page, type PaymentView, type View } from './page.js';
import { consentBox, savedOffer } from './saved.js';

export { type Again, declineNotice, FRESH } from './again.js';

/** The form that takes a card: number, expiry and security code, and the brand where a card carries two. */
export function cardPage(view: PaymentView, prompt: string, again: Again): Page {
  const { say, visit, token } = view;
  const problems = worded(view, again.problems);
  const find = (input: string): Problem | undefined => problems.find((problem) => problem.input === input);
  const main = html`${onTop(view, again, problems)}
<h1>${say('card.enter')}</h1>
<form id="card" method="post" action="/pay/${token}/card" novalidate data-once data-check data-brands-at="/pay/${token}/brands" data-month="${monthOf(view)}">
${hiddenFields(view, prompt)}${browserFields()}${problemTemplates(say)}
${savedOffer(view)}
${inputOf(say, {
  id: 'number',
  label: say('card.number'),
  hint: null,
  autocomplete: 'cc-number',
  lengthMax: 40,
  value: again.typed.number,
  problem: find('number'),
  size: 'whole',
  words: {
    missing: say('card.number.missing'),
    length: say('card.number.length'),
    checksum: say('card.number.checksum'),
  },
  mark: brandMarks(say, again.brands),
})}
${brandChoice(view, again, find('brand'))}
<div class="row">
${inputOf(say, {
  id: 'expiry',
  label: say('card.expiry'),
  hint: say('card.expiry_hint'),
  autocomplete: 'cc-exp',
  lengthMax: 12,
  value: again.typed.expiry,
  problem: find('expiry'),
  size: 'half',
  words: {
    missing: say('card.expiry.missing'),
    format: say('card.expiry.format'),
    past: say('card.expiry.past'),
    far: say('card.expiry.far'),
  },
})}
${securityCodeInput(view, again.brands[0], find('security_code'), 'half')}
</div>
${consentBox(view, again, find('save'))}
<button class="primary" data-pay>${say('card.pay', { amount: amountOf(view) })}</button>
</form>`;
  const title = say('page.title', { merchant: visit.merchant.name });
  return { title, main, next: say('card.next'), keeps: 'card', listens: true };
}

/** The security code alone, for a card that is in hand: the first one was lost with the memory it was kept in. */
export function securityCodePage(view: PaymentView, prompt: string, again: Again): Page {
  const { say, visit, token } = view;
  const problems = worded(view, again.problems);
  const main = html`${onTop(view, again, problems)}
<h1>${say('card.security_code_again')}</h1>
<p>${say('card.security_code_why')}</p>
${visit.card !== null && html`<p class="in-hand">${brandMark(visit.card.brand)} ${cardInHand(view, visit.card)}</p>`}
<form method="post" action="/pay/${token}/security-code" novalidate data-once data-check>
${hiddenFields(view, prompt)}${problemTemplates(say)}
${securityCodeInput(view, visit.card?.brand, problems[0], 'whole')}
<button class="primary" data-pay>${say('card.pay', { amount: amountOf(view) })}</button>
</form>
${buttonForm(view, { to: 'leave', prompt, label: say('card.another'), look: 'quiet' })}`;
  return { title: say('card.security_code_again'), main, next: say('card.next'), listens: true };
}

/** Its hint says where the code stands on this card, or on any while the brand is not known; the script follows the typing. */
function securityCodeInput(
  { say }: PaymentView,
  brand: string | undefined,
  problem: Problem | undefined,
  size: 'whole' | 'half',
): Html {
  const hints = {
    any: say('card.security_code_hint'),
    3: say('card.security_code_hint_back'),
    4: say('card.security_code_hint_front'),
  };
  const hint = brand === undefined ? hints.any : hints[brand === 'amex' ? 4 : 3];
  const words = { missing: say('card.security_code.missing'), length: say('card.security_code.length') };
  const field = { id: 'security_code', label: say('card.security_code'), autocomplete: 'cc-csc', lengthMax: 4 };
  return html`<div class="contents" data-code-hints="${JSON.stringify(hints)}">${inputOf(say, { ...field, hint, words, problem, size })}</div>`;
}

/** `2030-01`, as the server's clock has it: the payer's may be wrong. */
function monthOf({ now }: PaymentView): string {
  return new Date(now).toISOString().slice(0, 7);
}

export function cardInHand({ say }: View, card: { brand: string; last4: string }): string {
  return say('card.in_hand', { brand: brandName(card.brand), last4: card.last4 });
}

/** Empty and unseen until a co-badged number is known: the script fills it while the payer types, else the next answer does. */
function brandChoice({ say }: PaymentView, again: Again, problem: Problem | undefined): Html {
  const { brands, typed } = again;
  const chosen = brands.find((brand) => brand === typed.brand) ?? brands[0];
  return html`<fieldset class="brands" data-brands ${brands.length < 2 && html`hidden`} aria-describedby="brand-hint">
<legend>${say('card.brand')}</legend>
<p class="hint" id="brand-hint">${say('card.brand_hint')}</p>
${problem !== undefined && html`<p class="wrong">${problem.text}</p>`}
<div class="choices" data-choices>${brands.map(
    (brand, index) =>
      html`<label class="choice"><input type="radio" name="brand" value="${brand}" ${index === 0 && html`id="brand"`} ${brand === chosen && html`checked`}> ${brandName(brand)}</label>`,
  )}</div>
</fieldset>`;
}
