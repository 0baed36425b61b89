/** Card data is masked at the moment it is keyed, texted or sent: what the simulator keeps has none. */

/** Digits as people write card numbers, with spaces, dots or dashes between them. */
const RUN = /\d(?:[ .-]?\d){11,22}/g;
const NUMBER_LENGTHS = [19, 18, 17, 16, 15, 14, 13, 12] as const;

/** The check digit of card numbers (ISO/IEC 7812-1, annex B). */
export function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** `text` with every digit starred of a run that may hold a card number. */
export function withoutCards(text: string): string {
  return text.replaceAll(RUN, (run) => (mayHoldCard(run.replaceAll(/\D/g, '')) ? run.replaceAll(/\d/g, '•') : run));
}

function mayHoldCard(digits: string): boolean {
  for (let from = 0; from + 12 <= digits.length; from += 1) {
    if (!'23456'.includes(digits.charAt(from))) continue;
    if (
      NUMBER_LENGTHS.some((length) => from + length <= digits.length && passesLuhn(digits.slice(from, from + length)))
    )
      return true;
  }
  return false;
}

/** A card number as Twilio reports it: the last four digits only. */
export function maskedNumber(number: string): string {
  return 'x'.repeat(Math.max(0, number.length - 4)) + number.slice(-4);
}
