import type { CardFields, Taken, Visit } from '../../src/contracts/channel.js';
import { LANGUAGES } from './language.js';
import type { Again } from './pages/card.js';
import { RECEIPT_PROMPT } from './pages/receipt.js';
import { consentWords } from './pages/saved.js';
import type { WebPorts } from './ports.js';
import type { Form } from './posts.js';
import type { Fields } from './requests.js';

/** The forms of the page by the last part of their address. */
export function formsOf({ counter, brandsOf, say }: WebPorts): Readonly<Record<string, Form>> {
  /** The card form as it was filled in. */
  const cardAgain = (fields: Fields): Partial<Again> => ({
    typed: typedOf(fields),
    brands: brandsOf(fields('number')),
    save: consentLanguage(fields) !== undefined,
  });

  /** The words of consent that were ticked, as they were shown; nothing when they were not. */
  function consentOf({ merchant, account }: Visit, fields: Fields): string | undefined {
    const language = consentLanguage(fields);
    if (language === undefined || account?.takesNew !== true) return undefined;
    return consentWords((key, parameters) => say(language, key, parameters), merchant.name);
  }

  return {
    card: {
      prompt: null,
      async take({ token, visit, prompt, fields, from }) {
        // Who pays with a co-badged card may choose its brand (Regulation (EU) 2015/751, article 8(6)): ask before taking it.
        const isAsked = fields('brand') === '' && brandsOf(fields('number')).length > 1;
        if (isAsked) return CHOOSE_BRAND;
        return counter.takeCard(token, prompt, cardFieldsOf(fields), from, consentOf(visit, fields));
      },
      again: (fields) => ({ ...cardAgain(fields), wantsCard: true }),
    },
    'send-code': { prompt: null, take: ({ token, from }) => counter.sendCode(token, from), again: cardAgain },
    code: { prompt: null, take: ({ token, fields, from }) => counter.takeCode(token, fields('code'), from) },
    saved: {
      prompt: null,
      take: ({ token, prompt, fields, from }) => counter.takeSaved(token, prompt, fields('saved'), from),
    },
    'purchase-code': {
      prompt: null,
      take: ({ token, fields, from }) =>
        counter.setPurchaseCode(token, fields('purchase_code'), fields('purchase_code_again'), from),
      stays: () => 'purchase_code.set',
    },
    receipt: {
      prompt: RECEIPT_PROMPT,
      take: ({ token, fields, from }) => counter.mailReceipt(token, fields('email'), from),
      again: (fields) => ({ email: fields('email') }),
    },
    'security-code': {
      prompt: null,
      take: ({ token, prompt, fields, from }) => counter.takeSecurityCode(token, prompt, fields('security_code'), from),
    },
    'device-check': {
      prompt: null,
      take: ({ token, prompt, fields, from }) =>
        counter.deviceChecked(token, prompt, fields('completed') === 'Y' ? 'Y' : 'N', from),
    },
    leave: { prompt: null, take: ({ token, prompt, from }) => counter.leave(token, prompt, from) },
    'take-over': { prompt: null, take: ({ token, prompt, from }) => counter.takeOver(token, prompt, from) },
    cancel: { prompt: 'cancel', take: ({ token, from }) => counter.cancel(token, from) },
    extend: {
      prompt: null,
      async take({ token }) {
        if (await counter.extend(token)) return { taken: true };
        return { taken: false, because: 'too_many', message: 'page.no_more_time' };
      },
      // Asked for in the middle of typing, without scripts: what was typed comes along and goes back.
      stays: (fields) => (fields('number') !== '' || fields('expiry') !== '' ? 'page.time_given' : null),
      again: cardAgain,
    },
  };
}

const CHOOSE_BRAND: Taken = {
  taken: false,
  because: 'invalid',
  problems: [{ field: 'brand', message: 'card.brand.choose' }],
};

function cardFieldsOf(fields: Fields): CardFields {
  return { ...typedOf(fields), securityCode: fields('security_code') };
}

function typedOf(fields: Fields): Omit<CardFields, 'securityCode'> {
  return { number: fields('number'), expiry: fields('expiry'), brand: fields('brand') || null };
}

/** The language of the words beside the ticked box, which the box sends. */
function consentLanguage(fields: Fields): (typeof LANGUAGES)[number] | undefined {
  return LANGUAGES.find((language) => language === fields('save'));
}
