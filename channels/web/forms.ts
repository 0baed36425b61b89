import type { CardFields, Counter, Taken } from '../../src/contracts/channel.js';
import type { Form } from './posts.js';
import type { Fields } from './requests.js';

/** The forms of the page by the last part of their address. */
export function formsOf(
  counter: Counter,
  brandsOf: (number: string) => readonly string[],
): Readonly<Record<string, Form>> {
  return {
    card: {
      prompt: null,
      async take({ token, prompt, fields, from }) {
        // Who pays with a co-badged card may choose its brand (Regulation (EU) 2015/751, article 8(6)): ask before taking it.
        const isAsked = fields('brand') === '' && brandsOf(fields('number')).length > 1;
        return isAsked ? CHOOSE_BRAND : counter.takeCard(token, prompt, cardFieldsOf(fields), from);
      },
      again: (fields) => ({ typed: typedOf(fields), brands: brandsOf(fields('number')) }),
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
    cancel: { prompt: 'cancel', take: ({ token }) => counter.cancel(token) },
    extend: {
      prompt: null,
      async take({ token }) {
        await counter.extend(token);
        return { taken: true };
      },
      // Asked for in the middle of typing, without scripts: what was typed comes along and goes back.
      stays: (fields) => (fields('number') !== '' || fields('expiry') !== '' ? 'page.time_given' : null),
      again: (fields) => ({ typed: typedOf(fields), brands: brandsOf(fields('number')) }),
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
