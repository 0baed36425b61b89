import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSay } from '../../../channels/catalogue/index.js';
import { text as catalogue } from '../../../channels/catalogue/text.js';
import { AMOUNT_MAX, CURRENCIES } from '../../../src/contracts/money.js';
import { createLinks } from '../../../src/house/links.js';
import { inCheapLetters, nameIn, referenceIn } from '../../../src/notify/texts/alphabet.js';
import { amountIn } from '../../../src/notify/texts/writer.js';
import { createSigning } from '../../../src/signing.js';
import { LINK_PARTS_MAX } from '../../../src/telephone_settings.js';
import { virtualClock } from '../../clock.js';
import { samplePayment } from '../../contract/samples_payments.js';
import { seededIds } from '../../ids.js';

/** GSM 7-bit default alphabet and its extension (3GPP TS 23.038, 6.2.1), written down for themselves. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENDED = '\f^{}\\[~]|€';
const SEGMENT = 160;

/** Septets that a text takes; null for one that is sent in another alphabet. */
function septetsOf(text: string): number | null {
  let septets = 0;
  for (const letter of text) {
    if (BASIC.includes(letter)) septets += 1;
    else if (EXTENDED.includes(letter)) septets += 2;
    else return null;
  }
  return septets;
}

/** A real link, as long as the configuration allows where texts are sent, after many links of the same payment. */
function longestLink(name: string): string {
  const bytes = Uint8Array.from({ length: 32 }, (_, at) => at);
  const ids = seededIds(1, virtualClock(Date.UTC(2030, 0, 8)));
  const publicUrl = `https://${'a'.repeat(LINK_PARTS_MAX)}`.slice(0, LINK_PARTS_MAX - name.length);
  const links = createLinks(publicUrl, createSigning({ keys: [{ id: name, bytes }], ids }));
  return links.pay({ ...samplePayment({ id: ids.next('pay') }), generation: 36 ** 2 - 1 }) ?? '';
}

/** The longest of everything. */
const LONGEST = {
  name: 'ÅMMMMMMMMMMMMMMM',
  reference: 'W'.repeat(24),
  last4: '4242',
  code: '482193',
  time: '23:59',
  minutes: '5',
  day: '31/12',
  link: longestLink('signing-2030'),
} as const;

const amounts = (language: 'en' | 'fr') =>
  CURRENCIES.map((currency) => amountIn({ amount: AMOUNT_MAX, currency }, language));

const keys = Object.keys(catalogue).filter((key) => key !== 'text.test');

describe('what texts say', () => {
  it('has links as long as may be, however address and key share the room', () => {
    const lengths = ['a', 'signing-2030', 'k'.repeat(32)].map((name) => longestLink(name).length);
    expect(lengths).toEqual([LONGEST.link.length, LONGEST.link.length, LONGEST.link.length]);
    expect(LONGEST.link).toMatch(/^https:\/\/a+\/pay\/signing-2030\.[\w-]{22}\.zz\.\w{26}$/);
  });

  const say = createSay('text');

  it.each(keys.flatMap((key) => [[key, 'en'] as const, [key, 'fr'] as const]))(
    '%s in %s is one segment with the longest values of every currency',
    (key, language) => {
      for (const amount of amounts(language)) {
        const words = say(language, key, { ...LONGEST, amount });
        for (const said of [words, say(language, 'text.test', { text: words })]) {
          const septets = septetsOf(said);
          expect({ said, isGsm: septets !== null }).toEqual({ said, isGsm: true });
          expect({ said, septets: Math.max(septets ?? 0, SEGMENT) }).toEqual({ said, septets: SEGMENT });
        }
      }
    },
  );

  it.each(Object.entries(catalogue))(
    '%s has the same parameters in both languages, and whole sentences',
    (_, wording) => {
      const parameters = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
      expect(parameters(wording.fr)).toEqual(parameters(wording.en));
      for (const words of [wording.en, wording.fr]) expect(words).not.toMatch(/€|\s{2}|^\s|\s$/);
    },
  );

  it('are all said somewhere', () => {
    const sources = [
      '../../../src/counter/text_answers.ts',
      '../../../src/counter/text_replies.ts',
      '../../../src/notify/texts/occasion.ts',
      '../../../src/notify/texts/outcome.ts',
      '../../../src/notify/texts/writer.ts',
    ]
      .map((path) => readFileSync(new URL(path, import.meta.url), 'utf8'))
      .join('\n');
    const unsaid = Object.keys(catalogue).filter((key) => {
      const last = key.slice(key.indexOf('.') + 1);
      return !sources.includes(`'${key}'`) && !sources.includes(`'${last}'`);
    });
    expect(unsaid).toEqual([]);
  });
});

describe('what others are called', () => {
  it.each([
    ['Café de l’Île', "Café de l'Ile"],
    ['Société Générale', 'Société Générale'],
    ['Œuvre & Cœur', 'OEuvre & Coeur'],
    ['北京 Trading', 'Trading'],
    ['Ça va {bien}|', 'Ça va bien'],
    ['a\u00a0b', 'a b'],
    ['10 €', '10 EUR'],
  ])('%s becomes %s', (given, written) => {
    expect(inCheapLetters(given)).toBe(written);
    expect(septetsOf(inCheapLetters(given))).toBe(inCheapLetters(given).length);
  });

  it('fits, and no name looks like a code', () => {
    expect(nameIn('Boutique 482193 of the very long name')).toBe('Boutique of the');
    expect(nameIn('北京')).toBe('-');
    expect(referenceIn('ORDER-2030/01/08-000000000001')).toHaveLength(24);
  });

  it('amounts are plain, and exact in every currency', () => {
    expect(amountIn({ amount: 4250, currency: 'EUR' }, 'fr')).toBe('42,50 EUR');
    expect(amountIn({ amount: 4250, currency: 'JPY' }, 'en')).toBe('4250 JPY');
    expect(amountIn({ amount: 4250, currency: 'TND' }, 'fr')).toBe('4,250 TND');
    expect(amountIn({ amount: 5, currency: 'EUR' }, 'en')).toBe('0.05 EUR');
  });
});
