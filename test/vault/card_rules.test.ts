import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CardFields } from '../../src/contracts/channel.js';
import { brandsOf, checkCard, checkSecurityCode } from '../../src/vault/index.js';

const NOW = Date.UTC(2030, 5, 15);
const FIELDS: CardFields = { number: '4242 4242 4242 4242', expiry: '12/34', securityCode: '123', brand: null };

function problemsOf(fields: Partial<CardFields>, now = NOW): string[] {
  const checked = checkCard({ ...FIELDS, ...fields }, now);
  return 'problems' in checked ? checked.problems.map(({ message }) => message) : [];
}

describe('a good card', () => {
  it('comes in normal form', () => {
    expect(checkCard(FIELDS, NOW)).toEqual({
      card: { number: '4242424242424242', expiryMonth: 12, expiryYear: 2034, securityCode: '123', brand: 'visa' },
    });
  });

  it.each([
    ['4242-4242-4242-4242'],
    ['4242.4242.4242.4242'],
    ['  4242\u00a04242\u202f4242\u30004242\t'],
    ['4242–4242—4242−4242'.replace('−', '‒')],
    ['\ufeff4242\u200b4242\u200e42424242\u2060'],
    ['４２４２４２４２４２４２４２４２'],
    ['٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢'],
    ['۴۲۴۲ ۴۲۴۲ ۴۲۴۲ ۴۲۴۲'],
    ['४२४२४२४२४२४२४२४२'],
    ['𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐'],
  ])('is recognised as %j', (number) => {
    expect(checkCard({ ...FIELDS, number }, NOW)).toMatchObject({ card: { number: '4242424242424242' } });
  });

  it.each([
    ['4111 1111 1111 1111', '123', 'visa'],
    ['5555 5555 5555 4444', '123', 'mastercard'],
    ['2223 0031 2200 3222', '123', 'mastercard'],
    ['3782 822463 10005', '1234', 'amex'],
    ['6011 1111 1111 1117', '123', 'discover'],
    ['3056 9309 0259 04', '123', 'diners'],
    ['3566 0020 2036 0505', '123', 'jcb'],
    ['6200 0000 0000 0005', '123', 'unionpay'],
    ['6759 6498 2643 8453', '123', 'maestro'],
    ['4970 1000 0000 0006', '123', 'cb'],
    ['5131 2345 6789 0005', '123', 'cb'],
  ])('%s is %s %s', (number, securityCode, brand) => {
    expect(checkCard({ ...FIELDS, number, securityCode }, NOW)).toMatchObject({ card: { brand } });
  });
});

describe('a number', () => {
  it.each([
    ['', 'card.number.missing'],
    [' - ', 'card.number.missing'],
    ['4242', 'card.number.length'],
    ['424242424242424', 'card.number.length'],
    ['42424242424242424', 'card.number.length'],
    ['42424242424242424242', 'card.number.length'],
    ['3782 8224 6310 0050', 'card.number.length'],
    ['4242424242424241', 'card.number.checksum'],
    ['4242424242424224', 'card.number.checksum'],
    ['4242 4242 4242 424a', 'card.number.checksum'],
    ['<script>', 'card.number.checksum'],
    ['9999999999999995', 'card.number.brand'],
    ['0000000000000000', 'card.number.brand'],
  ])('%j: %s', (number, message) => {
    expect(problemsOf({ number })).toContain(message);
  });

  it('with one digit mistyped is never taken', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 9 }), (place, shift) => {
        const number = '4242424242424242';
        const wrong = (Number(number[place]) + shift) % 10;
        expect(problemsOf({ number: number.slice(0, place) + wrong + number.slice(place + 1) })).not.toEqual([]);
      }),
    );
  });
});

describe('an expiry', () => {
  it.each([
    ['12/34', 12, 2034],
    ['12 34', 12, 2034],
    ['1234', 12, 2034],
    ['12/2034', 12, 2034],
    ['122034', 12, 2034],
    ['1/34', 1, 2034],
    ['01/34', 1, 2034],
    ['1 - 34', 1, 2034],
    ['1 / 2034', 1, 2034],
    [' 12–34 ', 12, 2034],
    ['12.34', 12, 2034],
    ['１２／３４', 12, 2034],
    ['2034-12', 12, 2034],
    ['06/30', 6, 2030],
    ['06/50', 6, 2050],
  ])('%j', (expiry, expiryMonth, expiryYear) => {
    expect(checkCard({ ...FIELDS, expiry }, NOW)).toMatchObject({ card: { expiryMonth, expiryYear } });
  });

  it.each([
    ['', 'missing'],
    ['   ', 'missing'],
    ['13/34', 'format'],
    ['00/34', 'format'],
    ['0/34', 'format'],
    ['134', 'format'],
    ['12034', 'format'],
    ['12/034', 'format'],
    ['12/3', 'format'],
    ['12//34', 'format'],
    ['12/34/56', 'format'],
    ['-12/34', 'format'],
    ['December 2034', 'format'],
    ['05/30', 'past'],
    ['12/29', 'past'],
    ['12/1999', 'past'],
    ['12/99', 'past'],
    ['12/79', 'far'],
    ['85', 'format'],
    ['01/85', 'past'],
    ['01/51', 'far'],
    ['12/9999', 'far'],
  ])('%j: %s', (expiry, problem) => {
    expect(problemsOf({ expiry })).toEqual([`card.expiry.${problem}`]);
  });

  it('lasts to the end of its month where the day ends last', () => {
    const end = Date.UTC(2030, 6, 1, 12);
    expect(problemsOf({ expiry: '06/30' }, end - 1)).toEqual([]);
    expect(problemsOf({ expiry: '06/30' }, end)).toEqual(['card.expiry.past']);
    expect(problemsOf({ expiry: '12/30' }, Date.UTC(2031, 0, 1, 12) - 1)).toEqual([]);
    expect(problemsOf({ expiry: '12/30' }, Date.UTC(2031, 0, 1, 12))).toEqual(['card.expiry.past']);
  });

  it('is read in the century that is nearest', () => {
    const late = Date.UTC(2095, 0, 15);
    expect(checkCard({ ...FIELDS, expiry: '01/05' }, late)).toMatchObject({ card: { expiryYear: 2105 } });
    expect(checkCard({ ...FIELDS, expiry: '01/99' }, late)).toMatchObject({ card: { expiryYear: 2099 } });
  });
});

describe('a security code', () => {
  it.each([
    ['123', 'visa', null],
    ['1234', 'visa', 'length'],
    ['1234', 'amex', null],
    ['123', 'amex', 'length'],
    ['123', 'cb', null],
    ['1234', 'cb', 'length'],
    ['123', 'maestro', null],
    ['123', 'a brand of tomorrow', null],
    ['1234', '', null],
    ['12345', '', 'length'],
    ['', 'visa', 'missing'],
    [' ', 'visa', 'missing'],
    [' 12 3', 'visa', null],
    ['１２３', 'visa', null],
    ['12a', 'visa', 'length'],
    ['123', '__proto__', null],
  ])('%j of %j: %s', (securityCode, brand, problem) => {
    const expected = problem === null ? null : { field: 'security_code', message: `card.security_code.${problem}` };
    expect(checkSecurityCode(securityCode, brand)).toEqual(expected);
  });

  it('is as long as the brand of the number says', () => {
    expect(problemsOf({ number: '378282246310005' })).toEqual(['card.security_code.length']);
    expect(problemsOf({ securityCode: '' })).toEqual(['card.security_code.missing']);
  });
});

describe('brands', () => {
  it.each([
    ['', []],
    ['4', []],
    ['4242', ['visa']],
    ['497', ['visa']],
    ['4970', ['cb', 'visa']],
    ['4970 10', ['cb', 'visa']],
    ['49701000', ['cb', 'visa']],
    ['４９７０', ['cb', 'visa']],
    ['4979', ['visa']],
    ['4969', ['visa']],
    ['5130', ['mastercard']],
    ['5131', ['cb', 'mastercard']],
    ['5136', ['cb', 'mastercard']],
    ['5137', ['mastercard']],
    ['37', ['amex']],
    ['6', []],
    ['6011', ['discover']],
    ['7', []],
    ['x', []],
    ['4'.repeat(20), []],
  ])('%j: %j', (typed, brands) => {
    expect(brandsOf(typed)).toEqual(brands);
  });

  it('of a co-badged card are the payer’s to choose', () => {
    const number = '4970 1000 0000 0006';
    expect(checkCard({ ...FIELDS, number, brand: 'visa' }, NOW)).toMatchObject({ card: { brand: 'visa' } });
    expect(checkCard({ ...FIELDS, number, brand: 'cb' }, NOW)).toMatchObject({ card: { brand: 'cb' } });
    for (const brand of ['mastercard', '', 'x'.repeat(10_000), '__proto__']) {
      expect(problemsOf({ number, brand })).toEqual(['card.brand.unknown']);
    }
    expect(problemsOf({ brand: 'cb' })).toEqual(['card.brand.unknown']);
  });
});

it('looks at nothing that is too long to be meant', () => {
  for (const character of ['4', ' ', 'a', '\ufdfa']) {
    const long = character.repeat(10_000);
    const lengths = ['card.number.length', 'card.expiry.format', 'card.security_code.length'];
    expect(problemsOf({ number: long, expiry: long, securityCode: long })).toEqual(lengths);
    expect(brandsOf(long)).toEqual([]);
  }
});

it('tells everything at once, in the order of the form', () => {
  const nothing: CardFields = { number: '', expiry: '', securityCode: '', brand: null };
  const checked = checkCard(nothing, NOW);
  expect(checked).toEqual({
    problems: [
      { field: 'number', message: 'card.number.missing' },
      { field: 'expiry', message: 'card.expiry.missing' },
      { field: 'security_code', message: 'card.security_code.missing' },
    ],
  });
});

it('never throws and never repeats what was typed', () => {
  const text = fc.uint16Array({ maxLength: 80 }).map((units) => String.fromCharCode(...units));
  fc.assert(
    fc.property(text, text, text, fc.option(text), (number, expiry, securityCode, brand) => {
      const checked = checkCard({ number, expiry, securityCode, brand }, NOW);
      if ('card' in checked) return;
      for (const { message } of checked.problems) expect(message).toMatch(/^card(?:\.[a-z_]+){2}$/);
    }),
  );
});
