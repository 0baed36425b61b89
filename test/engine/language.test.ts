import { describe, expect, it } from 'vitest';
import { openPromptOf } from '../../src/engine/prompts.js';
import { START, sketch } from './sketch.js';

const PAYER = { account: null, email: 'a@example.org', phone: null, name: null };
const FACE = { brand: 'visa', bin: '424242', last4: '4242', expMonth: 12, expYear: 2034, fingerprint: '1.card' };

/** A card given on a page that speaks `language`, to a payment whose merchant named `known`. */
function spoken(known: string | null, language?: string): string | null {
  const sketched = sketch({ payer: { ...PAYER, language: known } });
  const prompt = openPromptOf(sketched.payment, sketched.now)?.id ?? '';
  const by = {
    channel: 'web',
    device: 'device-1',
    browser: null,
    ...(language !== undefined && { language }),
  } as const;
  const card = { type: 'card', token: 'tok_1', face: FACE, stored: false, proof: null } as const;
  sketched.tell({ type: 'reply', reply: { ...by, prompt, ...card } });
  return sketched.payment.payer.language;
}

describe('the language of the payer', () => {
  it.each([
    ['follows the page where nobody named one', null, 'fr', 'fr'],
    ['follows the page where the merchant named another', 'en', 'fr', 'fr'],
    ['keeps the region that the merchant knows of', 'fr-CA', 'fr', 'fr-CA'],
    ['stays as it is for a channel that knows none', 'en', undefined, 'en'],
  ])('%s', (_, known, page, expected) => {
    expect(spoken(known, page)).toBe(expected);
  });

  it('follows a payer who cancels, and no merchant who does', () => {
    for (const [by, language] of [
      ['payer', 'fr'],
      ['merchant', undefined],
    ] as const) {
      const sketched = sketch({ payer: { ...PAYER, language: 'en' } });
      const said = language === undefined ? {} : { language };
      sketched.tell({ type: 'cancel', command: { by, request: null, deadline: START, ...said } });
      expect(sketched.payment.payer.language).toBe(language ?? 'en');
    }
  });
});
