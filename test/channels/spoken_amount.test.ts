/** Amounts as a telephone says them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spokenAmount } from '../../channels/catalogue/spoken_amount.js';
import { numberInWords } from '../../channels/catalogue/spoken_numbers.js';
import { AMOUNT_MAX, CURRENCIES } from '../../src/contracts/money.js';

describe('numbers in words', () => {
  it.each([
    [0, 'zéro', 'zero'],
    [1, 'un', 'one'],
    [17, 'dix-sept', 'seventeen'],
    [21, 'vingt et un', 'twenty-one'],
    [60, 'soixante', 'sixty'],
    [71, 'soixante et onze', 'seventy-one'],
    [77, 'soixante-dix-sept', 'seventy-seven'],
    [80, 'quatre-vingts', 'eighty'],
    [81, 'quatre-vingt-un', 'eighty-one'],
    [91, 'quatre-vingt-onze', 'ninety-one'],
    [99, 'quatre-vingt-dix-neuf', 'ninety-nine'],
    [100, 'cent', 'one hundred'],
    [101, 'cent un', 'one hundred and one'],
    [200, 'deux cents', 'two hundred'],
    [280, 'deux cent quatre-vingts', 'two hundred and eighty'],
    [999, 'neuf cent quatre-vingt-dix-neuf', 'nine hundred and ninety-nine'],
    [1_000, 'mille', 'one thousand'],
    [1_001, 'mille un', 'one thousand and one'],
    [2_150, 'deux mille cent cinquante', 'two thousand one hundred and fifty'],
    [80_000, 'quatre-vingt mille', 'eighty thousand'],
    [200_000, 'deux cent mille', 'two hundred thousand'],
    [999_999, 'neuf cent quatre-vingt-dix-neuf mille neuf cent quatre-vingt-dix-neuf', expect.any(String)],
    [1_000_000, 'un million', 'one million'],
    [80_000_000, 'quatre-vingts millions', 'eighty million'],
    [2_000_003, 'deux millions trois', 'two million and three'],
  ])('%i: %s, %s', (value, fr, en) => {
    expect(numberInWords(value, 'fr')).toEqual(fr);
    expect(numberInWords(value, 'en')).toEqual(en);
  });

  it('hears a feminine noun in French', () => {
    expect([1, 21, 101, 71].map((value) => numberInWords(value, 'fr', true))).toEqual([
      'une',
      'vingt et une',
      'cent une',
      'soixante et onze',
    ]);
  });

  it('no two numbers sound alike', () => {
    for (const language of ['fr', 'en'] as const) {
      const said = new Set(Array.from({ length: 20_000 }, (_, value) => numberInWords(value, language)));
      expect(said.size).toBe(20_000);
    }
  });
});

describe('amounts', () => {
  it.each([
    [4250, 'EUR', 'quarante-deux euros cinquante', 'forty-two euros fifty'],
    [4200, 'EUR', 'quarante-deux euros', 'forty-two euros'],
    [4205, 'EUR', 'quarante-deux euros et cinq centimes', 'forty-two euros and five cents'],
    [100, 'EUR', 'un euro', 'one euro'],
    [1, 'EUR', 'un centime', 'one cent'],
    [50, 'EUR', 'cinquante centimes', 'fifty cents'],
    [180, 'EUR', 'un euro quatre-vingts', 'one euro eighty'],
    [99_999_999, 'EUR', expect.stringMatching(/ euros quatre-vingt-dix-neuf$/), expect.stringMatching(/ninety-nine$/)],
    [4250, 'JPY', 'quatre mille deux cent cinquante yens', 'four thousand two hundred and fifty yen'],
    [1_000_000, 'JPY', 'un million de yens', 'one million yen'],
    [3_000_000, 'XPF', 'trois millions de francs Pacifique', 'three million Pacific francs'],
    [4250, 'TND', 'quatre dinars tunisiens et deux cent cinquante millimes', expect.stringContaining('millimes')],
    [1_001, 'TND', 'un dinar tunisien et un millime', 'one Tunisian dinar and one millime'],
    [2150, 'GBP', 'vingt et une livres sterling cinquante', 'twenty-one pounds fifty'],
    [101, 'GBP', 'une livre sterling et un penny', 'one pound and one penny'],
    [4250, 'PLN', 'quarante-deux virgule cinq zéro zlotys polonais', 'forty-two point five zero Polish zlotys'],
    [4200, 'SEK', 'quarante-deux couronnes suédoises', 'forty-two Swedish kronor'],
  ])('%i %s', (amount, currency, fr, en) => {
    expect(spokenAmount({ amount, currency }, 'fr')).toEqual(fr);
    expect(spokenAmount({ amount, currency }, 'en')).toEqual(en);
  });

  it('every amount of every currency is said in words, and no two alike', () => {
    const amounts = fc.integer({ min: 1, max: AMOUNT_MAX });
    fc.assert(
      fc.property(
        amounts,
        amounts,
        fc.constantFrom(...CURRENCIES),
        fc.constantFrom('fr', 'en'),
        (one, other, currency, language) => {
          const said = [one, other].map((amount) => spokenAmount({ amount, currency }, language));
          expect(said[0]).toMatch(/^\S.*\S$/);
          expect(said[0]).not.toMatch(/\d|undefined|NaN/);
          expect(said[0] === said[1]).toBe(one === other);
        },
      ),
    );
  });
});
