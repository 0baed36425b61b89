import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigProblem, isLoopback, listeningOn, readConfig } from '../src/config.js';
import { LIMITS } from '../src/limits.js';
import { SETTINGS } from '../src/settings.js';

const folder = mkdtempSync(join(tmpdir(), 'guichet-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A key made of a seed, so that nothing here is random. */
function key(id: string, seed: number): string {
  return `${id}:${Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 7 + seed) % 256)).toString('base64')}`;
}

const PRODUCTION = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://pay.example.org',
  DATA_DIR: join(folder, 'empty'),
  VAULT_KEYS: key('v1', 1),
  SIGNING_KEYS: key('s1', 2),
  SMTP_URL: 'smtps://relay:secret@mail.example.org',
  MAIL_FROM: 'pay@example.org',
};

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigProblem) return error.problems;
    throw error;
  }
}

describe('development', () => {
  it('requires nothing', () => {
    expect(readConfig({})).toEqual({
      environment: 'development',
      role: 'all',
      litFlows: [],
      cluster: null,
      listen: { host: '127.0.0.1', port: 3000 },
      publicUrl: 'http://127.0.0.1:3000',
      lan: null,
      lab: true,
      dataDir: resolve('data'),
      keyFiles: { vault: resolve('data/vault.keys'), signing: resolve('data/signing.keys') },
      vaultKeys: null,
      signingKeys: null,
      sandboxUrl: null,
      operator: { name: 'Guichet', logo: null },
      mailServer: null,
      mailFrom: 'guichet@localhost',
      twilio: null,
      payConnector: { name: 'Default', credentials: null },
      tvKeys: [],
      trustedProxies: 0,
      log: { level: 'info', format: 'text' },
      limits: LIMITS,
    });
  });

  it('counts an empty variable as unset, and ignores what is not its own', () => {
    expect(readConfig({ PORT: '', MONGODB_URL: '', PATH: '/bin', HOME: '/' })).toEqual(readConfig({}));
  });

  it('reads what is given', () => {
    const config = readConfig({
      PORT: '8080',
      HOST: '0.0.0.0',
      PUBLIC_URL: 'https://Pay.Example.org:443/',
      DATA_DIR: folder,
      SANDBOX_URL: 'http://sandbox:4000/',
      VAULT_KEYS: `${key('new', 1)}, ${key('old', 2)}`,
      OPERATOR_NAME: 'Caisse Éléonore',
      LOG_LEVEL: 'debug',
      LOG_FORMAT: 'json',
    });
    expect(config).toMatchObject({
      listen: { host: '0.0.0.0', port: 8080 },
      publicUrl: 'https://pay.example.org',
      lab: false,
      dataDir: folder,
      sandboxUrl: 'http://sandbox:4000',
      operator: { name: 'Caisse Éléonore' },
      log: { level: 'debug', format: 'json' },
    });
    expect(config.vaultKeys?.map(({ id, bytes }) => [id, bytes.length, bytes[0]])).toEqual([
      ['new', 32, 1],
      ['old', 32, 2],
    ]);
  });

  it.each([
    ['127.0.0.1', 'http://127.0.0.1:3000'],
    ['0.0.0.0', 'http://127.0.0.1:3000'],
    ['::', 'http://[::1]:3000'],
    ['::1', 'http://[::1]:3000'],
    ['localhost', 'http://localhost:3000'],
    ['192.168.1.5', 'http://192.168.1.5:3000'],
  ])('derives the public address from HOST=%s', (HOST, publicUrl) => {
    expect(readConfig({ HOST }).publicUrl).toBe(publicUrl);
  });

  it('follows a port that the system chose, unless the public address was given', () => {
    expect(listeningOn(readConfig({ PORT: '0' }), 41_234)).toMatchObject({
      listen: { port: 41_234 },
      publicUrl: 'http://127.0.0.1:41234',
    });
    const given = readConfig({ PORT: '0', PUBLIC_URL: 'https://pay.example.org' });
    expect(listeningOn(given, 41_234).publicUrl).toBe('https://pay.example.org');
  });
});

describe('loopback', () => {
  it.each([
    ['http://127.0.0.1:3000', true],
    ['http://127.9.9.9', true],
    ['http://localhost', true],
    ['http://LOCALHOST.:80', true],
    ['http://shop.localhost', true],
    ['http://[::1]:3000', true],
    ['http://[::ffff:127.0.0.1]', true],
    ['http://0x7f000001', true],
    ['http://2130706433', true],
    ['http://192.168.0.1', false],
    ['http://127.0.0.1.example.org', false],
    ['http://localhost.example.org', false],
    ['http://notlocalhost', false],
    ['http://[::ffff:192.168.0.1]', false],
    ['http://0.0.0.0', false],
    ['https://example.org', false],
  ])('%s: %s', (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });

  it('decides about the lab, and production never has one', () => {
    expect(readConfig({ PUBLIC_URL: 'http://example.org' }).lab).toBe(false);
    expect(readConfig({ PUBLIC_URL: 'http://localhost:3000' }).lab).toBe(true);
    // Whoever can reach the demo key can use it.
    expect(readConfig({ HOST: '0.0.0.0' }).lab).toBe(false);
    expect(readConfig({ HOST: '::' }).lab).toBe(false);
    expect(readConfig({ HOST: '::1' }).lab).toBe(true);
    expect(readConfig({ ...PRODUCTION, PUBLIC_URL: 'https://localhost' }).lab).toBe(false);
  });
});

describe('what is refused', () => {
  it.each([
    [{ PORT: '65536' }, 'PORT: give a number'],
    [{ PORT: '80a' }, 'PORT: give a number'],
    [{ PORT: '-1' }, 'PORT: give a number'],
    [{ HOST: 'http://x' }, 'HOST: give a host name'],
    [{ NODE_ENV: 'staging' }, 'NODE_ENV: give production'],
    [{ PUBLIC_URL: 'pay.example.org' }, 'PUBLIC_URL: not an address'],
    [{ PUBLIC_URL: 'ftp://pay.example.org' }, 'PUBLIC_URL: not an address'],
    [{ PUBLIC_URL: 'https://pay.example.org/shop' }, 'PUBLIC_URL: only scheme, host and port'],
    [{ PUBLIC_URL: 'https://user@pay.example.org' }, 'PUBLIC_URL: only scheme, host and port'],
    [{ SANDBOX_URL: 'sandbox' }, 'SANDBOX_URL: not an address'],
    [{ VAULT_KEYS: 'nonsense' }, 'VAULT_KEYS: key 1 is not id:base64 of 32 bytes'],
    [{ VAULT_KEYS: `${key('a', 1)},b:short` }, 'VAULT_KEYS: key 2 is not id:base64 of 32 bytes'],
    [{ VAULT_KEYS: `${key('a', 1)},${key('a', 2)}` }, 'VAULT_KEYS: key 2 has the id of key 1'],
    [{ VAULT_KEYS: `${key('a', 1)},${key('b', 1)}` }, 'VAULT_KEYS: key 2 is key 1 under another id'],
    [{ SIGNING_KEYS: `a:${Buffer.alloc(32).toString('base64')}` }, 'SIGNING_KEYS: key 1 is not random'],
    [{ VAULT_KEYS: key('a', 1), SIGNING_KEYS: key('b', 1) }, 'SIGNING_KEYS: has a key of VAULT_KEYS'],
    [{ VAULT_KEYS_FILE: join(folder, 'missing') }, 'VAULT_KEYS_FILE: cannot be read'],
    [{ VAULT_KEYS: key('a', 1), VAULT_KEYS_FILE: 'x' }, 'VAULT_KEYS: given twice'],
    ...['RED', 'RED=', 'PURPLE=420', 'RED=420;BLUE=423', 'RED=420,BLUE=420', ',', 'x y:RED=420', 'RED=1e3'].map(
      (TV_KEYS): [Record<string, string>, string] => [{ TV_KEYS }, 'TV_KEYS: not key codes; give RED=420'],
    ),
    [{ OPERATOR_NAME: 'two\nlines' }, 'OPERATOR_NAME: 1 to 60 printable'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: give one of'],
    [{ LOG_FORMAT: 'xml' }, 'LOG_FORMAT: give one of'],
  ])('%o', (environment, problem) => {
    const problems = problemsOf(environment);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it('is told all at once, and no value with it', () => {
    const environment = { PORT: 'x', LOG_LEVEL: 'y', VAULT_KEYS: 'hush-hush', REDIS_URL: 'mongodb://u:hush-hush@h' };
    expect(() => readConfig(environment)).toThrow(/^4 settings are not right, so Guichet does not start:\n {2}- /);
    expect(problemsOf(environment).map((problem) => problem.split(':')[0])).toEqual([
      'REDIS_URL',
      'PORT',
      'VAULT_KEYS',
      'LOG_LEVEL',
    ]);
    expect(problemsOf(environment).join()).not.toContain('hush-hush');
  });

  it.each(SETTINGS)('$name, when it is nonsense', ({ name }) => {
    expect(problemsOf({ [name]: '\u0007 \n' })).toEqual([expect.stringContaining(`${name}: `)]);
  });
});

describe('secrets by file', () => {
  it('are read without the line break behind', () => {
    const path = join(folder, 'keys-by-file');
    writeFileSync(path, `${key('f', 3)}\n`);
    expect(readConfig({ SIGNING_KEYS_FILE: path }).signingKeys?.[0]?.id).toBe('f');
  });
});

describe('production', () => {
  it('starts when all is safe', () => {
    expect(readConfig(PRODUCTION)).toMatchObject({ environment: 'production', lab: false, log: { format: 'json' } });
  });

  it('names everything that is missing, beside what is wrong', () => {
    const problems = problemsOf({ NODE_ENV: 'production', PORT: 'x' });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'PUBLIC_URL',
      'VAULT_KEYS',
      'SIGNING_KEYS',
      'SMTP_URL',
      'MAIL_FROM',
      'PORT',
    ]);
  });

  it.each([
    [{ PUBLIC_URL: 'http://pay.example.org' }, 'over https only'],
    [{ TRUSTED_PROXIES: 'two' }, '0 to 9'],
    [{ SANDBOX_URL: 'http://sandbox:for-development-only@lab:3000' }, 'which everybody knows'],
    [{ MAIL_FROM: 'pay@guichet.example' }, 'an address of nobody'],
    [{ SANDBOX_URL: 'http://x:%zz@127.0.0.1' }, 'percent-encoded'],
  ])('refuses %o', (change, problem) => {
    expect(problemsOf({ ...PRODUCTION, ...change })).toEqual([expect.stringContaining(problem)]);
  });

  it('refuses keys that lie beside the database, given by file or left by development', () => {
    const beside = join(folder, 'beside');
    mkdirSync(beside);
    writeFileSync(join(beside, 'mine'), key('v1', 1));
    writeFileSync(join(beside, 'vault.keys'), key('v0', 5));
    const { VAULT_KEYS: _, ...others } = PRODUCTION;
    expect(problemsOf({ ...others, DATA_DIR: beside, VAULT_KEYS_FILE: join(beside, 'mine') })).toEqual([
      expect.stringContaining('VAULT_KEYS_FILE: lies in DATA_DIR'),
      expect.stringContaining('DATA_DIR: holds vault.keys'),
    ]);
  });
});

describe('the logo of the operator', () => {
  const file = (name: string, content: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';

  it('is read at start, whatever its file is called', () => {
    expect(readConfig({ OPERATOR_LOGO: file('logo', svg) }).operator.logo).toMatchObject({ type: 'image/svg+xml' });
  });

  it.each([
    ['a path that leads nowhere', () => join(folder, 'nothing')],
    ['a folder', () => folder],
    ['something else', () => file('page.svg', '<html></html>')],
    ['a picture that is too large', () => file('large.svg', svg + ' '.repeat(12_288))],
    ['an address', () => 'https://example.org/logo.png'],
  ])('cannot be %s, and the start says what can', (_, path) => {
    expect(problemsOf({ OPERATOR_LOGO: path() })).toEqual([
      'OPERATOR_LOGO: cannot be used; give the path of a PNG, JPEG, WebP or SVG file of at most 12 kB',
    ]);
  });
});

describe('documents', () => {
  it('.env.example names every setting of this release once, in order, and sets nothing', () => {
    const lines = readFileSync('.env.example', 'utf8').split('\n');
    const named = lines.flatMap((line) => /^# ([A-Z_]+)=/.exec(line)?.[1] ?? []);
    expect(named).toEqual(SETTINGS.map(({ name }) => name));
    expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  });

  it('.env.example shows values that are right', () => {
    const shown = readFileSync('.env.example', 'utf8').matchAll(/^# ([A-Z_]+)=(.*)$/gm);
    expect(readConfig(Object.fromEntries([...shown].map(([, name, value]) => [name, value])))).toEqual(readConfig({}));
  });

  it('the README has the table of settings, once there is a README', () => {
    const rows = SETTINGS.map(({ name, byDefault, meaning, secret }) => {
      return `| \`${name}\`${secret ? `, \`${name}_FILE\`` : ''} | ${byDefault} | ${meaning} |`;
    });
    const table = ['| setting | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
    const readme = existsSync('README.md') ? readFileSync('README.md', 'utf8') : table;
    expect(readme).toContain(table);
  });
});
