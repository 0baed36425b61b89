import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIds } from '../src/ids.js';
import { virtualClock } from './clock.js';
import { seededIds } from './ids.js';

const START = Date.UTC(2030, 0, 1);
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

describe('identities', () => {
  it('are a prefix, ten characters of time and sixteen of chance', () => {
    const ids = createIds({ clock: virtualClock(START) });
    expect(ids.next('pay')).toMatch(/^pay_[0-9abcdefghjkmnpqrstvwxyz]{26}$/);
    expect(ids.next('op')).toMatch(/^op_[0-9abcdefghjkmnpqrstvwxyz]{26}$/);
  });

  it('write time and random bytes as Crockford does', () => {
    // Known from the ULID specification: the last moment of 48 bits is 7zzzzzzzzz.
    const last = createIds({ clock: virtualClock(2 ** 48 - 1), random: (bytes) => bytes.fill(255) });
    expect(last.next('pay')).toBe('pay_7zzzzzzzzzzzzzzzzzzzzzzzzz');
    const first = createIds({ clock: virtualClock(0), random: (bytes) => bytes.set([0, 0, 0, 0, 1, 0x84, 0x21]) });
    expect(first.next('pay')).toBe(`pay_${'0'.repeat(17)}1gggg0000`);
  });

  it('carry their time and sort by it', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 47 }), fc.integer({ min: 1, max: 2 ** 40 }), (at, later) => {
        const clock = virtualClock(at);
        const ids = createIds({ clock });
        const before = ids.next('evt');
        clock.advance(later);
        const after = ids.next('evt');
        expect(timeOf(before)).toBe(at);
        expect(timeOf(after)).toBe(at + later);
        expect(before < after).toBe(true);
      }),
    );
  });

  it('differ, within one moment and across many draws', () => {
    const ids = createIds({ clock: virtualClock(START) });
    const drawn = new Set(Array.from({ length: 100_000 }, () => ids.next('pay')));
    expect(drawn.size).toBe(100_000);
  });

  it('use all 80 random bits', () => {
    const ids = createIds({ clock: virtualClock(START) });
    for (let place = 14; place < 30; place++) {
      const seen = new Set(Array.from({ length: 2_000 }, () => ids.next('pay')[place]));
      expect([...seen].sort().join('')).toBe(ALPHABET);
    }
  });
});

describe('tokens', () => {
  it.each([8, 64, 128, 256, 8_192])('of %d bits', (bits) => {
    const ids = createIds({ clock: virtualClock(START) });
    const token = ids.token(bits);
    expect(token).toMatch(/^[\w-]+$/);
    expect(Buffer.from(token, 'base64url')).toHaveLength(bits / 8);
    expect(bits > 8 && ids.token(bits) === token).toBe(false);
  });

  it.each([0, -8, 7, 12, 8_200, Number.NaN])('are not of %d bits', (bits) => {
    expect(() => createIds({ clock: virtualClock(START) }).token(bits)).toThrow(RangeError);
  });

  it('do not stay where they were drawn', () => {
    let pool: Uint8Array = new Uint8Array();
    const ids = createIds({
      clock: virtualClock(START),
      random(bytes) {
        pool = bytes;
        bytes.fill(170);
      },
    });
    ids.token(128);
    ids.digits(4);
    expect([...pool.subarray(0, 21)]).toEqual([...Array<number>(20).fill(0), 170]);
  });
});

describe('digits', () => {
  it('are uniform: of all bytes, each digit takes as many', () => {
    let byte = 0;
    const random = (bytes: Uint8Array): void => {
      for (let index = 0; index < bytes.length; index++) bytes[index] = byte++ % 256;
    };
    const ids = createIds({ clock: virtualClock(START), random });
    const drawn = Array.from({ length: 10 }, () => ids.digits(25)).join('');
    for (const digit of '0123456789') expect(drawn.split(digit)).toHaveLength(26);
  });

  it('are as many as asked for', () => {
    const ids = createIds({ clock: virtualClock(START) });
    for (const count of [1, 6, 9, 64]) expect(ids.digits(count)).toMatch(new RegExp(`^\\d{${count}}$`));
    for (const count of [0, -1, 1.5, 65]) expect(() => ids.digits(count)).toThrow(RangeError);
  });
});

describe('seededIds', () => {
  it('draws the same for the same seed and something else for another', () => {
    const draw = (seed: number): string[] => {
      const ids = seededIds(seed, virtualClock(START));
      return [ids.next('pay'), ids.next('pay'), ids.token(128), ids.digits(9)];
    };
    expect(draw(7)).toEqual(draw(7));
    expect(new Set([...draw(7), ...draw(8), ...draw(0)]).size).toBe(12);
  });
});

function timeOf(id: string): number {
  const [, text = ''] = id.split('_');
  return [...text.slice(0, 10)].reduce((time, character) => time * 32 + ALPHABET.indexOf(character), 0);
}
