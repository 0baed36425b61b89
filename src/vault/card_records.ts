import { Impossible } from '../contracts/errors.js';
import type { CardFace, NewCard } from '../contracts/vault.js';

export type StoredCard = Pick<NewCard, 'number' | 'expiryMonth' | 'expiryYear' | 'brand'>;

/** What is kept of a card: never its security code (PCI DSS 3.3.1). */
export function bytesOfCard({ number, expiryMonth, expiryYear, brand }: NewCard): Buffer {
  return Buffer.from(JSON.stringify({ number, expiryMonth, expiryYear, brand } satisfies StoredCard));
}

export function faceOf({ number, expiryMonth, expiryYear, brand }: StoredCard, fingerprint: string): CardFace {
  const shown = { bin: number.slice(0, 6), last4: number.slice(-4), expMonth: expiryMonth, expYear: expiryYear };
  return { brand, ...shown, fingerprint };
}

export function isSecurityCode(digits: string): boolean {
  return /^\d{3,4}$/.test(digits);
}

/** Whoever keeps a card has checked it: what is bounded here is what a slip of ours could store. */
export function requireCard({ number, expiryMonth, expiryYear, securityCode, brand }: NewCard): void {
  const isCard =
    /^\d{12,19}$/.test(number) &&
    [expiryMonth, expiryYear].every(Number.isInteger) &&
    expiryMonth >= 1 &&
    expiryMonth <= 12 &&
    expiryYear >= 2000 &&
    expiryYear <= 9999 &&
    /^[a-z_-]{1,32}$/.test(brand);
  const isComplete = securityCode === null || isSecurityCode(securityCode);
  if (!isCard || !isComplete) throw new Impossible('a card comes here checked, see checkCard');
}
