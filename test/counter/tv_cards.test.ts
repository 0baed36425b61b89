import { describe, expect, it } from 'vitest';
import type { Payer, StoredInstrument } from '../../src/contracts/payer.js';
import type { CardFace } from '../../src/contracts/vault.js';
import { cardsFor } from '../../src/counter/tv_scene.js';
import { declined } from './tv_scenes.js';

const TRIED: CardFace = {
  ...{ brand: 'visa', bin: '424242', last4: '4242', expMonth: 12, expYear: 2034, fingerprint: '1.card' },
};
/** The same card, stored anew under another fingerprint key. */
const STORED_ANEW: CardFace = { ...TRIED, fingerprint: '2.other' };
const OTHER: CardFace = { ...TRIED, last4: '1881', fingerprint: '2.another' };

/** The last digits of the cards that are offered after the card of these sketches was declined. */
function offeredAfter(sketched: ReturnType<typeof declined>, faces: readonly CardFace[]): string[] {
  const instruments = faces.map((face) => ({ id: `ins_${face.last4}`, face }) as unknown as StoredInstrument);
  const household = { instruments } as unknown as Payer;
  return cardsFor(household, sketched.payment, sketched.now, () => true).map(({ last4 }) => last4);
}

describe('a card that was declined on the payment', () => {
  it.each([
    ['under the same fingerprint key', TRIED],
    ['after the fingerprint key was changed', STORED_ANEW],
  ])('is not offered again where its bank advises against it, %s', (_, face) => {
    expect(offeredAfter(declined('stolen_card', 'stop'), [face, OTHER])).toEqual(['1881']);
  });

  it('comes last where it may be tried again, whichever key its fingerprint was made with', () => {
    expect(offeredAfter(declined(), [OTHER, STORED_ANEW])).toEqual(['1881', '4242']);
  });
});
