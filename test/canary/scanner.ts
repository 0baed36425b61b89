/** Looks for secrets in bytes of any kind, in every form in which a program is likely to have left them. */
import { createHash } from 'node:crypto';

export interface Form {
  readonly form: string;
  readonly bytes: Buffer;
}

export interface Finding {
  readonly secret: string;
  readonly form: string;
  readonly where: string;
  readonly offset: number;
}

export interface Scanner {
  /** Every occurrence of every secret in `bytes`. */
  scan(where: string, bytes: Buffer): Finding[];
}

/**
 * All forms of a secret. Digits of card numbers are looked for as numbers too; a shorter secret would be found by chance
 * in binary, so that it is looked for as text only.
 */
export function formsOf(secret: string): Form[] {
  const isCard = /^\d{13,19}$/.test(secret);
  const texts: [string, string][] = [
    ['plain', secret],
    ['reversed', [...secret].reverse().join('')],
    ['percent-encoded', escapedWith(secret, (code) => `%${code.toString(16)}`)],
    ['JSON escapes', escapedWith(secret, (code) => `\\u${code.toString(16).padStart(4, '0')}`)],
    ['HTML entities', escapedWith(secret, (code) => `&#${code};`)],
  ];
  if (isCard) {
    for (const [name, separator] of [
      ['spaced', ' '],
      ['dashed', '-'],
      ['dotted', '.'],
      ['spaced with %20', '%20'],
      ['spaced with +', '+'],
      ['spaced with no-break spaces', '\u00a0'],
    ] as const) {
      texts.push([name, grouped(secret).join(separator)]);
    }
    texts.push(['spaced, reversed', [...grouped(secret).join(' ')].reverse().join('')]);
  }
  const found = texts.flatMap(([form, text]) => encodingsOf(form, text));
  const binary = isCard ? binaryOf(secret) : [];
  const all = [...found, ...binary, ...digestsOf(secret)];
  const seen = new Set<string>();
  // A form too short to mean anything (the middle of a short base64) would be found everywhere.
  return all.filter(({ bytes }) => {
    const known = bytes.toString('latin1');
    if (bytes.length < 5 || seen.has(known)) return false;
    seen.add(known);
    return true;
  });
}

/** Four digits each; American Express groups 4, 6 and 5. */
function grouped(number: string): string[] {
  if (number.length === 15) return [number.slice(0, 4), number.slice(4, 10), number.slice(10)];
  return number.match(/\d{1,4}/g) ?? [];
}

function escapedWith(text: string, written: (code: number) => string): string {
  return [...text].map((character) => written(character.charCodeAt(0))).join('');
}

function encodingsOf(form: string, text: string): Form[] {
  const bytes = Buffer.from(text, 'utf8');
  const hex = bytes.toString('hex');
  return [
    { form, bytes },
    { form: `${form}, UTF-16LE`, bytes: Buffer.from(text, 'utf16le') },
    { form: `${form}, UTF-16BE`, bytes: Buffer.from(text, 'utf16le').swap16() },
    { form: `${form}, hex`, bytes: Buffer.from(hex) },
    { form: `${form}, HEX`, bytes: Buffer.from(hex.toUpperCase()) },
    ...base64Of(`${form}, base64`, bytes),
  ];
}

/** The part of the base64 that depends on nothing but the secret, wherever in the encoded text it stands. */
function base64Of(form: string, bytes: Buffer): Form[] {
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor(((before + bytes.length) * 8) / 6);
    const middle = encoded.slice(from, to);
    const url = middle.replaceAll('+', '-').replaceAll('/', '_');
    return [
      { form, bytes: Buffer.from(middle) },
      { form: `${form}url`, bytes: Buffer.from(url) },
    ];
  });
}

/** Two digits in a byte, beginning with either half of one; and as an integer or floating point number. */
function binaryOf(digits: string): Form[] {
  const even = digits.slice(0, digits.length - (digits.length % 2));
  const odd = digits.slice(1, digits.length - ((digits.length - 1) % 2));
  // A round number packed into bytes is little but zeros, of which every database is full.
  const isTelling = ({ bytes }: Form): boolean => new Set(bytes).size > 3;
  const integer = Buffer.alloc(8);
  integer.writeBigUInt64BE(BigInt(digits));
  const significant = integer.subarray(integer.findIndex((byte) => byte !== 0));
  const float = Buffer.alloc(8);
  float.writeDoubleBE(Number(digits));
  return [
    { form: 'BCD', bytes: Buffer.from(even, 'hex') },
    { form: 'BCD', bytes: Buffer.from(odd, 'hex') },
    { form: 'integer', bytes: significant },
    { form: 'integer', bytes: Buffer.from(significant).reverse() },
    { form: 'double', bytes: float },
    { form: 'double', bytes: Buffer.from(float).reverse() },
  ].filter(isTelling);
}

/** A digest without a key is as good as the number: all numbers can be tried (PCI DSS 3.5.1.1). */
function digestsOf(secret: string): Form[] {
  return ['md5', 'sha1', 'sha256', 'sha512'].flatMap((name) => {
    const digest = createHash(name).update(secret).digest();
    return [
      { form: name, bytes: digest },
      { form: `${name}, hex`, bytes: Buffer.from(digest.toString('hex')) },
      { form: `${name}, base64`, bytes: Buffer.from(digest.toString('base64').replace(/=+$/, '')) },
      { form: `${name}, base64url`, bytes: Buffer.from(digest.toString('base64url')) },
    ];
  });
}

interface Needle extends Form {
  readonly secret: string;
}

/** Thousands of needles at once: each position is looked up by its first four bytes. */
export function createScanner(secrets: readonly string[], forms: (secret: string) => Form[] = formsOf): Scanner {
  const byPrefix = new Map<number, Needle[]>();
  const begins = new Uint8Array(0x10000);
  for (const secret of new Set(secrets)) {
    for (const form of forms(secret)) {
      const prefix = form.bytes.readUInt32BE(0);
      begins[form.bytes.readUInt16BE(0)] = 1;
      const needles = byPrefix.get(prefix);
      if (needles === undefined) byPrefix.set(prefix, [{ ...form, secret }]);
      else needles.push({ ...form, secret });
    }
  }

  return {
    scan(where, bytes) {
      const findings: Finding[] = [];
      for (let offset = 0; offset + 4 <= bytes.length; offset += 1) {
        if (begins[((bytes[offset] as number) << 8) | (bytes[offset + 1] as number)] === 0) continue;
        for (const needle of byPrefix.get(bytes.readUInt32BE(offset)) ?? []) {
          if (!bytes.subarray(offset, offset + needle.bytes.length).equals(needle.bytes)) continue;
          findings.push({ secret: needle.secret, form: needle.form, where, offset });
        }
      }
      return findings;
    },
  };
}
