import { type Again, cardPage, FRESH, securityCodePage } from './pages/card.js';
import { challengePage, deviceCheckPage } from './pages/follow.js';
import { outcomePage, unsupportedPage, waitPage } from './pages/outcome.js';
import type { Page, PaymentView } from './pages/page.js';
import { isSavedStep, savedPage } from './pages/saved.js';

/** The page for what is asked of the payer now, or for how the payment ended. */
export function pageOf(view: PaymentView, again: Again = FRESH): Page {
  const { prompt: open } = view.visit;
  if (open === null) return outcomePage(view, again);
  const { id, prompt } = open;
  const title = view.say(prompt.message.key, prompt.message.parameters);
  switch (prompt.kind) {
    case 'card':
      return prompt.ask === 'all' ? cardStep(view, id, again) : securityCodePage(view, id, again);
    case 'choose':
      // A page takes cards: where a card is one of the ways, it is the one shown here.
      return prompt.options.some(({ value }) => value === 'card')
        ? cardStep(view, id, again)
        : unsupportedPage(view, title);
    case 'follow':
      return prompt.purpose === 'challenge' ? challengePage(view, id) : deviceCheckPage(view, id);
    case 'wait':
      return waitPage(view, title);
    case 'result':
      return outcomePage(view, again);
    case 'confirm':
    case 'enter':
      return unsupportedPage(view, title);
  }
}

/** One thing at a time: a saved card once the payer has asked for it, else the form for a card. */
function cardStep(view: PaymentView, prompt: string, again: Again): Page {
  return isSavedStep(view, again) ? savedPage(view, prompt, again) : cardPage(view, prompt, again);
}
