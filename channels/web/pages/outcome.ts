import type { Visit } from '../../../src/contracts/channel.js';
import { type Html, html, linkable } from '../../../src/contracts/html.js';
import { type Again, declineNotice, FRESH } from './again.js';
import { support } from './footer.js';
import { sign } from './marks.js';
import { amountOf, type Page, type PaymentView } from './page.js';
import { receiptOffer } from './receipt.js';

/** Something is under way and the payer is not needed. */
export function waitPage(view: PaymentView, title: string): Page {
  const { say, token, visit } = view;
  const main = html`<div class="outcome">
<div class="spinner" aria-hidden="true"></div>
<h1 tabindex="-1" data-focus>${visit.elsewhere === null ? title : say('elsewhere.title')}</h1>
${visit.elsewhere === null ? html`<p>${say('wait.text')}</p>` : paidElsewhere(say, visit.elsewhere)}
</div>
<p><a class="button quiet" href="/pay/${token}" data-look>${say('wait.check')}</a></p>`;
  return {
    title: visit.elsewhere === null ? title : say('elsewhere.title'),
    main,
    next: say('next.wait'),
    waits: true,
  };
}

/** Where, and what becomes of this page; that something was typed here only the script knows. */
function paidElsewhere(say: PaymentView['say'], elsewhere: string): Html {
  return html`<p>${say('elsewhere.text', { where: say(`where.${elsewhere}`) })}</p>
<p data-set-aside hidden>${say('elsewhere.typed')}</p>`;
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
  const words = {
    amount: amountOf(view),
    merchant: visit.merchant.name,
    where: say(`where.${visit.elsewhere ?? 'web'}`),
  };
  const title = say(`outcome.${outcome}`);
  const back = wayBack(view, outcome === 'canceled' ? visit.cancelTo : visit.returnTo);
  const main = html`<div class="outcome ${outcome}">
${sign(outcome)}
<h1 tabindex="-1" data-focus>${title}</h1>
<p>${say(text, words)}</p>
</div>
${outcome === 'refused' && visit.decline !== null && declineNotice(view, visit.decline)}
${back ?? support(view, visit)}
${receiptOffer(view, again)}`;
  return { title, main, next: say(`next.${outcome}`, words), namesSupport: back === null };
}

function outcomeOf({ status, purpose, cardKept, elsewhere }: Visit): { outcome: Outcome; text: string } {
  if (purpose === 'save_card' && cardKept === false) return { outcome: 'refused', text: 'outcome.refused_text' };
  // Whoever comes back to the page on another device of theirs has paid as well.
  const isHere = elsewhere === null || elsewhere === 'web' || purpose === 'save_card';
  switch (status) {
    case 'succeeded':
      return { outcome: 'paid', text: isHere ? 'outcome.paid_text' : 'elsewhere.paid' };
    case 'requires_capture':
    case 'partially_captured':
      return { outcome: 'paid', text: isHere ? 'outcome.reserved_text' : 'elsewhere.reserved' };
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

/** By link, and with scripts by itself after a moment that the payer may stop. Never a redirect of a post. */
function wayBack({ say, visit }: PaymentView, address: string | null): Html | null {
  const target = linkable(address);
  if (target === null) return null;
  const { name: merchant } = visit.merchant;
  return html`<p><a class="button primary" href="${target}" rel="noreferrer" data-return>${say('page.return', { merchant })}</a></p>
<div class="returning" data-returning hidden><p role="status">${say('page.returning', { merchant })}</p><button type="button" class="quiet" data-stay>${say('page.stay')}</button></div>`;
}
