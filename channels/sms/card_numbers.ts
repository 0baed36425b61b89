/** Digits with what people put between them. */
const RUN = /\d(?:[\s.,_/\-\p{Pd}\p{Cf}]{0,3}\d){12,}/gu;
const SHORTEST = 13;
const LONGEST = 19;
const LONGEST_GROUP = 16;

/**
 * True when a card number may stand in a text: 13 to 19 digits whose check digit is right, in groups or not. They begin and
 * end where a group does, but in one so long that anything may be written against them.
 */
export function holdsCardNumber(text: string): boolean {
  return (text.match(RUN) ?? []).some((run) => {
    const groups = run.match(/\d+/g) ?? [];
    return groups.some((group, from) =>
      group.length > LONGEST_GROUP ? holdsInside(group) : beginsHere(groups.slice(from)),
    );
  });
}

function beginsHere(groups: readonly string[]): boolean {
  let digits = '';
  for (const group of groups) {
    digits += group;
    if (digits.length > LONGEST) return false;
    if (digits.length >= SHORTEST && passesLuhn(digits)) return true;
  }
  return false;
}

function holdsInside(digits: string): boolean {
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
