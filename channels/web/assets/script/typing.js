// How a card number is written: in groups, as on the card.

const isPlain = (text) => /^[\d\s-]*$/.test(text);
export const digitsOf = (text) => text.replace(/\D/g, '');

/** The digits in groups: fours, or 4-6-5 where American Express begins. */
export function grouped(digits) {
  const sizes = /^3[47]/.test(digits) ? [4, 6, 5] : [4, 4, 4, 4, 3];
  const groups = [];
  let at = 0;
  for (const size of sizes) {
    if (at < digits.length) groups.push(digits.slice(at, at + size));
    at += size;
  }
  if (at < digits.length) groups.push(digits.slice(at));
  return groups.join(' ');
}

/**
 * Writes the number in groups and leaves the caret between the same two digits. What holds anything but digits and what
 * parts them is left as it is: the server tells what it makes of it.
 */
export function groupAsTyped(input, inputType = '') {
  const { value, selectionStart } = input;
  if (!isPlain(value)) return;
  const text = grouped(digitsOf(value));
  if (text === value) return;
  const digitsBefore = digitsOf(value.slice(0, selectionStart ?? value.length)).length;
  input.value = text;
  if (document.activeElement !== input) return;
  let caret = 0;
  for (let seen = 0; seen < digitsBefore; caret += 1) if (text[caret] !== ' ') seen += 1;
  // Deleting forward over a gap gets over it, else the key would do nothing for ever. Typing goes on behind it as well.
  const isForward = inputType === 'deleteContentForward' || !inputType.startsWith('delete');
  if (isForward && text[caret] === ' ') caret += 1;
  input.setSelectionRange(caret, caret);
}
