import type { TextBinding, TextCodes } from './contracts/text.js';

/** Makes and checks `keyId.mac` for one purpose, as `src/signing.ts` does. */
interface Stamps {
  make(parts: readonly (string | number)[]): string;
  isMade(stamp: string, parts: readonly (string | number)[]): boolean;
  /** Bytes that only the key of `stamp` makes of these parts; null when it is gone. */
  bytesUnder(stamp: string, parts: readonly (string | number)[]): Buffer | null;
}

const DIGITS = 6;
/** 48 bits: what is left over when they are cut to a million is less than one in a hundred million. */
const DRAWN_BYTES = 6;

/**
 * The digits of a text are derived from what they are bound to, so that a text that must be sent a second time says the same,
 * though they are stored nowhere. The hash names the key that they are derived with, and stays good while that key is known.
 */
export function createTextCodes(derived: Stamps, hashes: Stamps): TextCodes {
  const partsOf = ({ text, number, payment, amount, currency, instrument, expiresAt }: TextBinding) => {
    return [text, number, payment, amount, currency, instrument, expiresAt];
  };

  function digitsUnder(stamp: string, binding: TextBinding): string | null {
    const bytes = derived.bytesUnder(stamp, partsOf(binding));
    if (bytes === null) return null;
    return String(bytes.readUIntBE(0, DRAWN_BYTES) % 10 ** DIGITS).padStart(DIGITS, '0');
  }

  return {
    hashOf(binding) {
      const digits = digitsUnder(derived.make([]), binding) ?? '';
      return hashes.make([...partsOf(binding), digits]);
    },
    codeOf(hash, binding) {
      const digits = digitsUnder(hash, binding);
      return digits !== null && hashes.isMade(hash, [...partsOf(binding), digits]) ? digits : null;
    },
    isCode: (hash, typed, binding) => hashes.isMade(hash, [...partsOf(binding), typed]),
  };
}
