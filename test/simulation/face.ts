import type { CardFace } from '../../src/contracts/vault.js';

/** What may be shown of a card: its first three parts are the card, the last is one giving of it. */
export const faceOf = (token: string): CardFace => ({
  brand: 'visa',
  bin: '424242',
  last4: '4242',
  expMonth: 12,
  expYear: 2034,
  fingerprint: token.split('.').slice(0, 3).join('.'),
});
