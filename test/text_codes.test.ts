import { describe, expect, it, onTestFinished } from 'vitest';
import type { TextBinding } from '../src/contracts/text.js';
import { createConsents } from '../src/notify/texts/consents.js';
import { createSigning } from '../src/signing.js';
import { openSqliteStore } from '../src/store/sqlite/index.js';

const ids = { token: () => 'salt' };
const key = (id: string, seed: number) => ({
  id,
  bytes: Uint8Array.from({ length: 32 }, (_, index) => (index * seed + 3) % 256),
});
const [OLD, NEW] = [key('k1', 7), key('k2', 11)];
const signingWith = (...keys: (typeof OLD)[]) => createSigning({ keys, ids });

const BINDING: TextBinding = {
  ...{ text: 'txt_1', number: 'k1.number', payment: 'pay_1', amount: 4250, currency: 'EUR' },
  ...{ instrument: 'ins_1', expiresAt: 1_900_000_000_000 },
};

describe('the digits of a text', () => {
  const { textCodes: codes } = signingWith(OLD);
  const hash = codes.hashOf(BINDING);

  it('are six, the same each time, and found behind their hash', () => {
    const code = codes.codeOf(hash, BINDING) ?? '';
    expect(code).toMatch(/^\d{6}$/);
    expect(codes.codeOf(codes.hashOf(BINDING), BINDING)).toBe(code);
    expect(codes.isCode(hash, code, BINDING)).toBe(true);
    expect(hash).not.toContain(code);
  });

  it.each([
    ['text', { text: 'txt_2' }],
    ['number', { number: 'k1.other' }],
    ['payment', { payment: 'pay_2' }],
    ['amount', { amount: 4251 }],
    ['currency', { currency: 'JPY' }],
    ['card', { instrument: 'ins_2' }],
    ['end', { expiresAt: 1_900_000_001_000 }],
  ])('are bound to their %s', (_, change) => {
    const other = { ...BINDING, ...change };
    const code = codes.codeOf(hash, BINDING) ?? '';
    expect(codes.isCode(hash, code, other)).toBe(false);
    expect(codes.codeOf(hash, other)).toBeNull();
  });

  it('are none but these', () => {
    const code = codes.codeOf(hash, BINDING) ?? '';
    for (const typed of ['', '000000', `${code}0`, code.slice(1), ` ${code}`, '４８２１９３']) {
      if (typed !== code) expect(codes.isCode(hash, typed, BINDING)).toBe(false);
    }
  });

  it('outlive a change of keys, and end with their own', () => {
    const code = codes.codeOf(hash, BINDING) ?? '';
    const rotated = signingWith(NEW, OLD).textCodes;
    expect([rotated.codeOf(hash, BINDING), rotated.isCode(hash, code, BINDING)]).toEqual([code, true]);
    expect(rotated.hashOf(BINDING)).toMatch(/^k2\./);
    const later = signingWith(NEW).textCodes;
    expect([later.codeOf(hash, BINDING), later.isCode(hash, code, BINDING)]).toEqual([null, false]);
  });

  it('are spread evenly', () => {
    const first = new Map<string, number>();
    for (let index = 0; index < 5_000; index += 1) {
      const binding = { ...BINDING, text: `txt_${index}` };
      const code = codes.codeOf(codes.hashOf(binding), binding) ?? '';
      first.set(code[0] ?? '', (first.get(code[0] ?? '') ?? 0) + 1);
    }
    expect(first.size).toBe(10);
    // Five hundred each, give or take five standard deviations.
    for (const count of first.values()) expect(Math.abs(count - 500)).toBeLessThan(110);
  });
});

describe('who wants no texts', () => {
  it('is known after a change of keys, and kept under the new one from then on', async () => {
    const store = openSqliteStore({ path: ':memory:' });
    onTestFinished(() => store.close());
    const clock = { now: () => 1_900_000_000_000 };
    const number = '+33612345678';
    const consentsWith = (...keys: (typeof OLD)[]) =>
      createConsents({ store, clock, numberNames: signingWith(...keys).numberNames });
    const word = { given: false, by: 'payer', purposes: ['payment', 'receipt'] } as const;
    expect(await consentsWith(OLD).say(number, word)).toBe(true);
    expect(await consentsWith(OLD).say(number, word)).toBe(false);
    const rotated = consentsWith(NEW, OLD);
    expect(await rotated.optedOutAt(number, 'payment')).toBe(clock.now());
    expect(await rotated.optedOutAt('+33612345679', 'payment')).toBeNull();
    expect(await rotated.say(number, { ...word, given: true, purposes: ['payment'] })).toBe(true);
    expect(await rotated.optedOutAt(number, 'payment')).toBeNull();
    expect(await rotated.optedOutAt(number, 'receipt')).toBe(clock.now());
    const [name = ''] = signingWith(NEW).numberNames(number);
    const kept = await store.consents.load(name);
    expect(kept?.log.map(({ given, purposes }) => [given, purposes])).toEqual([
      [false, ['payment', 'receipt']],
      [true, ['payment']],
    ]);
    expect(JSON.stringify(kept)).not.toContain('612345678');
    expect(await consentsWith(NEW).optedOutAt(number, 'receipt')).toBe(clock.now());
  });

  it('two words at once are both heard', async () => {
    const store = openSqliteStore({ path: ':memory:' });
    onTestFinished(() => store.close());
    const consents = createConsents({ store, clock: { now: () => 5 }, numberNames: (number) => [`k1.${number}`] });
    const said = (['payment', 'receipt'] as const).map((purpose) =>
      consents.say('+33612345678', { given: false, by: 'payer', purposes: [purpose] }),
    );
    expect(await Promise.all(said)).toEqual([true, true]);
    expect(await consents.optedOutAt('+33612345678', 'payment')).toBe(5);
    expect(await consents.optedOutAt('+33612345678', 'receipt')).toBe(5);
  });
});
