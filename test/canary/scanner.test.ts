/** A scanner that finds nothing proves nothing: each encoding is planted by other means than it is looked for. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createScanner } from './scanner.js';

const folder = mkdtempSync(join(tmpdir(), 'guichet-scanner-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const VISA = '4539578763621486';
const AMEX = '371449635398431';
const LONG = '6304985028090561515';
const CARDS = [VISA, AMEX, LONG];
const CODE = '80417256';
const scanner = createScanner([...CARDS, CODE]);

/** What the scanner finds in a file that holds `bytes` between noise. */
function planted(bytes: Buffer | string): Set<string> {
  const file = join(folder, 'some.log');
  const noise = createHash('sha512').update('noise').digest();
  writeFileSync(file, Buffer.concat([noise, Buffer.from(bytes as string), noise]));
  return new Set(scanner.scan(file, readFileSync(file)).map(({ secret }) => secret));
}

const bcd = (digits: string): Buffer => {
  const padded = digits.length % 2 === 0 ? digits : `${digits}0`;
  return Buffer.from(padded.match(/../g)?.map((pair) => (Number(pair[0]) << 4) | Number(pair[1])) ?? []);
};
const dataView = (write: (view: DataView) => void): Buffer => {
  const buffer = new ArrayBuffer(8);
  write(new DataView(buffer));
  return Buffer.from(buffer);
};

const AS_TEXT: readonly (readonly [string, (text: string) => Buffer | string])[] = [
  ['plain', (text) => `{"number":"${text}"}`],
  ['UTF-16', (text) => Buffer.from(`"${text}"`, 'utf16le')],
  ['UTF-16, big end first', (text) => Buffer.from(`"${text}"`, 'utf16le').swap16()],
  ['hex', (text) => Buffer.from(`${text};`).toString('hex')],
  ['upper-case hex', (text) => Buffer.from(`~${text}`).toString('hex').toUpperCase()],
  ['URL-encoded throughout', (text) => text.replaceAll(/./g, (digit) => `%3${digit}`)],
  ['JSON escapes', (text) => text.replaceAll(/./g, (digit) => `\\u003${digit}`)],
  ['HTML entities', (text) => text.replaceAll(/./g, (digit) => `&#${48 + Number(digit)};`)],
  ['reversed', (text) => text.split('').reverse().join('')],
  ['base64 as it is', (text) => btoa(text)],
  ['base64 behind one byte', (text) => btoa(`"${text}"}`)],
  ['base64 behind two bytes', (text) => btoa(`:"${text}",`)],
  ['base64url', (text) => Buffer.from(`??${text}`).toString('base64url')],
  ['a bare digest', (text) => createHash('sha256').update(text).digest('hex')],
  ['a bare digest in base64', (text) => createHash('sha1').update(text).digest('base64')],
  ['a bare digest as bytes', (text) => createHash('md5').update(text).digest()],
];
const AS_CARD: readonly (readonly [string, (number: string) => Buffer | string])[] = [
  ['dashed', (number) => inGroups(number, '-')],
  ['spaced', (number) => inGroups(number, ' ')],
  ['spaced in a query', (number) => new URLSearchParams({ number: inGroups(number, ' ') }).toString()],
  ['spaced in a path', (number) => encodeURIComponent(inGroups(number, ' '))],
  ['spaced, base64', (number) => btoa(inGroups(number, ' '))],
  ['BCD', (number) => bcd(number)],
  ['BCD behind half a byte', (number) => bcd(`7${number}`)],
  ['an integer', (number) => dataView((view) => view.setBigUint64(0, BigInt(number)))],
  ['an integer, little end first', (number) => dataView((view) => view.setBigUint64(0, BigInt(number), true))],
  ['a number of JavaScript', (number) => dataView((view) => view.setFloat64(0, Number(number), true))],
];

function inGroups(number: string, separator: string): string {
  const groups = number.length === 15 ? /^(\d{4})(\d{6})(\d{5})$/ : /^(\d{4})(\d{4})(\d{4})(\d{1,4})(\d{0,4})$/;
  return (groups.exec(number) ?? []).slice(1).filter(Boolean).join(separator);
}

describe('the scanner', () => {
  it.each(AS_TEXT)('finds what was left behind as %s', (_, encode) => {
    for (const secret of [...CARDS, CODE]) expect(planted(encode(secret))).toEqual(new Set([secret]));
  });

  it.each(AS_CARD)('finds a card number left behind as %s', (_, encode) => {
    for (const secret of CARDS) expect(planted(encode(secret))).toEqual(new Set([secret]));
  });

  it('finds nothing in masked digits, in other numbers and in noise', () => {
    const others = ['453957…1486', '4539 57** **** 1486', '4539578763621487', '8041725', '2030-01-15T12:00:00.000Z'];
    for (const text of others) expect(planted(text)).toEqual(new Set());
  });

  it('sees both ends of what it is given', () => {
    expect(scanner.scan('start', Buffer.from(`${VISA} `))).toHaveLength(1);
    expect(scanner.scan('end', Buffer.from(` ${VISA}`))).toHaveLength(1);
    expect(scanner.scan('cut', Buffer.from(VISA.slice(1)))).toHaveLength(0);
  });
});
