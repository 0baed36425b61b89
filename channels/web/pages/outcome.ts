import type { Visit } from '../../../src/contracts/channel.js';
import { type Html, html, linkable } from '../../../src/contracts/html.js';
import { type Again, declineNotice, FRESH } from './again.js';
import { amountOf, type Page, type PaymentView } from './page.js';
import { receiptOffer } from './receipt.js';

/** Something is under way and the payer is not needed. */
export function waitPage(view: PaymentView, title: string): Page {
  const { say, token } = view;
  const main = html`<div role="status"><h1>${title}</h1></div>
<div class="spinner" aria-hidden="true"></div>
<p>${say('wait.text')}</p>
<p><a class="button quiet" href="/pay/${token}">${say('wait.check')}</a></p>`;
  return { title, main, waits: true };
}

/** A step that this page has no form for. */
export function unsupportedPage(view: PaymentView, title: string): Page {
  return { title, main: html`<h1>${title}</h1><p>${view.say('unsupported.text')}</p>` };
}

type Outcome = 'paid' | 'refused' | 'canceled' | 'expired' | 'review';

/** How it ended, and the way back. Says the same whoever opens it, and however often. */
export function outcomePage(view: PaymentView, again: Again = FRESH): Page {
  const { say, visit } = view;
  const { outcome, text } = outcomeOf(visit);
  const words = { amount: amountOf(view), merchant: visit.merchant.name };
  const title = say(`outcome.${outcome}`);
  const main = html`<div class="outcome ${outcome}">
<p class="mark" aria-hidden="true">${MARKS[outcome]}</p>
<h1 tabindex="-1" data-focus>${title}</h1>
<p>${say(text, words)}</p>
</div>
${outcome === 'refused' && visit.decline !== null && declineNotice(view, visit.decline)}
${wayBack(view, outcome === 'canceled' ? visit.cancelTo : visit.returnTo)}
${receiptOffer(view, again)}`;
  return { title, main };
}

function outcomeOf({ status, purpose, cardKept }: Visit): { outcome: Outcome; text: string } {
  if (purpose === 'save_card' && cardKept === false) return { outcome: 'refused', text: 'outcome.refused_text' };
  switch (status) {
    case 'succeeded':
      return { outcome: 'paid', text: 'outcome.paid_text' };
    case 'requires_capture':
    case 'partially_captured':
      return { outcome: 'paid', text: 'outcome.reserved_text' };
    case 'failed':
      return { outcome: 'refused', text: 'outcome.refused_text' };
    case 'canceled':
      return { outcome: 'canceled', text: 'outcome.canceled_text' };
    case 'requires_review':
      return { outcome: 'review', text: 'outcome.review_text' };
    default:
      // Still open by its status, but nothing is asked any more: its time is over and the sweeper has not come by yet.
      return { outcome: 'expired', text: 'outcome.expired_text' };
  }
}

const MARKS = { paid: '✓', refused: '✕', canceled: '✕', expired: '!', review: '…' } as const;

/** By link, and with scripts by itself after a moment that the payer may stop. Never a redirect of a post. */
function wayBack({ say, visit }: PaymentView, address: string | null): Html | null {
  const target = linkable(address);
  if (target === null) return null;
  const { name: merchant } = visit.merchant;
  return html`<p><a class="button primary" href="${target}" rel="noreferrer" data-return>${say('page.return', { merchant })}</a></p>
<div class="returning" data-returning hidden><p role="status">${say('page.returning', { merchant })}</p><button type="button" class="quiet" data-stay>${say('page.stay')}</button></div>`;
}
