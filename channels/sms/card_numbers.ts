/** Digits with what people put between them. */
const RUN = /\d(?:[\s.,_/\-\p{Pd}\p{Cf}]{0,3}\d){12,}/gu;
const SHORTEST = 13;
const LONGEST = 19;

/** True when a card number may stand in a text: 13 to 19 digits whose check digit is right, in groups or not. */
export function holdsCardNumber(text: string): boolean {
  return (text.match(RUN) ?? []).some((run) => holdsOne(run.replace(/\D/g, '')));
}

function holdsOne(digits: string): boolean {
  for (let from = 0; from + SHORTEST <= digits.length; from += 1) {
    for (let length = SHORTEST; length <= LONGEST && from + length <= digits.length; length += 1) {
      if (passesLuhn(digits.slice(from, from + length))) return true;
    }
  }
  return false;
}

/** The check digit of card numbers (ISO/IEC 7812-1, annex B). */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits.at(-1 - index));
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
