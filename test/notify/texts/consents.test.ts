import { expect, it, onTestFinished } from 'vitest';
import { CONSENT_PURPOSES } from '../../../src/contracts/text.js';
import { createConsents } from '../../../src/notify/texts/consents.js';
import { createSigning } from '../../../src/signing.js';
import { virtualClock } from '../../clock.js';
import { seededIds } from '../../ids.js';
import { emptyStore } from '../../support/empty_store.js';

const PHONE = '+33612345678';
const key = (id: string, seed: number) => ({
  id,
  bytes: Uint8Array.from({ length: 32 }, (_, at) => (at * seed) % 256),
});
const [OLD, NEW, NEWEST] = [key('k1', 7), key('k2', 11), key('k3', 13)];

/** The list of wishes, as processes see it that have these keys. */
async function house() {
  const store = await emptyStore();
  onTestFinished(() => store.close());
  const clock = virtualClock(Date.UTC(2030, 0, 8));
  const ids = seededIds(1, clock);
  return {
    clock,
    with: (...keys: (typeof OLD)[]) =>
      createConsents({ store, clock, numberNames: createSigning({ keys, ids }).numberNames }),
  };
}

const word = (given: boolean) => ({ given, by: 'payer', purposes: CONSENT_PURPOSES }) as const;

it('STOP is known after the key is gone that it was written under, once it was looked at under the new one', async () => {
  const { with: consents, clock } = await house();
  const at = clock.now();
  await consents(OLD).say(PHONE, word(false));
  clock.advance(1_000);
  expect(await consents(NEW, OLD).optedOutAt(PHONE, 'payment')).toBe(at);
  expect(await consents(NEW).optedOutAt(PHONE, 'payment')).toBe(at);
  expect(await consents(NEWEST, NEW).optedOutAt(PHONE, 'receipt')).toBe(at);
  expect(await consents(NEWEST).optedOutAt(PHONE, 'receipt')).toBe(at);
});

it('a word that changes nothing is carried over too', async () => {
  const { with: consents } = await house();
  await consents(OLD).say(PHONE, word(false));
  expect(await consents(NEW, OLD).say(PHONE, word(false))).toBe(false);
  expect(await consents(NEW).optedOutAt(PHONE, 'payment')).not.toBeNull();
});

it('while processes with old and new keys run side by side, the latest word holds for all', async () => {
  const { with: consents, clock } = await house();
  await consents(OLD, NEW).say(PHONE, word(false));
  clock.advance(1_000);
  await consents(NEW, OLD).say(PHONE, word(true));
  for (const keys of [[OLD, NEW], [NEW, OLD], [NEW]]) {
    expect(await consents(...keys).optedOutAt(PHONE, 'payment')).toBeNull();
  }
  clock.advance(1_000);
  const again = clock.now();
  await consents(OLD, NEW).say(PHONE, word(false));
  for (const keys of [[NEW, OLD], [OLD, NEW], [OLD], [NEW]]) {
    expect(await consents(...keys).optedOutAt(PHONE, 'payment')).toBe(again);
  }
});
