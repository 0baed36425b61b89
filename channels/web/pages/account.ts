import type { FieldProblem, SavedCard } from '../../../src/contracts/channel.js';
import { type Html, html, linkable } from '../../../src/contracts/html.js';
import { worded } from './again.js';
import { hiddenFields, notice, type Problem, summaryOf } from './forms.js';
import type { AccountView, Page } from './page.js';
import { cardWords, codeForms, purchaseCodeFields } from './saved.js';

/** What a page of the account shows beside the account. */
export interface AccountAgain {
  readonly problems: readonly FieldProblem[];
  /** The key of something to say on top: what went wrong. */
  readonly notice: string | null;
  /** The key of something that was done. */
  readonly said: string | null;
  /** The card that the payer is about to remove. */
  readonly removing: string | null;
}

export const FIRST: AccountAgain = { problems: [], notice: null, said: null, removing: null };

/** The prompt that the nonce of one of the account's forms is bound to: used up as soon as the account has changed. */
export function promptOf(form: string, { visit }: AccountView): string {
  return `${form} ${visit.version}`;
}

/** The page for where this device stands: no way to identify, not yet, or known. */
export function accountPage(view: AccountView, again: AccountAgain): Page {
  const { visit } = view;
  const problems = worded(view, again.problems);
  switch (visit.stage) {
    case 'unreachable':
      return unreachablePage(view);
    case 'offered':
    case 'code_sent':
      return identifyPage(view, again, problems);
    case 'open':
      break;
  }
  const removing = visit.cards.find(({ id }) => id === again.removing);
  if (removing !== undefined && visit.purpose === 'manage') return removePage(view, removing);
  return visit.purpose === 'set_purchase_code'
    ? purchaseCodePage(view, again, problems)
    : managePage(view, again, problems);
}

function unreachablePage({ say, visit }: AccountView): Page {
  const title = say('account.unreachable');
  const text = say('account.unreachable_text', { merchant: visit.merchant.name });
  return { title, main: html`<h1>${title}</h1><p>${text}</p>` };
}

function identifyPage(view: AccountView, again: AccountAgain, problems: readonly Problem[]): Page {
  const { say, visit, token } = view;
  const isSent = visit.stage === 'code_sent';
  const title = say(isSent ? 'saved.code_title' : 'account.identify');
  const prompts = { send: promptOf('send-code', view), code: promptOf('code', view) };
  const main = html`${onTop(view, again, problems)}<h1>${title}</h1>
${isSent ? codeForms(view, `/account/${token}`, prompts, problems[0]) : sendForm(view)}`;
  return { title, main };
}

function sendForm(view: AccountView): Html {
  const { say, visit } = view;
  return html`<p>${say('account.identify_text', { merchant: visit.merchant.name })}</p>
${accountForm(view, 'send-code', html`<button class="primary">${say('account.send')}</button>`)}`;
}

function managePage(view: AccountView, again: AccountAgain, problems: readonly Problem[]): Page {
  const { say, visit } = view;
  const title = say('account.manage', { merchant: visit.merchant.name });
  const isCodeSet = visit.purchaseCode !== 'none';
  const main = html`${onTop(view, again, problems)}<h1>${title}</h1>
${visit.cards.length === 0 ? html`<p>${say('account.none')}</p>` : html`<ul class="cards">${visit.cards.map((card) => cardItem(view, card))}</ul>`}
<h2>${say('account.purchase_code')}</h2>
<p>${say(isCodeSet ? 'account.purchase_code_set' : 'account.purchase_code_none')}</p>
${wayBack(view)}`;
  return { title, main };
}

function cardItem(view: AccountView, card: SavedCard): Html {
  const { say, token } = view;
  const words = cardWords(view, card);
  const named = html` <span class="unseen">: ${words}</span>`;
  const choice = html`<button class="quiet">${say('account.make_default')}${named}</button>`;
  return html`<li><p class="in-hand">${words}</p>
${card.isExpired && html`<p class="wrong">${say('account.expired')}</p>`}
${card.isDefault ? html`<p class="hint">${say('account.default')}</p>` : accountForm(view, 'default', choice, card.id)}
<p><a href="/account/${token}?remove=${card.id}">${say('account.remove')}${named}</a></p></li>`;
}

/** The step before a card is removed. Nothing happens by looking at it. */
function removePage(view: AccountView, card: SavedCard): Page {
  const { say, visit, token } = view;
  const title = say('account.remove_title');
  const main = html`<h1>${title}</h1>
<p class="in-hand">${cardWords(view, card)}</p>
<p>${say('account.remove_text', { merchant: visit.merchant.name })}</p>
${accountForm(view, 'remove', html`<button class="primary">${say('account.remove_go')}</button>`, card.id)}
<p><a class="button quiet" href="/account/${token}">${say('account.keep')}</a></p>`;
  return { title, main };
}

function purchaseCodePage(view: AccountView, again: AccountAgain, problems: readonly Problem[]): Page {
  const { say, visit } = view;
  const isSetNow = visit.purchaseCode === 'now' && problems.length === 0 && again.notice === null;
  const title = say(isSetNow ? 'purchase_code.set' : 'purchase_code.title');
  const main = html`${onTop(view, again, problems)}<h1 ${isSetNow && html`tabindex="-1" data-focus`}>${title}</h1>
<p>${isSetNow ? say('purchase_code.set_text') : say('purchase_code.text', { merchant: visit.merchant.name })}</p>
${isSetNow && wayBack(view)}
${isSetNow ? html`<details><summary>${say('purchase_code.change')}</summary>${purchaseCodeForm(view, problems)}</details>` : purchaseCodeForm(view, problems)}
${!isSetNow && wayBack(view)}`;
  return { title, main };
}

function purchaseCodeForm(view: AccountView, problems: readonly Problem[]): Html {
  return accountForm(view, 'purchase-code', purchaseCodeFields(view.say, problems));
}

/** A form of the account: to the address of its name, about one card where `card` names one. */
function accountForm(view: AccountView, name: string, content: Html, card?: string): Html {
  return html`<form method="post" action="/account/${view.token}/${name}" novalidate data-once>
${hiddenFields(view, promptOf(name, view))}${card !== undefined && html`<input type="hidden" name="card" value="${card}">`}
${content}
</form>`;
}

function onTop({ say }: AccountView, { notice: key, said }: AccountAgain, problems: readonly Problem[]): Html | null {
  if (key !== null) return notice(null, say(key));
  if (problems.length > 0) return summaryOf(say, problems);
  return said === null ? null : html`<p role="status">${say(said)}</p>`;
}

function wayBack({ say, visit }: AccountView): Html | null {
  const target = linkable(visit.returnTo);
  if (target === null) return null;
  return html`<p><a class="button quiet" href="${target}" rel="noreferrer">${say('page.return', { merchant: visit.merchant.name })}</a></p>`;
}
