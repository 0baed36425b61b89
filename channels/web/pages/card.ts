import type { CardFields, FieldProblem } from '../../../src/contracts/channel.js';
import { type Html, html } from '../../../src/contracts/html.js';
import { browserFields, buttonForm, hiddenFields, inputOf, notice, type Problem, summaryOf } from './forms.js';
import { amountOf, type Page, type PaymentView } from './page.js';

/** What a form shows again after an answer that was not taken. */
export interface Again {
  readonly problems: readonly FieldProblem[];
  /** As typed, without the security code. */
  readonly typed: Omit<CardFields, 'securityCode'>;
  /** The brands of a co-badged card, to choose from. */
  readonly brands: readonly string[];
  /** The key of something to say on top. */
  readonly notice: string | null;
}

export const FRESH: Again = {
  problems: [],
  typed: { number: '', expiry: '', brand: null },
  brands: [],
  notice: null,
};

/** The form that takes a card: number, expiry and security code, and the brand where a card carries two. */
export function cardPage(view: PaymentView, prompt: string, again: Again): Page {
  const { say, visit, token } = view;
  const problems = worded(view, again.problems);
  const find = (input: string): Problem | undefined => problems.find((problem) => problem.input === input);
  const main = html`${onTop(view, again, problems)}
<h1>${say('card.enter')}</h1>
<form method="post" action="/pay/${token}/card" novalidate data-once data-card="/pay/${token}/brands">
${hiddenFields(view, prompt)}${browserFields()}
${inputOf(say, {
  id: 'number',
  label: say('card.number'),
  hint: null,
  autocomplete: 'cc-number',
  lengthMax: 40,
  value: again.typed.number,
  problem: find('number'),
  size: 'whole',
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
})}
${inputOf(say, { ...securityCodeField(view), problem: find('security_code'), size: 'half' })}
</div>
<button class="primary">${say('card.pay', { amount: amountOf(view) })}</button>
<p class="hint">${say('card.next')}</p>
</form>`;
  return { title: say('page.title', { merchant: visit.merchant.name }), main };
}

/** The security code alone, for a card that is in hand: the first one was lost with the memory it was kept in. */
export function securityCodePage(view: PaymentView, prompt: string, again: Again): Page {
  const { say, visit, token } = view;
  const problems = worded(view, again.problems);
  const main = html`${onTop(view, again, problems)}
<h1>${say('card.security_code_again')}</h1>
<p>${say('card.security_code_why')}</p>
${visit.card !== null && html`<p class="in-hand">${cardInHand(view, visit.card)}</p>`}
<form method="post" action="/pay/${token}/security-code" novalidate data-once>
${hiddenFields(view, prompt)}
${inputOf(say, { ...securityCodeField(view), problem: problems[0], size: 'whole' })}
<button class="primary">${say('card.pay', { amount: amountOf(view) })}</button>
</form>
${buttonForm(view, { to: 'leave', prompt, label: say('card.another'), look: 'quiet' })}`;
  return { title: say('card.security_code_again'), main };
}

function securityCodeField({ say }: PaymentView) {
  return {
    id: 'security_code',
    label: say('card.security_code'),
    hint: say('card.security_code_hint'),
    autocomplete: 'cc-csc',
    lengthMax: 4,
  };
}

/** Why the form is here again: what was wrong with it, or why the last try was declined. */
function onTop(view: PaymentView, again: Again, problems: readonly Problem[]): Html | null {
  const { say, visit } = view;
  if (again.notice !== null) return notice(null, say(again.notice));
  if (problems.length > 0) return summaryOf(say, problems);
  return visit.decline === null ? null : declineNotice(view, visit.decline);
}

export function declineNotice({ say }: PaymentView, decline: { code: string; advice: string }): Html {
  return notice(say('decline.title'), say(`decline.${decline.code}`), say(`advice.${decline.advice}`));
}

export function cardInHand({ say }: PaymentView, card: { brand: string; last4: string }): string {
  return say('card.in_hand', { brand: brandName(card.brand), last4: card.last4 });
}

function worded({ say }: PaymentView, problems: readonly FieldProblem[]): Problem[] {
  return problems.map(({ field, message }) => ({ input: field, text: say(message) }));
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

/** How a brand writes its own name. */
export function brandName(brand: string): string {
  return BRAND_NAMES.get(brand) ?? brand;
}

const BRAND_NAMES: ReadonlyMap<string, string> = new Map([
  ['cb', 'CB'],
  ['visa', 'Visa'],
  ['mastercard', 'Mastercard'],
  ['maestro', 'Maestro'],
  ['amex', 'American Express'],
  ['diners', 'Diners Club'],
  ['discover', 'Discover'],
  ['jcb', 'JCB'],
  ['unionpay', 'UnionPay'],
  ['elo', 'Elo'],
  ['hiper', 'Hiper'],
  ['hipercard', 'Hipercard'],
  ['mir', 'Mir'],
  ['verve', 'Verve'],
]);
