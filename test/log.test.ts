import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../src/contracts/clock.js';
import { createLog } from '../src/log.js';
import { REDACTED, redact, redactText } from '../src/redaction.js';
import type { LogFormat, LogLevel } from '../src/settings.js';

const CARD = '4970100000000006';
const CANARIES = [
  CARD,
  '4970 1000 0000 0006',
  '4970-1000-0000-0006',
  'sk_live_aBcDeFgH12345678',
  'whsec_c2VjcmV0c2VjcmV0',
];
const clock: Clock = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678), at: () => () => undefined };

/** A log and what it has written so far. */
function logged(level: LogLevel = 'debug', format: LogFormat = 'json') {
  let written = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  const log = createLog({ level, format, clock, stream });
  const lines = (): Record<string, unknown>[] =>
    written
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log, stream, lines, text: () => written };
}

describe('a log line', () => {
  it('is one JSON object with time, level, message and fields', () => {
    const { log, lines } = logged();
    log.info('payment made', { payment: 'pay_1', attempt: 'att_1', channel: 'web', trace: 'abc', tries: 2 });
    const line = { time: '2026-01-02T03:04:05.678Z', level: 'info', message: 'payment made' };
    expect(lines()).toEqual([{ ...line, payment: 'pay_1', attempt: 'att_1', channel: 'web', trace: 'abc', tries: 2 }]);
  });

  it('cannot have its own names taken by fields', () => {
    const { log, lines } = logged();
    log.warn('true', { level: 'debug', time: 'never', message: 'false' });
    expect(lines()[0]).toMatchObject({
      level: 'warn',
      message: 'true',
      level_: 'debug',
      time_: 'never',
      message_: 'false',
    });
  });

  it('is not written, nor its fields read, below the level', () => {
    const { log, text } = logged('warn');
    const fields = {
      get expensive(): string {
        throw new Error('read');
      },
    };
    log.debug('no', fields);
    log.info('no', fields);
    expect(text()).toBe('');
    log.error('yes');
    expect(text()).toContain('yes');
  });

  it('is one line for a person too, with the stack indented below', () => {
    const { log, text } = logged('info', 'text');
    const error = new Error('broken\nforged line');
    error.stack = 'Error: broken\n    at f (file.ts:1:2)';
    log.error('it\r\nfailed', { payment: 'pay_1', error, count: 3 });
    expect(text().split('\n')).toEqual([
      '03:04:05.678 error it\\u000d\\nfailed payment=pay_1 error={"name":"Error","message":"broken\\nforged line"} count=3',
      '    | Error: broken',
      '    |     at f (file.ts:1:2)',
      '',
    ]);
  });

  it('survives a stream that breaks', () => {
    const { log, stream } = logged();
    stream.emit('error', new Error('EPIPE'));
    expect(() => log.info('still here')).not.toThrow();
  });
});

/** Every way a canary may come into the log; each gets the canary and answers the log's arguments. */
const WAYS: readonly (readonly [string, (canary: string) => [string, Record<string, unknown>?]])[] = [
  ['message', (canary) => [`paid with ${canary} today`]],
  ['message, glued to letters', (canary) => [`card:${canary}x`]],
  ['field', (canary) => ['m', { note: canary }]],
  ['nested field', (canary) => ['m', { a: { b: [{ c: `x ${canary}` }] } }]],
  ['field name', (canary) => ['m', { a: { [canary]: 1 } }]],
  ['map and set', (canary) => ['m', { map: new Map([[canary, new Set([canary])]]) }]],
  ['address', (canary) => ['m', { url: new URL(`http://example.org/?q=${encodeURIComponent(canary)}`) }]],
  ['error message', (canary) => ['m', { error: new Error(`refused ${canary}`) }]],
  ['error cause', (canary) => ['m', { error: new Error('a', { cause: new Error(canary) }) }]],
  ['error property', (canary) => ['m', { error: Object.assign(new Error('a'), { body: canary }) }]],
  ['error stack', (canary) => ['m', { error: Object.assign(new Error('a'), { stack: `Error: ${canary}\n at f` }) }]],
  ['aggregate error', (canary) => ['m', { error: new AggregateError([new Error(canary)], 'all') }]],
  ['quoted JSON', (canary) => ['m', { body: JSON.stringify({ a: JSON.stringify({ b: canary }) }) }]],
  ['payment field', (canary) => ['m', { payment: canary }]],
];

describe('redaction by content', () => {
  for (const [way, args] of WAYS) {
    it.each(CANARIES)(`${way}: %s`, (canary) => {
      for (const format of ['json', 'text'] as const) {
        const { log, text } = logged('debug', format);
        log.info(...args(canary));
        expect(text()).toContain('redacted');
        expect(text().replaceAll(/\D/g, '')).not.toContain(CARD);
        expect(text()).not.toContain(canary);
        expect(text()).not.toContain(encodeURIComponent(canary));
      }
    });
  }

  it.each([
    ['a number', { card: Number(CARD) }],
    ['a big integer', { card: BigInt(CARD) }],
    ['digits that follow', { line: `${CARD} 12/34 123` }],
    ['digits glued behind', { line: `${CARD}123` }],
    ['digits glued before', { line: `0000${CARD}` }],
    ['dots', { line: '4970.1000.0000.0006' }],
    ['hidden characters between', { line: '4970\u200b1000\u200b0000\u200b0006' }],
    ['line breaks between', { line: '4970\n1000\n0000\n0006' }],
    ['percent encoding', { line: '4970%201000%200000%200006' }],
    ['nineteen digits', { line: '6304000000000000000' }],
    ['a text that is cut', { line: `${'x'.repeat(16_376)}${CARD}` }],
  ])('a card number as %s', (_, fields) => {
    const digits = JSON.stringify(redact(fields)).replaceAll(/\\u[0-9a-f]{4}|\D/g, '');
    expect(digits).not.toContain('49701000');
    expect(digits).not.toContain('6304000');
  });

  it.each([
    ['authorization: Bearer abc.def-1', 'authorization: [redacted] [redacted]'],
    ['Basic dXNlcjpwYXNz sent', 'Basic [redacted] sent'],
    ['GET /pay/AbC-123_x?lang=fr', 'GET /pay/[redacted]?lang=fr'],
    ['https://host/account/k1.s3cr3t.a.b/code', 'https://host/account/[redacted]/code'],
    ['https://host/tv/sessions/s3cr3t/keys', 'https://host/tv/sessions/[redacted]/keys'],
    ['mongodb://user:pass@host/db', 'mongodb://[redacted]@host/db'],
    ['/x?a=1&token=abc&b=2', '/x?a=1&token=[redacted]&b=2'],
    [`Unexpected token in {"security_code":"123","a":1}`, `Unexpected token in {"security_code":"[redacted]","a":1}`],
    ['security_code=123&number=4242', 'security_code=[redacted]&number=[redacted]'],
  ])('%s', (text, clean) => {
    expect(redactText(text)).toBe(clean);
  });

  it.each([
    'pay_00000000424242424242424242',
    '3f2504e04f8911d39a0c0305e82c3301',
    '1767323045678',
    '2026-01-02T03:04:05.678Z',
    'listening on 192.168.100.101 port 3000',
    'amount 4250 EUR, reference ORDER-1042, last4 0006',
    'the page at /pay is open',
  ])('leaves alone: %s', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('finds every valid card number, however spaced and wherever it stands', () => {
    const card = fc
      .tuple(fc.constantFrom('4', '51', '2221', '34', '6011', '62'), fc.integer({ min: 13, max: 19 }), fc.nat())
      .map(([prefix, length, seed]) => completed(`${prefix}${String(seed).padStart(18, '7')}`.slice(0, length - 1)));
    const mask = fc.constantFrom('', ' ', '-', '.', ' - ', '+');
    fc.assert(
      fc.property(card, mask, fc.string(), fc.string(), (number, separator, before, after) => {
        const written = (number.match(/.{1,4}/g) ?? []).join(separator);
        expect(redactText(`${before}${written}${after}`)).not.toContain(written);
      }),
      { numRuns: 500 },
    );
  });
});

/** The number with its Luhn check digit, worked out by trying all ten. */
function completed(body: string): string {
  const isValid = (number: string): boolean =>
    [...number].reverse().reduce((sum, digit, index) => {
      const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
      return sum + (value > 9 ? value - 9 : value);
    }, 0) %
      10 ===
    0;
  return [...'0123456789'].map((digit) => body + digit).find(isValid) ?? body;
}

describe('redaction by name', () => {
  it.each(
    'number pan security_code securityCode cvc CVV2 pin authorization Cookie Set-Cookie secret returnSecret return_secret token session_token password api_key apiKey X-Api-Key vaultKeys email payer_email phone iban fingerprint'.split(
      ' ',
    ),
  )('%s', (name) => {
    expect(redact({ a: [{ [name]: 'xyz' }] })).toEqual({ a: [{ [name]: REDACTED }] });
    expect(redact({ [name]: { inside: 1 } })).toEqual({ [name]: REDACTED });
  });

  it.each(['insufficient_funds', 'not_found', 'ECONNREFUSED', 'SQLITE_FULL', 'ERR_INVALID_ARG'])(
    'keeps the code %s',
    (code) => {
      expect(redact({ code })).toEqual({ code });
    },
  );

  it.each(['123456', '4821093756', 'WDJB-MJHT', 1234, ['1', '2']])('takes out the code %o', (code) => {
    expect(redact({ code })).toEqual({ code: REDACTED });
  });

  it('shows what is absent as absent', () => {
    expect(redact({ token: null, secret: undefined, brand: 'visa', last4: '0006' })).toEqual({
      token: null,
      secret: undefined,
      brand: 'visa',
      last4: '0006',
    });
  });
});

describe('redaction of hostile values', () => {
  it('cuts circles, but shows the same thing twice', () => {
    const same = { a: 1 };
    const circle: Record<string, unknown> = { one: same, two: same };
    circle['self'] = circle;
    expect(redact(circle)).toEqual({ one: same, two: same, self: '[circular]' });
  });

  it('bounds depth, width, length and the whole', () => {
    const deep = Array.from({ length: 50 }).reduce<unknown>((inner) => ({ inner }), 'core');
    expect(JSON.stringify(redact(deep))).toContain('[deep]');
    expect(redact({ list: Array(1_000).fill(1) })).toEqual({ list: [...Array(50).fill(1), '… 950 more'] });
    expect((redact('x'.repeat(1_000_000)) as string).length).toBeLessThan(5_000);
    const wide = (depth: number): unknown => (depth === 0 ? 'leaf' : Array.from({ length: 50 }, () => wide(depth - 1)));
    expect(JSON.stringify(redact(wide(3))).length).toBeLessThan(50_000);
  });

  it('counts bytes and never shows them', () => {
    expect(redact({ key: Buffer.from('abc'), view: new Uint8Array(32), raw: new ArrayBuffer(8) })).toEqual({
      key: '[3 bytes]',
      view: '[32 bytes]',
      raw: '[8 bytes]',
    });
  });

  it('survives what throws', () => {
    const trap = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('trap');
        },
      },
    );
    expect(redact({ trap, f: () => 1, s: Symbol('s'), n: Number.NaN, date: new Date(Number.NaN) })).toEqual({
      trap: '[unreadable]',
      f: '[function]',
      s: '[symbol]',
      n: 'NaN',
      date: 'invalid date',
    });
  });

  it('lets no field reach a prototype', () => {
    const clean = redact(JSON.parse('{"__proto__":{"polluted":true}}')) as object;
    expect(Object.keys(clean)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(clean)).toBe(Object.prototype);
  });

  it('lets nothing act on a terminal or begin a line of its own', () => {
    const hostile = 'a\r\nb\u001b[31mc\u0000d\u009be\u202ef\u2028g';
    for (const format of ['json', 'text'] as const) {
      const { log, text } = logged('debug', format);
      log.info(hostile, { [hostile]: hostile });
      expect(text().trimEnd()).toMatch(/^[\x20-\x7e]+$/);
    }
  });
});
