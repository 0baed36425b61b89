import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkDigitOf,
  drawPaymentCode,
  groupPaymentCode,
  isPaymentCode,
  readPaymentCode,
} from '../src/payment_codes.js';
import { virtualClock } from './clock.js';
import { seededIds } from './ids.js';

describe('the check digit', () => {
  it.each([
    // The example of the article on Luhn's algorithm that everybody copies, then numbers of test cards.
    ['7992739871', '3'],
    ['424242424242424', '2'],
    ['37828224631000', '5'],
    ['497010000000000', '6'],
    ['482109375', '6'],
    ['0', '0'],
  ])('of %s is %s', (digits, expected) => {
    expect(checkDigitOf(digits)).toBe(expected);
  });
});

describe('a drawn code', () => {
  it('is ten digits, begins with no zero and is read back however it is grouped', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const code = drawPaymentCode(seededIds(seed, virtualClock(0)));
        expect(code).toMatch(/^[1-9]\d{9}$/);
        expect(readPaymentCode(code)).toBe(code);
        expect(readPaymentCode(groupPaymentCode(code))).toBe(code);
      }),
    );
  });

  it('is refused with any one digit wrong', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(9), fc.integer({ min: 1, max: 9 }), (seed, place, shift) => {
        const code = drawPaymentCode(seededIds(seed, virtualClock(0)));
        const wrong = (Number(code[place]) + shift) % 10;
        expect(isPaymentCode(code.slice(0, place) + wrong + code.slice(place + 1))).toBe(false);
      }),
    );
  });

  it('draws again for a leading zero, and gives up on a source that has nothing else', () => {
    const draws = ['000000001', '012345678', '482109375'];
    expect(drawPaymentCode({ digits: () => draws.shift() ?? '' })).toBe('4821093756');
    expect(() => drawPaymentCode({ digits: (count) => '0'.repeat(count) })).toThrow('zeros');
  });
});

describe('a typed code', () => {
  it.each([
    ['482 109 3756', '4821093756'],
    ['  4821-0937-56 ', '4821093756'],
    ['482.109.3756', '4821093756'],
    ['482\u00a0109\u202f3756', '4821093756'],
    ['482–109—3756', '4821093756'],
    ['４８２１０９３７５６', '4821093756'],
    ['79927398713', '79927398713'],
    ['482109375601', null],
    ['482109375', null],
    ['4821093757', null],
    ['4812093756', null],
    ['+4821093756', null],
    ['48210937z6', null],
    ['0000000000000', null],
    ['', null],
    [`4821093756${' '.repeat(100)}`, null],
  ])('%j is %j', (typed, code) => {
    expect(readPaymentCode(typed)).toBe(code);
    expect(isPaymentCode(typed)).toBe(code !== null);
  });
});

it.each([
  ['4821093756', '482 109 3756'],
  ['79927398713', '799 2739 8713'],
  ['482109375600', '4821 0937 5600'],
])('%s is shown as %s', (code, shown) => {
  expect(groupPaymentCode(code)).toBe(shown);
});
