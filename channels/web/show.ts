import { type Again, cardPage, FRESH, securityCodePage } from './pages/card.js';
import { challengePage, deviceCheckPage } from './pages/follow.js';
import { outcomePage, unsupportedPage, waitPage } from './pages/outcome.js';
import type { Page, PaymentView } from './pages/page.js';

/** The page for what is asked of the payer now, or for how the payment ended. */
export function pageOf(view: PaymentView, again: Again = FRESH): Page {
  const { prompt: open } = view.visit;
  if (open === null) return outcomePage(view);
  const { id, prompt } = open;
  const title = view.say(prompt.message.key, prompt.message.parameters);
  switch (prompt.kind) {
    case 'card':
      return prompt.ask === 'all' ? cardPage(view, id, again) : securityCodePage(view, id, again);
    case 'choose':
      // A page takes cards: where a card is one of the ways, it is the one shown here.
      return prompt.options.some(({ value }) => value === 'card')
        ? cardPage(view, id, again)
        : unsupportedPage(view, title);
    case 'follow':
      return prompt.purpose === 'challenge' ? challengePage(view, id) : deviceCheckPage(view, id);
    case 'wait':
      return waitPage(view, title);
    case 'result':
      return outcomePage(view);
    case 'confirm':
    case 'enter':
      return unsupportedPage(view, title);
  }
}
