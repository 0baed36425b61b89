/**
 * Takes out of anything what a log must not hold, by the name of a field and by what a text looks like. It errs on the side
 * of taking too much: a log with a hole is a nuisance, a log with a card number is a breach (PCI DSS 3.3, 3.4.1).
 */

/** What stands where something was taken out. */
export const REDACTED = '[redacted]';

/** Bounds of what one value may become: a log line must not be the way to fill a disk. */
const TEXT_LENGTH_MAX = 4_096;
const SCANNED_LENGTH_MAX = 16_384;
const DEPTH_MAX = 6;
const MEMBERS_MAX = 50;
const NODES_MAX = 500;

/** Field names, in lower case without punctuation, whose value is never shown. */
const SECRET_NAMES = new Set(
  (
    'number cardnumber pan acctnumber primaryaccountnumber accountnumber iban track track1 track2 ' +
    'securitycode cvc cvc2 cvv cvv2 csc cavv aav authenticationvalue pin pinblock otp onetimecode purchasecode ' +
    'verificationcode usercode paymentcode authorization proxyauthorization cookie cookies secret secrets token session ' +
    'password passwd passphrase apikey xapikey privatekey vaultkeys signingkeys credentials fingerprint signature ' +
    'creq cres threedsmethoddata email phone telephone'
  ).split(' '),
);
const SECRET_ENDINGS = /(?:secret|password|token|cookie|apikey|privatekey|securitycode|cardnumber|email|phone)$/;

/** A `code` is a word of ours or of the system (`not_found`, `ECONNREFUSED`); anything else may be what a payer typed. */
const CODE_WORD = /^(?:[a-z]{3,}(?:_[a-z0-9]+)*|[A-Z][A-Z0-9]*_[A-Z0-9_]+|E[A-Z]{3,})$/;

function isSecretName(name: string, value: unknown): boolean {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  if (plain === 'code') return !(typeof value === 'string' && CODE_WORD.test(value));
  return SECRET_NAMES.has(plain) || SECRET_ENDINGS.test(plain);
}

const INVISIBLE = '\\u200b-\\u200f\\u2060-\\u2064\\ufeff';
/** Between the digits of a card number as people and programs write it. */
const SEPARATOR = `(?:[\\s.+_\\-${INVISIBLE}]|%20)`;
/**
 * Runs of at least 12 digits; before them, what looks alike and is harmless: our ids, hexadecimal digests, network
 * addresses and times.
 */
const DIGITS = new RegExp(
  '\\b[a-z]{2,3}_[0-9A-Za-z]{22,40}\\b' +
    '|\\b(?=\\d*[a-f])(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})\\b' +
    '|\\b\\d{1,3}(?:\\.\\d{1,3}){3}\\b' +
    '|\\b\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d' +
    `|\\d(?:${SEPARATOR}{0,3}\\d){11,}`,
  'g',
);
const HAS_DIGITS = new RegExp(`\\d(?:${SEPARATOR}{0,3}\\d){11}`);

/** Shapes of secrets, each with what may stay of it. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\b(sk_(?:test|live)_)[\w-]+/g, `$1${REDACTED}`],
  [/\b(whsec_)[\w+/=-]+/g, `$1${REDACTED}`],
  [/(\/(?:pay|account|tv\/sessions)\/)[^/\s"'?#&]+/g, `$1${REDACTED}`],
  [/\b(bearer|basic)\s+[^\s"',;]+/gi, `$1 ${REDACTED}`],
  [/(:\/\/)[^/\s:@]*:[^/\s@]*@/g, `$1${REDACTED}@`],
  [/([?&](?:token|code|secret|session|signature|sig|key)=)[^&\s"'#]+/gi, `$1${REDACTED}`],
  [
    // Fields inside a text: JSON, forms, header lines, as errors of parsers like to quote them.
    /\b((?:card_?)?number|pan|security_?code|cvc2?|cvv2?|csc|otp|purchase_?code|one_?time_?code|password|secret|cookie|authorization)(\\?["']?\s*[:=]\s*\\?["']?)[^\s"'\\&,;}[]+/gi,
    `$1$2${REDACTED}`,
  ],
];
/** One look that most texts pass without the whole search. */
const MAY_HOLD_SHAPE =
  /sk_|whsec_|\/pay\/|\/account\/|\/sessions\/|bearer|basic|:\/\/|[?&]\w+=|number|pan|code|c[vs][vc]|otp|password|secret|cookie|authorization/i;

/** Control characters, and those that reorder or hide text on a terminal; the line feed is dealt with where lines matter. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is what this is for
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * `text` without card numbers, keys, page tokens and the like, without characters that act on a terminal, and not longer
 * than 4,096 characters.
 */
export function redactText(text: string): string {
  const cut = text.length > SCANNED_LENGTH_MAX;
  // What is cut off must not leave half a number that the search would no longer recognise.
  let clean = cut ? text.slice(0, SCANNED_LENGTH_MAX).replace(/[\d\s.+_-]+$/, '') : text;
  if (HAS_DIGITS.test(clean)) clean = clean.replaceAll(DIGITS, (run) => (/^\d/.test(run) ? redactRun(run) : run));
  if (MAY_HOLD_SHAPE.test(clean)) for (const [shape, rest] of SHAPES) clean = clean.replaceAll(shape, rest);
  clean = clean.replaceAll(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return cut || clean.length > TEXT_LENGTH_MAX
    ? `${clean.slice(0, TEXT_LENGTH_MAX)}… (${text.length} characters)`
    : clean;
}

/** A run of digits and separators, whole or redacted when a card number may hide in it. */
function redactRun(run: string): string {
  const digits = run.replaceAll('%20', '').replaceAll(/\D/g, '');
  // Thirteen digits that begin with a one are milliseconds since the epoch; no card number does so in that length.
  if (/^1\d{12}$/.test(run)) return run;
  if (digits.length <= 19 && passesLuhn(digits)) return REDACTED;
  for (let from = 0; from + 13 <= digits.length; from += 1) {
    if (!'23456'.includes(digits[from] ?? '')) continue;
    for (let length = 13; length <= 19 && from + length <= digits.length; length += 1) {
      if (passesLuhn(digits.slice(from, from + length))) return REDACTED;
    }
  }
  return run;
}

/** The check digit of card numbers (ISO/IEC 7812-1, annex B). */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/**
 * A copy of `value` that can be written as JSON and holds nothing secret: bounded in depth, width and length, circles cut,
 * errors opened with their stack and cause, bytes only counted. Never throws.
 */
export function redact(value: unknown): unknown {
  return copy(value, { above: [], nodes: { left: NODES_MAX } });
}

interface Place {
  readonly above: readonly object[];
  /** Shared by the whole copy. */
  readonly nodes: { left: number };
}

function copy(value: unknown, place: Place): unknown {
  switch (typeof value) {
    case 'string':
      return redactText(value);
    case 'number':
      return Number.isFinite(value) ? redactNumber(value) : String(value);
    case 'bigint':
      return redactText(String(value));
    case 'function':
    case 'symbol':
      return `[${typeof value}]`;
    case 'object':
      return value === null ? null : copyObject(value, place);
    default:
      return value;
  }
}

function redactNumber(value: number): number | string {
  const text = String(value);
  return redactText(text) === text ? value : REDACTED;
}

function copyObject(value: object, place: Place): unknown {
  if (place.above.includes(value)) return '[circular]';
  if (place.above.length >= DEPTH_MAX) return '[deep]';
  const inside: Place = { above: [...place.above, value], nodes: place.nodes };
  try {
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
    if (value instanceof URL || value instanceof URLSearchParams || value instanceof RegExp)
      return redactText(String(value));
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    if (value instanceof Error) return copyMembers(errorMembers(value), inside);
    if (value instanceof Map)
      return copyMembers(
        [...value].map(([key, member]) => [String(key), member]),
        inside,
      );
    if (Array.isArray(value) || value instanceof Set) return copyList([...value], inside);
    return copyMembers(Object.entries(value), inside);
  } catch {
    // A getter or proxy that throws must not take the log line with it.
    return '[unreadable]';
  }
}

function errorMembers(error: Error): [string, unknown][] {
  const { name, message, stack, cause } = error;
  const own = Object.entries(error).filter(([key]) => !['name', 'message', 'stack', 'cause'].includes(key));
  const further: [string, unknown][] = cause === undefined ? own : [...own, ['cause', cause]];
  if (error instanceof AggregateError) further.push(['errors', error.errors]);
  return [['name', name], ['message', message], ...further, ['stack', stack]];
}

function copyList(members: readonly unknown[], place: Place): unknown[] {
  const taken = take(members, place);
  const copies = taken.map((member) => copy(member, place));
  return taken.length < members.length ? [...copies, `… ${members.length - taken.length} more`] : copies;
}

function copyMembers(members: readonly [string, unknown][], place: Place): Record<string, unknown> {
  const taken = take(members, place);
  const copies = taken.map(([name, member]): [string, unknown] => {
    const secret = member !== null && member !== undefined && isSecretName(name, member);
    return [redactText(name), secret ? REDACTED : copy(member, place)];
  });
  if (taken.length < members.length) copies.push(['…', `${members.length - taken.length} more`]);
  // Object.fromEntries defines members: a field called __proto__ stays a field.
  return Object.fromEntries(copies);
}

function take<Member>(members: readonly Member[], { nodes }: Place): readonly Member[] {
  const taken = members.slice(0, Math.min(MEMBERS_MAX, Math.max(0, nodes.left)));
  nodes.left -= taken.length;
  return taken;
}
