import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigProblem, readConfig } from '../src/config.js';

const folder = mkdtempSync(join(tmpdir(), 'guichet-mail-server-'));
afterAll(() => rmSync(folder, { recursive: true }));

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigProblem) return error.problems;
    throw error;
  }
}

describe('the mail server', () => {
  const serverOf = (SMTP_URL: string) => readConfig({ SMTP_URL, MAIL_FROM: 'pay@example.org' }).mailServer;

  it.each([
    [
      'smtps://u:p%40ss@mail.example.org',
      465,
      { secure: true, requireTls: false, login: { user: 'u', password: 'p@ss' } },
    ],
    ['smtp://u:p@mail.example.org:2525', 2_525, { secure: false, requireTls: true }],
    ['smtp://u:p@127.0.0.1:1025', 1_025, { secure: false, requireTls: false }],
    ['smtp://mail.example.org/', 587, { secure: false, requireTls: false, login: null }],
    ['smtp://mail.example.org?tls=required', 587, { secure: false, requireTls: true }],
    ['smtp://[::1]:25', 25, { host: '::1' }],
  ])('is read from %s', (address, port, expected) => {
    expect(serverOf(address)).toMatchObject({ port, ...expected });
  });

  it.each([
    'mail.example.org',
    'http://mail.example.org',
    'smtp://',
    'smtp://u@h',
    'smtp://u:%zz@h',
    'smtp://h/x',
    'smtp://h?tls=no',
  ])('is refused as %s', (SMTP_URL) => {
    const problems = problemsOf({ SMTP_URL, MAIL_FROM: 'pay@example.org' });
    expect(problems).toEqual([expect.stringContaining('SMTP_URL: not the address of a mail server')]);
  });

  it('needs somebody to write as, by an address alone', () => {
    expect(problemsOf({ SMTP_URL: 'smtp://mail.example.org' })).toEqual([
      expect.stringContaining('MAIL_FROM: required with'),
    ]);
    expect(problemsOf({ MAIL_FROM: 'Lune <pay@example.org>' })).toEqual([
      expect.stringContaining('MAIL_FROM: not an address'),
    ]);
    expect(problemsOf({ MAIL_FROM: 'pay@example.org\r\nBcc: x@y.org' })).toHaveLength(1);
  });

  it('may be given by file', () => {
    const path = join(folder, 'smtp-by-file');
    writeFileSync(path, 'smtps://u:p@mail.example.org\n');
    expect(readConfig({ SMTP_URL_FILE: path, MAIL_FROM: 'pay@example.org' }).mailServer?.host).toBe('mail.example.org');
  });
});
