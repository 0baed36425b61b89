import type { CardFace } from '../../src/contracts/vault.js';

/** How often a card is given once the key of fingerprints has changed: by the last digit of its giving. */
const AFTER_THE_CHANGE = /[79]$/;
const SHOWN = 10 ** 10;

/**
 * What may be shown of a card: its first three parts are the card, the last is one giving of it. Two cards differ in what is
 * shown of them; one card is told from its earlier givings by its fingerprint only while the key stays.
 */
export function faceOf(token: string): CardFace {
  const card = token.split('.').slice(0, 3).join('.');
  const digits = String([...card].reduce((sum, sign) => (sum * 131 + sign.charCodeAt(0)) % SHOWN, 7)).padStart(10, '4');
  const fingerprint = `${AFTER_THE_CHANGE.test(token) ? 2 : 1}.${card}`;
  return { brand: 'visa', bin: digits.slice(0, 6), last4: digits.slice(6), expMonth: 12, expYear: 2034, fingerprint };
}

/** The card that a face is of, whichever key its fingerprint was made with. */
export const cardBehind = ({ fingerprint }: CardFace): string => fingerprint.slice(2);
