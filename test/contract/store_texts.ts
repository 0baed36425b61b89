import { expect, it } from 'vitest';
import type { Text } from '../../src/contracts/text.js';
import { SAMPLE_TIME, sampleChallenge, sampleConsent, sampleText } from './samples.js';
import type { StoreUnderTest } from './store_under_test.js';

/** Texts, found by what is due, by payment, by number and by key; and what was said about texts to a number. */
export function proveTexts(under: StoreUnderTest): void {
  const store = async (...texts: Text[]): Promise<void> => {
    for (const text of texts) expect(await under.store.texts.commit(text)).toBe(true);
  };

  it('keep everything, digits and all that they led to', async () => {
    const plain = sampleText();
    await store(plain);
    expect(await under.store.texts.load(plain.id)).toEqual(plain);
    const asked = { ...plain, revision: 2, challenge: sampleChallenge() };
    const answer = { message: 'SM2', prompt: 'begin.1', at: SAMPLE_TIME };
    const answered = {
      ...asked,
      revision: 3,
      challenge: sampleChallenge({ tried: ['SM1', 'SM2'], state: 'answered', answer }),
    };
    const erased = { ...answered, setbacks: 2, revision: 4, to: null, number: null, reach: null, dueAt: null };
    for (const next of [asked, answered, erased]) {
      await store(next);
      expect(await under.store.texts.load(plain.id)).toEqual(next);
    }
    expect(await under.store.texts.load('txt_none')).toBeNull();
  });

  it('have one key each, and tell who commits another under it', async () => {
    const first = sampleText();
    await store(first);
    const again = sampleText({ key: first.key });
    await expect(under.store.texts.commit(again)).rejects.toMatchObject({ name: 'DuplicateKey', index: 'id' });
    expect(await under.store.texts.load(again.id)).toBeNull();
    expect(await under.store.texts.byKey(first.key)).toEqual(first);
    expect(await under.store.texts.byKey('none')).toBeNull();
  });

  it('are due earliest first, until nothing is left to do', async () => {
    expect(await under.store.texts.nextDue()).toBeNull();
    const [late, early, settled] = [
      sampleText({ dueAt: SAMPLE_TIME + 5 }),
      sampleText({ dueAt: SAMPLE_TIME + 1 }),
      sampleText({ dueAt: null, status: 'sent', to: null }),
    ];
    await store(late, early, settled);
    expect(await under.store.texts.nextDue()).toBe(SAMPLE_TIME + 1);
    expect(await under.store.texts.due(SAMPLE_TIME, 9)).toEqual([]);
    expect(await under.store.texts.due(SAMPLE_TIME + 9, 1)).toEqual([early]);
    expect(await under.store.texts.due(SAMPLE_TIME + 9, 9)).toEqual([early, late]);
    await store({ ...early, revision: 2, dueAt: null }, { ...late, revision: 2, dueAt: null });
    expect(await under.store.texts.nextDue()).toBeNull();
  });

  it('are replaced only at the revision that was read: one process claims it', async () => {
    const text = sampleText();
    await store(text);
    const claims = Array.from({ length: 10 }, (_, index) => ({ ...text, revision: 2, dueAt: SAMPLE_TIME + index }));
    const won = await Promise.all(claims.map((claim) => under.store.texts.commit(claim)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await under.store.texts.load(text.id)).toEqual(claims[won.indexOf(true)]);
  });

  it('are found by their payment, oldest first, and by their number, newest first', async () => {
    const [one, two, three] = [
      sampleText({ payment: 'pay_a', number: 'k1.a' }),
      sampleText({ payment: 'pay_a', number: 'k2.a' }),
      sampleText({ payment: 'pay_b', number: 'k1.b' }),
    ];
    await store(one, two, three, sampleText({ payment: 'pay_c', number: null }));
    expect(await under.store.texts.ofPayment('pay_a')).toEqual([one, two]);
    expect(await under.store.texts.ofNumber(['k1.a', 'k2.a'], 9)).toEqual([two, one]);
    expect(await under.store.texts.ofNumber(['k1.a', 'k2.a', 'k1.b'], 2)).toEqual([three, two]);
    const asking = sampleText({ payment: 'pay_c', number: 'k2.a', challenge: sampleChallenge() });
    await store(asking, sampleText({ number: 'k1.a' }));
    expect(await under.store.texts.withDigitsTo(['k1.a', 'k2.a'], 9)).toEqual([asking]);
    expect(await under.store.texts.withDigitsTo(['k1.a'], 9)).toEqual([]);
    expect(await under.store.texts.ofNumber([], 9)).toEqual([]);
    expect(await under.store.texts.ofNumber(['k9.a'], 9)).toEqual([]);
  });

  it('of a wish one word is written down after the other', async () => {
    const { consents } = under.store;
    const first = sampleConsent();
    expect(await consents.commit(first)).toBe(true);
    expect(await consents.commit(sampleConsent({ id: first.id }))).toBe(false);
    const back = { given: true, at: SAMPLE_TIME + 1, by: 'payer' } as const;
    const next = {
      ...first,
      revision: 2,
      purposes: { payment: back, receipt: back },
      log: [...first.log, { ...back, purposes: ['payment' as const, 'receipt' as const] }],
    };
    expect(await consents.commit(next)).toBe(true);
    expect(await consents.load(first.id)).toEqual(next);
    expect(await consents.load('k1.none')).toBeNull();
  });
}
