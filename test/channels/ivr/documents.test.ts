/** Every kind of document, at every step, in both languages and paces: what the provider's own library has types for, and nothing else. */
import { describe, expect, it } from 'vitest';
import { createSay } from '../../../channels/catalogue/index.js';
import { createDocuments } from '../../../channels/ivr/documents.js';
import { type Place, placeIn, STEPS } from '../../../channels/ivr/place.js';
import { line } from '../../../channels/ivr/spoken.js';
import { find, MESSAGING, parseTwiml, problemsOf } from './twiml.js';

const documentAt = createDocuments({
  say: createSay('speech'),
  publicUrl: 'https://pay.example.org',
  payConnector: 'guichet',
});
const BEGUN: Place = {
  ...placeIn(() => ''),
  begunAt: 1_900_000_000_000,
  merchant: 'mer_1',
  payment: 'pay_1',
  waits: 2,
};
const PLACES = (['fr', 'en'] as const).flatMap((language) =>
  [false, true].map((isSlow): Place => ({ ...BEGUN, language, isSlow })),
);
const LINES = [
  line('payment.is', { merchant: 'Maison <Lune> & "fils"', amount: '42 euros' }),
  line('link.code', { code: { digits: '4821093756' } }),
  line('outcome.reference', { reference: { characters: 'A-17' } }),
];
const CARD = { payment: 'pay_1', prompt: 'begin.1', call: `CA${'0'.repeat(32)}`, currency: 'EUR' };

describe('a document', () => {
  it.each(STEPS)('of the step %s is one of the library', (step) => {
    for (const place of PLACES) {
      const documents = [
        documentAt(place).menu(step, [LINES]),
        documentAt(place).menu(step, [[], LINES, LINES]),
        documentAt(place).digits(step, LINES),
        documentAt(place).goOn(step, LINES),
        documentAt(place).goOn(step, []),
      ];
      for (const document of documents) expect(problemsOf(parseTwiml(document.toString()))).toEqual([]);
    }
  });

  it('that asks for a card, leads to a person or ends is too', () => {
    for (const place of PLACES) {
      const documents = [
        documentAt(place).card(LINES, CARD),
        documentAt(place).agent(LINES, '+33199000000'),
        documentAt(place).end(LINES),
      ];
      for (const document of documents) expect(problemsOf(parseTwiml(document.toString()))).toEqual([]);
    }
  });
});

describe('a caller who is put through', () => {
  it('waits half a minute for somebody, and speaks half an hour at the most: the operator pays for it', () => {
    const document = parseTwiml(documentAt(BEGUN).agent(LINES, '+33199000000').toString());
    expect(find(document, 'Dial')?.attributes).toMatchObject({ timeout: '30', timeLimit: '1800' });
  });
});

describe('the check', () => {
  it.each([
    ['<Response><Gather numdigits="1"/></Response>', 'Gather has no numdigits'],
    ['<Response><Gather timeout="soon"/></Response>', 'Gather timeout: soon is no number'],
    ['<Response><Gather actionOnEmptyResult="yes"/></Response>', 'Gather actionOnEmptyResult: yes'],
    ['<Response><Pay tokenType="twice"/></Response>', 'Pay tokenType: twice is none of the types'],
    ['<Response><Prompt for="security-code"/></Response>', 'Prompt inside Response'],
    ['<Response><Message>Hello</Message></Response>', 'Message inside Response'],
  ])('finds what is wrong with %s', (document, problem) => {
    expect(problemsOf(parseTwiml(document))).toEqual([problem]);
  });

  it('knows what belongs into a text', () => {
    expect(
      problemsOf(parseTwiml('<Response><Message to="+33612345678">Hello</Message></Response>'), MESSAGING),
    ).toEqual([]);
    const wrong = '<Response><Message sender="me"><Say>Hello</Say></Message></Response>';
    expect(problemsOf(parseTwiml(wrong), MESSAGING)).toEqual(['Message has no sender', 'Say inside Message']);
  });
});
